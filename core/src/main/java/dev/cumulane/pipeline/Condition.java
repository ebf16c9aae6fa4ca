// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

import java.util.ArrayList;
import java.util.List;

/**
 * What must be true for a stage to run, for {@link StageHandle#onlyWhen}. Immutable data, not code: it is part of the plan, and looked at once, when all that the stage
 * comes after has ended.
 */
public final class Condition {
    private final Guard guard;
    private final List<StageHandle<?>> stages;
    private final List<ValueHandle<?>> values;
    private final List<ParameterHandle> parameters;

    private Condition(
            Guard guard, List<StageHandle<?>> stages, List<ValueHandle<?>> values, List<ParameterHandle> parameters) {
        this.guard = guard;
        this.stages = List.copyOf(stages);
        this.values = List.copyOf(values);
        this.parameters = List.copyOf(parameters);
    }

    private static Condition of(Guard guard) {
        return new Condition(guard, List.of(), List.of(), List.of());
    }

    /**
     * A name that a condition is about.
     *
     * <p>Patterns are whole names; {@code *} stands for any characters.
     */
    public interface Name {
        /**
         * It is one of these.
         *
         * @param patterns one or more patterns
         * @return the condition
         */
        Condition is(String... patterns);
    }

    /**
     * The branch whose new head the run is for; not true for tags and change requests.
     *
     * @return say which
     */
    public static Name branch() {
        return patterns -> of(new Guard.Branch(List.of(patterns)));
    }

    /**
     * The tag that the run is for.
     *
     * @return say which
     */
    public static Name tag() {
        return patterns -> of(new Guard.Tag(List.of(patterns)));
    }

    /**
     * The branch that the change request of the run wants to change; not true in other runs.
     *
     * @return say which
     */
    public static Name target() {
        return patterns -> of(new Guard.Proposed(List.of(patterns)));
    }

    /**
     * A file was changed. Where nobody knows which were, as in a run that a person asked for, it counts as true.
     *
     * @param patterns paths in the repository; {@code *} stands for any characters within a name, {@code **} for any characters, so that {@code service/**} is all below a
     *     directory
     * @return the condition
     */
    public static Condition changed(String... patterns) {
        return of(new Guard.Changed(List.of(patterns)));
    }

    /**
     * The opposite.
     *
     * @param condition of what
     * @return the condition
     */
    public static Condition not(Condition condition) {
        return new Condition(new Guard.Not(condition.guard), condition.stages, condition.values, condition.parameters);
    }

    static Condition ended(StageHandle<?> stage, Guard.Ending... endings) {
        return new Condition(new Guard.Ended(stage.name(), List.of(endings)), List.of(stage), List.of(), List.of());
    }

    static Condition given(ValueHandle<?> value, List<String> anyOf) {
        return new Condition(
                new Guard.Given(value.stage(), value.output().name(), anyOf), List.of(), List.of(value), List.of());
    }

    static Condition said(ParameterHandle parameter, List<String> anyOf) {
        return new Condition(new Guard.Said(parameter.name(), anyOf), List.of(), List.of(), List.of(parameter));
    }

    /**
     * This and another.
     *
     * @param other the other
     * @return the condition that both are true
     */
    public Condition and(Condition other) {
        return joined(new Guard.All(List.of(guard, other.guard)), other);
    }

    /**
     * This or another.
     *
     * @param other the other
     * @return the condition that at least one is true
     */
    public Condition or(Condition other) {
        return joined(new Guard.Any(List.of(guard, other.guard)), other);
    }

    private Condition joined(Guard both, Condition other) {
        return new Condition(
                both, joined(stages, other.stages), joined(values, other.values), joined(parameters, other.parameters));
    }

    private static <T> List<T> joined(List<T> some, List<T> more) {
        List<T> all = new ArrayList<>(some);
        all.addAll(more);
        return all;
    }

    Guard guard() {
        return guard;
    }

    /** The stages that it is about; they come first, however they end. */
    List<StageHandle<?>> stages() {
        return stages;
    }

    /** The values that it is about. */
    List<ValueHandle<?>> values() {
        return values;
    }

    /** The parameters that it is about. */
    List<ParameterHandle> parameters() {
        return parameters;
    }
}
