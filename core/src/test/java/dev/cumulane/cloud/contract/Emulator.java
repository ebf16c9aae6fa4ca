// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud.contract;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Emulators as child processes, which end with this process. */
public final class Emulator {
    private Emulator() {}

    /**
     * A port at which nobody listens just now.
     *
     * @return its number
     * @throws IOException if there is none
     */
    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /**
     * Starts one.
     *
     * @param program what is started
     * @return the process
     * @throws IOException if it cannot be started
     */
    public static Process start(ProcessBuilder program) throws IOException {
        Process process = program.start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(process)));
        return process;
    }

    /**
     * Starts one that is silent, and waits until it answers over HTTP.
     *
     * @param program what is started
     * @param port the port at which it listens
     * @param path what it is asked for; it has to answer well
     * @return its address
     * @throws Exception if it cannot be started, ends, or does not answer within three minutes
     */
    public static URI start(ProcessBuilder program, int port, String path) throws Exception {
        Process process = start(program.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD));
        URI address = URI.create("http://127.0.0.1:" + port);
        Awaiting.until(program.command().get(0) + " answers", Duration.ofMinutes(3), () -> {
            if (!process.isAlive()) {
                throw new IOException("it ended with " + process.exitValue());
            }
            return answers(address.resolve(path));
        });
        return address;
    }

    private static boolean answers(URI uri) {
        try {
            HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
            connection.setConnectTimeout(1000);
            connection.setReadTimeout(5000);
            return connection.getResponseCode() < 300;
        } catch (IOException e) {
            return false;
        }
    }

    private static void end(Process process) {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
