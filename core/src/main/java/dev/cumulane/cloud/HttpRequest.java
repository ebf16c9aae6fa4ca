// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A request to the engine's HTTP endpoint as it came over the wire, whatever server or function took it. Nothing of it is believed yet.
 *
 * @param method the method, such as {@code POST}
 * @param path the path as it was sent, still encoded, such as {@code /hooks/shop}
 * @param query what stands behind the question mark, still encoded; empty if there is none
 * @param headers each header's values in their order, by lower-case name; a name in any case is accepted
 * @param body the body's bytes as they came, at most {@value #LARGEST_BODY}; not copied, and not to be changed
 */
public record HttpRequest(
        String method, String path, String query, SortedMap<String, List<String>> headers, byte[] body) {
    /** The most bytes of a body that is taken. A server answers a larger one with 413 and does not read it to its end; what it told is found by asking the forge. */
    public static final int LARGEST_BODY = 4 * 1024 * 1024;

    /** Brings header names that differ only in case together, and refuses a body that is too large. */
    public HttpRequest {
        if (body.length > LARGEST_BODY) {
            throw new IllegalArgumentException(
                    "a body has at most " + LARGEST_BODY + " bytes, not " + body.length + "; answer 413");
        }
        headers = lowerCase(headers);
    }

    /**
     * A request whose headers are in a map of any order and case.
     *
     * @param method the method
     * @param path the path
     * @param query what stands behind the question mark
     * @param headers each header's values by name
     * @param body the body's bytes
     * @return the request
     */
    public static HttpRequest of(
            String method, String path, String query, Map<String, List<String>> headers, byte[] body) {
        return new HttpRequest(method, path, query, new TreeMap<>(headers), body);
    }

    /**
     * A header's first value.
     *
     * @param name the header's name, in any case
     * @return the value; empty if the header is not there
     */
    public Optional<String> header(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()).stream()
                .findFirst();
    }

    /** What a log may show: no header, query or body, since all may hold secrets. */
    @Override
    public String toString() {
        String shown = path.length() > 80 ? path.substring(0, 80) : path;
        return method.replaceAll("[^A-Z]", "?") + " " + shown.replaceAll("[^!-~]", "?") + " of " + body.length
                + " bytes";
    }

    private static SortedMap<String, List<String>> lowerCase(Map<String, List<String>> headers) {
        SortedMap<String, List<String>> all = new TreeMap<>();
        headers.forEach((name, values) -> all.computeIfAbsent(name.toLowerCase(Locale.ROOT), any -> new ArrayList<>(1))
                .addAll(values));
        all.replaceAll((name, values) -> List.copyOf(values));
        return Collections.unmodifiableSortedMap(all);
    }
}
