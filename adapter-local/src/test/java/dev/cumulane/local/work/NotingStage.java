// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.work;

import dev.cumulane.pipeline.FunctionStage;
import dev.cumulane.pipeline.StageContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A function stage for tests: it notes that it began; what else it does, its variable {@code MODE} says. */
public final class NotingStage implements FunctionStage {
    /** For the worker. */
    public NotingStage() {}

    @Override
    public Result run(StageContext context) throws Exception {
        Path notes = Path.of(context.env("NOTES"));
        note(notes.resolve("begun-notes"), ProcessHandle.current().pid());
        switch (context.env("MODE")) {
            case "endless" -> {
                note(
                        notes.resolve("helpers"),
                        new ProcessBuilder("sleep", "600").start().pid());
                while (!Files.exists(notes.resolve("let-end"))) {
                    TimeUnit.MILLISECONDS.sleep(20);
                }
            }
            case "fail" -> {
                return Result.failure("the jar has no main class");
            }
            case "throw" -> throw new IllegalStateException("no answer");
            case "copy" -> {
                context.log("copies for " + context.commit() + " with " + context.env("TOKEN"));
                Files.copy(context.input("jar"), context.output("copy"));
            }
            default -> {}
        }
        return Result.success("noted");
    }

    private static void note(Path file, long pid) throws Exception {
        Files.write(file, List.of(Long.toString(pid)), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
