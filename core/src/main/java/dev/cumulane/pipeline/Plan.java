// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

import dev.cumulane.internal.json.MalformedJsonException;
import dev.cumulane.internal.json.RecordJson;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a pipeline compiles to: plain data, which a run keeps to its end whatever is deployed meanwhile.
 *
 * @param format the version of this form, {@value #FORMAT}
 * @param pipeline the pipeline's name
 * @param triggers what starts a run
 * @param parameters what a person who starts a run may say, sorted by name
 * @param limits how long a run may take
 * @param concurrency which runs go on at the same time; all, if nothing is said
 * @param stages the stages in the order of their definition
 * @param returns the values and artifacts that a run returns, by the names it gives them
 * @param code the digest of the jar that holds the function stages' classes; empty until a cloud has it, or if there are none
 */
public record Plan(
        int format,
        String pipeline,
        List<Trigger> triggers,
        List<Parameter> parameters,
        RunLimits limits,
        Optional<Concurrency> concurrency,
        List<Stage> stages,
        SortedMap<String, Input> returns,
        Optional<Digest> code) {
    /** The form that this version writes. */
    public static final int FORMAT = 1;

    /** The most bytes that a plan's JSON may have. */
    public static final int LARGEST = 16 * 1024 * 1024;

    /** Copies the collections, and refuses to return the source. */
    public Plan {
        triggers = List.copyOf(triggers);
        parameters = List.copyOf(parameters);
        returns = Collections.unmodifiableSortedMap(new TreeMap<>(returns));
        if (returns.containsValue(new Input.Source())) {
            throw new IllegalArgumentException("a pipeline returns values and artifacts, not the source");
        }
        stages = List.copyOf(stages);
    }

    /**
     * The plan as JSON, on one line; equal plans give equal text in any JVM.
     *
     * @return the JSON text
     */
    public String json() {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    /**
     * The plan's JSON in UTF-8, as it is stored and digested.
     *
     * @return the bytes
     */
    public byte[] bytes() {
        return RecordJson.write(Plan.class, this);
    }

    /**
     * The sha-256 of {@link #bytes()}.
     *
     * @return the fingerprint
     */
    public Digest fingerprint() {
        return Digest.of(bytes());
    }

    /**
     * Reads what {@link #bytes()} wrote, also by another version.
     *
     * @param bytes the JSON
     * @return the plan
     * @throws IllegalArgumentException if the bytes are no plan, or one of a later form
     */
    public static Plan parse(byte[] bytes) {
        try {
            Plan plan = RecordJson.read(Plan.class, bytes, LARGEST);
            if (plan.format() != FORMAT) {
                throw new IllegalArgumentException(
                        "the plan has form " + plan.format() + "; this version reads form " + FORMAT);
            }
            return plan;
        } catch (MalformedJsonException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /**
     * The same plan with other stages in the place of its own.
     *
     * @param others as many stages, of the same names
     * @return the plan
     */
    public Plan withStages(List<Stage> others) {
        return new Plan(format, pipeline, triggers, parameters, limits, concurrency, others, returns, code);
    }

    /**
     * The same plan with the digest of its code.
     *
     * @param jar the digest of the jar that holds the function stages' classes
     * @return the plan
     */
    public Plan withCode(Digest jar) {
        return new Plan(format, pipeline, triggers, parameters, limits, concurrency, stages, returns, Optional.of(jar));
    }
}
