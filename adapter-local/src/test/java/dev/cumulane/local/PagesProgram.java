// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local;

import static dev.cumulane.pipeline.Approvers.anyOf;
import static dev.cumulane.pipeline.Trigger.push;
import static dev.cumulane.pipeline.Work.container;

import dev.cumulane.pipeline.Pipeline;
import java.nio.file.Path;

/** A program whose build goes on when somebody opens its gates, the files {@code gate-1} and {@code gate-2} beside it, and whose release waits for people. */
public final class PagesProgram {
    static final String GATE = "gate-";

    private static final String REPORT = "<testsuite tests='2'><testcase classname='Till' name='adds up'/>"
            + "<testcase classname='Till' name='gives change'/></testsuite>";

    private PagesProgram() {}

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
                PagesProgram::pipeline);
    }

    static Pipeline pipeline() {
        return Pipeline.define("shop", p -> {
            p.on(push());
            var build = p.build(
                    "build",
                    container("alpine:3")
                            .reads(p.source())
                            .env("GATE", Path.of(GATE).toAbsolutePath().toString())
                            .runs("echo 'compiling <b>the shop</b>'")
                            .runs("until [ -e \"${GATE}1\" ]; do sleep 0.1; done")
                            .runs("echo 'the first gate is open'")
                            .runs("until [ -e \"${GATE}2\" ]; do sleep 0.1; done")
                            .writes("shop", "README"));
            var unit = p.test(
                    "unit",
                    container("alpine:3")
                            .runs("mkdir reports", "printf '%s' \"" + REPORT + "\" > reports/till.xml")
                            .reports("reports/*.xml"));
            var release = p.approval("release", anyOf("ada", "grace")).after(build, unit);
            p.build(
                            "publish",
                            container("alpine:3").reads(build.artifact("shop")).runs("cat README"))
                    .after(release);
        });
    }
}
