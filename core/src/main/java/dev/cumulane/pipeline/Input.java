// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

import java.util.Optional;

/** Something that a stage reads, as the plan says it. */
public sealed interface Input permits Input.Source, Input.Handed, Input.Collected, Artifact {
    /** The repository at the run's commit. */
    record Source() implements Input {}

    /**
     * A value that a stage hands on.
     *
     * @param stage the stage
     * @param name what the stage calls it
     */
    record Handed(String stage, String name) implements Input {}

    /**
     * An artifact of each stage of a group that succeeded.
     *
     * @param group the group
     * @param name what each of its stages calls it
     */
    record Collected(String group, String name) implements Input {}

    /**
     * The stage that it comes from, and that therefore comes first.
     *
     * @return the stage's name; empty for the source
     */
    default Optional<String> from() {
        if (this instanceof Artifact artifact) {
            return Optional.of(artifact.stage());
        }
        if (this instanceof Collected collected) {
            return Optional.of(collected.group());
        }
        return this instanceof Handed handed ? Optional.of(handed.stage()) : Optional.empty();
    }
}
