// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import dev.cumulane.cloud.Logs;
import dev.cumulane.local.cli.Style.Ink;
import dev.cumulane.pipeline.Plan;
import dev.cumulane.pipeline.Stage;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.RunId;
import dev.cumulane.run.RunView;
import dev.cumulane.run.StageView;
import dev.cumulane.run.TestSummary;
import dev.cumulane.run.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What stays on the screen after a run: its stages, failed tests, the ends of the logs that say why, and what can be done next. */
final class Summary {
    private static final int LOG_LINES = 20;

    private final Style style;
    private final Invocation invocation;
    private final Logs logs;
    private final Function<RunId, Optional<RunView>> runs;

    /**
     * Summaries.
     *
     * @param runs finds the runs that stages run
     */
    Summary(Style style, Invocation invocation, Logs logs, Function<RunId, Optional<RunView>> runs) {
        this.style = style;
        this.invocation = invocation;
        this.logs = logs;
        this.runs = runs;
    }

    /** The run as lines. */
    List<Line> lines(RunView run, Plan plan, Instant now) {
        Tree.Moment moment = Tree.Moment.still(now, runs);
        List<Line> lines = new ArrayList<>(new Tree(style).lines(run, moment, Integer.MAX_VALUE));
        explain(run, moment, "", lines);
        lines.addAll(ValueLines.of(run));
        lines.addAll(UntoldLines.of(run));
        for (Stage stage : plan.stages()) {
            if (stage instanceof Stage.Deploy deploy) {
                lines.addAll(address(
                        run.stage(deploy.name()),
                        deploy.delivery().environment().name()));
            }
        }
        return lines;
    }

    /** Why a run did not succeed, and the runs that its stages ran. */
    private void explain(RunView run, Tree.Moment moment, String where, List<Line> lines) {
        for (StageView stage : run.stages()) {
            stage.progress()
                    .verdict()
                    .flatMap(Verdict::tests)
                    .ifPresent(tests -> lines.addAll(failedTests(stage.name() + where, tests)));
        }
        for (StageView stage : run.stages()) {
            if (stage.outcome().filter(Summary::wantsExplaining).isPresent()) {
                lines.addAll(logEnd(run, stage, where));
                Tree.below(stage, moment).ifPresent(child -> explain(child, moment, " of run " + child.id(), lines));
            }
        }
    }

    private static boolean wantsExplaining(Outcome outcome) {
        return outcome == Outcome.FAILURE || outcome == Outcome.ERROR || outcome == Outcome.TIMEOUT;
    }

    private static List<Line> failedTests(String stage, TestSummary tests) {
        List<Line> lines = new ArrayList<>();
        if (tests.failed() == 0) {
            return lines;
        }
        lines.add(Line.of(""));
        lines.add(Line.of(Ink.BOLD, "failed tests of " + stage));
        for (TestSummary.Failure failure : tests.failures()) {
            String message = Text.clean(failure.message());
            lines.add(Line.of(Ink.RED, "  " + Text.clean(failure.test())).and(message.isEmpty() ? "" : ": " + message));
        }
        int unnamed = tests.failed() - tests.failures().size();
        if (unnamed > 0) {
            lines.add(Line.of("  and " + unnamed + " more"));
        }
        return lines;
    }

    private List<Line> logEnd(RunView run, StageView stage, String where) {
        Optional<String> service = stage.progress().service();
        if (service.isEmpty() || stage.kind() == StageView.Kind.CHILD) {
            return List.of();
        }
        List<String> end = new LogReader(
                        logs,
                        new AttemptId(run.id(), stage.name(), stage.progress().attempt()),
                        service.get())
                .last(LOG_LINES);
        List<Line> lines = new ArrayList<>();
        lines.add(Line.of(""));
        lines.add(Line.of(Ink.BOLD, "the end of the log of " + stage.name() + where));
        end.forEach(line -> lines.add(
                Line.of(Ink.DIM, style.unicode() ? "  \u2502 " : "  | ").and(line)));
        lines.add(Line.of("  all of it: " + invocation.with("logs", run.id().value(), stage.name())));
        return lines;
    }

    private List<Line> address(StageView stage, String environment) {
        Optional<String> address = stage.progress().verdict().flatMap(Verdict::address);
        if (address.isEmpty()) {
            return List.of();
        }
        String which = stage.outcome().equals(Optional.of(Outcome.SUCCESS)) ? "" : " with the release before";
        return List.of(
                Line.of(""),
                Line.of(environment + " answers" + which + " at ").and(Ink.BOLD, Text.clean(address.get())),
                Line.of("  to stop it: " + invocation.with("stop", environment)));
    }
}
