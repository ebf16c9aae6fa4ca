// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.deliveries;

import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.StepReport;
import dev.cumulane.local.deliveries.EnvironmentState.Instance;
import dev.cumulane.local.process.HostEnvironment;
import dev.cumulane.local.process.Jvm;
import dev.cumulane.local.process.Launch;
import dev.cumulane.local.process.ProcessGroup;
import dev.cumulane.local.process.Starter;
import dev.cumulane.local.process.Trees;
import dev.cumulane.run.Release;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Brings one environment into the states that a deployment's steps want. Confined to the thread that holds the environment's lock.
 *
 * <p>Each method states what should be and does what is missing, so that it may be cut off anywhere and run again. The state is written before a process begins and
 * before one is ended.
 */
final class Rollout {
    private static final int PROBES = 5;
    private static final Duration BETWEEN_PROBES = Duration.ofMillis(200);
    private static final Duration SWITCH_LIMIT = Duration.ofSeconds(20);

    private final Path directory;
    private final ProcessEnvironment binding;
    private final EnvironmentState state;
    private final Layout layout;
    private final Starter starter;
    private final Duration grace;

    Rollout(
            Path directory,
            ProcessEnvironment binding,
            EnvironmentState state,
            Layout layout,
            Starter starter,
            Duration grace) {
        this.directory = directory;
        this.binding = binding;
        this.state = state;
        this.layout = layout;
        this.starter = starter;
        this.grace = grace;
    }

    /** The release of this deployment is in place beside the live one, started and healthy. */
    StepReport prepare(Release wanted) throws InterruptedException {
        Optional<String> taken = choosePort();
        if (taken.isPresent()) {
            return StepReport.failure(taken.get());
        }
        Path files = release(state.fence()).resolve("files");
        if (!Files.isDirectory(files)) {
            makeDirectory(release(state.fence()));
            layout.make(wanted, files);
        }
        Optional<String> wrong = start(state.fence(), wanted);
        if (wrong.isPresent()) {
            Optional<Instance> failed = state.release(state.fence());
            if (failed.isPresent()) {
                end(failed.get());
            }
            return StepReport.failure(wrong.get());
        }
        return StepReport.success(address());
    }

    /** The release of this deployment gets its share of the traffic. */
    StepReport shift(int percent) throws InterruptedException {
        Optional<Instance> prepared = state.release(state.fence()).filter(Instance::alive);
        if (prepared.isEmpty()) {
            return StepReport.failure("the release is not running" + lastLines(state.fence()));
        }
        Optional<Instance> former = state.release(state.former()).filter(Instance::alive);
        return point(percent, prepared.get(), former);
    }

    /** The release of this deployment answers its health check several times in a row. */
    StepReport probe() throws InterruptedException {
        Optional<Instance> prepared = state.release(state.fence()).filter(Instance::alive);
        if (prepared.isEmpty()) {
            return StepReport.failure("the release has ended" + lastLines(state.fence()));
        }
        HealthCheck check = new HealthCheck(prepared.get().port(), binding.health());
        for (int i = 0; i < PROBES; i++) {
            if (i > 0) {
                TimeUnit.MILLISECONDS.sleep(BETWEEN_PROBES.toMillis());
            }
            Optional<String> wrong = check.ask();
            if (wrong.isPresent()) {
                return StepReport.failure("no longer healthy: " + wrong.get() + lastLines(state.fence()));
            }
        }
        return StepReport.success(address());
    }

    /** The release of this deployment is the live one; the former one is stopped, and its files are kept. */
    StepReport complete() throws InterruptedException {
        StepReport all = shift(100);
        if (!all.succeeded()) {
            return all;
        }
        state.live(state.fence());
        state.write();
        for (Instance release : state.releases()) {
            if (release.fence() != state.fence()) {
                end(release);
            }
        }
        forgetAllBut(state.fence(), state.former());
        return all;
    }

