// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.work;

import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.Redactor;
import dev.cumulane.local.process.Jvm;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The process with which a build masks its secrets in the reports that it leaves, before they are stored. */
public final class FileMask {
    /** Tells an order which script masks. */
    static final String VARIABLE = "CUMULANE_MASK";

    private FileMask() {}

    /**
     * Writes the script that an order calls.
     *
     * @param directory where to write it
     * @param variables the environment variables that hold secrets
     * @return the script, for {@code sh}, which takes a directory
     * @throws CloudException retryable, if it cannot be written
     */
    static Path script(Path directory, Collection<String> variables) {
        List<String> command = new ArrayList<>(Jvm.command(
                directory.resolve("mask.args"),
                Jvm.ownClassPath(),
                List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", "-Xmx256m"),
                FileMask.class.getName(),
                List.copyOf(variables)));
        String line = command.stream()
                .map(word -> "'" + word.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" ", "exec ", " \"$1\"\n"));
        Path script = directory.resolve("mask.sh");
        try {
            return Files.writeString(script, line);
        } catch (IOException e) {
            throw CloudException.retryable("disk", "could not write " + script + ": " + e.getMessage(), e);
        }
    }

    /**
     * Masks the secrets in every file of a directory.
     *
     * @param words the variables that hold secrets, then the directory
     * @throws IOException if a file cannot be read or written
     */
    public static void main(String[] words) throws IOException {
        List<String> variables = List.of(words).subList(0, words.length - 1);
        Redactor redactor = LogFilter.redactor(variables);
        try (Stream<Path> files = Files.list(Path.of(words[words.length - 1]))) {
            for (Path file : (Iterable<Path>) files.sorted()::iterator) {
                mask(redactor, file);
            }
        }
    }

    static void mask(Redactor redactor, Path file) throws IOException {
        Path masked = file.resolveSibling(file.getFileName() + ".masked");
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS);
                OutputStream out = redactor.over(Files.newOutputStream(masked))) {
            in.transferTo(out);
        }
        Files.move(masked, file, StandardCopyOption.REPLACE_EXISTING);
    }
}
