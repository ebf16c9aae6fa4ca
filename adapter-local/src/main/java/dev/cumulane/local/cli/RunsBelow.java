// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import dev.cumulane.run.RunId;
import dev.cumulane.run.RunView;
import dev.cumulane.run.StageView;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The runs that a run's stages run, and that those run, as they were when they were read last. */
final class RunsBelow {
    private final Function<RunId, Optional<RunView>> runs;
    private final Map<RunId, RunView> read = new HashMap<>();

    RunsBelow(Function<RunId, Optional<RunView>> runs) {
        this.runs = runs;
    }

    /** Reads them anew; one that has ended stays as it is. */
    void read(RunView run) {
        for (StageView stage : run.stages()) {
            if (stage.kind() == StageView.Kind.CHILD
                    && stage.progress().service().isPresent()) {
                RunId child = new RunId(stage.progress().service().get());
                boolean hasEnded =
                        of(child).filter(view -> view.outcome().isPresent()).isPresent();
                if (!hasEnded) {
                    runs.apply(child).ifPresent(view -> {
                        read.put(child, view);
                        read(view);
                    });
                }
            }
        }
    }

    /** A run as it was read last; empty if it has not begun. */
    Optional<RunView> of(RunId run) {
        return Optional.ofNullable(read.get(run));
    }
}
