// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cumulane.cloud.Blueprint;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.HttpAnswer;
import dev.cumulane.cloud.HttpRequest;
import dev.cumulane.cloud.HttpStream;
import dev.cumulane.cloud.Secrets;
import dev.cumulane.engine.Engine;
import dev.cumulane.local.http.HttpEndpoint;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code serve}: takes webhooks and works, until it is stopped. */
@Command(
        name = "serve",
        description =
                "Takes the webhooks of the program's repositories, runs what they start and shows pages of it, until it is stopped.",
        footer = {
            "",
            "It listens on this machine alone, unless told otherwise, and speaks HTTP: put a proxy with HTTPS in front of it.",
            "Ctrl-C or SIGTERM ends it; builds that run go on, and the next 'serve' goes on with them.",
            "",
            "Examples:",
            "  serve",
            "  serve --port 8081 --address 0.0.0.0 --token-from page-token"
        })
final class ServeCommand implements Callable<Integer> {
    private static final long STOP_SECONDS = 20;

    private final Tool tool;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "8080",
            description = "The port, 8080 if left out; 0 for any that is free.")
    private int port;

    @Option(
            names = "--address",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "The address, 127.0.0.1 if left out.")
    private String address = "";

    @Option(
            names = "--token-from",
            paramLabel = "SECRET",
            description =
                    "The secret that holds the token of the pages. Without one, the pages are for this machine alone, unless the "
                            + "program names a proxy that knows people.")
    private Optional<String> tokenFrom = Optional.empty();

    ServeCommand(Tool tool) {
        this.tool = tool;
    }

    @Override
    public Integer call() throws InterruptedException {
        InetSocketAddress where = where();
        Attendance attendance = new Attendance(tool);
        CountDownLatch stop = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        Thread hook = new Thread(() -> await(stop, stopped), "cumulane-stop");
        Runtime.getRuntime().addShutdownHook(hook);
        try (Site site = attendance.claim()) {
            if (!site.isMachine()) {
                throw new UsageException("'serve' is for this machine; " + site.name() + " has functions of its own");
            }
            try (Engine engine = engine(site, where);
                    HttpEndpoint endpoint = HttpEndpoint.open(where, new Answering(engine))) {
                announce(engine, endpoint.address());
                stop.await();
            }
        } finally {
            stopped.countDown();
            forget(hook);
        }
        return ExitCode.SUCCESS;
    }

    /** An engine behind an endpoint. */
    private record Answering(Engine engine) implements HttpEndpoint.Handler {
        @Override
        public HttpAnswer answer(HttpRequest request) {
            return engine.answer(request);
        }

        @Override
        public Optional<HttpAnswer> refusal(HttpRequest head) {
            return engine.refusal(head);
        }

        @Override
        public Optional<HttpStream> stream(HttpRequest request) {
            return engine.stream(request);
        }
    }

    private Engine engine(Site site, InetSocketAddress where) {
        tokenFrom.filter(reference -> !site.cloud().secrets().exists(reference)).ifPresent(reference -> {
            throw new UsageException(
                    "--token-from " + Text.shown(reference) + ": there is no such secret in " + site.name());
        });
        Engine.Builder builder =
                tool.engine(site).hearingRefusals(new Refusals(site.cloud().clock(), this::say));
        missing(site.cloud().secrets(), builder.demand()).forEach(this::say);
        tokenFrom.ifPresent(builder::pagesForToken);
        return where.getAddress().isLoopbackAddress()
                ? builder.answeringThisMachineAlone().open()
                : builder.open();
    }

    /** What the program names and nobody can use yet: hooks would refuse everything, and nobody would be told anything. */
    private static List<String> missing(Secrets secrets, Blueprint.Demand demand) {
        List<String> lines = new ArrayList<>();
        SortedSet<String> references = new TreeSet<>(demand.ingressSecrets());
        references.addAll(demand.engineSecrets());
        for (String reference : references) {
            try {
                if (secrets.read(reference).isEmpty()) {
                    lines.add("secret '" + reference + "' is not there; put it into " + secrets.place(reference));
                }
            } catch (CloudException e) {
                lines.add("secret '" + reference + "': " + e.getMessage());
            }
        }
        return lines;
    }

    private void say(String line) {
        tool.console().err().println(Text.clean(line));
        tool.console().err().flush();
    }

    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is ending, and the hook has nothing left to wait for.
            return;
        }
    }

    /** The JVM ends when this returns. */
    private static void await(CountDownLatch stop, CountDownLatch stopped) {
        stop.countDown();
        try {
            stopped.await(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void announce(Engine engine, InetSocketAddress at) {
        Console console = tool.console();
        String base = "http://" + host(at) + ":" + at.getPort();
        List<String> repositories = engine.repositories();
        if (tool.json()) {
            ObjectNode said = JsonNodeFactory.instance.objectNode().put("address", base);
            if (engine.hasPages()) {
                said.put("pages", base + "/");
            }
            ArrayNode hooks = said.putArray("hooks");
            repositories.forEach(name -> hooks.add(base + "/hooks/" + name));
            console.print(said.toString());
        } else {
            console.print("serves " + base + "; Ctrl-C ends it");
            console.print(
                    engine.hasPages()
                            ? "  " + base + "/ has the pages" + (tokenFrom.isPresent() ? ", for who has the token" : "")
                            : "  no pages: at this address they need --token-from, or a proxy that the program names");
            repositories.forEach(name -> console.print("  " + base + "/hooks/" + name));
            if (repositories.isEmpty()) {
                console.print("  this program names no repository, so there is no hook");
            }
        }
        console.out().flush();
    }

    private static String host(InetSocketAddress at) {
        String host = at.getAddress().getHostAddress();
        return host.contains(":") ? "[" + host.replaceFirst("%.*", "") + "]" : host;
    }

    private InetSocketAddress where() {
        if (port < 0 || port > 65535) {
            throw new UsageException("--port " + port + ": a port is 0 to 65535");
        }
        try {
            return new InetSocketAddress(InetAddress.getByName(address), port);
        } catch (UnknownHostException e) {
            throw new UsageException("--address " + Text.shown(address) + ": there is no such address");
        }
    }
}
