// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.endtoend;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** One address for a service that is asked by REST and by gRPC, as Google's are: connections that begin with gRPC's first bytes go to the one fake, all others to the other. */
final class Junction implements AutoCloseable {
    private static final int FIRST_OF_GRPC = 'P';
    private static final int SECOND_OF_GRPC = 'R';

    private final ServerSocket server;
    private final URI rest;
    private final URI grpc;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    Junction(URI rest, URI grpc) throws IOException {
        this.rest = rest;
        this.grpc = grpc;
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort());
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                threads.execute(() -> join(client));
            } catch (IOException e) {
                // It was closed.
                return;
            }
        }
    }

    /** A connection's first two bytes tell: HTTP/2 begins with PRI, which is no method of ours. */
    private void join(Socket client) {
        try (client) {
            InputStream in = client.getInputStream();
            int first = in.read();
            int second = in.read();
            URI to = first == FIRST_OF_GRPC && second == SECOND_OF_GRPC ? grpc : rest;
            try (Socket service = new Socket(to.getHost(), to.getPort())) {
                OutputStream out = service.getOutputStream();
                out.write(new byte[] {(byte) first, (byte) second});
                threads.execute(() -> copy(service, client));
                in.transferTo(out);
            }
        } catch (IOException e) {
            // One of the two has gone; the other sees its connection end.
            Thread.onSpinWait();
        }
    }

    private static void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException e) {
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.shutdownNow();
    }
}
