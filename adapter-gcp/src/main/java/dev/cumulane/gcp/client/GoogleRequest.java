// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.client;

import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A request to one API of Google, before credentials and address are added to it.
 *
 * @param operation what it is called, such as {@code commit}; for those who watch
 * @param method of HTTP
 * @param path path and query, encoded, with a slash first
 * @param headers further headers
 * @param body its body, which is sent again when the call is tried again
 */
public record GoogleRequest(
        String operation, String method, String path, SortedMap<String, String> headers, Optional<byte[]> body) {
    /** Copies. */
    public GoogleRequest {
        headers = new TreeMap<>(headers);
    }

    /**
     * A request that reads.
     *
     * @param operation what it is called
     * @param path path and query
     * @return the request
     */
    public static GoogleRequest get(String operation, String path) {
        return new GoogleRequest(operation, "GET", path, new TreeMap<>(), Optional.empty());
    }

    /**
     * A request with a body.
     *
     * @param operation what it is called
     * @param path path and query
     * @param type the body's media type
     * @param body the body; taken over
     * @return the request
     */
    public static GoogleRequest post(String operation, String path, String type, byte[] body) {
        SortedMap<String, String> headers = new TreeMap<>();
        headers.put("Content-Type", type);
        return new GoogleRequest(operation, "POST", path, headers, Optional.of(body));
    }
}