    /** The release that was live before this deployment has all the traffic again; without one, nothing runs. */
    StepReport rollBack() throws InterruptedException {
        Optional<Instance> former = state.release(state.former());
        if (former.isEmpty()) {
            stopAll();
            return new StepReport(
                    true, "nothing was live before, so nothing is live now", Optional.empty(), Optional.empty());
        }
        choosePort();
        Optional<String> wrong = start(former.get().fence(), former.get().release());
        if (wrong.isPresent()) {
            return StepReport.failure("the former release could not be brought back: " + wrong.get());
        }
        Instance back = state.release(state.former()).orElseThrow();
        StepReport all = point(100, back, Optional.empty());
        if (!all.succeeded()) {
            return all;
        }
        state.live(back.fence());
        state.write();
        for (Instance release : state.releases()) {
            if (release.fence() != back.fence()) {
                end(release);
            }
        }
        forgetAllBut(state.fence(), state.former());
        return all;
    }

    /** Nothing of this environment runs, and nothing is live. */
    void stopAll() throws InterruptedException {
        state.live(0);
        state.write();
        for (Instance release : state.releases()) {
            end(release);
        }
        Optional<ProcessGroup> portSwitch = state.portSwitch();
        if (portSwitch.isPresent()) {
            end(portSwitch.get());
        }
        state.portSwitch(Optional.empty());
        state.write();
    }

    private String address() {
        return "http://127.0.0.1:" + state.port().orElseThrow();
    }

    private Path release(long fence) {
        return directory.resolve("releases").resolve(Long.toString(fence));
    }

    /** Starts a release unless it lives, and waits until it is healthy: what is wrong, or empty. */
    private Optional<String> start(long fence, Release release) throws InterruptedException {
        Optional<Instance> known = state.release(fence).filter(Instance::alive);
        if (known.isPresent() && !Files.exists(release(fence).resolve("begun"))) {
            end(known.get()); // it waits for a word of an engine that is gone
            known = Optional.empty();
        }
        if (known.isEmpty()) {
            int port = freePort();
            SortedMap<String, String> environment = HostEnvironment.allowed();
            environment.putAll(binding.variables());
            environment.put("PORT", Integer.toString(port));
            List<String> command = new ArrayList<>(binding.command());
            if (command.get(0).equals("java")) {
                command.set(0, Jvm.java().toString());
            }
            Path home = release(fence);
            starter.start(
                    new Launch(
                            command,
                            environment,
                            home.resolve("files"),
                            home.resolve("log.txt"),
                            home.resolve("begun")),
                    group -> {
                        state.put(new Instance(fence, release, port, Optional.of(group)));
                        state.write();
                        return "local:" + group.leader().pid();
                    });
        }
        Instance started = state.release(fence).orElseThrow();
        return new HealthCheck(started.port(), binding.health())
                .await(started::alive, binding.healthyWithin())
                .map(wrong -> wrong + lastLines(fence));
    }

    /** Divides the traffic between two releases. */
    private StepReport point(int percent, Instance first, Optional<Instance> second) throws InterruptedException {
        int share = second.isPresent() ? percent : 100;
        String targets = first.port() + " " + share + "\n"
                + second.map(other -> other.port() + " " + (100 - share) + "\n").orElse("");
        Path file = directory.resolve("targets");
        try {
            Path next = directory.resolve("targets.next");
            Files.writeString(next, targets);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw CloudException.retryable("disk", "could not write " + file + ": " + e.getMessage(), e);
        }
        return ensureSwitch(file).map(StepReport::failure).orElseGet(() -> StepReport.success(address()));
    }

