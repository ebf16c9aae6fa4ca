// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.source;

/** How much a forge is told of a run. */
public enum Statuses {
    /** Nothing. */
    NONE,
    /** One status for the run. */
    RUN,
    /** One status for the run and one for each of its stages, up to 30 of them. */
    STAGES
}
