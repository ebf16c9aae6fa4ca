// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.page;

import dev.cumulane.cloud.Cloud;
import dev.cumulane.cloud.Logs;
import dev.cumulane.cloud.Redactor;
import dev.cumulane.internal.shell.EngineCore;
import dev.cumulane.pipeline.Plan;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.EnvironmentView;
import dev.cumulane.run.HistoryRecord;
import dev.cumulane.run.RunEvent;
import dev.cumulane.run.RunId;
import dev.cumulane.run.RunView;
import dev.cumulane.run.StageView;
import dev.cumulane.run.Vote;
import dev.cumulane.run.Voter;
import dev.cumulane.source.KeptAside;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What pages ask of the engine behind them. */
final class Desk {
    private final EngineCore core;
    private final Cloud cloud;
    private final Repositories repositories;

    Desk(EngineCore core, Cloud cloud, Repositories repositories) {
        this.core = core;
        this.cloud = cloud;
        this.repositories = repositories;
    }

    /**
     * The source repositories of the engine.
     *
     * @param names their short names
     * @param keptAside the deliveries of one that could not be read
     * @param refused the commands in one that were refused
     */
    record Repositories(
            List<String> names,
            Function<String, List<KeptAside>> keptAside,
            Function<String, List<Pages.RefusedCommand>> refused) {}

    Instant now() {
        return cloud.clock().instant();
    }

    Repositories repositories() {
        return repositories;
    }

    List<RunView> latest(int most) {
        return core.list(most);
    }

    List<String> pipelines() {
        return core.pipelines();
    }

    Optional<RunView> find(RunId run) {
        return core.find(run);
    }

    Plan plan(RunId run) {
        return core.plan(run);
    }

    List<String> environments() {
        return core.environments();
    }

    EnvironmentView environment(String name) {
        return core.environment(name);
    }

    /** All records of a run. */
    List<HistoryRecord> history(RunId run) {
        return core.history(run, 1);
    }

    /** The votes of a run that do not count. */
    List<RunEvent.VoteRefused> refusedVotes(RunView run) {
        boolean hasApprovals = run.stages().stream().anyMatch(stage -> stage.kind() == StageView.Kind.APPROVAL);
        return hasApprovals
                ? history(run.id()).stream()
                        .flatMap(record -> record.events().stream())
                        .filter(RunEvent.VoteRefused.class::isInstance)
                        .map(RunEvent.VoteRefused.class::cast)
                        .toList()
                : List.of();
    }

    /** The number of a run's last record; empty if there is no such run. */
    Optional<Long> records(RunId run) {
        return core.records(run);
    }

    /** Casts a vote. */
    void vote(RunId run, String stage, Voter by, Vote.Decision decision, String comment) {
        core.vote(run, stage, by, decision, comment);
    }

    /** The service's name for the work of an attempt, if it has begun. */
    Optional<String> service(AttemptId attempt) {
        return core.history(attempt.run(), 1).stream()
                .flatMap(record -> record.events().stream())
                .filter(RunEvent.WorkStarted.class::isInstance)
                .map(RunEvent.WorkStarted.class::cast)
                .filter(event -> event.stage().equals(attempt.stage()) && event.attempt() == attempt.number())
                .map(RunEvent.WorkStarted::service)
                .reduce((earlier, later) -> later);
    }

    /** A piece of a log, once more without the secrets of its stage, and without those that the stage could take. */
    Logs.Piece log(AttemptId attempt, String service, long from, int most) {
        Logs.Piece piece = cloud.logs().read(attempt, service, from, most);
        if (piece.text().isEmpty()) {
            return piece;
        }
        Redactor redactor = cloud.secrets().redactor(core.secrets(attempt.run(), attempt.stage()));
        return new Logs.Piece(redactor.redact(piece.text()), piece.next(), piece.ended());
    }

    /** How often something was recorded in this process. */
    long changes() {
        return core.changes().count();
    }

    /** Waits for the next change, or until the time is up. */
    void await(long seen, Duration most) throws InterruptedException {
        core.changes().await(seen, most);
    }
}
