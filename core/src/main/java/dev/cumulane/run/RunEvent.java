// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.run;

import dev.cumulane.pipeline.Digest;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** A recorded fact of a run. Its time is that of the record that holds it. */
public sealed interface RunEvent extends Event {
    /**
     * The run exists.
     *
     * @param run its id
     * @param pipeline the pipeline's name
     * @param plan the fingerprint of the plan that it follows to its end
     * @param source what it runs for
     * @param lineage where it comes from, if it is not the first of its kind
     * @param parameters what it was told and, of the rest, the defaults; by name
     * @param unwanted why its stages are all skipped, if they are: its commit's author wants no run
     */
    record RunStarted(
            RunId run,
            String pipeline,
            Digest plan,
            SourceEvent source,
            Optional<Lineage> lineage,
            SortedMap<String, String> parameters,
            Optional<String> unwanted)
            implements RunEvent {
        /** Copies the map. */
        public RunStarted {
            parameters = Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
        }

        /**
         * The run exists, and its stages are wanted.
         *
         * @param run its id
         * @param pipeline the pipeline's name
         * @param plan the fingerprint of the plan that it follows to its end
         * @param source what it runs for
         * @param lineage where it comes from, if it is not the first of its kind
         * @param parameters what it was told and, of the rest, the defaults; by name
         */
        public RunStarted(
                RunId run,
                String pipeline,
                Digest plan,
                SourceEvent source,
                Optional<Lineage> lineage,
                SortedMap<String, String> parameters) {
            this(run, pipeline, plan, source, lineage, parameters, Optional.empty());
        }

        /**
         * The run of a pipeline without parameters exists.
         *
         * @param run its id
         * @param pipeline the pipeline's name
         * @param plan the fingerprint of the plan that it follows to its end
         * @param source what it runs for
         * @param lineage where it comes from, if it is not the first of its kind
         */
        public RunStarted(RunId run, String pipeline, Digest plan, SourceEvent source, Optional<Lineage> lineage) {
            this(run, pipeline, plan, source, lineage, Collections.emptySortedMap(), Optional.empty());
        }
    }

    /**
     * An attempt's work is to be started.
     *
     * @param stage the stage
     * @param attempt 1 for the first
     */
    record StageScheduled(String stage, int attempt) implements RunEvent {}

    /**
     * A service accepted an attempt's work.
     *
     * @param stage the stage
     * @param attempt the attempt
     * @param service the service's own id for the work
     */
    record WorkStarted(String stage, int attempt, String service) implements RunEvent {}

    /**
     * An attempt's work is to be stopped.
     *
     * @param stage the stage
     * @param attempt the attempt
     * @param why {@link Cause#TIMED_OUT}, {@link Cause#CANCELLED}, {@link Cause#SKIPPED} or {@link Cause#REFUSED}
     */
    record StopRequested(String stage, int attempt, Cause why) implements RunEvent {}

    /**
     * An attempt ended, and another follows.
     *
     * @param stage the stage
     * @param attempt the attempt
     * @param verdict how it ended
     */
    record AttemptFinished(String stage, int attempt, Verdict verdict) implements RunEvent {}

    /**
     * Another attempt follows, but not at once.
     *
     * @param stage the stage
     * @param attempt the attempt that follows
     * @param at when
     */
    record RetryDelayed(String stage, int attempt, Instant at) implements RunEvent {}

    /**
     * People are asked to decide.
     *
     * @param stage the approval
     * @param expiresAt until when
     * @param subject the digest of what they decide on: the plan's fingerprint and the artifacts
     * @param artifacts the artifacts that go on when they approve
     */
    record ApprovalRequested(String stage, Instant expiresAt, Digest subject, List<Produced> artifacts)
            implements RunEvent {}

    /**
     * A vote counts.
     *
     * @param stage the approval
     * @param vote the vote
     */
    record VoteCounted(String stage, Vote vote) implements RunEvent {}

    /**
     * A vote does not count. The same person's same decision is recorded once for each reason, and at most {@value #MOST_REFUSED_VOTES} are for an approval.
     *
     * @param stage the approval
     * @param vote the vote
     * @param why why it does not count
     */
    record VoteRefused(String stage, Vote vote, VoteRefusal why) implements RunEvent {}

    /** How many votes that do not count are recorded for one approval; others are only answered. */
    int MOST_REFUSED_VOTES = 20;

    /**
     * A deployment waits for its environment to be free.
     *
     * @param stage the deploy stage
     * @param environment the environment's name
     * @param release what it deploys: from here on, nothing else
     */
    record EnvironmentAsked(String stage, String environment, Release release) implements RunEvent {}

    /**
     * The environment is this deployment's until it ends.
     *
     * @param stage the deploy stage
     * @param environment the environment's name
     * @param fence the number of the grant; higher ones are later
     */
    record EnvironmentGranted(String stage, String environment, long fence) implements RunEvent {}

    /** What a step of a deployment makes true. */
    enum Step {
        /** The release is started beside the live one and is healthy. */
        PREPARE,
        /** The release gets its share of the traffic. */
        SHIFT,
        /** The release is still healthy. */
        CHECK,
        /** The release is the live one. */
        COMPLETE,
        /** The release before has all the traffic again. */
        ROLL_BACK
    }

    /**
     * A step of a deployment is to be done.
     *
     * @param stage the deploy stage
     * @param index the step's number, from 1
     * @param step what it makes true
     * @param percent the share of the traffic, for a shift; 0 otherwise
     */
    record StepStarted(String stage, int index, Step step, int percent) implements RunEvent {}

