// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.notify;

/** What in a run is worth a notice. */
public enum Moment {
    /** The run has begun. */
    STARTED,
    /** An approval waits for somebody's vote. */
    WAITING,
    /** The run ended well. */
    SUCCEEDED,
    /** The run ended in a failure, an error or a time-out. */
    FAILED,
    /** The run ended badly, and the one before it on the same branch did not, or there was none. */
    FIRST_FAILURE,
    /** The run ended well, and the one before it on the same branch did not. */
    FIXED,
    /** The run was cancelled. */
    CANCELLED
}
