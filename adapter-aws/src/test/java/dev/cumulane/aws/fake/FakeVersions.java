// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.fake;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.cumulane.cloud.contract.Loopback;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A bucket that keeps versions, as far as PUT: each object that is put is a version with an id of its own. */
public final class FakeVersions implements AutoCloseable {
    private final Map<String, byte[]> versions = new ConcurrentHashMap<>();
    private final List<String> paths = new CopyOnWriteArrayList<>();
    private final HttpServer server;
    private volatile boolean versioned = true;

    /** A bucket that listens. */
    public FakeVersions() {
        server = Loopback.serve(this::serve);
    }

    /**
     * Where it listens.
     *
     * @return its address
     */
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Keeps no versions from here on. */
    public void forgetVersions() {
        versioned = false;
    }

    /**
     * A version's bytes.
     *
     * @param version its id
     * @return the bytes, or empty if there is none
     */
    public Optional<byte[]> read(String version) {
        return Optional.ofNullable(versions.get(version));
    }

    /**
     * All versions.
     *
     * @return their bytes
     */
    public List<byte[]> all() {
        return List.copyOf(versions.values());
    }

    /**
     * Where versions were put.
     *
     * @return the paths with the bucket, in their order
     */
    public List<String> paths() {
        return Collections.unmodifiableList(paths);
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            if (!exchange.getRequestMethod().equals("PUT")
                    || exchange.getRequestHeaders().getFirst("x-amz-checksum-sha256") == null) {
                exchange.sendResponseHeaders(400, -1);
                return;
            }
            paths.add(exchange.getRequestURI().getPath());
            String version = "v" + paths.size();
            boolean chunked = exchange.getRequestHeaders().containsKey("x-amz-decoded-content-length");
            versions.put(version, chunked ? joined(body) : body);
            if (versioned) {
                exchange.getResponseHeaders().set("x-amz-version-id", version);
            }
            exchange.sendResponseHeaders(200, -1);
        }
    }

    /** What a body in chunks, each with a signature, holds; the client sends such ones where there is no TLS. */
    private static byte[] joined(byte[] body) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        int at = 0;
        while (true) {
            int end = at;
            while (body[end] != '\n') {
                end++;
            }
            int size = Integer.parseInt(new String(body, at, end - at, UTF_8).split(";", 2)[0], 16);
            if (size == 0) {
                return whole.toByteArray();
            }
            whole.write(body, end + 1, size);
            at = end + 1 + size + 2;
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
