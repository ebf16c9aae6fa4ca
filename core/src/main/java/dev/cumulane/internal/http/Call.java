// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.http;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One request to somebody else's service. Its address and headers may hold secrets, so its text shows neither.
 *
 * @param method such as {@code POST}
 * @param uri made of configuration alone
 * @param headers by name
 * @param body the bytes; none for a request without a body
 */
public record Call(String method, URI uri, SortedMap<String, String> headers, byte[] body) {
    /** Refuses a header that is more than one: the message has no part of its value. */
    public Call {
        headers = Collections.unmodifiableSortedMap(new TreeMap<>(headers));
        headers.forEach((name, value) -> {
            if (!name.matches("[A-Za-z][A-Za-z0-9-]{0,60}")
                    || value.chars().anyMatch(c -> c < ' ' || c > 126)
                    || value.length() > 8_000) {
                throw new IllegalArgumentException(
                        "header '" + name.replaceAll("[^A-Za-z0-9-]", "?") + "' is not one line of plain ASCII");
            }
        });
    }

    /** A request without headers and body. */
    public static Call of(String method, URI uri) {
        return new Call(method, uri, Collections.emptySortedMap(), new byte[0]);
    }

    /** A request with a JSON body. */
    public static Call json(String method, URI uri, byte[] body) {
        return new Call(method, uri, new TreeMap<>(Map.of("Content-Type", "application/json; charset=utf-8")), body);
    }

    /** The same with this header. */
    public Call with(String name, String value) {
        SortedMap<String, String> more = new TreeMap<>(headers);
        more.put(name, value);
        return new Call(method, uri, more, body);
    }

    /** The body as text. */
    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return method + " " + uri.getHost();
    }
}
