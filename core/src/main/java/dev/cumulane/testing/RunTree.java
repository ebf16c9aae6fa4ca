// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.testing;

import dev.cumulane.internal.status.Descriptions;
import dev.cumulane.run.RunView;
import dev.cumulane.run.StageValue;
import dev.cumulane.run.StageView;
import dev.cumulane.run.TestSummary;
import dev.cumulane.run.Verdict;
import java.time.Duration;

/** A run as some lines of text, for the messages of failed assertions. */
final class RunTree {
    private RunTree() {}

    static String of(RunView run) {
        StringBuilder text = new StringBuilder("run " + run.id() + ": "
                + run.outcome().map(Enum::name).orElse(run.status().state().name())
                + took(run.status().times()) + "\n");
        int width = run.stages().stream()
                .mapToInt(stage -> stage.name().length())
                .max()
                .orElse(0);
        for (StageView stage : run.stages()) {
            text.append("  ")
                    .append(stage.name())
                    .append(" ".repeat(width - stage.name().length() + 2))
                    .append(line(stage).strip())
                    .append('\n');
        }
        return text.toString();
    }

    /** The outcome or, before there is one, the state. */
    static String state(StageView stage) {
        return stage.outcome().map(Enum::name).orElse(stage.progress().state().name());
    }

    private static String line(StageView stage) {
        StageView.Progress progress = stage.progress();
        StringBuilder line = new StringBuilder(state(stage)).append(took(progress.times()));
        stage.item().ifPresent(item -> line.append(", for ").append(shown(item)));
        progress.from().ifPresent(run -> line.append(" in run ").append(run));
        if (progress.attempt() > 1) {
            line.append(", attempt ").append(progress.attempt());
        }
        progress.waiting().ifPresent(waiting -> {
            line.append(", waits for ").append(waiting.reason());
            waiting.until().ifPresent(until -> line.append(" until ").append(until));
        });
        progress.verdict().ifPresent(verdict -> line.append(verdict(verdict)));
        return line.toString();
    }

    private static String verdict(Verdict verdict) {
        StringBuilder line = new StringBuilder();
        if (verdict.outcome() != dev.cumulane.run.Outcome.SUCCESS) {
            line.append(", ").append(verdict.cause());
        }
        if (!verdict.detail().isEmpty()) {
            line.append(": ").append(verdict.detail());
        }
        verdict.values()
                .forEach((name, value) ->
                        line.append(", ").append(name).append('=').append(shown(value)));
        verdict.tests().ifPresent(tests -> {
            line.append(", ")
                    .append(tests.total())
                    .append(" tests, ")
                    .append(tests.failed())
                    .append(" failed");
            for (TestSummary.Failure failure : tests.failures()) {
                line.append("\n      ").append(failure.test()).append(": ").append(failure.message());
            }
        });
        return line.toString();
    }

    private static String shown(StageValue value) {
        if (value instanceof StageValue.Inline inline) {
            return shown(inline.text());
        }
        return value.size() + " bytes";
    }

    private static String shown(String text) {
        String line = text.replaceAll("\\p{Cntrl}", " ");
        return line.length() > 80 ? line.substring(0, 77) + "..." : line;
    }

    private static String took(StageView.Times times) {
        return times.began()
                .flatMap(began ->
                        times.ended().map(ended -> " after " + Descriptions.time(Duration.between(began, ended))))
                .orElse("");
    }
}
