// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.trace;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.RunId;

/**
 * Names of traces and spans in the sense of W3C Trace Context, derived from the names of runs and attempts. So every process that touches a run knows its trace, and
 * nothing has to be stored beside the run's name.
 */
public final class Trace {
    private Trace() {}

    /** The trace of a run: 32 lower-case hexadecimal digits. */
    public static String trace(RunId run) {
        return digits("trace " + run, 32);
    }

    /** The span of a run: 16 lower-case hexadecimal digits. */
    public static String span(RunId run) {
        return digits("run " + run, 16);
    }

    /** The span of an attempt: 16 lower-case hexadecimal digits. */
    public static String span(AttemptId attempt) {
        return digits("attempt " + attempt, 16);
    }

    /** What the work of an attempt is told of its trace, as {@code TRACEPARENT}; always sampled. */
    public static String parent(AttemptId attempt) {
        return "00-" + trace(attempt.run()) + "-" + span(attempt) + "-01";
    }

    /** What goes with an event of a run. */
    public static String parent(RunId run) {
        return "00-" + trace(run) + "-" + span(run) + "-01";
    }

    /** Trace Context forbids zeros alone; that a digest begins with sixteen of them is not to be expected. */
    private static String digits(String what, int many) {
        return Digest.of(what.getBytes(UTF_8)).hex().substring(0, many);
    }
}
