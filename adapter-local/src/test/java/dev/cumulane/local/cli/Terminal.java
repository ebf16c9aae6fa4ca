// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A console whose output a test can read. */
public final class Terminal {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Console console;

    private Terminal(Screen screen) {
        console = new Console(stream(out), stream(err), screen, new Invocation("./shop"));
    }

    /** A pipe. */
    public static Terminal piped() {
        return new Terminal(Screen.plain(false));
    }

    /** A terminal of this size, in colour. */
    public static Terminal live(int rows, int columns) {
        return new Terminal(new Screen(true, new Style(true, true), () -> new Screen.Size(rows, columns)));
    }

    public Console console() {
        return console;
    }

    public String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    public String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    public List<String> errLines() {
        return err().lines().toList();
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }
}
