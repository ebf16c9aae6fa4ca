// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.examples.push;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How to start another program of the examples, with the Java and the class path of this one. */
final class Jvm {
    private Jvm() {}

    /** The command for a main class, in whatever directory. */
    static List<String> command(Class<?> main, String... words) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classPath(),
                main.getName()));
        command.addAll(List.of(words));
        return command;
    }

    private static String classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.isEmpty())
                .map(entry ->
                        entry.endsWith("*") ? absolute(entry.substring(0, entry.length() - 1)) + "/*" : absolute(entry))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static String absolute(String entry) {
        return Path.of(entry).toAbsolutePath().toString();
    }
}
