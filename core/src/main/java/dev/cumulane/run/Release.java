// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.run;

import dev.cumulane.pipeline.Digest;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A release: artifacts that are deployed together, by the digests that were recorded when they were written. It never changes, so that what one environment got is
 * what the next one gets.
 *
 * @param name what the pipeline calls it
 * @param artifacts 1 to {@value #MOST}, each of a name of its own; the first one is the package, the others lie beside it
 */
public record Release(String name, List<Produced> artifacts) {
    /** The most artifacts of a release. */
    public static final int MOST = 20;

    /** Copies the list, and refuses none, too many, and two of one name. */
    public Release {
        artifacts = List.copyOf(artifacts);
        if (artifacts.isEmpty() || artifacts.size() > MOST) {
            throw new IllegalArgumentException(
                    "release '" + name + "' has 1 to " + MOST + " artifacts, not " + artifacts.size());
        }
        Set<String> names = new HashSet<>();
        for (Produced artifact : artifacts) {
            if (!names.add(artifact.name())) {
                throw new IllegalArgumentException(
                        "release '" + name + "' has two artifacts that are called '" + artifact.name() + "'");
            }
        }
    }

    /**
     * A release of one artifact, called as that.
     *
     * @param artifact the artifact
     * @return the release
     */
    public static Release of(Produced artifact) {
        return new Release(artifact.name(), List.of(artifact));
    }

    /**
     * Names the set: two releases with the same artifacts have the same one.
     *
     * @return the sha-256 of a line for each artifact, its name, a space and its digest, in order
     */
    public Digest digest() {
        StringBuilder lines = new StringBuilder();
        for (Produced artifact : artifacts) {
            lines.append(artifact.name())
                    .append(' ')
                    .append(artifact.digest().hex())
                    .append('\n');
        }
        return Digest.of(lines.toString().getBytes(StandardCharsets.UTF_8));
    }
}
