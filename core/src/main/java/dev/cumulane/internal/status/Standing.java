// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.status;

import dev.cumulane.run.Outcome;
import dev.cumulane.run.RunState;
import dev.cumulane.run.RunView;
import dev.cumulane.run.StageView;

/** How a run or a stage is, in the words that all forges' own follow from: the states before an end, and the outcomes. */
public enum Standing {
    /** It has not begun. */
    PENDING,
    /** It works, or waits for somebody. */
    EXECUTING,
    SUCCESS,
    FAILURE,
    ERROR,
    TIMEOUT,
    CANCELLATION,
    SKIP;

    /** How a run is. */
    public static Standing of(RunView run) {
        boolean begun = run.stages().stream().anyMatch(stage -> stage.progress().state() != RunState.PENDING);
        return run.outcome().map(Standing::of).orElse(begun ? EXECUTING : PENDING);
    }

    /** How a stage of a run is; when the run is over, so is each of its stages. */
    public static Standing of(RunView run, StageView stage) {
        if (stage.outcome().isPresent()) {
            return of(stage.outcome().get());
        }
        if (run.outcome().isPresent()) {
            return SKIP;
        }
        return stage.progress().state() == RunState.PENDING ? PENDING : EXECUTING;
    }

    private static Standing of(Outcome outcome) {
        return switch (outcome) {
            case SUCCESS -> SUCCESS;
            case FAILURE -> FAILURE;
            case ERROR -> ERROR;
            case TIMEOUT -> TIMEOUT;
            case CANCELLATION -> CANCELLATION;
            case SKIP -> SKIP;
        };
    }

    /** Whether nothing follows. */
    public boolean isEnd() {
        return this != PENDING && this != EXECUTING;
    }
}
