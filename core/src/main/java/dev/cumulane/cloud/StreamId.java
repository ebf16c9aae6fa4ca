// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud;

import dev.cumulane.run.RunId;
import java.util.regex.Pattern;

/**
 * The name of a stream of records in the {@link Journal}.
 *
 * @param value {@code run/} and a run id, {@code environment/} and an environment's name, {@code group/} and the name of a group of runs, {@code repository/} and a
 *     repository's short name, or {@code follow/} and a run id
 */
public record StreamId(String value) implements Comparable<StreamId> {
    private static final Pattern FORM =
            Pattern.compile("(run|environment|group|repository|follow)/[a-z][a-z0-9.-]{0,119}");

    /** Refuses a value that is not of the form above. */
    public StreamId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("not a stream: '" + value + "'");
        }
    }

    /**
     * Whether a stream could have this name.
     *
     * @param name an environment's name, from anywhere
     * @return true if it is of the form above
     */
    public static boolean isName(String name) {
        return FORM.matcher("environment/" + name).matches();
    }

    /**
     * The stream of a run.
     *
     * @param run the run
     * @return its stream
     */
    public static StreamId of(RunId run) {
        return new StreamId("run/" + run.value());
    }

    /**
     * The stream of an environment's lock.
     *
     * @param name the environment's name
     * @return its stream
     */
    public static StreamId environment(String name) {
        return new StreamId("environment/" + name);
    }

    /**
     * The stream of a group of runs that take turns.
     *
     * @param name the group's name
     * @return its stream
     */
    public static StreamId group(String name) {
        return new StreamId("group/" + name);
    }

    /**
     * The stream of what a source repository told.
     *
     * @param name the repository's short name
     * @return its stream
     */
    public static StreamId repository(String name) {
        return new StreamId("repository/" + name);
    }

    /**
     * Whether this is a repository's stream.
     *
     * @return false for any other
     */
    public boolean isRepository() {
        return value.startsWith("repository/");
    }

    /**
     * The stream of what was told to others of a run.
     *
     * @param run the run
     * @return its stream
     */
    public static StreamId following(RunId run) {
        return new StreamId("follow/" + run.value());
    }

    /**
     * Whether this is a run's stream.
     *
     * @return false for any other
     */
    public boolean isRun() {
        return value.startsWith("run/");
    }

    /**
     * The part after the slash.
     *
     * @return a run id, an environment's, a group's or a repository's name
     */
    public String name() {
        return value.substring(value.indexOf('/') + 1);
    }

    @Override
    public int compareTo(StreamId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
