// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.order;

import dev.cumulane.contracts.Needed;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.Commit;
import dev.cumulane.run.RunId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A place to try work orders: a store, tools, a Git repository, and an empty directory for each launch. */
final class Bench {
    static final AttemptId ATTEMPT = new AttemptId(new RunId("shop-0k3v9q2m7xw4b1ce"), "build", 1);

    private final Path home;
    private final Path tools;
    private final Path store;
    private final Map<String, String> environment = new TreeMap<>();
    private int launches;

    Bench(Path home, Shell shell) throws IOException {
        this.home = home;
        this.tools = Files.createDirectories(home.resolve("tools"));
        this.store = Files.createDirectories(home.resolve("the store"));
        shell.tools(tools);
        environment.put("PATH", tools.toString());
        environment.put("HOME", Files.createDirectories(home.resolve("home")).toString());
        environment.put("GIT_CONFIG_NOSYSTEM", "1");
    }

    /** Removes the links to the tools, about which JUnit would warn. */
    static void removeTools(Path home) throws IOException {
        Path tools = home.resolve("tools");
        if (Files.isDirectory(tools)) {
            try (Stream<Path> links = Files.list(tools)) {
                for (Path link : links.toList()) {
                    Files.delete(link);
                }
            }
        }
    }

    /** How a launch ended. */
    record Ended(int exitCode, String log, Path workspace) {}

    /** A launch under way. */
    record Launch(Process process, Path directory, Path logFile) {
        Ended await() {
            try {
                if (!process.waitFor(60, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    throw new AssertionError("the launch is not over after a minute: " + log());
                }
            } catch (InterruptedException e) {
                throw new AssertionError("interrupted", e);
            }
            return new Ended(process.exitValue(), log(), directory.resolve("workspace"));
        }

        String log() {
            try {
                return Files.readString(logFile, StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new AssertionError("no log", e);
            }
        }
    }

    static BuildOrder.Work work(List<String> commands, BuildOrder.Output... outputs) {
        return new BuildOrder.Work(commands, List.of(outputs), List.of());
    }

    static BuildOrder order(BuildOrder.Work work) {
        return new BuildOrder(ATTEMPT, BuildOrder.Source.none(), List.of(), work, new TreeMap<>());
    }

    static BuildOrder order(BuildOrder.Source source, String... commands) {
        return new BuildOrder(ATTEMPT, source, List.of(), work(List.of(commands)), new TreeMap<>());
    }

    static BuildOrder order(SortedMap<String, String> variables, String... commands) {
        return new BuildOrder(ATTEMPT, BuildOrder.Source.none(), List.of(), work(List.of(commands)), variables);
    }

    static BuildOrder order(OrderInput input, String... commands) {
        return new BuildOrder(
                ATTEMPT, BuildOrder.Source.none(), List.of(input), work(List.of(commands)), new TreeMap<>());
    }

    Bench with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    void without(String... removed) throws IOException {
        for (String tool : removed) {
            Files.deleteIfExists(tools.resolve(tool));
        }
    }

    void link(String tool, Path real) throws IOException {
        Files.createSymbolicLink(tools.resolve(tool), real);
    }

    Path home() {
        return home;
    }

    Ended run(BuildOrder order) throws IOException {
        return start(order.script()).await();
    }

    Launch start(String script) throws IOException {
        Digest digest = put(script.getBytes(StandardCharsets.UTF_8));
        return start(digest, object(digest));
    }

    /** Runs an order without a launcher, in the environment as it is. */
    Ended directly(String script) throws IOException {
        return launch(Files.writeString(home.resolve("script"), script)).await();
    }

    Launch start(Digest announced, Path order) throws IOException {
        String launcher = Launcher.script("file:" + order, announced, "file:" + store);
        return launch(launcher);
    }

    /** Runs a launcher of another kind. */
    Launch launch(String launcher) throws IOException {
        return launch(Files.writeString(home.resolve("launcher " + launches), launcher));
    }

    private Launch launch(Path file) throws IOException {
        Path directory = Files.createDirectories(home.resolve("launch " + ++launches));
        Path log = home.resolve("log " + launches);
        ProcessBuilder builder = new ProcessBuilder(tools.resolve("sh").toString(), file.toString())
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        return new Launch(builder.start(), directory, log);
    }

    Digest put(byte[] bytes) throws IOException {
        Digest digest = Digest.of(bytes);
        Files.createDirectories(object(digest).getParent());
        Files.write(object(digest), bytes);
        return digest;
    }

    Path object(Digest digest) {
        return store.resolve("objects").resolve(digest.hex().substring(0, 2)).resolve(digest.hex());
    }

    Path key(String key) {
        return store.resolve("keys").resolve(key);
    }

    void create(String key, String value) throws IOException {
        Files.createDirectories(key(key).getParent());
        Files.writeString(key(key), value);
    }

    /** Makes the attempt one that nobody has claimed or ended. */
    void forget() throws IOException {
        Files.deleteIfExists(key(OrderKeys.claim(ATTEMPT)));
        Files.deleteIfExists(key(OrderKeys.result(ATTEMPT)));
    }

    ResultFile result() throws IOException {
        return ResultFile.parse(ATTEMPT, Files.readAllBytes(key(OrderKeys.result(ATTEMPT))));
    }

    boolean hasResult() {
        return Files.exists(key(OrderKeys.result(ATTEMPT)));
    }

    List<Archives.Entry> contents(Digest digest) throws IOException {
        List<Archives.Entry> entries = new ArrayList<>();
        try (InputStream archive = Files.newInputStream(object(digest))) {
            Archives.read(archive, (entry, content) -> entries.add(entry));
        }
        return entries;
    }

    /** A commit of these files (path, content, path, content, …) in a new repository. */
    Commit commit(String... files) throws IOException {
        Path repository = Files.createDirectories(home.resolve("a repository"));
        git(repository, "init", "--quiet", "--initial-branch=main");
        for (int i = 0; i < files.length; i += 2) {
            Path file = repository.resolve(files[i]);
            Files.createDirectories(file.getParent());
            Files.writeString(file, files[i + 1]);
        }
        git(repository, "add", "--all");
        git(
                repository,
                "-c",
                "user.name=Ada",
                "-c",
                "user.email=ada@example.com",
                "-c",
                "commit.gpgsign=false",
                "commit",
                "--quiet",
                "-m",
                "A commit");
        return new Commit(
                repository.toString(),
                "refs/heads/main",
                git(repository, "rev-parse", "HEAD").strip());
    }

    String git(Path repository, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(Needed.program("git").toString(), "-C", repository.toString()));
        command.addAll(Arrays.asList(arguments));
        return Shell.output(command.toArray(new String[0]));
    }

    Optional<String> claim() throws IOException {
        Path claim = key(OrderKeys.claim(ATTEMPT));
        return Files.exists(claim) ? Optional.of(Files.readString(claim)) : Optional.empty();
    }
}
