// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.run;

/** Where a run or a stage is; how it ended is its {@link Outcome}. */
public enum RunState {
    /** Nothing has been started. */
    PENDING,
    /** Work is under way. */
    EXECUTING,
    /** It waits for a person, a point in time or an environment; nothing of ours runs. */
    WAITING,
    /** It has been cancelled or has failed, and what must still happen is happening. */
    FINALIZING,
    /** It has ended, and its record never changes again. */
    FINISHED
}
