// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import java.util.function.Supplier;

/** What Ctrl-C says while something goes on elsewhere that this process only follows. The JVM then ends with 130. */
final class Farewell {
    private Farewell() {}

    /** Does something, and says the line if it is interrupted. */
    static <T> T during(Tool tool, String line, Supplier<T> call) {
        Thread hook = new Thread(() -> say(tool, line), "cumulane-farewell");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            return call.get();
        } finally {
            forget(hook);
        }
    }

    private static void say(Tool tool, String line) {
        tool.console().err().println(Text.clean(line));
        tool.console().err().flush();
    }

    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is ending already, and the hook says its line.
            return;
        }
    }
}
