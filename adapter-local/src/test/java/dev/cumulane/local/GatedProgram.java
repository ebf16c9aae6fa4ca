// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local;

import static dev.cumulane.pipeline.Approvers.anyOf;
import static dev.cumulane.pipeline.Work.container;

import dev.cumulane.pipeline.Pipeline;
import java.nio.file.Path;
import java.util.List;

/** A program with a build that ends when a file appears and leaves a helper running, and with a pipeline of nothing but questions. */
public final class GatedProgram {
    static final List<String> QUESTIONS = List.of("first", "second", "third", "fourth", "fifth");

    private GatedProgram() {}

    /**
     * The program.
     *
     * @param words the command line
     */
    public static void main(String[] words) {
        Cumulane.main(words, () -> LocalCloud.at(Path.of("gated-state")), GatedProgram::gated, GatedProgram::asking);
    }

    static Pipeline gated() {
        return Pipeline.define(
                "gated",
                p -> p.build(
                        "build",
                        container("alpine:3")
                                .runs(
                                        "sleep 600 & echo $! >../../helper",
                                        "while ! [ -e ../../let-end ]; do sleep 0.02; done; echo done >it.txt")
                                .writes("it", "it.txt")));
    }

    static Pipeline asking() {
        return Pipeline.define("asking", p -> QUESTIONS.forEach(question -> p.approval(question, anyOf("ada"))));
    }
}
