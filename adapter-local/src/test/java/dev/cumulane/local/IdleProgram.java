// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local;

import static dev.cumulane.pipeline.Condition.branch;
import static dev.cumulane.pipeline.Trigger.push;
import static dev.cumulane.pipeline.Work.container;

import dev.cumulane.pipeline.Pipeline;
import java.nio.file.Path;

/** A program like {@link ServedProgram} whose runs have nothing to do, so that what is measured is how they come to be. */
public final class IdleProgram {
    private IdleProgram() {}

    /**
     * The program.
     *
     * @param words the command line
     */
    public static void main(String[] words) {
        Cumulane.main(
                words,
                () -> LocalCloud.at(Path.of("state")),
                engine -> engine.repository(ServedProgram.repository(Path.of(""))),
                IdleProgram::pipeline);
    }

    static Pipeline pipeline() {
        return Pipeline.define("idle", p -> {
            p.on(push());
            p.build("build", container("alpine:3").runs("true")).onlyWhen(branch().is("none"));
        });
    }
}
