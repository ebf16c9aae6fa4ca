// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.client;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
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
 * @param body its body
 */
public record GoogleRequest(
        String operation, String method, String path, SortedMap<String, String> headers, Optional<Body> body) {
    /** Copies. */
    public GoogleRequest {
        headers = new TreeMap<>(headers);
    }

    /** Opens a body; more than once if the call is tried again. */
    @FunctionalInterface
    public interface Source {
        /**
         * Opens the bytes; the caller closes the stream.
         *
         * @return a stream at its beginning
         * @throws IOException if they cannot be read
         */
        InputStream open() throws IOException;
    }

    /**
     * A request's body.
     *
     * @param length how many bytes it has
     * @param source opens it
     */
    public record Body(long length, Source source) {
        /**
         * A body in memory.
         *
         * @param bytes the bytes; taken over
         * @return the body
         */
        public static Body of(byte[] bytes) {
            return new Body(bytes.length, () -> new ByteArrayInputStream(bytes));
        }
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
     * @param method {@code POST} or {@code PUT}
     * @param path path and query
     * @param headers further headers, the body's media type among them
     * @param body the body
     * @return the request
     */
    public static GoogleRequest with(
            String operation, String method, String path, Map<String, String> headers, Body body) {
        return new GoogleRequest(operation, method, path, new TreeMap<>(headers), Optional.of(body));
    }
}
