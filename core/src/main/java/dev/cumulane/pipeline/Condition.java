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

    private Condition(Guard guard, List<StageHandle<?>> stages) {
        this.guard = guard;
        this.stages = List.copyOf(stages);
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
        return patterns -> new Condition(new Guard.Branch(List.of(patterns)), List.of());
    }

    /**
     * The tag that the run is for.
     *
     * @return say which
     */
    public static Name tag() {
        return patterns -> new Condition(new Guard.Tag(List.of(patterns)), List.of());
    }

    /**
     * The branch that the change request of the run wants to change; not true in other runs.
     *
     * @return say which
     */
    public static Name target() {
        return patterns -> new Condition(new Guard.Proposed(List.of(patterns)), List.of());
    }

    /**
     * A file was changed. Where nobody knows which were, as in a run that a person asked for, it counts as true.
     *
     * @param patterns paths in the repository; {@code *} stands for any characters within a name, {@code **} for any characters, so that {@code service/**} is all below a
     *     directory
     * @return the condition
     */
    public static Condition changed(String... patterns) {
        return new Condition(new Guard.Changed(List.of(patterns)), List.of());
    }

    /**
     * The opposite.
     *
     * @param condition of what
     * @return the condition
     */
    public static Condition not(Condition condition) {
        return new Condition(new Guard.Not(condition.guard), condition.stages);
    }

    static Condition ended(StageHandle<?> stage, Guard.Ending... endings) {
        return new Condition(new Guard.Ended(stage.name(), List.of(endings)), List.of(stage));
    }

    /**
     * This and another.
     *
     * @param other the other
     * @return the condition that both are true
     */
    public Condition and(Condition other) {
        return new Condition(new Guard.All(List.of(guard, other.guard)), joined(other));
    }

    /**
     * This or another.
     *
     * @param other the other
     * @return the condition that at least one is true
     */
    public Condition or(Condition other) {
        return new Condition(new Guard.Any(List.of(guard, other.guard)), joined(other));
    }

    private List<StageHandle<?>> joined(Condition other) {
        List<StageHandle<?>> all = new ArrayList<>(stages);
        all.addAll(other.stages);
        return all;
    }

    Guard guard() {
        return guard;
    }

    /** The stages that it is about; they come first, however they end. */
    List<StageHandle<?>> stages() {
        return stages;
    }
}