    /**
     * A step of a deployment has passed its time limit; its provider is asked what became of it.
     *
     * @param stage the deploy stage
     * @param index the step's number
     */
    record StepOverdue(String stage, int index) implements RunEvent {}

    /**
     * A step of a deployment ended.
     *
     * @param stage the deploy stage
     * @param index the step's number
     * @param succeeded whether it is true now
     * @param detail one line for people; may be empty
     * @param version the provider's tag for the next step, if it has tags
     * @param address where the environment answers, if it does
     */
    record StepFinished(
            String stage,
            int index,
            boolean succeeded,
            String detail,
            Optional<String> version,
            Optional<String> address)
            implements RunEvent {}

    /**
     * A deployment keeps its share of the traffic for a time.
     *
     * @param stage the deploy stage
     * @param until the end of that time
     */
    record HoldStarted(String stage, Instant until) implements RunEvent {}

    /**
     * An alarm rings while a deployment keeps its share of the traffic; it is rolled back.
     *
     * @param stage the deploy stage
     * @param alarm the alarm's name
     */
    record AlarmRang(String stage, String alarm) implements RunEvent {}

    /**
     * A stage ended.
     *
     * @param stage the stage
     * @param attempt the last attempt; 0 if it never ran
     * @param verdict how it ended
     */
    record StageFinished(String stage, int attempt, Verdict verdict) implements RunEvent {}

    /**
     * A stage is to be skipped. It ends when its turn comes, or when its work has stopped.
     *
     * @param stage the stage
     * @param by who asked
     * @param reason why; may be empty
     */
    record SkipRequested(String stage, String by, String reason) implements RunEvent {
        /** Refuses an identity that is not one plain line of 1 to 200 characters, and a reason that is too long. */
        public SkipRequested {
            Line.identity("who skips", by);
            if (reason.length() > Vote.LONGEST_COMMENT) {
                throw new IllegalArgumentException("the reason for skipping has at most " + Vote.LONGEST_COMMENT
                        + " characters, not " + reason.length());
            }
        }
    }

    /**
     * A past success of a stage is looked for, since one is as good as running it again.
     *
     * @param stage the stage
     * @param key the digest of all that its work depends on
     */
    record ReuseSought(String stage, Digest key) implements RunEvent {}

    /**
     * The items of the list for which a stage runs are being counted, since the list is not in the run's record.
     *
     * @param stage the stage
     */
    record ItemsSought(String stage) implements RunEvent {}

    /**
     * A stage runs for each item of a list: its cells are there from now on, called as it and numbered from 1.
     *
     * @param stage the stage
     * @param cells how many items there are
     */
    record FannedOut(String stage, int cells) implements RunEvent {
        /** Refuses a negative number. */
        public FannedOut {
            if (cells < 0) {
                throw new IllegalArgumentException("a stage has no cells or more, not " + cells);
            }
        }
    }

    /**
     * A stage does not run: what it did in another run holds. Its end follows, with the verdict of that run.
     *
     * @param stage the stage
     * @param from the run in which it ran
     * @param replaced artifacts that a fork puts in the place of those that it wrote there
     */
    record StageReused(String stage, RunId from, List<Produced> replaced) implements RunEvent {
        /** Copies the list. */
        public StageReused {
            replaced = List.copyOf(replaced);
        }

        /**
         * A stage does not run: what it did in another run holds as it is.
         *
         * @param stage the stage
         * @param from the run in which it ran
         */
        public StageReused(String stage, RunId from) {
            this(stage, from, List.of());
        }
    }

    /**
     * The run is to be cancelled.
     *
     * @param by who asked
     * @param reason why; may be empty
     */
    record CancellationRequested(String by, String reason) implements RunEvent {
        /** Refuses an identity that is not one plain line of 1 to 200 characters, and a reason that is too long. */
        public CancellationRequested {
            Line.identity("who cancels", by);
            if (reason.length() > Vote.LONGEST_COMMENT) {
                throw new IllegalArgumentException("a cancellation's reason has at most " + Vote.LONGEST_COMMENT
                        + " characters, not " + reason.length());
            }
        }
    }

    /**
     * The run waits for its turn in a group of runs; none of its stages opens before.
     *
     * @param group the group
     * @param until how long it waits
     */
    record TurnAsked(String group, Instant until) implements RunEvent {}

    /**
     * It is the run's turn until it ends.
     *
     * @param group the group
     * @param fence the number of the grant; higher ones are later
     */
    record TurnGranted(String group, long fence) implements RunEvent {}

    /**
     * The group takes no more runs; none of the run's stages runs.
     *
     * @param group the group
     */
    record TurnRefused(String group) implements RunEvent {}

    /**
     * A newer run of the group takes this one's place: what has not begun never does, what goes on is stopped.
     *
     * @param by the newer run
     */
    record RunSuperseded(RunId by) implements RunEvent {}

    /** What a run's time limits are about. */
    enum Limited {
        /** Waiting for its turn: none of its stages runs. */
        TURN,
        /** The run as a whole: what goes on is stopped, and the stages that clean up run. */
        RUN,
        /** Cleaning up: what still goes on is stopped. */
        CLEAN_UP
    }

    /**
     * The time of the run, or of its cleaning up, is over.
     *
     * @param what which
     */
    record TimeLimitReached(Limited what) implements RunEvent {}

    /**
     * The run ended; no event follows.
     *
     * @param outcome how
     */
    record RunFinished(Outcome outcome) implements RunEvent {}
}
