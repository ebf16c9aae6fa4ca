// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.http;

import com.google.common.escape.Escaper;
import com.google.common.net.UrlEscapers;
import java.net.URI;

/** An address in the making: a configured base, and segments and parameters that cannot leave it. Immutable. */
public final class Url {
    private static final Escaper SEGMENT = UrlEscapers.urlPathSegmentEscaper();
    private static final Escaper PARAMETER = UrlEscapers.urlFormParameterEscaper();

    private final String text;
    private final boolean hasQuery;

    private Url(String text, boolean hasQuery) {
        this.text = text;
        this.hasQuery = hasQuery;
    }

    /**
     * Begins with a base.
     *
     * @param base an absolute address from the configuration, without query and fragment
     */
    public static Url of(String base) {
        if (base.indexOf('?') >= 0 || base.indexOf('#') >= 0) {
            throw new IllegalArgumentException("a base has neither query nor fragment");
        }
        return new Url(base.endsWith("/") ? base.substring(0, base.length() - 1) : base, false);
    }

    /** Goes down one segment; whatever is in it stays in it. */
    public Url with(String segment) {
        // Some servers take a dot for the directory itself, escaped or not.
        if (segment.isEmpty() || segment.equals(".") || segment.equals("..") || hasQuery) {
            throw new IllegalArgumentException("'" + segment + "' is no segment of an address");
        }
        return new Url(text + "/" + SEGMENT.escape(segment).replace(";", "%3B"), false);
    }

    /** Goes down several segments. */
    public Url with(String... segments) {
        Url url = this;
        for (String segment : segments) {
            url = url.with(segment);
        }
        return url;
    }

    /** Goes down a path, whose slashes part its segments. */
    public Url path(String path) {
        return with(path.split("/", -1));
    }

    /** Adds a parameter. */
    public Url parameter(String name, String value) {
        return new Url(text + (hasQuery ? "&" : "?") + PARAMETER.escape(name) + "=" + PARAMETER.escape(value), true);
    }

    /** The address. */
    public URI uri() {
        return URI.create(text);
    }
}
