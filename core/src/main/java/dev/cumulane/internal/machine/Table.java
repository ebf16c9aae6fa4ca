// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.machine;

import static dev.cumulane.internal.machine.Cue.ACCEPTED;
import static dev.cumulane.internal.machine.Cue.ALARM;
import static dev.cumulane.internal.machine.Cue.CANCEL;
import static dev.cumulane.internal.machine.Cue.COUNTED;
import static dev.cumulane.internal.machine.Cue.DUE;
import static dev.cumulane.internal.machine.Cue.GRANTED;
import static dev.cumulane.internal.machine.Cue.OPEN;
import static dev.cumulane.internal.machine.Cue.RECALLED;
import static dev.cumulane.internal.machine.Cue.REFUSED;
import static dev.cumulane.internal.machine.Cue.RESULT;
import static dev.cumulane.internal.machine.Cue.SKIP;
import static dev.cumulane.internal.machine.Cue.STEP_LOST;
import static dev.cumulane.internal.machine.Cue.STEP_OVER;
import static dev.cumulane.internal.machine.Cue.VOTE;
import static dev.cumulane.internal.machine.Phase.ASKING;
import static dev.cumulane.internal.machine.Phase.COUNTING;
import static dev.cumulane.internal.machine.Phase.FANNED_OUT;
import static dev.cumulane.internal.machine.Phase.FINISHED;
import static dev.cumulane.internal.machine.Phase.HOLDING;
import static dev.cumulane.internal.machine.Phase.OVERDUE;
import static dev.cumulane.internal.machine.Phase.PENDING;
import static dev.cumulane.internal.machine.Phase.RECALLING;
import static dev.cumulane.internal.machine.Phase.RESTING;
import static dev.cumulane.internal.machine.Phase.SCHEDULED;
import static dev.cumulane.internal.machine.Phase.STEPPING;
import static dev.cumulane.internal.machine.Phase.STOPPING;
import static dev.cumulane.internal.machine.Phase.VOTING;
import static dev.cumulane.internal.machine.Phase.WORKING;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a stage does in each phase when something happens to it. What is not in the table changes nothing: it is late, repeated, or about an attempt that is over.
 */
public final class Table {
    /** Decides and emits. */
    interface Rule {
        void apply(Step step, int stage, Optional<Signal.ToStage> signal);
    }

    /**
     * A line of the table.
     *
     * @param from the phase
     * @param cue what happens
     * @param to the phases that may follow
     * @param means what it means, for the diagram
     * @param rule what decides
     */
    record Row(Phase from, Cue cue, Set<Phase> to, String means, Rule rule) {}

