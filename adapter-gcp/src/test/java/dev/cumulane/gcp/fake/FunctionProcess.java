// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.fake;

import dev.cumulane.cloud.contract.Awaiting;
import dev.cumulane.contracts.Needed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** An instance of a function: a JVM of its own with Google's real function invoker, as in the cloud. */
public final class FunctionProcess implements AutoCloseable {
    /** Maven puts it there; it brings libraries of its own and belongs on no class path of ours. */
    private static final Path INVOKER = Path.of("target", "invoker", "java-function-invoker.jar");

    private final Process process;
    private final int port;
    private final HttpClient client = HttpClient.newHttpClient();

    /**
     * Starts an instance and waits until it listens.
     *
     * @param target the entry class
     * @param variables its environment
     * @param log takes what it prints
     * @throws Exception if it does not come
     */
    public FunctionProcess(Class<?> target, Map<String, String> variables, Path log) throws Exception {
        Needed.that(Files.exists(INVOKER), INVOKER + " is not here; Maven fetches it for the tests of this module");
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx448m",
                        "-cp",
                        INVOKER.toString(),
                        "com.google.cloud.functions.invoker.runner.Invoker",
                        "--classpath",
                        System.getProperty("java.class.path"),
                        "--target",
                        target.getName(),
                        "--port",
                        Integer.toString(port))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().keySet().retainAll(List.of("PATH"));
        builder.environment().putAll(variables);
        process = builder.start();
        Awaiting.until("the function listens", () -> listens(log));
    }

    private boolean listens(Path log) throws IOException {
        if (!process.isAlive()) {
            throw new AssertionError("the function has ended: " + Files.readString(log));
        }
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Sends a request.
     *
     * @param path its path
     * @param headers its headers
     * @param body its body
     * @return the answer
     * @throws Exception if there is none
     */
    public HttpResponse<String> post(String path, Map<String, String> headers, byte[] body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        headers.forEach(request::setHeader);
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
