// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import dev.cumulane.cloud.CloudException;
import dev.cumulane.engine.Engine;
import dev.cumulane.run.RunId;
import java.io.PrintStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * What Ctrl-C does while a run is shown: it cancels the run and gives its work ten seconds to stop. The JVM ends with 130 when {@link #stopping} returns; until
 * then the thread that follows the run goes on and shows the end.
 */
final class Interrupt implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 10;

    private final Engine engine;
    private final RunId run;
    private final Tool tool;
    private final Consumer<String> notices;
    private final Thread hook = new Thread(this::stopping, "cumulane-interrupt");
    private final CountDownLatch shown = new CountDownLatch(1);
    private final AtomicBoolean happened = new AtomicBoolean();

    private Interrupt(Engine engine, RunId run, Tool tool, Consumer<String> notices) {
        this.engine = engine;
        this.run = run;
        this.tool = tool;
        this.notices = notices;
    }

    static Interrupt cancelling(Engine engine, RunId run, Tool tool, Consumer<String> notices) {
        Interrupt interrupt = new Interrupt(engine, run, tool, notices);
        Runtime.getRuntime().addShutdownHook(interrupt.hook);
        return interrupt;
    }

    boolean happened() {
        return happened.get();
    }

    private void stopping() {
        happened.set(true);
        notices.accept("interrupted: cancelling run " + run + " and stopping its processes");
        PrintStream err = tool.console().err();
        try {
            engine.cancel(run, Tool.user(), "interrupted on the command line");
            if (shown.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                return;
            }
            err.print(tool.console().screen().restored());
            err.println("run " + run + " is cancelled, but has not ended within " + PATIENCE_SECONDS + " s");
        } catch (IllegalStateException e) {
            // It ended in the same moment, and its end is being printed.
            return;
        } catch (CloudException e) {
            err.println("could not cancel run " + run + ": " + Text.clean(String.valueOf(e.getMessage())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        err.println("  to look at it: " + tool.invocation().with("show", run.value()));
        err.println("  to see it through: " + tool.invocation().with("run", "--resume"));
    }

    @Override
    public void close() {
        shown.countDown();
        if (!happened()) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // The JVM is ending already, and the hook has nothing left to wait for.
                return;
            }
        }
    }
}
