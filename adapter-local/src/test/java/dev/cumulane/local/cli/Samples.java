// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import dev.cumulane.pipeline.Approvers;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.Commit;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.RunId;
import dev.cumulane.run.RunState;
import dev.cumulane.run.RunView;
import dev.cumulane.run.SourceEvent;
import dev.cumulane.run.StageView;
import dev.cumulane.run.StageView.Kind;
import dev.cumulane.run.StageView.Progress;
import dev.cumulane.run.StageView.Times;
import dev.cumulane.run.Verdict;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Runs and stages as an engine could have recorded them. */
final class Samples {
    static final Instant START = Instant.parse("2026-11-23T09:00:00Z");
    static final RunId RUN = new RunId("shop-0k3v9q2m7xw4b1ce");
    static final Digest PLAN = Digest.of("plan".getBytes(StandardCharsets.UTF_8));
    static final SourceEvent SOURCE =
            new SourceEvent.Asked(new Commit("/shop", "refs/heads/main", "4f1c2ab0".repeat(5)), "ada");

    private Samples() {}

    static RunView open(StageView... stages) {
        return of(RUN.value(), stages);
    }

    /** An open run of this id. */
    static RunView of(String id, StageView... stages) {
        return run(new RunId(id), RunState.EXECUTING, Optional.empty(), Optional.empty(), stages);
    }

    static RunView ended(Outcome outcome, int seconds, StageView... stages) {
        return run(RUN, RunState.FINISHED, Optional.of(outcome), Optional.of(START.plusSeconds(seconds)), stages);
    }

    private static RunView run(
            RunId id, RunState state, Optional<Outcome> outcome, Optional<Instant> end, StageView... stages) {
        Times times = new Times(Optional.of(START), end);
        return new RunView(
                id,
                "shop",
                PLAN,
                SOURCE,
                new RunView.Status(state, outcome, times, 7, Optional.empty(), Optional.empty(), Optional.empty()),
                List.of(stages));
    }

    static StageView pending(String name, Kind kind, String... after) {
        return stage(
                name,
                kind,
                List.of(after),
                RunState.PENDING,
                new Times(Optional.empty(), Optional.empty()),
                Optional.empty(),
                Optional.empty());
    }

    static StageView running(String name, int from) {
        return stage(name, Kind.BUILD, List.of(), RunState.EXECUTING, times(from), Optional.empty(), Optional.empty());
    }

    /** A stage that runs another run, since ten seconds after the start. */
    static StageView child(String name, String run) {
        Progress progress = new Progress(
                RunState.EXECUTING,
                1,
                times(10),
                Optional.of(run),
                Optional.empty(),
                List.of(),
                "run " + run,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        return new StageView(name, Kind.CHILD, List.of(), false, Optional.empty(), progress);
    }

    static StageView waiting(String name, Approvers approvers) {
        StageView.Waiting waiting = new StageView.Waiting(
                "a vote of " + String.join(" or ", approvers.anyOf()),
                Optional.empty(),
                Optional.of(new StageView.Question(approvers, Digest.of(new byte[0]), List.of())));
        return stage(
                name, Kind.APPROVAL, List.of(), RunState.WAITING, times(60), Optional.of(waiting), Optional.empty());
    }

    static StageView ended(String name, int from, int to, Verdict verdict) {
        Times times = new Times(Optional.of(START.plusSeconds(from)), Optional.of(START.plusSeconds(to)));
        return stage(name, Kind.TEST, List.of(), RunState.FINISHED, times, Optional.empty(), Optional.of(verdict));
    }

    static StageView forItem(String item, StageView stage) {
        return new StageView(
                stage.name(), stage.kind(), stage.after(), stage.always(), Optional.of(item), stage.progress());
    }

    private static Times times(int from) {
        return new Times(Optional.of(START.plusSeconds(from)), Optional.empty());
    }

    private static StageView stage(
            String name,
            Kind kind,
            List<String> after,
            RunState state,
            Times times,
            Optional<StageView.Waiting> waiting,
            Optional<Verdict> verdict) {
        int attempt = state == RunState.PENDING ? 0 : 1;
        return new StageView(
                name,
                kind,
                after,
                false,
                Optional.empty(),
                new Progress(
                        state,
                        attempt,
                        times,
                        Optional.of("local:1"),
                        waiting,
                        List.of(),
                        "",
                        verdict,
                        Optional.empty(),
                        Optional.empty()));
    }
}
