// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.standards;

import dev.cumulane.pipeline.Plan;
import dev.cumulane.pipeline.Stage;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.Cause;
import dev.cumulane.run.HistoryRecord;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.RunEvent;
import dev.cumulane.run.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * When what of a run happened, for an ended run.
 *
 * @param started the first event
 * @param began when the run began
 * @param executed when the first of its stages began, if one did
 * @param finalized when it was told to end before it was through, if it was
 * @param ended when it ended
 * @param outcome how it ended
 * @param cause why, if it did not succeed: that of the first stage that ended so
 * @param tasks its attempts, and the waiting of its approvals and deployments, in the order of their ends
 */
record Timeline(
        RunEvent.RunStarted started,
        Instant began,
        Optional<Instant> executed,
        Optional<Instant> finalized,
        Instant ended,
        Outcome outcome,
        Optional<Cause> cause,
        List<Task> tasks) {
    /**
     * An attempt of a stage, or the waiting of one.
     *
     * @param id the attempt
     * @param stage the stage
     * @param began when it was scheduled, or asked for
     * @param ended when it ended
     * @param verdict how
     * @param service what the service called the work, if there was any
     */
    record Task(AttemptId id, Stage stage, Instant began, Instant ended, Verdict verdict, Optional<String> service) {}

    /** The timeline of a whole history; empty if the run has not ended. */
    static Optional<Timeline> of(Plan plan, List<HistoryRecord> history) {
        Story story = new Story(plan);
        List<Task> tasks = new ArrayList<>();
        List<Verdict> verdicts = new ArrayList<>();
        Optional<Instant> executed = Optional.empty();
        Optional<Instant> finalized = Optional.empty();
        for (HistoryRecord record : history) {
            for (RunEvent event : record.events()) {
                if (event instanceof RunEvent.AttemptFinished finished) {
                    tasks.add(task(story, finished.stage(), finished.attempt(), record.at(), finished.verdict()));
                } else if (event instanceof RunEvent.StageFinished finished) {
                    verdicts.add(finished.verdict());
                    if (story.isOpen(finished.stage())) {
                        int attempt = Math.max(1, finished.attempt());
                        tasks.add(task(story, finished.stage(), attempt, record.at(), finished.verdict()));
                    }
                }
                story.next(record.at(), event);
                executed = executed.or(() -> begins(event) ? Optional.of(record.at()) : Optional.empty());
                finalized = finalized.or(() -> finalizes(event) ? Optional.of(record.at()) : Optional.empty());
                if (event instanceof RunEvent.RunFinished finished) {
                    Optional<Cause> cause = verdicts.stream()
                            .map(Verdict::cause)
                            .filter(each -> each.outcome() == finished.outcome())
                            .filter(each -> each.outcome() != Outcome.SUCCESS)
                            .findFirst();
                    return Optional.of(new Timeline(
                            story.started(),
                            history.get(0).at(),
                            executed,
                            finalized,
                            record.at(),
                            finished.outcome(),
                            cause,
                            List.copyOf(tasks)));
                }
            }
        }
        return Optional.empty();
    }

    private static Task task(Story story, String stage, int attempt, Instant at, Verdict verdict) {
        return new Task(
                new AttemptId(story.run(), stage, attempt),
                story.stage(stage),
                story.began(stage).orElse(at),
                at,
                verdict,
                story.service(stage));
    }

    private static boolean begins(RunEvent event) {
        return event instanceof RunEvent.StageScheduled
                || event instanceof RunEvent.ApprovalRequested
                || event instanceof RunEvent.EnvironmentAsked;
    }

    private static boolean finalizes(RunEvent event) {
        return event instanceof RunEvent.CancellationRequested
                || event instanceof RunEvent.RunSuperseded
                || event instanceof RunEvent.TimeLimitReached;
    }
}
