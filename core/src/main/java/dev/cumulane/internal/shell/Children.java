// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.shell;

import dev.cumulane.cloud.Cloud;
import dev.cumulane.cloud.SignalEnvelope;
import dev.cumulane.cloud.StreamId;
import dev.cumulane.internal.codec.Coding;
import dev.cumulane.internal.machine.Ballots;
import dev.cumulane.internal.machine.Phase;
import dev.cumulane.internal.machine.RunProgress;
import dev.cumulane.internal.machine.Signal;
import dev.cumulane.internal.machine.StageSlot;
import dev.cumulane.pipeline.Stage;
import dev.cumulane.pipeline.Value;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.Cause;
import dev.cumulane.run.Lineage;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.Produced;
import dev.cumulane.run.RunId;
import dev.cumulane.run.RunView;
import dev.cumulane.run.StageValue;
import dev.cumulane.run.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Runs that stages of other runs run. Their names follow from the attempt, so whoever begins one, and however often, begins the same; and whoever must stop one that
 * may not have begun begins it as a cancelled one, which does nothing but its clean-up.
 */
final class Children {

    private final Cloud cloud;
    private final Coding coding;
    private final Plans plans;
    private final Values values;
    private final Function<RunId, Optional<RunProgress>> runs;

    /**
     * Runs of stages.
     *
     * @param runs reads a run as it is now; empty if it has not begun
     */
    Children(Cloud cloud, Coding coding, Plans plans, Function<RunId, Optional<RunProgress>> runs) {
        this.cloud = cloud;
        this.coding = coding;
        this.plans = plans;
        this.values = new Values(cloud.artifacts());
        this.runs = runs;
    }

    /** Begins the run of an attempt, unless its pipeline cannot be told what it would be told. */
    Signal.ToRun start(RunProgress parent, Stage.Child stage, int attempt) {
        try {
            Parameters.of(plans.get(stage.called().plan()).plan(), parameters(parent, stage));
        } catch (IllegalArgumentException e) {
            return new Signal.WorkRefused(stage.name(), attempt, String.valueOf(e.getMessage()));
        }
        return new Signal.WorkAccepted(
                stage.name(),
                attempt,
                begin(parent, stage, attempt, Optional.empty()).value());
    }

    /** Cancels the run of an attempt, whether it has begun or not. */
    Optional<Signal.ToRun> stop(RunProgress parent, Stage.Child stage, int attempt, Cause why) {
        String reason = "stage '" + stage.name() + "' of run " + parent.run() + " is stopped: " + why;
        begin(parent, stage, attempt, Optional.of(new Signal.CancelRequested("run " + parent.run(), reason)));
        return resolve(parent, stage, attempt);
    }

    private RunId begin(
            RunProgress parent, Stage.Child stage, int attempt, Optional<Signal.CancelRequested> cancelled) {
        AttemptId of = new AttemptId(parent.run(), stage.name(), attempt);
        RunId child = RunIds.child(stage.called().pipeline(), of);
        Signal.Begin begin = new Signal.Begin(
                child,
                stage.called().plan(),
                parent.source(),
                Optional.of(new Lineage.Child(of, Ballots.repeaters(parent))),
                parameters(parent, stage),
                cancelled);
        String id = (cancelled.isPresent() ? "stop/" : "begin/") + of.key();
        cloud.signals().send(new SignalEnvelope(id, StreamId.of(child), coding.bytes(begin)));
        return child;
    }

    /** What the other run is told; what was not handed on is empty. */
    private SortedMap<String, String> parameters(RunProgress parent, Stage.Child stage) {
        SortedMap<String, String> parameters = new TreeMap<>();
        stage.called().parameters().forEach((name, value) -> parameters.put(name, text(parent, value)));
        return parameters;
    }

    private String text(RunProgress parent, Value value) {
        if (value instanceof Value.Constant constant) {
            return constant.text();
        }
        if (value instanceof Value.Said said) {
            return parent.head().started().orElseThrow().parameters().getOrDefault(said.parameter(), "");
        }
        if (value instanceof Value.Handed handed) {
            return verdict(parent, handed.stage())
                    .map(verdict -> verdict.values().get(handed.name()))
                    .map(values::text)
                    .orElse("");
        }
        return value instanceof Value.Address address
                ? verdict(parent, address.stage()).flatMap(Verdict::address).orElse("")
                : "";
    }

    private static Optional<Verdict> verdict(RunProgress run, String stage) {
        return run.slot(stage).flatMap(StageSlot::verdict);
    }

    /** What became of the run of an attempt; one that was to begin and did not, because the signal was lost, is begun. */
    Optional<Signal.ToRun> resolve(RunProgress parent, Stage.Child stage, int attempt) {
        AttemptId of = new AttemptId(parent.run(), stage.name(), attempt);
        StageSlot slot = parent.slot(stage.name()).orElseThrow();
        Optional<RunProgress> child = runs.apply(RunIds.child(stage.called().pipeline(), of));
        if (child.isEmpty()) {
            if (slot.phase() == Phase.WORKING) {
                begin(parent, stage, attempt, Optional.empty());
            }
            return Optional.empty();
        }
        boolean stopping = slot.phase() == Phase.STOPPING;
        return child.get()
                .head()
                .outcome()
                .map(outcome ->
                        new Signal.WorkFinished(stage.name(), attempt, verdict(stage, child.get(), outcome, stopping)));
    }

    private static Verdict verdict(Stage.Child stage, RunProgress child, Outcome outcome, boolean stopping) {
        String how = "run " + child.run() + " ended in " + outcome;
        return switch (outcome) {
            case SUCCESS, SKIP -> success(stage, child);
            case FAILURE -> Verdict.of(Cause.CHILD_FAILED, how);
            case TIMEOUT -> Verdict.of(Cause.TIMED_OUT, how);
            case ERROR -> Verdict.of(Cause.CHILD_ERROR, how);
            // What was stopped ends for the reason for which it was; the machine knows it.
            case CANCELLATION -> Verdict.of(stopping ? Cause.LOST_WORKER : Cause.CANCELLED, how);
        };
    }

    private static Verdict success(Stage.Child stage, RunProgress child) {
        RunView.Returned returned = Returns.of(child);
        List<Produced> artifacts = new ArrayList<>();
        returned.artifacts()
                .forEach((name, produced) -> artifacts.add(new Produced(name, produced.digest(), produced.size())));
        SortedMap<String, StageValue> values = returned.values();
        List<String> missing = new ArrayList<>();
        stage.called().writes().stream()
                .map(file -> file.name())
                .filter(name -> !returned.artifacts().containsKey(name))
                .forEach(missing::add);
        stage.called().outputs().keySet().stream()
                .filter(name -> !values.containsKey(name))
                .forEach(missing::add);
        return missing.isEmpty()
                ? new Verdict(
                        Cause.COMPLETED, "run " + child.run(), artifacts, Optional.empty(), Optional.empty(), values)
                : Verdict.of(
                        Cause.OUTPUT_MISSING,
                        "run " + child.run() + " succeeded and did not return " + String.join(", ", missing));
    }

    /** Tells the run whose stage runs this one that this one has ended. */
    void tellParent(RunProgress child) {
        child.head()
                .started()
                .flatMap(started -> started.lineage())
                .filter(Lineage.Child.class::isInstance)
                .map(lineage -> ((Lineage.Child) lineage).parent())
                .ifPresent(parent -> cloud.signals()
                        .send(new SignalEnvelope(
                                "child-over/" + child.run(),
                                StreamId.of(parent.run()),
                                coding.bytes(new Signal.WorkOver(parent.stage(), parent.number())))));
    }
}
