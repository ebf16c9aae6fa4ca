// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.contracts;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * A script for Node.js that uses libraries of the npm registry: what others publish checks what we write.
 *
 * @param folder where it is, with its libraries
 * @param name the script's file name
 */
public record NodeScript(Path folder, String name) {
    private static final long MOST_MINUTES = 3;

    /**
     * Fetches the libraries; without Node.js or the registry, the test is skipped, or fails where {@code CI=true}.
     *
     * @param folder an empty folder
     * @param resource the script, among the test resources
     * @param libraries names with versions
     * @return the script, ready to run
     */
    public static NodeScript with(Path folder, String resource, String... libraries)
            throws IOException, InterruptedException {
        Needed.program("node");
        Needed.program("npm");
        List<String> install =
                new ArrayList<>(List.of("npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--no-save"));
        install.addAll(List.of(libraries));
        try {
            run(folder, "", install);
        } catch (IOException e) {
            throw Needed.missing("no libraries from the npm registry: " + e.getMessage());
        }
        NodeScript script = new NodeScript(folder, resource.substring(resource.lastIndexOf('/') + 1));
        try (InputStream text = Objects.requireNonNull(NodeScript.class.getResourceAsStream(resource))) {
            Files.copy(text, folder.resolve(script.name()));
        }
        return script;
    }

    /**
     * Runs it to its end.
     *
     * @param input its standard input
     * @return its standard output
     * @throws IOException if it fails; the message is what it complained of
     */
    public String run(String input) throws IOException, InterruptedException {
        return run(folder, input, List.of("node", name));
    }

    private static String run(Path folder, String input, List<String> command)
            throws IOException, InterruptedException {
        Path said = folder.resolve("said.txt");
        Path given = Files.writeString(folder.resolve("given.txt"), input);
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectInput(given.toFile())
                .redirectOutput(said.toFile())
                .redirectError(folder.resolve("errors.txt").toFile())
                .start();
        if (!process.waitFor(MOST_MINUTES, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new IOException("no end after " + MOST_MINUTES + " minutes");
        }
        if (process.exitValue() != 0) {
            throw new IOException(Files.readString(folder.resolve("errors.txt")));
        }
        return Files.readString(said);
    }
}
