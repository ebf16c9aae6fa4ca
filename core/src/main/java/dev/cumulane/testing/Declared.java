// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.testing;

import dev.cumulane.pipeline.Artifact;
import dev.cumulane.pipeline.Stage;
import dev.cumulane.pipeline.ValueKind;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;

/**
 * What a simulated worker has to know of a stage: what it is expected to leave behind.
 *
 * @param stage the stage's name
 * @param artifacts what it writes
 * @param commands the lines for its log
 * @param reports whether it has test reports
 * @param outputs the values that it hands on
 */
record Declared(
        String stage,
        List<String> artifacts,
        List<String> commands,
        boolean reports,
        SortedMap<String, ValueKind> outputs) {
    static final int ORDINARY_TESTS = 3;

    /** What a stage declares, or empty if no worker does it. */
    static Optional<Declared> of(Stage stage) {
        if (stage instanceof Stage.Build build) {
            return Optional.of(of(build.name(), build.commands()));
        }
        if (stage instanceof Stage.Test test) {
            return Optional.of(of(test.name(), test.commands()));
        }
        if (stage instanceof Stage.FanOut whole) {
            return of(whole.template());
        }
        if (stage instanceof Stage.Function function) {
            return Optional.of(new Declared(
                    function.name(),
                    names(function.code().writes()),
                    List.of(function.code().className()),
                    false,
                    function.outputs()));
        }
        return Optional.empty();
    }

    private static Declared of(String stage, Stage.Commands commands) {
        return new Declared(
                stage,
                names(commands.writes()),
                commands.runs(),
                !commands.reports().isEmpty(),
                commands.outputs());
    }

    /** The same of a cell. */
    Declared called(String cell) {
        return new Declared(cell, artifacts, commands, reports, outputs);
    }

    /** What a stage hands on whose script says nothing. */
    String ordinary(String output) {
        return switch (Objects.requireNonNull(outputs.get(output))) {
            case TEXT -> output + " of " + stage;
            case NUMBER -> "1";
            case FLAG -> "true";
            case LIST -> "one\ntwo";
        };
    }

    private static List<String> names(List<Artifact.File> files) {
        return files.stream().map(Artifact.File::name).toList();
    }
}
