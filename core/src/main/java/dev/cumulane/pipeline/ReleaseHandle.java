// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A release while its pipeline is being defined: artifacts that are deployed together, to one environment after the other. */
public final class ReleaseHandle {
    /** The most artifacts of a release, as in {@code dev.cumulane.run.Release}. */
    private static final int MOST = 20;

    private final PipelineDefinition owner;
    private final String name;
    private final List<ArtifactHandle> artifacts;

    ReleaseHandle(PipelineDefinition owner, String name, List<ArtifactHandle> artifacts) {
        this.owner = owner;
        this.name = Names.check("release", name);
        this.artifacts = List.copyOf(artifacts);
        if (artifacts.isEmpty() || artifacts.size() > MOST) {
            throw new IllegalArgumentException(
                    "release '" + name + "' has 1 to " + MOST + " artifacts, not " + artifacts.size());
        }
        Map<String, String> writers = new LinkedHashMap<>();
        for (ArtifactHandle handle : artifacts) {
            Artifact.File artifact = handle.artifact();
            String other = writers.putIfAbsent(artifact.name(), artifact.stage());
            if (other != null) {
                throw new IllegalArgumentException("release '" + name + "' has artifact '" + artifact.name()
                        + "' of stage '" + other + "' and of stage '" + artifact.stage()
                        + "'; give each a name of its own where it is written");
            }
        }
    }

    static ReleaseHandle of(PipelineDefinition owner, ArtifactHandle artifact) {
        return new ReleaseHandle(owner, artifact.artifact().name(), List.of(artifact));
    }

    PipelineDefinition owner() {
        return owner;
    }

    String name() {
        return name;
    }

    List<ArtifactHandle> artifacts() {
        return artifacts;
    }
}
