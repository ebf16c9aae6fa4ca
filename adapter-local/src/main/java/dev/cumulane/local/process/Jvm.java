// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.process;

import dev.cumulane.cloud.CloudException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Commands that start a Java virtual machine: the one that we run on. */
public final class Jvm {
    private Jvm() {}

    /**
     * The program of the Java that we run on.
     *
     * @return its absolute path
     */
    public static Path java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toAbsolutePath();
    }

    /**
     * The class path that this very code was loaded from, as far as it is known.
     *
     * @return its entries, in order
     */
    public static List<Path> ownClassPath() {
        return Stream.of(System.getProperty("java.class.path", ""), System.getProperty("jdk.module.path", ""))
                .flatMap(path -> Stream.of(path.split(File.pathSeparator)))
                .filter(entry -> !entry.isEmpty())
                .map(entry -> Path.of(entry).toAbsolutePath())
                .toList();
    }

    /**
     * Writes an argument file, which may be longer than a command line, and gives the command that uses it.
     *
     * @param arguments the file to write
     * @param classPath the class path, in order
     * @param options options of the virtual machine
     * @param main the main class
     * @param words its arguments
     * @return the command
     * @throws CloudException retryable, if the file cannot be written
     */
    public static List<String> command(
            Path arguments, List<Path> classPath, List<String> options, String main, List<String> words) {
        List<String> lines = new ArrayList<>(options);
        lines.add("-cp");
        lines.add(classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
        lines.add(main);
        lines.addAll(words);
        try {
            Files.write(arguments, lines.stream().map(Jvm::quoted).toList());
        } catch (IOException e) {
            throw CloudException.retryable("disk", "could not write " + arguments + ": " + e.getMessage(), e);
        }
        return List.of(java().toString(), "@" + arguments);
    }

    private static String quoted(String word) {
        return '"'
                + word.replace("\\", "\\\\")
                        .replace("\"", "\\\"")
                        .replace("\n", "\\n")
                        .replace("\r", "\\r")
                + '"';
    }
}
