// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.run;

import dev.cumulane.pipeline.Approvers;
import dev.cumulane.pipeline.Digest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A stage of a run, as it is now.
 *
 * @param name the stage's name
 * @param kind what it is
 * @param after the stages that come before it
 * @param always whether it runs however those end
 * @param item what a cell of a fan-out runs for, if the run's record says so: any text that a build made up
 * @param progress where it is
 * @param owner who looks after it, if the pipeline names somebody
 */
public record StageView(
        String name,
        Kind kind,
        List<String> after,
        boolean always,
        Optional<String> item,
        Progress progress,
        Optional<String> owner) {
    /**
     * A stage of which no owner is known.
     *
     * @param name the stage's name
     * @param kind what it is
     * @param after the stages that come before it
     * @param always whether it runs however those end
     * @param item what a cell of a fan-out runs for
     * @param progress where it is
     */
    public StageView(
            String name, Kind kind, List<String> after, boolean always, Optional<String> item, Progress progress) {
        this(name, kind, after, always, item, progress, Optional.empty());
    }

    /** What a stage is. */
    public enum Kind {
        /** Builds in a container. */
        BUILD,
        /** Tests in a container. */
        TEST,
        /** Java code in a function. */
        FUNCTION,
        /** Waits for people. */
        APPROVAL,
        /** Runs another pipeline; the service that works is that run. */
        CHILD,
        /** Deploys to an environment. */
        DEPLOY,
        /** Gathers other stages. */
        GROUP,
        /** Runs for each item of a list; its cells follow it. */
        FAN_OUT
    }

    /**
     * Where a stage is.
     *
     * @param state its state
     * @param attempt the current or last attempt; 0 before the first
     * @param times when it began and ended
     * @param service the service's own id for the current or last attempt's work, for its log
     * @param waiting what it waits for, while it does
     * @param votes the votes that count
     * @param doing what a deployment is doing or did last, the run of a child; empty otherwise
     * @param verdict how it ended, once it has
     * @param from the run in which it ran, if its success was taken over from there
     * @param skippedBy who wants it to be skipped, if somebody does
     */
    public record Progress(
            RunState state,
            int attempt,
            Times times,
            Optional<String> service,
            Optional<Waiting> waiting,
            List<Vote> votes,
            String doing,
            Optional<Verdict> verdict,
            Optional<RunId> from,
            Optional<String> skippedBy) {}

    /**
     * When something began and ended.
     *
     * @param began empty before it began
     * @param ended empty before it ended
     */
    public record Times(Optional<Instant> began, Optional<Instant> ended) {}

    /**
     * What a stage waits for.
     *
     * @param reason for people, such as {@code a vote of ada or grace}
     * @param until when the waiting ends by itself
     * @param question what an approval asks
     */
    public record Waiting(String reason, Optional<Instant> until, Optional<Question> question) {}

    /**
     * What an approval asks.
     *
     * @param approvers who may vote on it
     * @param subject the digest of what they decide on; see {@link Voter#seen()}
     * @param artifacts the artifacts among it
     */
    public record Question(Approvers approvers, Digest subject, List<Produced> artifacts) {
        /** Copies the list. */
        public Question {
            artifacts = List.copyOf(artifacts);
        }
    }

    /**
     * How it ended.
     *
     * @return the outcome, once it has one
     */
    public Optional<Outcome> outcome() {
        return progress.verdict().map(Verdict::outcome);
    }

    /**
     * What the stage wrote.
     *
     * @param name an artifact's name
     * @return the artifact; empty if the stage has not written it
     */
    public Optional<Produced> artifact(String name) {
        return progress.verdict().stream()
                .flatMap(verdict -> verdict.artifacts().stream())
                .filter(one -> one.name().equals(name))
                .findFirst();
    }
}
