// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.simulation;

import dev.cumulane.internal.machine.Phase;
import dev.cumulane.internal.machine.StageSlot;
import dev.cumulane.pipeline.Stage;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.Cause;
import dev.cumulane.run.Verdict;
import java.time.Instant;

/** The rules that the attempts of a run must keep. */
final class SeenAttempts {
    private final Invariants all;
    private final SeenRun run;
    private final Rules rules;

    SeenAttempts(Invariants all, SeenRun run, Rules rules) {
        this.all = all;
        this.run = run;
        this.rules = rules;
    }

    /** How an attempt may end: as its worker says, or, without a word of it, for what really happened to it. */
    void ends(AttemptId attempt, Verdict verdict, Instant at) {
        StageSlot slot = run.slot(attempt).orElseThrow();
        run.check("I3", slot.attempt() == attempt.number(), "attempt %s ends while %d is on", attempt, slot.attempt());
        Facts.Attempt facts = all.facts().of(attempt);
        Cause cause = verdict.cause();
        boolean spoken = cause == Cause.COMPLETED || cause == Cause.COMMAND_FAILED || cause == Cause.FUNCTION_FAILED;
        if (spoken) {
            run.check(
                    "I3", all.resultSays(attempt, cause), "%s ends with %s, its result says otherwise", attempt, cause);
            run.check("I3", facts.effects() == 1, "%s ends with %s and nobody worked", attempt, cause);
        }
        boolean build = !(run.plan().stage(run.plan().graph().number(attempt.stage())) instanceof Stage.Function);
        run.check("I2", !build || !facts.isAtWork(), "%s ends with %s while its worker lives", attempt, cause);
        RandomPipeline.Fate fate = all.pipeline().fate(attempt.stage());
        if (cause == Cause.LOST_WORKER) {
            run.check("I9", facts.died(), "%s ends with %s, and no worker was lost", attempt, cause);
        } else if (cause == Cause.TIMED_OUT) {
            boolean lasting = fate == RandomPipeline.Fate.HANGS || facts.died() || rules.ending() == Cause.TIMED_OUT;
            run.check("I9", lasting, "%s timed out at %s though its work does not last", attempt, at);
        } else if (cause == Cause.REFUSED) {
            run.check(
                    "I9",
                    fate == RandomPipeline.Fate.REFUSED || (slot.phase() == Phase.STOPPING && all.wereFaults()),
                    "%s was refused by nobody",
                    attempt);
        } else if (cause == Cause.SKIPPED) {
            run.check("I17", slot.skip().isPresent(), "%s was skipped by nobody", attempt);
        } else if (cause == Cause.NOT_NEEDED) {
            run.check("I9", rules.isSurplus(attempt.stage()), "%s was stopped, and its group needs it", attempt);
        } else if (cause == Cause.CANCELLED || cause == Cause.SUPERSEDED) {
            run.check("I9", rules.ending() == cause, "%s was cancelled by nobody", attempt);
        } else {
            run.check("I9", spoken, "%s ends with %s", attempt, verdict);
        }
    }
}