    private static final List<Row> ROWS = List.of(
            row(
                    PENDING,
                    OPEN,
                    "its turn, or no longer",
                    Opening::open,
                    COUNTING,
                    FANNED_OUT,
                    RECALLING,
                    SCHEDULED,
                    VOTING,
                    ASKING,
                    FINISHED),
            row(PENDING, SKIP, "to be skipped", Skips::note, PENDING),
            row(COUNTING, COUNTED, "how many items there are", Cells::count, FANNED_OUT, FINISHED),
            row(COUNTING, DUE, "nobody could count them", Cells::giveUp, FINISHED),
            row(COUNTING, CANCEL, "cancelled", Step::endCancelled, FINISHED),
            row(COUNTING, SKIP, "skipped", Skips::end, FINISHED),
            row(FANNED_OUT, OPEN, "enough cells have ended", Opening::gather, FINISHED),
            row(RECALLING, RECALLED, "a past success, or none", Reuse::take, SCHEDULED, FINISHED),
            row(RECALLING, DUE, "nobody knows of a past success", Reuse::run, SCHEDULED),
            row(RECALLING, CANCEL, "cancelled", Step::endCancelled, FINISHED),
            row(RECALLING, SKIP, "skipped", Skips::end, FINISHED),
            row(SCHEDULED, ACCEPTED, "a service has it", Attempts::accept, WORKING),
            row(SCHEDULED, REFUSED, "no service wants it", Attempts::refuse, SCHEDULED, RESTING, FINISHED),
            row(
                    SCHEDULED,
                    RESULT,
                    "done before we knew of its start",
                    Attempts::finishAttempt,
                    SCHEDULED,
                    RESTING,
                    FINISHED),
            row(SCHEDULED, DUE, "no service took it in time", Attempts::stopUnstarted, STOPPING),
            row(SCHEDULED, CANCEL, "cancelled", Attempts::stopCancelled, STOPPING),
            row(SCHEDULED, SKIP, "skipped", Skips::stop, STOPPING),
            row(WORKING, RESULT, "done", Attempts::finishAttempt, SCHEDULED, RESTING, FINISHED),
            row(WORKING, DUE, "time limit", Attempts::stopLate, STOPPING),
            row(WORKING, CANCEL, "cancelled", Attempts::stopCancelled, STOPPING),
            row(WORKING, SKIP, "skipped", Skips::stop, STOPPING),
            row(STOPPING, ACCEPTED, "a start that we learn of late", Attempts::accept, STOPPING),
            row(
                    STOPPING,
                    RESULT,
                    "stopped, or done all the same",
                    Attempts::finishAttempt,
                    SCHEDULED,
                    RESTING,
                    FINISHED),
            row(STOPPING, SKIP, "to be skipped", Skips::note, STOPPING),
            row(RESTING, SKIP, "skipped", Skips::end, FINISHED),
            row(RESTING, DUE, "time for another attempt", Attempts::again, SCHEDULED),
            row(RESTING, CANCEL, "cancelled", Step::endCancelled, FINISHED),
            row(VOTING, SKIP, "skipped", Skips::end, FINISHED),
            row(VOTING, VOTE, "a vote", Ballots::vote, VOTING, FINISHED),
            row(VOTING, DUE, "expired", Ballots::expire, FINISHED),
            row(VOTING, CANCEL, "cancelled", Step::endCancelled, FINISHED),
            row(ASKING, SKIP, "skipped", Skips::end, FINISHED),
            row(ASKING, GRANTED, "the environment is free", Rollouts::enter, STEPPING),
            row(ASKING, DUE, "the environment did not become free", Rollouts::giveUpAsking, FINISHED),
            row(ASKING, CANCEL, "cancelled", Step::endCancelled, FINISHED),
            row(STEPPING, STEP_OVER, "step done", Rollouts::finishStep, STEPPING, HOLDING, FINISHED),
            row(STEPPING, DUE, "step takes too long", Rollouts::doubt, OVERDUE),
            row(OVERDUE, STEP_OVER, "done all the same", Rollouts::finishStep, STEPPING, HOLDING, FINISHED),
            row(OVERDUE, STEP_LOST, "nobody knows of its end", Rollouts::loseStep, STEPPING, FINISHED),
            row(HOLDING, DUE, "held long enough", Rollouts::nextStep, STEPPING),
            row(HOLDING, ALARM, "an alarm rings", Rollouts::rollBackAlarmed, STEPPING),
            row(HOLDING, CANCEL, "cancelled", Rollouts::rollBackCancelled, STEPPING));

    private static final Map<Phase, Map<Cue, Row>> INDEX = index();

    private Table() {}

    private static Row row(Phase from, Cue cue, String means, Rule rule, Phase first, Phase... more) {
        return new Row(from, cue, EnumSet.of(first, more), means, rule);
    }

    private static Map<Phase, Map<Cue, Row>> index() {
        Map<Phase, Map<Cue, Row>> index = new EnumMap<>(Phase.class);
        for (Row row : ROWS) {
            Map<Cue, Row> rows = index.computeIfAbsent(row.from(), phase -> new EnumMap<>(Cue.class));
            if (rows.put(row.cue(), row) != null) {
                throw new IllegalStateException("two rows for " + row.from() + " and " + row.cue());
            }
        }
        return index;
    }

    static Optional<Row> row(Phase from, Cue cue) {
        return Optional.ofNullable(INDEX.get(from)).map(rows -> rows.get(cue));
    }

    static List<Row> rows() {
        return ROWS;
    }

    /** The table as a Mermaid state diagram. */
    public static String diagram() {
        StringBuilder text = new StringBuilder("stateDiagram-v2\n    [*] --> PENDING\n");
        for (Row row : ROWS) {
            for (Phase to : row.to()) {
                text.append("    ")
                        .append(row.from())
                        .append(" --> ")
                        .append(to)
                        .append(" : ")
                        .append(row.means())
                        .append('\n');
            }
        }
        return text.append("    ").append(FINISHED).append(" --> [*]\n").toString();
    }
}
