// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.machine;

import java.util.Optional;

/**
 * What an event changes in what is remembered of a stage.
 *
 * @param stage the stage
 * @param slot what is remembered of it from then on
 */
record Change(int stage, StageSlot slot) {
    static Optional<Change> of(int stage, StageSlot slot) {
        return Optional.of(new Change(stage, slot));
    }
}
