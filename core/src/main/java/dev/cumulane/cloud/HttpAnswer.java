// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the engine's HTTP endpoint answers. The server or function sends it as it is.
 *
 * @param status the status code
 * @param headers the headers, by lower-case name; the length of the body is not among them
 * @param body the body's bytes; not copied, and not to be changed
 */
public record HttpAnswer(int status, SortedMap<String, String> headers, byte[] body) {
    /** Copies the headers. */
    public HttpAnswer {
        headers = Collections.unmodifiableSortedMap(new TreeMap<>(headers));
    }

    /**
     * A line of text.
     *
     * @param status the status code
     * @param line the line
     * @return the answer
     */
    public static HttpAnswer text(int status, String line) {
        SortedMap<String, String> headers = new TreeMap<>();
        headers.put("content-type", "text/plain; charset=utf-8");
        headers.put("cache-control", "no-store");
        headers.put("x-content-type-options", "nosniff");
        return new HttpAnswer(status, headers, (line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The same answer with one more header.
     *
     * @param name its lower-case name
     * @param value its value
     * @return the answer
     */
    public HttpAnswer with(String name, String value) {
        SortedMap<String, String> more = new TreeMap<>(headers);
        more.put(name, value);
        return new HttpAnswer(status, more, body);
    }
}
