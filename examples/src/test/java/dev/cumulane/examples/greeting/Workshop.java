// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.examples.greeting;

import dev.cumulane.engine.Engine;
import dev.cumulane.local.LocalCloud;
import dev.cumulane.run.HistoryRecord;
import dev.cumulane.run.RunEvent;
import dev.cumulane.run.RunView;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A directory in which an example's real command line is started, in processes of its own, and is looked at from outside. */
public final class Workshop implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long BETWEEN_LOOKS_NANOS = 2_000_000;

    private final Path home;
    private final Path state;
    private final String classPath;
    private final Class<?> example;
    private final List<Path> outputs = new ArrayList<>();
    private Optional<LocalCloud> cloud = Optional.empty();

    Workshop(Path home) throws IOException {
        this(home, "greeting", GreetingExample.class);
    }

    /** A directory for an example that keeps its state below this name. */
    public Workshop(Path home, String name, Class<?> example) throws IOException {
        this.home = Files.createDirectories(home).toRealPath();
        this.state = this.home.resolve(".cumulane").resolve(name);
        this.example = example;
        this.classPath = classPath(this.home.resolve("classes"));
    }

    /** Starts the command line. */
    Process start(String... words) throws IOException {
        Path output = home.resolve("output-" + outputs.size() + ".txt");
        outputs.add(output);
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath,
                example.getName()));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        // The build is short: a JVM that compiles less starts sooner.
        builder.environment().put("MAVEN_OPTS", "-XX:+UseSerialGC -XX:TieredStopAtLevel=1");
        Process process = builder.start();
        process.getOutputStream().close();
        return process;
    }

    /** Runs the command line to its end; gives the exit code. */
    public int run(String... words) throws IOException, InterruptedException {
        Process process = start(words);
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
            throw new AssertionError(String.join(" ", words) + " did not end within " + PATIENCE + ":\n" + output());
        }
        return process.exitValue();
    }

    /** What all commands printed so far. */
    public String output() {
        return outputs.stream().map(Workshop::content).collect(Collectors.joining("---\n"));
    }

    Path state() {
        return state;
    }

    /** The one run that is there, or none if it is not recorded yet. */
    Optional<RunView> latest() {
        return Files.exists(state.resolve("journal.db"))
                ? engine().list(1).stream().findFirst()
                : Optional.empty();
    }

    List<HistoryRecord> history() {
        return latest().map(run -> engine().history(run.id())).orElse(List.of());
    }

    /** Whether an event of this kind is recorded, for this stage. */
    <T extends RunEvent> boolean recorded(Class<T> kind, Predicate<T> which) {
        return history().stream()
                .flatMap(record -> record.events().stream())
                .filter(kind::isInstance)
                .map(kind::cast)
                .anyMatch(which);
    }

    /** The content of a file of the latest run, below a directory of the state directory; empty if there is none. */
    String file(String directory, String rest) {
        return latest().map(run -> content(
                        state.resolve(directory).resolve(run.id().value()).resolve(rest)))
                .orElse("");
    }

    /** The names in a directory of the latest run, sorted. */
    List<String> names(String directory) throws IOException {
        Path place =
                state.resolve(directory).resolve(latest().orElseThrow().id().value());
        try (Stream<Path> files = Files.walk(place)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> place.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    public LocalCloud cloud() {
        if (cloud.isEmpty()) {
            cloud = Optional.of(GreetingExample.cloud(state));
        }
        return cloud.get();
    }

    /** Looks again and again until it is so. */
    void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("not so after " + PATIENCE + ": " + what + "\n" + output());
            }
            LockSupport.parkNanos(BETWEEN_LOOKS_NANOS);
        }
    }

    /** The processes that were started in this directory or that name it, whoever their parent is now. */
    public List<ProcessHandle> processes() {
        return ProcessHandle.allProcesses().filter(this::isOurs).toList();
    }

    /** A process in words, for messages. */
    public static String describe(ProcessHandle process) {
        return process.pid() + " " + words(process.pid()).orElse("") + " in "
                + directory(process.pid()).orElse("");
    }

    /** Kills what a failed test left behind. */
    @Override
    public void close() {
        processes().forEach(ProcessHandle::destroyForcibly);
        cloud.ifPresent(LocalCloud::close);
    }

    /** This JVM's class path for a process elsewhere: absolute, and with copies of its directories, which a build beside us may empty. */
    private static String classPath(Path copies) throws IOException {
        List<String> entries = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path original = Path.of(entry).toAbsolutePath();
            Path copy = copies.resolve(Integer.toString(entries.size()));
            if (Files.isDirectory(original)) {
                copy(original, copy);
            }
            entries.add((Files.isDirectory(copy) ? copy : original).toString());
        }
        return String.join(File.pathSeparator, entries);
    }

    private static void copy(Path original, Path copy) throws IOException {
        try (Stream<Path> all = Files.walk(original)) {
            for (Path one : (Iterable<Path>) all::iterator) {
                Path place = copy.resolve(original.relativize(one).toString());
                if (Files.isDirectory(one)) {
                    Files.createDirectories(place);
                } else {
                    Files.copy(one, place);
                }
            }
        }
    }

    private Engine engine() {
        return Engine.on(cloud()).attach();
    }

    private boolean isOurs(ProcessHandle process) {
        boolean isHere = directory(process.pid())
                .map(path -> path.startsWith(home.toString()))
                .orElse(false);
        return process.isAlive()
                && (isHere
                        || words(process.pid())
                                .map(line -> line.contains(home.toString()))
                                .orElse(false));
    }

    private static Optional<String> directory(long pid) {
        return attempt(() -> Files.readSymbolicLink(Path.of("/proc", Long.toString(pid), "cwd"))
                .toString());
    }

    private static Optional<String> words(long pid) {
        return attempt(() -> Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"))
                        .replace('\0', ' ')
                        .strip())
                .or(() -> ProcessHandle.of(pid).flatMap(handle -> handle.info().commandLine()));
    }

    private static String content(Path file) {
        return attempt(() -> Files.readString(file)).orElse("");
    }

    @FunctionalInterface
    private interface Reading {
        String read() throws IOException;
    }

    /** What a file says, unless it is gone: processes end while they are looked at. */
    private static Optional<String> attempt(Reading reading) {
        try {
            return Optional.of(reading.read());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
