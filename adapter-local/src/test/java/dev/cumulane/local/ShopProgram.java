// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local;

import static dev.cumulane.pipeline.Approvers.anyOf;
import static dev.cumulane.pipeline.Work.container;

import dev.cumulane.pipeline.Pipeline;
import java.nio.file.Path;

/** A team's own program, small: it builds, tests, asks, ships and tidies up within a second. */
public final class ShopProgram {
    private ShopProgram() {}

    /**
     * The program.
     *
     * @param words the command line
     */
    public static void main(String[] words) {
        Cumulane.main(words, () -> LocalCloud.at(Path.of("shop-state")), ShopProgram::pipeline);
    }

    static Pipeline pipeline() {
        return Pipeline.define("shop", p -> {
            var build = p.build(
                    "build",
                    container("alpine:3")
                            .reads(p.source())
                            .runs("echo building; cp README shop.txt")
                            .writes("shop", "shop.txt"));
            var unit = p.test(
                    "unit",
                    container("alpine:3")
                            .reads(p.source(), build.artifact("shop"))
                            .runs("sh ./test.sh")
                            .reports("reports/*.xml"));
            var release = p.approval("release", anyOf("ada", "grace")).after(unit);
            p.build("ship", container("alpine:3").reads(build.artifact("shop")).runs("cat shop.txt"))
                    .after(release);
            p.build("clean-up", container("alpine:3").runs("echo tidy")).always();
        });
    }
}
