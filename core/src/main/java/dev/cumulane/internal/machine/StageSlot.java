// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.machine;

import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.Cause;
import dev.cumulane.run.Produced;
import dev.cumulane.run.Release;
import dev.cumulane.run.RunEvent;
import dev.cumulane.run.RunId;
import dev.cumulane.run.Verdict;
import dev.cumulane.run.Vote;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a run remembers of one stage. Immutable, so that nothing but {@link RunProgress#fold} can change a run.
 *
 * @param phase where it is
 * @param attempt the current or last attempt; 0 before the first
 * @param began when it began
 * @param ended when it ended
 * @param deadline when its phase ends by itself
 * @param work its attempt, while there is one
 * @param ballot its votes, for an approval
 * @param rollout its deployment, for a deploy stage
 * @param verdict how it ended
 * @param from the run in which it ran, if it was taken over from there
 * @param skip who wants it to be skipped, if somebody does
 * @param reuse the digest of all that its work depends on, if a past success is as good
 */
public record StageSlot(
        Phase phase,
        int attempt,
        Optional<Instant> began,
        Optional<Instant> ended,
        Optional<Instant> deadline,
        Optional<Work> work,
        Optional<Ballot> ballot,
        Optional<Rolling> rollout,
        Optional<Verdict> verdict,
        Optional<RunId> from,
        Optional<Skip> skip,
        Optional<Digest> reuse) {

    /** A stage that nothing has happened to. */
    static final StageSlot PENDING = new StageSlot(
            Phase.PENDING,
            0,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    /**
     * A wish to skip a stage.
     *
     * @param by whose
     * @param reason why; may be empty
     */
    public record Skip(String by, String reason) {
        Verdict verdict() {
            return Verdict.of(Cause.SKIPPED, "skipped by " + by + (reason.isEmpty() ? "" : ": " + reason));
        }
    }

    /**
     * An attempt.
     *
     * @param service the service's id for it, once accepted
     * @param stopping the wish to stop it, if there is one
     */
    public record Work(Optional<String> service, Optional<Stop> stopping) {}

    /**
     * The wish to stop an attempt.
     *
     * @param why why
     * @param since when it was recorded
     */
    public record Stop(Cause why, Instant since) {}

    /**
     * An approval.
     *
     * @param subject what it is about
     * @param artifacts the artifacts among it
     * @param votes what counts so far
     */
    public record Ballot(Digest subject, List<Produced> artifacts, List<Vote> votes) {}

    /**
     * A deployment.
     *
     * @param release what is deployed
     * @param fence the grant's number; 0 before the grant
     * @param done how many lines of the script are true
     * @param index the number of the current or last step
     * @param step the current or last step
     * @param percent its share of the traffic
     * @param version the provider's tag
     * @param address where the environment answers
     * @param failed why it is rolled back, if it is
     */
    public record Rolling(
            Release release,
            long fence,
            int done,
            int index,
            Optional<RunEvent.Step> step,
            int percent,
            Optional<String> version,
            Optional<String> address,
            Optional<Verdict> failed) {
        static Rolling asked(Release release) {
            return new Rolling(
                    release, 0, 0, 0, Optional.empty(), 0, Optional.empty(), Optional.empty(), Optional.empty());
        }

        Rolling failing(Verdict why) {
            return new Rolling(release, fence, done, index, step, percent, version, address, Optional.of(why));
        }

        Rolling granted(long number) {
            return new Rolling(release, number, done, index, step, percent, version, address, failed);
        }

        boolean isRollingBack() {
            return step.equals(Optional.of(RunEvent.Step.ROLL_BACK));
        }
    }

    StageSlot in(Phase next, Optional<Instant> until) {
        return new StageSlot(next, attempt, began, ended, until, work, ballot, rollout, verdict, from, skip, reuse);
    }

    StageSlot begun(Instant at) {
        return new StageSlot(
                phase,
                attempt,
                began.isPresent() ? began : Optional.of(at),
                ended,
                deadline,
                work,
                ballot,
                rollout,
                verdict,
                from,
                skip,
                reuse);
    }

    StageSlot with(int nextAttempt, Work next) {
        return new StageSlot(
                phase,
                nextAttempt,
                began,
                ended,
                deadline,
                Optional.of(next),
                ballot,
                rollout,
                verdict,
                from,
                skip,
                reuse);
    }

    StageSlot with(Ballot next) {
        return new StageSlot(
                phase, attempt, began, ended, deadline, work, Optional.of(next), rollout, verdict, from, skip, reuse);
    }

    StageSlot with(Rolling next) {
        return new StageSlot(
                phase, attempt, began, ended, deadline, work, ballot, Optional.of(next), verdict, from, skip, reuse);
    }

    StageSlot finished(Verdict how, Instant at) {
        return new StageSlot(
                Phase.FINISHED,
                attempt,
                began,
                Optional.of(at),
                Optional.empty(),
                work,
                ballot,
                rollout,
                Optional.of(how),
                from,
                skip,
                reuse);
    }

    StageSlot with(Skip next) {
        return new StageSlot(
                phase, attempt, began, ended, deadline, work, ballot, rollout, verdict, from, Optional.of(next), reuse);
    }

    StageSlot seeking(Digest key) {
        return new StageSlot(
                phase, attempt, began, ended, deadline, work, ballot, rollout, verdict, from, skip, Optional.of(key));
    }

    StageSlot from(RunId other) {
        return new StageSlot(
                phase,
                attempt,
                began,
                ended,
                deadline,
                work,
                ballot,
                rollout,
                verdict,
                Optional.of(other),
                skip,
                reuse);
    }

    boolean succeeded() {
        return verdict.isPresent() && verdict.get().cause() == Cause.COMPLETED;
    }
}
