// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

/** Something that a stage reads, as the plan says it. */
public sealed interface Input permits Input.Source, Artifact {
    /** The repository at the run's commit. */
    record Source() implements Input {}
}
