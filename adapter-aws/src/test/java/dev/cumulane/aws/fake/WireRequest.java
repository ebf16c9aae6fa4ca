// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.fake;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A request as it came over the wire.
 *
 * @param method the method
 * @param path the path, still encoded
 * @param query the parameters, decoded
 * @param headers the first value of each header, by lower-case name
 * @param body the bytes
 */
public record WireRequest(
        String method, String path, SortedMap<String, String> query, SortedMap<String, String> headers, byte[] body) {
    /** Copies the maps; the names of headers become lower case. */
    public WireRequest {
        SortedMap<String, String> lower = new TreeMap<>();
        headers.forEach((name, value) -> lower.put(name.toLowerCase(Locale.ROOT), value));
        headers = Collections.unmodifiableSortedMap(lower);
        query = Collections.unmodifiableSortedMap(new TreeMap<>(query));
    }

    /**
     * A request to an encoded path with an encoded query.
     *
     * @param method the method
     * @param pathAndQuery such as {@code /a/b?c=d}
     * @param headers the headers
     * @param body the bytes
     * @return the request
     */
    public static WireRequest of(String method, String pathAndQuery, Map<String, String> headers, byte[] body) {
        int mark = pathAndQuery.indexOf('?');
        SortedMap<String, String> query = new TreeMap<>();
        if (mark >= 0) {
            for (String pair : pathAndQuery.substring(mark + 1).split("&")) {
                String[] parts = pair.split("=", 2);
                query.put(decoded(parts[0]), parts.length == 2 ? decoded(parts[1]) : "");
            }
        }
        String path = mark < 0 ? pathAndQuery : pathAndQuery.substring(0, mark);
        return new WireRequest(method, path, query, new TreeMap<>(headers), body);
    }

    /**
     * A header.
     *
     * @param name its name, in any case
     * @return its first value
     */
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
    }

    static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return method + " " + path + header("x-amz-target").map(" "::concat).orElse("");
    }
}
