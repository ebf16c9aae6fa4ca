// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.run;

import dev.cumulane.pipeline.Digest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is different in a fork of a run.
 *
 * @param parameters the parameters that change; the others stay as they were
 * @param artifacts what is put in the place of artifacts that stages wrote
 */
public record Variation(SortedMap<String, String> parameters, List<Replacement> artifacts) {
    /** Copies the collections. */
    public Variation {
        parameters = Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
        artifacts = List.copyOf(artifacts);
    }

    /**
     * Another artifact in the place of one.
     *
     * @param stage the stage that wrote it
     * @param artifact what that stage calls it
     * @param with the digest of another one, which is in the artifact store and holds the same path
     */
    public record Replacement(String stage, String artifact, Digest with) {}

    /**
     * Nothing.
     *
     * @return nothing
     */
    public static Variation none() {
        return new Variation(Collections.emptySortedMap(), List.of());
    }

    /**
     * The same with another value of a parameter.
     *
     * @param name the parameter's name
     * @param value its value
     * @return the variation
     */
    public Variation parameter(String name, String value) {
        SortedMap<String, String> more = new TreeMap<>(parameters);
        more.put(name, value);
        return new Variation(more, artifacts);
    }

    /**
     * The same with another artifact in the place of one: whoever reads it in the fork reads the other one.
     *
     * @param stage the stage that wrote it
     * @param artifact what that stage calls it
     * @param with the digest of another one, which is in the artifact store and holds the same path
     * @return the variation
     */
    public Variation artifact(String stage, String artifact, Digest with) {
        List<Replacement> more = new ArrayList<>(artifacts);
        more.removeIf(one -> one.stage().equals(stage) && one.artifact().equals(artifact));
        more.add(new Replacement(stage, artifact, with));
        return new Variation(parameters, more);
    }
}
