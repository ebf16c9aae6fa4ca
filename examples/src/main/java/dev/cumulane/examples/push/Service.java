// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.examples.push;

import dev.cumulane.cloud.CloudException;
import dev.cumulane.engine.Engine;
import dev.cumulane.examples.greeting.GreetingExample;
import dev.cumulane.examples.greeting.GreetingPipeline;
import dev.cumulane.local.LocalCloud;
import dev.cumulane.run.RunId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * {@code serve} as a process of its own. Closing ends it, and stops what it deployed; so does the end of this process, also by Ctrl-C: a run that is not over is then
 * cancelled, so that none of its work goes on.
 */
final class Service implements AutoCloseable {
    private static final Duration CANCELLED_WITHIN = Duration.ofSeconds(20);
    private static final long ENDED_WITHIN_SECONDS = 20;

    private final Path state;
    private final String neighbours;
    private final Process process;
    private final int port;
    private final AtomicBoolean isOver = new AtomicBoolean();
    private final Thread hook = new Thread(this::clear, "example-clearing");
    private volatile Optional<RunId> run = Optional.empty();

    private Service(Path state, String neighbours, Process process, int port) {
        this.state = state;
        this.neighbours = neighbours;
        this.process = process;
        this.port = port;
    }

    /**
     * Starts it, and waits until it listens.
     *
     * @param neighbours the address of GitHub, Slack and Teams
     */
    static Service start(Path state, String neighbours) throws IOException, InterruptedException {
        int port = freePort();
        Path log = state.resolve("serve.log");
        List<String> command = Jvm.command(PushExample.class, "serve", "--port", Integer.toString(port));
        command.addAll(
                1,
                List.of(
                        "-D" + PushExample.NEIGHBOURS + "=" + neighbours,
                        "-D" + PushExample.PAGES + "=http://127.0.0.1:" + port));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        process.getOutputStream().close();
        Service service = new Service(state, neighbours, process, port);
        Runtime.getRuntime().addShutdownHook(service.hook);
        try {
            Story.awaiting(Story.PATIENCE, "serve to listen", () -> !process.isAlive() || listens(port));
            if (!process.isAlive()) {
                throw CloudException.permanent(
                        "serve",
                        "it ended with " + process.exitValue() + ": "
                                + Files.readString(log).strip());
            }
            return service;
        } catch (CloudException e) {
            service.close();
            throw e;
        }
    }

    /** Where it listens. */
    String address() {
        return "http://127.0.0.1:" + port;
    }

    /** This run is cancelled if the example ends before it. */
    void cancelling(RunId begun) {
        run = Optional.of(begun);
    }

    @Override
    public void close() {
        clear();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is ending, and the hook has nothing left to do.
            return;
        }
    }

    private void clear() {
        if (isOver.getAndSet(true)) {
            return;
        }
        process.destroy();
        try {
            if (!process.waitFor(ENDED_WITHIN_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
            try (LocalCloud cloud = GreetingExample.cloud(state)) {
                if (run.isPresent()) {
                    cancel(cloud, run.get());
                }
                for (String environment : cloud.deliveries().environments()) {
                    cloud.deliveries().stop(environment);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (CloudException | IllegalStateException e) {
            System.err.println("error: could not clear everything away: " + e.getMessage());
        }
    }

    /** An engine of our own does what the other one cannot do any more. */
    private void cancel(LocalCloud cloud, RunId begun) throws InterruptedException {
        boolean isOpen = Engine.on(cloud)
                .attach()
                .find(begun)
                .filter(view -> view.outcome().isEmpty())
                .isPresent();
        if (isOpen) {
            Engine.Builder builder = Engine.on(cloud).register(GreetingPipeline.pipeline());
            try (Engine engine =
                    PushExample.fitted(builder, neighbours, address()).open()) {
                engine.cancel(begun, "the example", "it was ended");
                engine.await(begun, CANCELLED_WITHIN);
                Story.awaitTold(cloud, begun);
            }
        }
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
