// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.examples.push;

import java.io.PrintStream;

/** One line for each thing that happens, when it happens, after who tells it. Any thread. */
final class Printed {
    private final PrintStream out;

    Printed(PrintStream out) {
        this.out = out;
    }

    synchronized void say(String who, String what) {
        out.printf("  %-7s %s%n", who, what.replaceAll("\\p{Cntrl}", " "));
        out.flush();
    }

    synchronized void line(String text) {
        out.println(text);
        out.flush();
    }
}
