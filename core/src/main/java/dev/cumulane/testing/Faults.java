// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.testing;

/**
 * What goes wrong in a simulated world, drawn from a seed: the same seed and the same calls give the same faults.
 *
 * @param seed where the draws begin
 * @param signals what happens to signals
 * @param calls what happens to calls of the ports
 */
public record Faults(long seed, OfSignals signals, OfCalls calls) {
    /**
     * How many of a hundred signals meet each fault.
     *
     * @param lost acknowledged and never delivered
     * @param repeated delivered twice
     * @param delayed delivered up to a minute later, and so behind signals that were sent after them
     */
    public record OfSignals(int lost, int repeated, int delayed) {
        /** Refuses what is no percentage. */
        public OfSignals {
            percent("lost", lost);
            percent("repeated", repeated);
            percent("delayed", delayed);
        }
    }

    /**
     * How many of a hundred calls of a port meet each fault. Both are seen as a retryable {@link dev.cumulane.cloud.CloudException}.
     *
     * @param refused the call has no effect
     * @param unanswered the call takes effect, and its answer is lost
     */
    public record OfCalls(int refused, int unanswered) {
        /** Refuses what is no percentage. */
        public OfCalls {
            percent("refused", refused);
            percent("unanswered", unanswered);
        }
    }

    /**
     * A world where nothing goes wrong.
     *
     * @return no faults
     */
    public static Faults none() {
        return from(0);
    }

    /**
     * No faults yet; add them with the other methods.
     *
     * @param seed where the draws begin
     * @return no faults, with that seed
     */
    public static Faults from(long seed) {
        return new Faults(seed, new OfSignals(0, 0, 0), new OfCalls(0, 0));
    }

    /**
     * The same, with these of a hundred signals lost.
     *
     * @param percent 0 to 100
     * @return the faults
     */
    public Faults losingSignals(int percent) {
        return new Faults(seed, new OfSignals(percent, signals.repeated(), signals.delayed()), calls);
    }

    /**
     * The same, with these of a hundred signals delivered twice.
     *
     * @param percent 0 to 100
     * @return the faults
     */
    public Faults repeatingSignals(int percent) {
        return new Faults(seed, new OfSignals(signals.lost(), percent, signals.delayed()), calls);
    }

    /**
     * The same, with these of a hundred signals delivered late and out of order.
     *
     * @param percent 0 to 100
     * @return the faults
     */
    public Faults delayingSignals(int percent) {
        return new Faults(seed, new OfSignals(signals.lost(), signals.repeated(), percent), calls);
    }

    /**
     * The same, with these of a hundred calls refused for the moment.
     *
     * @param percent 0 to 100
     * @return the faults
     */
    public Faults refusingCalls(int percent) {
        return new Faults(seed, signals, new OfCalls(percent, calls.unanswered()));
    }

    /**
     * The same, with these of a hundred calls done and not answered.
     *
     * @param percent 0 to 100
     * @return the faults
     */
    public Faults losingAnswers(int percent) {
        return new Faults(seed, signals, new OfCalls(calls.refused(), percent));
    }

    private static void percent(String name, int value) {
        if (value < 0 || value > 100) {
            throw new IllegalArgumentException(name + " is a percentage, 0 to 100, not " + value);
        }
    }
}
