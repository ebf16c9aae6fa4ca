// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud;

import java.net.URI;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * One HTTP request that whoever holds it may send until it expires: its signature is all the proof there is. Method, URL and headers belong together; with another or a missing
 * header the store refuses it.
 *
 * <p>What is signed says what may be done: a condition, a size and a checksum are among the headers or in the URL, so that its holder cannot leave them out.
 *
 * @param method {@code GET} or {@code PUT}
 * @param uri where to send it: {@code https}, or {@code http} on this machine itself, for tests; at most {@value #LONGEST_URI} characters
 * @param headers what to send with it, by lower-case name; {@code host} and {@code content-length} are not among them: every client sends these as they are
 */
public record SignedRequest(String method, URI uri, SortedMap<String, String> headers) {
    /** The longest URL, in characters. */
    public static final int LONGEST_URI = 8 * 1024;

    private static final int MOST_HEADERS = 20;
    private static final int LONGEST_HEADER = 2 * 1024;
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");
    private static final Set<String> CLIENTS_OWN =
            Set.of("host", "content-length", "connection", "transfer-encoding", "expect");
    private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,100}");
    /** No control character, quotation mark or backslash: what a shell script writes into a file for {@code curl} stays one value. */
    private static final Pattern VALUE = Pattern.compile("[!#-\\[\\]-~]([ !#-\\[\\]-~]*[!#-\\[\\]-~])?");

    /** Refuses what a shell script could not send as it is, and copies the headers. */
    public SignedRequest {
        if (!method.equals("GET") && !method.equals("PUT")) {
            throw new IllegalArgumentException("a signed request is GET or PUT, not '" + method + "'");
        }
        checkAddress(uri);
        if (headers.size() > MOST_HEADERS) {
            throw new IllegalArgumentException(
                    "a signed request has at most " + MOST_HEADERS + " headers, not " + headers.size());
        }
        headers.forEach(SignedRequest::checkHeader);
        headers = Collections.unmodifiableSortedMap(new TreeMap<>(headers));
    }

    /**
     * A request whose headers are in a map of any order and case; those that every client sends by itself are left out.
     *
     * @param method {@code GET} or {@code PUT}
     * @param uri where to send it
     * @param headers what to send with it
     * @return the request
     */
    public static SignedRequest of(String method, URI uri, Map<String, String> headers) {
        SortedMap<String, String> lower = new TreeMap<>();
        headers.forEach((name, value) -> lower.put(name.toLowerCase(Locale.ROOT), value));
        lower.keySet().removeAll(CLIENTS_OWN);
        return new SignedRequest(method, uri, lower);
    }

    /** What a log may show: the signature stands in the query. */
    @Override
    public String toString() {
        return method + " " + uri.getScheme() + "://" + uri.getRawAuthority() + uri.getRawPath();
    }

    /** Refuses an address to which a secret must not be sent. */
    static void checkAddress(URI uri) {
        String scheme = String.valueOf(uri.getScheme());
        boolean here = scheme.equals("http") && LOOPBACK.contains(String.valueOf(uri.getHost()));
        if ((!scheme.equals("https") && !here)
                || uri.getHost() == null
                || uri.getRawUserInfo() != null
                || uri.getRawFragment() != null
                || uri.toString().length() > LONGEST_URI
                || !VALUE.matcher(uri.toString()).matches()) {
            throw new IllegalArgumentException(
                    "an address is https (http on this machine itself), has a host, neither user nor"
                            + " fragment, and at most " + LONGEST_URI + " characters of ASCII, unlike " + scheme + "://"
                            + uri.getHost());
        }
    }

    private static void checkHeader(String name, String value) {
        if (!NAME.matcher(name).matches() || CLIENTS_OWN.contains(name)) {
            throw new IllegalArgumentException(
                    "'" + name.replaceAll("[^!-~]", "?")
                            + "' cannot be a signed request's header: its name is lower-case, and none that clients send by themselves");
        }
        if (value.length() > LONGEST_HEADER || !VALUE.matcher(value).matches()) {
            throw new IllegalArgumentException("header '" + name + "' of a signed request has 1 to " + LONGEST_HEADER
                    + " characters of ASCII, no quotation mark and no backslash");
        }
    }
}
