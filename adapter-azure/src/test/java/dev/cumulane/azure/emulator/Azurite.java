// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.emulator;

import dev.cumulane.cloud.contract.Emulator;
import dev.cumulane.contracts.Needed;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Microsoft's emulator of storage, as a child process in memory that ends with this one. It speaks TLS, since only then it takes tokens and gives out the keys of identities
 * that sign requests. Each test has an account of its own.
 *
 * <p>It is not asked what it is known to get wrong: batches over several partitions and entities of more than 1 MiB, which it takes.
 */
public final class Azurite {
    /** The version that is fetched from the npm registry, into a folder of the user's. */
    public static final String VERSION = "3.37.0";

    private static final int ACCOUNTS = 400;
    private static final Pattern LISTENING =
            Pattern.compile("Azurite (Blob|Queue|Table) service is successfully listening at (\\S+)");
    private static Optional<Azurite> shared = Optional.empty();
    private static Optional<Azurite> moved = Optional.empty();

    private final Map<Service, URI> endpoints = new EnumMap<>(Service.class);
    private final AtomicInteger accounts = new AtomicInteger();
    private final Process process;
    private final BufferedReader said;
    private Duration ahead = Duration.ZERO;

    /** The services that it has. */
    public enum Service {
        /** Blob storage. */
        BLOB,
        /** Queue storage. */
        QUEUE,
        /** Table storage. */
        TABLE
    }

    private Azurite(List<String> command) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(temporary().toFile()).redirectErrorStream(true);
        builder.environment()
                .put(
                        "AZURITE_ACCOUNTS",
                        IntStream.rangeClosed(1, ACCOUNTS)
                                .mapToObj(number -> "account" + number + ":a2V5")
                                .collect(Collectors.joining(";")));
        process = Emulator.start(builder);
        said = process.inputReader();
        while (endpoints.size() < Service.values().length) {
            Matcher listening = LISTENING.matcher(line());
            if (listening.find()) {
                endpoints.put(
                        Service.valueOf(listening.group(1).toUpperCase(Locale.ROOT)), URI.create(listening.group(2)));
            }
        }
    }

    /**
     * The one that all tests share.
     *
     * @return the emulator, running
     */
    public static synchronized Azurite shared() {
        if (shared.isEmpty()) {
            Azurite started = start(List.of());
            // What it says is read, so that it never waits for us.
            Thread reader = new Thread(started::drain, "azurite");
            reader.setDaemon(true);
            reader.start();
            shared = Optional.of(started);
        }
        return shared.get();
    }

    /**
     * One whose clock can be put forward.
     *
     * @return the emulator, running
     */
    public static synchronized Azurite moved() {
        if (moved.isEmpty()) {
            moved = Optional.of(start(List.of("--require", clock().toString())));
        }
        return moved.get();
    }

    /**
     * Where a service listens.
     *
     * @param service the service
     * @return its address, without an account
     */
    public URI endpoint(Service service) {
        return endpoints.get(service);
    }

    /**
     * An account that no other test has.
     *
     * @return its name
     */
    public String account() {
        int number = accounts.incrementAndGet();
        if (number > ACCOUNTS) {
            throw new AssertionError("the tests want more than " + ACCOUNTS + " accounts of Azurite");
        }
        return "account" + number;
    }

    /**
     * Puts the clock forward.
     *
     * @param by how far
     */
    public synchronized void advance(Duration by) {
        ahead = ahead.plus(by);
        try {
            Writer in = process.outputWriter();
            in.write(ahead.toMillis() + "\n");
            in.flush();
            String done = "clock is ahead by " + ahead.toMillis();
            for (String line = line(); !line.equals(done); line = line()) {
                // Something else that it says.
                Objects.requireNonNull(line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Azurite start(List<String> options) {
        try {
            List<String> command = new ArrayList<>(List.of("node"));
            command.addAll(options);
            command.add(install().toString());
            command.addAll(List.of("--inMemoryPersistence", "--skipApiVersionCheck", "--disableTelemetry", "--silent"));
            command.addAll(List.of("--oauth", "basic", "--cert", Tls.keys().toString(), "--pwd", Tls.PASSWORD));
            command.addAll(List.of("--blobPort", "0", "--queuePort", "0", "--tablePort", "0"));
            return new Azurite(command);
        } catch (IOException e) {
            throw Needed.missing("Azurite does not start here: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private static Path install() throws IOException, InterruptedException {
        Needed.program("node");
        Path folder = Path.of(System.getProperty("user.home"), ".cache", "cumulane", "azurite-" + VERSION);
        Path program = folder.resolve("node_modules/azurite/dist/src/azurite.js");
        if (Files.isRegularFile(program)) {
            return program;
        }
        Needed.program("npm");
        Files.createDirectories(folder);
        Process npm = new ProcessBuilder(
                        "npm",
                        "install",
                        "--no-audit",
                        "--no-fund",
                        "--ignore-scripts",
                        "--no-save",
                        "azurite@" + VERSION)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!npm.waitFor(5, TimeUnit.MINUTES) || npm.exitValue() != 0) {
            npm.destroyForcibly();
            throw Needed.missing("no Azurite from the npm registry");
        }
        return program;
    }

    private static Path clock() {
        try (InputStream script = Objects.requireNonNull(Azurite.class.getResourceAsStream("/azurite/clock.js"))) {
            Path file = temporary().resolve("clock.js");
            Files.copy(script, file);
            file.toFile().deleteOnExit();
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path temporary() throws IOException {
        Path folder = Files.createTempDirectory("azurite");
        folder.toFile().deleteOnExit();
        return folder;
    }

    private String line() throws IOException {
        String line = said.readLine();
        if (line == null) {
            throw new IOException("Azurite has ended");
        }
        return line;
    }

    private void drain() {
        try (said) {
            said.transferTo(Writer.nullWriter());
        } catch (IOException e) {
            process.destroy();
        }
    }
}
