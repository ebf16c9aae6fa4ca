// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.notify;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * A rule: which runs and moments are told where. Immutable: every method that changes something gives another value.
 *
 * <p>Without more words it tells of failures, of what is fixed, and of approvals that wait, in every pipeline.
 */
public final class Notices {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");
    private static final int LONGEST_NAME = 40;

    private final String name;
    private final Destination destination;
    private final Set<Moment> moments;
    private final List<String> pipelines;
    private final List<String> owners;

    private Notices(
            String name, Destination destination, Set<Moment> moments, List<String> pipelines, List<String> owners) {
        this.name = name;
        this.destination = destination;
        this.moments = moments;
        this.pipelines = pipelines;
        this.owners = owners;
    }

    /**
     * Notices to a destination.
     *
     * @param name a name of this rule, under which runs show what could not be delivered: 1 to 40 lower-case letters, digits and single hyphens
     * @param destination where they go
     * @return the rule
     */
    public static Notices to(String name, Destination destination) {
        if (name.length() > LONGEST_NAME || !NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "name '" + name.replaceAll("\\p{Cntrl}", "?") + "' of notices is not usable: 1 to " + LONGEST_NAME
                            + " lower-case letters, digits and single hyphens, starting with a letter");
        }
        return new Notices(
                name, destination, EnumSet.of(Moment.FAILED, Moment.FIXED, Moment.WAITING), List.of(), List.of());
    }

    /**
     * Of these moments, and only these.
     *
     * @param first a moment
     * @param more moments
     * @return another rule
     */
    public Notices on(Moment first, Moment... more) {
        return new Notices(name, destination, EnumSet.of(first, more), pipelines, owners);
    }

    /**
     * In runs of these pipelines, and only these.
     *
     * @param names names of pipelines
     * @return another rule
     */
    public Notices ofPipelines(String... names) {
        return new Notices(name, destination, moments, List.of(names), owners);
    }

    /**
     * Of what concerns a stage of these owners, and only that: a stage of theirs failed, or waits for a vote. Other moments concern nobody's stage and are not told.
     *
     * @param names owners as pipelines name them, such as {@code team-shop}
     * @return another rule
     */
    public Notices ofOwners(String... names) {
        return new Notices(name, destination, moments, pipelines, List.of(names));
    }

    /**
     * The name of the rule.
     *
     * @return the name
     */
    public String name() {
        return name;
    }

    /**
     * Where they go.
     *
     * @return the destination
     */
    public Destination destination() {
        return destination;
    }

    /**
     * The moments that are told.
     *
     * @return the moments, in their order
     */
    public Set<Moment> moments() {
        return new TreeSet<>(moments);
    }

    /**
     * The pipelines of whose runs is told.
     *
     * @return their names; none for all
     */
    public List<String> pipelines() {
        return pipelines;
    }

    /**
     * The owners to whom it matters.
     *
     * @return their names; none for all
     */
    public List<String> owners() {
        return owners;
    }

    @Override
    public String toString() {
        return "notices '" + name + "'";
    }
}
