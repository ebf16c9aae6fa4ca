// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.deliveries;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A process of its own that listens on an environment's port of the loopback address and hands each TCP connection to a release.
 *
 * <p>Which one, it reads from a small file at every connection, so that replacing the file moves the traffic at once and for good. Connections that are open stay
 * with their release.
 *
 * <p>It outlives the engine, and the directory that it was built in: the adapter copies this one class beside the environment's state and runs it from there, so it
 * must know nothing but the JDK and have no nested classes.
 */
public final class PortSwitch {
    private static final int CONNECTIONS = 512;
    private static final int CONNECT_MILLIS = 5_000;

    private final Path targets;
    private final AtomicLong connections = new AtomicLong();
    private final Semaphore room = new Semaphore(CONNECTIONS);

    PortSwitch(Path targets) {
        this.targets = targets;
    }

    /**
     * Listens until it is ended.
     *
     * @param words the port; the file of targets, one {@code <port> <percent>} a line; a file to create once it listens
     * @throws IOException if it cannot listen on the port
     */
    public static void main(String[] words) throws IOException {
        try (ServerSocket server = new ServerSocket()) {
            server.setReuseAddress(true);
            server.bind(new InetSocketAddress(loopback(), Integer.parseInt(words[0])), 256);
            Files.write(Path.of(words[2]), new byte[0]);
            new PortSwitch(Path.of(words[1])).serve(server);
        }
    }

    void serve(ServerSocket server) throws IOException {
        while (!server.isClosed()) {
            room.acquireUninterruptibly();
            Socket client;
            try {
                client = server.accept();
            } catch (IOException e) {
                room.release();
                throw e;
            }
            thread(() -> {
                        try {
                            forward(client);
                        } finally {
                            room.release();
                        }
                    })
                    .start();
        }
    }

    /** The port that the next connection goes to, or 0 if there is none. Of any 100 connections in a row each target gets its percentage. */
    int next() throws IOException {
        List<String> lines = Files.readAllLines(targets);
        // 61 and 100 have no common factor: the places of one target are spread over the hundred, not bunched at its
        // beginning.
        long place = Math.floorMod(connections.getAndIncrement() * 61, 100L);
        for (String line : lines) {
            String[] fields = line.split(" ", -1);
            place -= Integer.parseInt(fields[1]);
            if (place < 0) {
                return Integer.parseInt(fields[0]);
            }
        }
        return 0;
    }

    private void forward(Socket client) {
        try (client;
                Socket release = new Socket()) {
            int port = next();
            if (port == 0) {
                return;
            }
            release.connect(new InetSocketAddress(loopback(), port), CONNECT_MILLIS);
            client.setTcpNoDelay(true);
            release.setTcpNoDelay(true);
            Thread answers = thread(() -> pump(release, client));
            answers.start();
            pump(client, release);
            answers.join();
        } catch (IOException e) {
            System.err.println("a connection was given up: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** 127.0.0.1, which nobody outside this machine reaches; never ::1, which some machines prefer. */
    static InetAddress loopback() throws IOException {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    }

    private static void pump(Socket from, Socket to) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            in.transferTo(out);
            to.shutdownOutput();
        } catch (IOException e) {
            close(from);
            close(to);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            System.err.println("a connection could not be closed: " + e.getMessage());
        }
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(null, task, "connection", 128 * 1024);
        thread.setDaemon(true);
        return thread;
    }
}
