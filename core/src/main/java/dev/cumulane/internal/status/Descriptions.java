// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.status;

import dev.cumulane.run.Outcome;
import dev.cumulane.run.RunState;
import dev.cumulane.run.RunView;
import dev.cumulane.run.StageView;
import dev.cumulane.run.TestSummary;
import dev.cumulane.run.Verdict;
import dev.cumulane.run.Vote;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** One line that says how a run or a stage is: names of stages, numbers and times, and nothing that the work itself wrote, which could hold anything. */
public final class Descriptions {
    private static final int MOST_NAMES = 4;

    private Descriptions() {}

    /** How a run is. */
    public static String of(RunView run) {
        Optional<Outcome> outcome = run.outcome();
        if (outcome.isEmpty()) {
            return unfinished(run);
        }
        String failed =
                names(run, stage -> stage.outcome().filter(Descriptions::isBad).isPresent());
        String tests = tests(run.stages().stream()
                .flatMap(stage -> stage.progress().verdict().stream())
                .flatMap(verdict -> verdict.tests().stream())
                .toList());
        String what = word(outcome.get()) + (failed.isEmpty() ? "" : ": " + failed);
        return join(what, tests, after(run.status().times()));
    }

    private static String unfinished(RunView run) {
        if (run.status().waiting().isPresent()) {
            return "waiting for " + run.status().waiting().get().reason();
        }
        List<StageView> waiting = run.stages().stream()
                .filter(stage -> stage.progress().state() == RunState.WAITING)
                .toList();
        String executing = names(
                run,
                stage -> stage.progress().state() == RunState.EXECUTING
                        || stage.progress().state() == RunState.FINALIZING);
        if (executing.isEmpty() && !waiting.isEmpty()) {
            return waiting.get(0).name() + " waits for "
                    + waiting.get(0)
                            .progress()
                            .waiting()
                            .map(StageView.Waiting::reason)
                            .orElse("its turn");
        }
        return executing.isEmpty() ? "about to begin" : "running " + executing;
    }

    /** How a stage is. */
    public static String of(RunView run, StageView stage) {
        Optional<Verdict> verdict = stage.progress().verdict();
        String decided = decided(stage);
        if (!decided.isEmpty()) {
            return decided;
        }
        if (verdict.isPresent()) {
            return join(
                    word(verdict.get().outcome()),
                    tests(verdict.get().tests().stream().toList()),
                    after(stage.progress().times()));
        }
        if (run.outcome().isPresent()) {
            return "did not run";
        }
        return switch (stage.progress().state()) {
            case PENDING -> "not begun";
            case WAITING ->
                "waits for "
                        + stage.progress()
                                .waiting()
                                .map(StageView.Waiting::reason)
                                .orElse("its turn");
            case EXECUTING, FINALIZING, FINISHED ->
                stage.progress().attempt() > 1
                        ? "running, attempt " + stage.progress().attempt()
                        : "running";
        };
    }

    /** Who let an approval go on or stopped it; empty unless their votes have ended it. */
    private static String decided(StageView stage) {
        Outcome outcome = stage.outcome().orElse(Outcome.SKIP);
        if (stage.kind() != StageView.Kind.APPROVAL || (outcome != Outcome.SUCCESS && outcome != Outcome.FAILURE)) {
            return "";
        }
        Vote.Decision decision = outcome == Outcome.SUCCESS ? Vote.Decision.APPROVE : Vote.Decision.REJECT;
        List<String> names = stage.progress().votes().stream()
                .filter(vote -> vote.decision() == decision)
                .map(Vote::by)
                .toList();
        String word = decision == Vote.Decision.APPROVE ? "approved by " : "rejected by ";
        return names.isEmpty() ? "" : word + first(names);
    }

    /** An outcome in a word for people. */
    public static String word(Outcome outcome) {
        return switch (outcome) {
            case SUCCESS -> "succeeded";
            case FAILURE -> "failed";
            case ERROR -> "broke";
            case TIMEOUT -> "ran out of time";
            case CANCELLATION -> "was cancelled";
            case SKIP -> "was skipped";
        };
    }

    /** Whether something went wrong. */
    public static boolean isBad(Outcome outcome) {
        return outcome == Outcome.FAILURE || outcome == Outcome.ERROR || outcome == Outcome.TIMEOUT;
    }

    /** The names of some stages, the first few of them. */
    static String names(RunView run, Predicate<StageView> which) {
        List<String> names = run.stages().stream()
                .filter(stage -> stage.kind() != StageView.Kind.GROUP)
                .filter(which)
                .map(StageView::name)
                .toList();
        return first(names);
    }

    private static String first(List<String> names) {
        String first = names.stream().limit(MOST_NAMES).collect(Collectors.joining(", "));
        return names.size() <= MOST_NAMES ? first : first + " and " + (names.size() - MOST_NAMES) + " more";
    }

    private static String tests(List<TestSummary> summaries) {
        int total = summaries.stream().mapToInt(TestSummary::total).sum();
        int failed = summaries.stream().mapToInt(TestSummary::failed).sum();
        if (total == 0) {
            return "";
        }
        return failed == 0 ? total + " tests" : failed + " of " + total + " tests failed";
    }

    private static String after(StageView.Times times) {
        if (times.began().isEmpty() || times.ended().isEmpty()) {
            return "";
        }
        return "after "
                + time(Duration.between(times.began().get(), times.ended().get()));
    }

    /** A time in its two largest units. */
    public static String time(Duration time) {
        if (time.toDays() > 0) {
            return time.toDays() + " d " + time.toHoursPart() + " h";
        }
        if (time.toHours() > 0) {
            return time.toHours() + " h " + time.toMinutesPart() + " min";
        }
        return time.toMinutes() > 0
                ? time.toMinutes() + " min " + time.toSecondsPart() + " s"
                : time.toSeconds() + " s";
    }

    private static String join(String... parts) {
        return List.of(parts).stream().filter(part -> !part.isEmpty()).collect(Collectors.joining(", "));
    }
}