    /** Sees to it that the switch listens; one that a former engine started is taken up. What is wrong, or empty. */
    private Optional<String> ensureSwitch(Path targets) throws InterruptedException {
        Path home = directory.resolve("switch");
        Path listening = home.resolve("listening");
        if (listens(listening)) {
            return Optional.empty();
        }
        copySwitch(home);
        try {
            Files.deleteIfExists(listening);
        } catch (IOException e) {
            throw CloudException.retryable("disk", "could not delete " + listening + ": " + e.getMessage(), e);
        }
        List<String> command = Jvm.command(
                home.resolve("java.args"),
                List.of(home),
                List.of("-Xmx32m", "-Xss256k", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"),
                PortSwitch.class.getName(),
                List.of(Integer.toString(state.port().orElseThrow()), targets.toString(), listening.toString()));
        starter.start(
                new Launch(command, HostEnvironment.allowed(), home, home.resolve("log.txt"), home.resolve("begun")),
                group -> {
                    state.portSwitch(Optional.of(group));
                    state.write();
                    return "local:" + group.leader().pid();
                });
        return listens(listening)
                ? Optional.empty()
                : Optional.of("port " + state.port().orElseThrow() + " could not be listened on"
                        + tail(home.resolve("log.txt")));
    }

    /** Waits for the switch to listen; false if there is none, it ends, or it takes too long and is ended. */
    private boolean listens(Path listening) throws InterruptedException {
        Optional<ProcessGroup> group = state.portSwitch();
        long deadline = System.nanoTime() + SWITCH_LIMIT.toNanos();
        while (group.map(ProcessGroup::alive).orElse(false)) {
            if (Files.exists(listening)) {
                return true;
            }
            if (System.nanoTime() - deadline > 0) {
                end(group.get());
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        return false;
    }

    /** The switch runs from a copy of its class: the build that we were loaded from may be cleaned while it serves. */
    private static void copySwitch(Path home) {
        String name = PortSwitch.class.getName().replace('.', '/') + ".class";
        Path copy = home.resolve(name);
        try (InputStream in = PortSwitch.class.getResourceAsStream("PortSwitch.class")) {
            if (in == null) {
                throw new IllegalStateException(
                        "the class " + PortSwitch.class.getName() + " cannot be read from the class path");
            }
            Files.createDirectories(copy.getParent());
            Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw CloudException.retryable("disk", "could not write " + copy + ": " + e.getMessage(), e);
        }
    }

    /** Chooses the environment's port at its first deployment: what is wrong with it, or empty. */
    private Optional<String> choosePort() {
        boolean listening = state.portSwitch().map(ProcessGroup::alive).orElse(false);
        if (binding.port().isPresent() && listening && !binding.port().equals(state.port())) {
            return Optional.of("the environment answers on port " + state.port().orElseThrow()
                    + ", and its binding says " + binding.port().getAsInt() + ": stop the environment first");
        }
        if (listening) {
            return Optional.empty();
        }
        int wanted = binding.port().orElseGet(() -> state.port().orElse(0));
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(PortSwitch.loopback(), wanted));
            state.port(probe.getLocalPort());
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("port " + wanted + " cannot be listened on: " + e.getMessage());
        }
    }

    private static int freePort() {
        try (ServerSocket probe = new ServerSocket(0, 1, PortSwitch.loopback())) {
            return probe.getLocalPort();
        } catch (IOException e) {
            throw CloudException.retryable("network", "no free port on the loopback address: " + e.getMessage(), e);
        }
    }

    private void end(Instance release) throws InterruptedException {
        if (release.process().isPresent()) {
            end(release.process().get());
            state.put(new Instance(release.fence(), release.release(), release.port(), Optional.empty()));
        }
    }

    private void end(ProcessGroup group) throws InterruptedException {
        group.send(ProcessGroup.Message.TERM);
        long deadline = System.nanoTime() + grace.toNanos();
        while (group.alive() && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
        group.send(ProcessGroup.Message.KILL);
    }

    private void forgetAllBut(long first, long second) {
        for (Instance release : state.releases()) {
            if (release.fence() != first && release.fence() != second) {
                try {
                    Trees.delete(release(release.fence()));
                } catch (IOException e) {
                    throw CloudException.retryable("disk", "could not delete an old release: " + e.getMessage(), e);
                }
                state.remove(release.fence());
            }
        }
    }

    static void makeDirectory(Path path) {
        try {
            Files.createDirectories(path);
        } catch (IOException e) {
            throw CloudException.retryable("disk", "could not make " + path + ": " + e.getMessage(), e);
        }
    }

    private String lastLines(long fence) {
        return tail(release(fence).resolve("log.txt"));
    }

    /** The last three lines of a log, as the end of a sentence; empty if there are none. */
    private static String tail(Path log) {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            byte[] bytes = new byte[(int) Math.min(600, file.length())];
            file.seek(file.length() - bytes.length);
            file.readFully(bytes);
            List<String> lines = new String(bytes, StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .toList();
            String last = lines.stream()
                    .skip(Math.max(0, lines.size() - 3))
                    .map(String::strip)
                    .collect(Collectors.joining(" | "));
            return last.isEmpty() ? "" : "; its log ends: " + last;
        } catch (IOException e) {
            return ""; // it never wrote a log
        }
    }
}
