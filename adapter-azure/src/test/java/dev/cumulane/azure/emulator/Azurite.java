// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.emulator;

import dev.cumulane.contracts.Needed;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Microsoft's emulator of storage, as a child process in memory; started once for all tests and ended with this process. It speaks TLS, since only then it takes tokens and
 * gives out the keys of users that sign requests. Each test has an account of its own.
 *
 * <p>It is not asked what it is known to get wrong: batches over several partitions and entities of more than 1 MiB, which it takes.
 */
public final class Azurite {
    /** The version that is fetched from the npm registry, into a folder of the user's. */
    public static final String VERSION = "3.37.0";

    private static final int ACCOUNTS = 400;
    private static final Pattern LISTENING =
            Pattern.compile("Azurite (Blob|Queue|Table) service is successfully listening at (\\S+)");
    private static final AtomicInteger NAMES = new AtomicInteger();
    private static final Map<Service, URI> ENDPOINTS = new EnumMap<>(Service.class);

    /** The services that it has. */
    public enum Service {
        /** Blob storage. */
        BLOB,
        /** Queue storage. */
        QUEUE,
        /** Table storage. */
        TABLE
    }

    private Azurite() {}

    /**
     * Where a service listens.
     *
     * @param service the service
     * @return its address, without an account
     */
    public static synchronized URI endpoint(Service service) {
        if (ENDPOINTS.isEmpty()) {
            try {
                start(install());
            } catch (IOException e) {
                throw Needed.missing("Azurite does not start here: " + e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted", e);
            }
        }
        return ENDPOINTS.get(service);
    }

    /**
     * An account that no other test has.
     *
     * @return its name
     */
    public static String account() {
        int number = NAMES.incrementAndGet();
        if (number > ACCOUNTS) {
            throw new AssertionError("the tests want more than " + ACCOUNTS + " accounts of Azurite");
        }
        return name(number);
    }

    private static String name(int number) {
        return "account" + number;
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

    private static void start(Path program) throws IOException {
        Path folder = Files.createTempDirectory("azurite");
        List<String> command = new ArrayList<>(List.of("node", program.toString()));
        command.addAll(List.of("--inMemoryPersistence", "--skipApiVersionCheck", "--disableTelemetry", "--silent"));
        command.addAll(List.of("--oauth", "basic", "--cert", Tls.keys().toString(), "--pwd", Tls.PASSWORD));
        command.addAll(List.of("--blobPort", "0", "--queuePort", "0", "--tablePort", "0"));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().put("AZURITE_ACCOUNTS", accounts());
        Process process = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(process)));
        BufferedReader said = process.inputReader();
        while (ENDPOINTS.size() < Service.values().length) {
            String line = said.readLine();
            if (line == null) {
                throw new IOException("Azurite ended before it listened");
            }
            Matcher listening = LISTENING.matcher(line);
            if (listening.find()) {
                ENDPOINTS.put(
                        Service.valueOf(listening.group(1).toUpperCase(Locale.ROOT)), URI.create(listening.group(2)));
            }
        }
        // What it says later is read, so that it never waits for us.
        Thread reader = new Thread(() -> drain(said), "azurite");
        reader.setDaemon(true);
        reader.start();
    }

    private static void drain(Reader said) {
        try (said) {
            said.transferTo(Writer.nullWriter());
        } catch (IOException e) {
            // It has ended.
            Thread.onSpinWait();
        }
    }

    private static String accounts() {
        return IntStream.rangeClosed(1, ACCOUNTS)
                .mapToObj(number -> name(number) + ":a2V5")
                .collect(Collectors.joining(";"));
    }

    private static void end(Process process) {
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
