// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.shell;

import dev.cumulane.internal.machine.RunProgress;
import dev.cumulane.internal.machine.StageSlot;
import dev.cumulane.pipeline.Artifact;
import dev.cumulane.pipeline.Input;
import dev.cumulane.run.Produced;
import dev.cumulane.run.RunView;
import dev.cumulane.run.StageValue;
import dev.cumulane.run.Verdict;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a run returns. */
final class Returns {
    private Returns() {}

    /** What there is of it by now. */
    static RunView.Returned of(RunProgress run) {
        SortedMap<String, StageValue> values = new TreeMap<>();
        SortedMap<String, Produced> artifacts = new TreeMap<>();
        run.plan().plan().returns().forEach((name, what) -> {
            Optional<Verdict> verdict = what.from().flatMap(run::slot).flatMap(StageSlot::verdict);
            if (what instanceof Input.Handed handed) {
                verdict.map(one -> one.values().get(handed.name())).ifPresent(value -> values.put(name, value));
            } else if (what instanceof Artifact artifact) {
                verdict.flatMap(one -> one.artifacts().stream()
                                .filter(produced -> produced.name().equals(artifact.name()))
                                .findFirst())
                        .ifPresent(produced -> artifacts.put(name, produced));
            }
        });
        return new RunView.Returned(values, artifacts);
    }
}
