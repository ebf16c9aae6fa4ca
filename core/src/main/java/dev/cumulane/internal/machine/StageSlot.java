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
import dev.cumulane.run.VoteRefusal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a run remembers of one stage. Immutable, so that nothing but {@link RunProgress#fold} can change a run.
 *
 * @param phase where it is
 * @param attempt the current or last attempt; 0 before the first
 * @param times when it began and ended, and when its phase ends by itself
 * @param doing what it does, or did last
 * @param instead what may stand for its running
 * @param verdict how it ended
 */
public record StageSlot(
        Phase phase, int attempt, Times times, Doing doing, Instead instead, Optional<Verdict> verdict) {

    /** A stage that nothing has happened to. */
    static final StageSlot PENDING = new StageSlot(
            Phase.PENDING,
            0,
            new Times(Optional.empty(), Optional.empty(), Optional.empty()),
            new Doing(Optional.empty(), Optional.empty(), Optional.empty()),
            new Instead(Optional.empty(), Optional.empty(), Optional.empty()),
            Optional.empty());

    /**
     * When something began and ended.
     *
     * @param began when it began
     * @param ended when it ended
     * @param deadline when its phase ends by itself
     */
    public record Times(Optional<Instant> began, Optional<Instant> ended, Optional<Instant> deadline) {
        private Times until(Optional<Instant> next) {
            return new Times(began, ended, next);
        }
    }

    /**
     * What a stage does, by what it is.
     *
     * @param work its attempt, while there is one
     * @param ballot its votes, for an approval
     * @param rollout its deployment, for a deploy stage
     */
    public record Doing(Optional<Work> work, Optional<Ballot> ballot, Optional<Rolling> rollout) {}

    /**
     * What may stand for a stage's running.
     *
     * @param from the run in which it ran, if it was taken over from there
     * @param skip who wants it to be skipped, if somebody does
     * @param reuse the digest of all that its work depends on, if a past success is as good
     */
    public record Instead(Optional<RunId> from, Optional<Skip> skip, Optional<Digest> reuse) {}

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
     * @param refused what does not count, as far as it is recorded
     */
    public record Ballot(Digest subject, List<Produced> artifacts, List<Vote> votes, List<Refused> refused) {
        Ballot and(Vote vote) {
            return new Ballot(subject, artifacts, appended(votes, vote), refused);
        }

        Ballot and(Refused vote) {
            return new Ballot(subject, artifacts, votes, appended(refused, vote));
        }

        private static <T> List<T> appended(List<T> list, T last) {
            List<T> longer = new ArrayList<>(list);
            longer.add(last);
            return List.copyOf(longer);
        }
    }

    /**
     * A vote that does not count.
     *
     * @param by whose
     * @param decision what
     * @param why why it does not count
     */
    public record Refused(String by, Vote.Decision decision, VoteRefusal why) {}

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

        Rolling begins(RunEvent.StepStarted started, Optional<Verdict> why) {
            return new Rolling(
                    release,
                    fence,
                    done,
                    started.index(),
                    Optional.of(started.step()),
                    started.percent(),
                    version,
                    address,
                    why);
        }

        Rolling ends(RunEvent.StepFinished finished) {
            boolean forward = finished.succeeded() && !isRollingBack();
            Optional<Verdict> why = failed.isPresent() || finished.succeeded()
                    ? failed
                    : Optional.of(Verdict.of(Cause.UNHEALTHY, finished.detail()));
            return new Rolling(
                    release,
                    fence,
                    forward ? done + 1 : done,
                    index,
                    step,
                    percent,
                    finished.version().or(() -> version),
                    finished.address().or(() -> address),
                    why);
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

    /** When it began. */
    public Optional<Instant> began() {
        return times.began();
    }

    /** When it ended. */
    public Optional<Instant> ended() {
        return times.ended();
    }

    /** When its phase ends by itself. */
    public Optional<Instant> deadline() {
        return times.deadline();
    }

    /** Its attempt, while there is one. */
    public Optional<Work> work() {
        return doing.work();
    }

    /** Its votes, for an approval. */
    public Optional<Ballot> ballot() {
        return doing.ballot();
    }

    /** Its deployment, for a deploy stage. */
    public Optional<Rolling> rollout() {
        return doing.rollout();
    }

    /** The run in which it ran, if it was taken over from there. */
    public Optional<RunId> from() {
        return instead.from();
    }

    /** Who wants it to be skipped, if somebody does. */
    public Optional<Skip> skip() {
        return instead.skip();
    }

    /** The digest of all that its work depends on, if a past success is as good. */
    public Optional<Digest> reuse() {
        return instead.reuse();
    }

    StageSlot in(Phase next) {
        return in(next, Optional.empty());
    }

    StageSlot in(Phase next, Instant until) {
        return in(next, Optional.of(until));
    }

    private StageSlot in(Phase next, Optional<Instant> until) {
        return new StageSlot(next, attempt, times.until(until), doing, instead, verdict);
    }

    StageSlot begun(Instant at) {
        Times since = times.began().isPresent() ? times : new Times(Optional.of(at), times.ended(), times.deadline());
        return new StageSlot(phase, attempt, since, doing, instead, verdict);
    }

    StageSlot with(int nextAttempt, Work next) {
        Doing now = new Doing(Optional.of(next), doing.ballot(), doing.rollout());
        return new StageSlot(phase, nextAttempt, times, now, instead, verdict);
    }

    StageSlot with(Ballot next) {
        return with(new Doing(doing.work(), Optional.of(next), doing.rollout()));
    }

    StageSlot with(Rolling next) {
        return with(new Doing(doing.work(), doing.ballot(), Optional.of(next)));
    }

    private StageSlot with(Doing next) {
        return new StageSlot(phase, attempt, times, next, instead, verdict);
    }

    StageSlot with(Skip next) {
        return with(new Instead(instead.from(), Optional.of(next), instead.reuse()));
    }

    StageSlot seeking(Digest key) {
        return with(new Instead(instead.from(), instead.skip(), Optional.of(key)));
    }

    StageSlot from(RunId other) {
        return with(new Instead(Optional.of(other), instead.skip(), instead.reuse()));
    }

    private StageSlot with(Instead next) {
        return new StageSlot(phase, attempt, times, doing, next, verdict);
    }

    StageSlot finished(Verdict how, Instant at) {
        Times whole = new Times(times.began(), Optional.of(at), Optional.empty());
        return new StageSlot(Phase.FINISHED, attempt, whole, doing, instead, Optional.of(how));
    }

    boolean succeeded() {
        return verdict.isPresent() && verdict.get().cause() == Cause.COMPLETED;
    }
}
