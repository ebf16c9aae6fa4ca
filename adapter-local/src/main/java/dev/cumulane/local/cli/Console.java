// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What a command prints to, and what it needs to know of the reader. */
public final class Console {
    private final PrintStream out;
    private final PrintStream err;
    private final Screen screen;
    private final Invocation invocation;

    Console(PrintStream out, PrintStream err, Screen screen, Invocation invocation) {
        this.out = out;
        this.err = err;
        this.screen = screen;
        this.invocation = invocation;
    }

    /**
     * This process' own console.
     *
     * @return the console
     */
    public static Console system() {
        Map<String, String> environment = System.getenv();
        Charset charset = charset(System.getProperty("stdout.encoding", System.getProperty("native.encoding", "")));
        Screen screen = Screen.of(environment, charset.equals(StandardCharsets.UTF_8));
        return new Console(System.out, System.err, screen, Invocation.current(environment));
    }

    private static Charset charset(String name) {
        return !name.isEmpty() && Charset.isSupported(name) ? Charset.forName(name) : Charset.defaultCharset();
    }

    Console withoutColor() {
        return new Console(out, err, screen.withoutColor(), invocation);
    }

    /** What was asked for. */
    PrintStream out() {
        return out;
    }

    /** Mistakes, and what would disturb a program that reads {@link #out}. */
    PrintStream err() {
        return err;
    }

    Screen screen() {
        return screen;
    }

    Style style() {
        return screen.style();
    }

    /** How this program was called. */
    Invocation invocation() {
        return invocation;
    }

    void print(String line) {
        out.println(line);
    }

    void print(Line line) {
        out.println(line.painted(style()).stripTrailing());
    }
}
