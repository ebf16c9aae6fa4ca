// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.shell;

import dev.cumulane.cloud.Journal;
import dev.cumulane.cloud.StreamId;
import dev.cumulane.internal.machine.RunProgress;
import dev.cumulane.internal.machine.Signal;
import dev.cumulane.internal.machine.TakenOver;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.pipeline.Plan;
import dev.cumulane.run.Lineage;
import dev.cumulane.run.RunId;
import dev.cumulane.run.Variation;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Runs that run another run again, or a part of it. Each is a run of its own, and says whose repetition it is. */
final class Repetitions {
    private static final int MOST = 100_000;

    /** Begins a run, unless it exists. */
    interface Beginning {
        void begin(RunId run, Signal.Begin begin);
    }

    private final Journal journal;
    private final Plans plans;
    private final Runs runs;
    private final Beginning beginning;

    Repetitions(Journal journal, Plans plans, Runs runs, Beginning beginning) {
        this.journal = journal;
        this.plans = plans;
        this.runs = runs;
        this.beginning = beginning;
    }

    /** All of a run again, with this plan. */
    RunId rerun(RunProgress run, Plan plan, String by) {
        return begin(
                run,
                plan.fingerprint(),
                Parameters.of(plan, told(run)),
                new Lineage.Repetition(run.run(), Lineage.Kind.RERUN, by, Optional.empty()));
    }

    /** What did not succeed, and what depends on it. */
    RunId rerunFromFailed(RunProgress run, String by) {
        if (!run.hasEnded()) {
            throw new IllegalStateException(
                    "run " + run.run() + " has not ended; what failed in it can be run again when it has");
        }
        TakenOver taken = TakenOver.successes(run);
        if (taken.stages().size() == run.plan().size()) {
            throw new IllegalStateException("in run " + run.run()
                    + " nothing failed; rerun repeats all of it, fork what comes from one stage on");
        }
        return begin(run, run.plan().fingerprint(), told(run), taking(run, taken, Lineage.Kind.FAILED, by));
    }

    /** A stage and what comes behind it, with other parameters and artifacts than before if some are said. */
    RunId fork(RunProgress run, String from, String by, Variation changes) {
        Map<String, String> said = changes.parameters();
        int stage = run.plan().graph().number(from);
        if (stage < 0) {
            throw new IllegalArgumentException("run " + run.run() + " has no stage '"
                    + from.replaceAll("\\p{Cntrl}", "?") + "'; it has: "
                    + String.join(", ", run.plan().graph().keys()));
        }
        SortedMap<String, String> parameters = new TreeMap<>(told(run));
        parameters.putAll(said);
        parameters = Parameters.of(run.plan().plan(), parameters);
        SortedSet<String> changed = new TreeSet<>(said.keySet());
        changed.removeIf(name -> Objects.equals(said.get(name), told(run).get(name)));
        TakenOver taken = TakenOver.notBehind(run, stage);
        List<String> knowing = taken.knowing(run.plan().plan(), changed);
        if (!knowing.isEmpty()) {
            throw new IllegalArgumentException(
                    "parameter " + String.join(", ", changed) + " cannot be changed by a fork from '"
                            + from + "': " + String.join(", ", knowing) + " of run " + run.run()
                            + " would be taken over, and ran with the former value");
        }
        taken = new Replacements(plans.store()).apply(run, from, taken, changes.artifacts());
        return begin(run, run.plan().fingerprint(), parameters, taking(run, taken, Lineage.Kind.FORK, by));
    }

    private static SortedMap<String, String> told(RunProgress run) {
        return run.head().started().orElseThrow().parameters();
    }

    private Lineage.Repetition taking(RunProgress run, TakenOver taken, Lineage.Kind kind, String by) {
        Optional<Digest> kept = taken.stages().isEmpty() ? Optional.empty() : Optional.of(plans.keep(taken));
        return new Lineage.Repetition(run.run(), kind, by, kept);
    }

    /** Takes the first number that is free. Somebody else may take it at the same moment; then the next one is ours. */
    private RunId begin(
            RunProgress run, Digest plan, SortedMap<String, String> parameters, Lineage.Repetition lineage) {
        for (int ordinal = 2; ordinal < MOST; ordinal++) {
            RunId repetition = RunIds.repetition(run.run(), ordinal);
            if (journal.read(StreamId.of(repetition), 1, 1).isEmpty()) {
                beginning.begin(
                        repetition, new Signal.Begin(repetition, plan, run.source(), Optional.of(lineage), parameters));
                if (isOurs(repetition, lineage, parameters)) {
                    return repetition;
                }
            }
        }
        throw new IllegalStateException("run " + run.run() + " has been repeated " + MOST + " times");
    }

    private boolean isOurs(RunId repetition, Lineage lineage, SortedMap<String, String> parameters) {
        return runs.read(
                        repetition,
                        cell -> cell.progress()
                                .flatMap(progress -> progress.head().started()))
                .filter(started -> started.lineage().equals(Optional.of(lineage))
                        && started.parameters().equals(parameters))
                .isPresent();
    }
}
