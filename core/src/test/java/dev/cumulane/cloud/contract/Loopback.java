// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud.contract;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Executor;

/** HTTP servers of tests, each at a free port of this machine. */
public final class Loopback {
    private Loopback() {}

    /**
     * Starts one that answers one request after the other.
     *
     * @param handler answers
     * @return the server; the caller stops it
     */
    public static HttpServer serve(HttpHandler handler) {
        return serve(handler, Runnable::run);
    }

    /**
     * Starts one.
     *
     * @param handler answers
     * @param threads where; the caller ends them
     * @return the server; the caller stops it
     */
    public static HttpServer serve(HttpHandler handler, Executor threads) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 200);
            server.setExecutor(threads);
            server.createContext("/", handler);
            server.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
