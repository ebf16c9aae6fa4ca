// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.html;

import com.google.common.net.UrlEscapers;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where a link leads or a form goes: to a page of ours, or to a web page elsewhere. Nothing else is one, and no script either.
 *
 * @param text the address as it stands in markup, before it is escaped
 */
public record Address(String text) {
    // What a URL may hold, RFC 3986; anything else would have to be encoded.
    private static final Pattern WEB = Pattern.compile("https?://[A-Za-z0-9\\[][!#-;=?-Z\\[\\]_a-z~]{0,2000}");
    private static final Pattern OURS = Pattern.compile("/(?!/)[!-~&&[^\"'<>\\\\^`{|}]]*");

    /** Refuses what leads neither to a page of ours nor to the web. */
    public Address {
        if (!OURS.matcher(text).matches() && !WEB.matcher(text).matches()) {
            throw new IllegalArgumentException("not an address that a page may link to");
        }
    }

    /** A page of ours; whatever is in a segment stays in it. */
    public static Address ours(String... segments) {
        StringBuilder path = new StringBuilder();
        for (String segment : segments) {
            if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
                throw new IllegalArgumentException("'" + segment + "' is no segment of an address");
            }
            path.append('/')
                    .append(UrlEscapers.urlPathSegmentEscaper().escape(segment).replace("'", "%27"));
        }
        return new Address(path.length() == 0 ? "/" : path.toString());
    }

    /** A page elsewhere; empty if the text is none. */
    public static Optional<Address> web(String text) {
        return WEB.matcher(text).matches() ? Optional.of(new Address(text)) : Optional.empty();
    }

    /** The same with one more parameter. */
    public Address with(String parameter, String value) {
        String joint = text.indexOf('?') < 0 ? "?" : "&";
        return new Address(text + joint + UrlEscapers.urlFormParameterEscaper().escape(parameter) + "="
                + UrlEscapers.urlFormParameterEscaper().escape(value));
    }

    /** The same, with the place on the page. */
    public Address at(String id) {
        return new Address(
                text + "#" + UrlEscapers.urlFragmentEscaper().escape(id).replace("'", "%27"));
    }
}
