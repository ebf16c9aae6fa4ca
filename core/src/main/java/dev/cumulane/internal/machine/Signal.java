// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.machine;

import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.Deployment;
import dev.cumulane.run.Lineage;
import dev.cumulane.run.RunId;
import dev.cumulane.run.SourceEvent;
import dev.cumulane.run.Verdict;
import dev.cumulane.run.Vote;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;

/** Something that the outside says. */
public sealed interface Signal {

    /** For a run. */
    sealed interface ToRun extends Signal {}

    /** For a stage of a run. */
    sealed interface ToStage extends ToRun {
        /** The stage's name. */
        String stage();
    }

    /** For the lock of an environment or of a group of runs. */
    sealed interface ToLock extends Signal {}

    /** For the engine itself, which looks things up and then signals a run. */
    sealed interface ToEngine extends Signal {}

    /**
     * The run is to begin.
     *
     * @param cancelled who wants it to end before it does anything, if somebody does; a run that has begun is cancelled
     * @param unwanted why its stages are all skipped, if they are
     */
    record Begin(
            RunId run,
            Digest plan,
            SourceEvent source,
            Optional<Lineage> lineage,
            SortedMap<String, String> parameters,
            Optional<CancelRequested> cancelled,
            Optional<String> unwanted)
            implements ToRun {
        /** The run is to begin, unless somebody wants it to end before. */
        public Begin(
                RunId run,
                Digest plan,
                SourceEvent source,
                Optional<Lineage> lineage,
                SortedMap<String, String> parameters,
                Optional<CancelRequested> cancelled) {
            this(run, plan, source, lineage, parameters, cancelled, Optional.empty());
        }

        /** The run is to begin and go on. */
        public Begin(
                RunId run,
                Digest plan,
                SourceEvent source,
                Optional<Lineage> lineage,
                SortedMap<String, String> parameters) {
            this(run, plan, source, lineage, parameters, Optional.empty());
        }

        /** The run of a pipeline without parameters is to begin. */
        public Begin(RunId run, Digest plan, SourceEvent source, Optional<Lineage> lineage) {
            this(run, plan, source, lineage, Collections.emptySortedMap());
        }
    }

    /**
     * How many items a stage's list has.
     *
     * @param items empty if nobody can find out
     * @param detail why not, for people
     */
    record Counted(String stage, Optional<Integer> items, String detail) implements ToStage {}

    /** Whether there is a past success under this key. */
    record Recalled(String stage, Digest key, Optional<TakenOver.Taken> past) implements ToStage {}

    /** A service accepted the work. */
    record WorkAccepted(String stage, int attempt, String service) implements ToStage {}

    /** A service refused the work for good. */
    record WorkRefused(String stage, int attempt, String detail) implements ToStage {}

    /** The result of an attempt is known. */
    record WorkFinished(String stage, int attempt, Verdict verdict) implements ToStage {}

    /** Somebody voted, on this subject. */
    record VoteCast(String stage, Vote vote, Digest subject) implements ToStage {}

    /** A person wants a stage to be skipped. */
    record SkipAsked(String stage, String by, String reason) implements ToStage {}

    /** The environment's lock was granted. */
    record Granted(String stage, long fence) implements ToStage {}

    /** A step of a deployment ended. */
    record StepOver(
            String stage,
            int index,
            boolean succeeded,
            String detail,
            Optional<String> version,
            Optional<String> address)
            implements ToStage {}

    /**
     * A step of a deployment has passed its limit, and its provider does not know of its end.
     *
     * @param begun whether the provider knows of its beginning
     */
    record StepLost(String stage, int index, boolean begun) implements ToStage {}

    /**
     * An alarm rings that a deployment watches while it holds.
     *
     * @param index the step before the hold
     */
    record AlarmRang(String stage, int index, String alarm) implements ToStage {}

    /** Time has passed. */
    record Woken() implements ToRun {}

    /** The run is to be cancelled. */
    record CancelRequested(String by, String reason) implements ToRun {}

    /** More stages can be opened than one record holds. */
    record Continue() implements ToRun {}

    /** It is the run's turn in its group. */
    record TurnGranted(long fence) implements ToRun {}

    /**
     * It is not, or no longer, the run's turn.
     *
     * @param by the newer run that takes its place; empty if the group takes no more runs
     */
    record TurnLost(Optional<RunId> by) implements ToRun {}

    /** Somebody asks for a lock. */
    record Ask(Claimant who, Terms terms) implements ToLock {}

    /**
     * Somebody needs a lock no longer.
     *
     * @param deployed how its deployment ended, if it had begun
     */
    record Release(Claimant who, Optional<Deployed> deployed) implements ToLock {
        /** Somebody that deployed nothing. */
        public Release(Claimant who) {
            this(who, Optional.empty());
        }
    }

    /**
     * How a deployment ended.
     *
     * @param deployment the deployment
     * @param rolledBack whether the release before it has all the traffic again
     */
    record Deployed(Deployment deployment, boolean rolledBack) {}

    /** A service says that work is over: its result is to be read. */
    record WorkOver(String stage, int attempt) implements ToEngine {}

    /**
     * A run is to be looked at: what it commanded and may not have got is done again, and services are asked what no event told.
     *
     * @param tries how often this was tried in vain
     */
    record Look(int tries) implements ToEngine {}

    /**
     * An authentic delivery of a repository's webhook is to be read.
     *
     * @param event the kind of event by the forge's header; empty where the body says it
     * @param id the forge's own id for the delivery
     * @param body the digest of the body
     * @param inline the body in base 64; empty if it is in the artifact store
     */
    record Delivered(String event, String id, Digest body, Optional<String> inline) implements ToEngine {}

    /** Those who follow a run are to be told how it is. */
    record Tell() implements ToEngine {}

    /**
     * The alarm of a deployment that holds is to be looked at.
     *
     * @param index the step before the hold
     */
    record Watch(String stage, int index) implements ToEngine {}

    /** An inbox is to be emptied. */
    record Drain() implements ToEngine {}
}
