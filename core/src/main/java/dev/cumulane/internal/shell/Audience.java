// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.shell;

import dev.cumulane.internal.machine.RunProgress;
import dev.cumulane.run.RunId;
import dev.cumulane.run.RunView;
import java.util.function.Supplier;

/** Those who want to know of runs. */
interface Audience {
    /** Something was recorded of a run. Calls nobody who could keep the run waiting. */
    void hear(RunId run);

    /** Whether nobody is left to be told how a run ended. */
    default boolean hasHeardAll(Supplier<RunView> ended) {
        return true;
    }

    /**
     * A run has ended, and what its end sets off is to be done. Called again until it has been done once to its end.
     *
     * @param run the run
     */
    default void concluded(RunProgress run) {}
}
