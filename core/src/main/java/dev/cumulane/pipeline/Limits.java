// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

import java.time.Duration;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How long one attempt of a stage may take, what follows when it does not succeed, and whether there must be one at all.
 *
 * @param within the time limit, from when the service accepted the work
 * @param retry further attempts
 * @param reuse whether a past success of the same stage, with the same plan and inputs, is as good as running it
 */
public record Limits(Duration within, Retry retry, boolean reuse) {
    /** The longest build: CodeBuild's limit, the highest of the clouds. */
    public static final Duration LONGEST_BUILD = Duration.ofHours(36);

    /** The longest function stage: Google Cloud's limit through Cloud Tasks, the highest of the clouds. */
    public static final Duration LONGEST_FUNCTION = Duration.ofMinutes(30);

    /** The longest step of a deployment. */
    public static final Duration LONGEST_DEPLOYMENT = Duration.ofHours(12);

    /** The longest time that an approval waits. */
    public static final Duration LONGEST_APPROVAL = Duration.ofDays(365);

    /** The longest time that a canary is held. */
    public static final Duration LONGEST_HOLD = Duration.ofDays(7);

    /** The most artifacts of one stage; a record of the journal holds them all. */
    public static final int MOST_ARTIFACTS = 100;

    /** Refuses a time of zero or less, and one that nothing takes. What a stage may take at most, its own kind says. */
    public Limits {
        check("a time limit", within, LONGEST_APPROVAL);
    }

    /**
     * Limits of a stage that runs in any case.
     *
     * @param within the time limit, from when the service accepted the work
     * @param retry further attempts
     */
    public Limits(Duration within, Retry retry) {
        this(within, retry, false);
    }

    Limits reusing(boolean wanted) {
        return new Limits(within, retry, wanted);
    }

    static void checkArtifacts(int count) {
        if (count > MOST_ARTIFACTS) {
            throw new IllegalArgumentException("a stage writes at most " + MOST_ARTIFACTS + " artifacts, not " + count);
        }
    }

    static void addOutput(SortedMap<String, Output<?>> outputs, Output<?> output) {
        if (outputs.put(output.name(), output) != null) {
            throw new IllegalArgumentException("value '" + output.name() + "' is handed on twice");
        }
        if (outputs.size() > Output.MOST) {
            throw new IllegalArgumentException("a stage hands on at most " + Output.MOST + " values");
        }
    }

    static SortedMap<String, ValueKind> kinds(SortedMap<String, Output<?>> outputs) {
        SortedMap<String, ValueKind> kinds = new TreeMap<>();
        outputs.forEach((name, output) -> kinds.put(name, output.kind()));
        return kinds;
    }

    static Duration check(String what, Duration time, Duration longest) {
        if (time.isNegative() || time.isZero()) {
            throw new IllegalArgumentException(what + " must be longer than zero, not " + time);
        }
        if (time.compareTo(longest) > 0) {
            throw new IllegalArgumentException(
                    what + " of " + time + " is longer than any cloud can hold: at most " + longest);
        }
        return time;
    }
}
