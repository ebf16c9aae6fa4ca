// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * What a command prints to, and what it needs to know of the reader.
 *
 * @param out what was asked for
 * @param err mistakes, and what would disturb a program that reads {@code out}
 * @param screen the reader's terminal
 * @param invocation how this program was called
 */
public record Console(PrintStream out, PrintStream err, Screen screen, Invocation invocation) {
    /**
     * This process' own console.
     *
     * @return the console
     */
    public static Console system() {
        Map<String, String> environment = System.getenv();
        Charset charset = charset(System.getProperty("stdout.encoding", System.getProperty("native.encoding", "")));
        return new Console(
                System.out,
                System.err,
                Screen.of(environment, charset.equals(StandardCharsets.UTF_8)),
                Invocation.current(environment));
    }

    Console withoutColor() {
        return new Console(out, err, screen.withoutColor(), invocation);
    }

    Console calledWith(Invocation words) {
        return new Console(out, err, screen, words);
    }

    Style style() {
        return screen.style();
    }

    void print(String line) {
        out.println(line);
    }

    void print(Line line) {
        out.println(line.painted(style()).stripTrailing());
    }

    private static Charset charset(String name) {
        return !name.isEmpty() && Charset.isSupported(name) ? Charset.forName(name) : Charset.defaultCharset();
    }
}
