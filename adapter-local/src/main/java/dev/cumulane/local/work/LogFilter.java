// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.work;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cumulane.cloud.Redactor;
import dev.cumulane.local.process.Jvm;
import java.io.ByteArrayOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The process that stands between work that was given secrets and its log: it masks them before a byte is on the disk.
 *
 * <p>It is a process of the work's own group, so that it outlives us as the work does. It is told the end of the work by a mark in what it reads: waiting for the end of
 * the pipe would mean to wait for whatever the work left running.
 */
public final class LogFilter {
    // Stopping must reach the work and not the filter, which has to write down what the work says to it; and not this
    // shell, whose end is the end of the work.
    private static final String SCRIPT = """
            rm -f "$1" && mkfifo -m 600 "$1" || exit 75
            (trap '' HUP INT TERM; exec "$3" "$4" <"$1") &
            filter=$!
            exec 3>"$1"
            rm -f "$1"
            mark=$2
            shift 4
            trap : TERM
            "$@" >&3 2>&1 3>&-
            code=$?
            printf '\\000%s' "$mark" >&3
            exec 3>&-
            while kill -0 "$filter" 2>/dev/null; do wait "$filter"; done
            exit "$code"
            """;

    private LogFilter() {}

    /**
     * A command whose output is masked.
     *
     * @param command the command
     * @param directory where the filter may keep files
     * @param variables the environment variables that hold secrets
     * @return a command that runs it and ends as it does, or the command itself if there are no secrets
     */
    static List<String> over(List<String> command, Path directory, Collection<String> variables) {
        if (variables.isEmpty()) {
            return command;
        }
        byte[] random = new byte[16];
        new SecureRandom().nextBytes(random);
        String mark = HexFormat.of().formatHex(random);
        List<String> arguments = new ArrayList<>(List.of(mark));
        arguments.addAll(variables);
        List<String> words = new ArrayList<>(List.of(
                "/bin/sh", "-c", SCRIPT, "sh", directory.resolve("log.pipe").toString(), mark));
        words.addAll(Jvm.command(
                directory.resolve("filter.args"),
                Jvm.ownClassPath(),
                List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", "-Xmx256m"),
                LogFilter.class.getName(),
                arguments));
        words.addAll(command);
        return words;
    }

    /**
     * Copies the standard input to the standard output until the mark, with secrets masked.
     *
     * @param words the mark, then the variables that hold secrets
     * @throws IOException if a stream fails
     */
    public static void main(String[] words) throws IOException {
        Redactor redactor = redactor(List.of(words).subList(1, words.length));
        try (OutputStream out = redactor.over(new FileOutputStream(FileDescriptor.out))) {
            if (!redactor.tooShort().isEmpty()) {
                String names = String.join(", ", redactor.tooShort());
                out.write(("== warning: secrets of fewer than " + Redactor.SHORTEST + " characters are not masked: "
                                + names + "\n")
                        .getBytes(UTF_8));
            }
            copy(System.in, out, ("\0" + words[0]).getBytes(US_ASCII));
        }
        System.exit(0);
    }

    /** Knows the secrets that are in these variables. */
    static Redactor redactor(List<String> variables) {
        Map<String, String> secrets = new TreeMap<>();
        variables.forEach(name -> secrets.put(name, System.getenv().getOrDefault(name, "")));
        return Redactor.of(secrets);
    }

    /** Copies up to the mark, whose first byte occurs in it once. */
    static void copy(InputStream in, OutputStream out, byte[] mark) throws IOException {
        byte[] buffer = new byte[8192];
        ByteArrayOutputStream clear = new ByteArrayOutputStream(buffer.length);
        int seen = 0;
        for (int got = in.read(buffer); got >= 0; got = in.read(buffer)) {
            for (int i = 0; i < got; i++) {
                if (seen > 0 && buffer[i] != mark[seen]) {
                    clear.write(mark, 0, seen);
                    seen = 0;
                }
                if (buffer[i] == mark[seen]) {
                    seen++;
                } else {
                    clear.write(buffer[i]);
                }
                if (seen == mark.length) {
                    clear.writeTo(out);
                    return;
                }
            }
            clear.writeTo(out);
            clear.reset();
        }
        out.write(mark, 0, seen);
    }
}
