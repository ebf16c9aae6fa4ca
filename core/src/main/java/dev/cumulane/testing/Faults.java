// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.testing;

/**
 * What goes wrong in a simulated world, drawn from a seed: the same seed and the same calls give the same faults.
 *
 * @param seed where the draws begin
 * @param signals what happens to signals
 * @param calls what happens to calls of the ports
 * @param work what happens to work
 */
public record Faults(long seed, OfSignals signals, OfCalls calls, OfWork work) {
    /**
     * How many of a hundred signals meet each fault.
     *
     * @param lost acknowledged and never delivered
     * @param repeated delivered twice
     * @param delayed delivered up to a minute later, and so behind signals that were sent after them
     * @param belated delivered up to three days later
     */
    public record OfSignals(int lost, int repeated, int delayed, int belated) {
        static final OfSignals NONE = new OfSignals(0, 0, 0, 0);

        /** Refuses what is no percentage. */
        public OfSignals {
            percent("lost", lost);
            percent("repeated", repeated);
            percent("delayed", delayed);
            percent("belated", belated);
        }
    }

    /**
     * How many of a hundred calls of a port meet each fault. The first two are seen as a retryable {@link dev.cumulane.cloud.CloudException}.
     *
     * @param refused the call has no effect
     * @param unanswered the call takes effect, and its answer is lost
     * @param stale a read of the journal does not see the newest one or two records, the first excepted; a journal may not do that, and an engine does no harm if one does
     */
    public record OfCalls(int refused, int unanswered, int stale) {
        static final OfCalls NONE = new OfCalls(0, 0, 0);

        /** Refuses what is no percentage. */
        public OfCalls {
            percent("refused", refused);
            percent("unanswered", unanswered);
            percent("stale", stale);
        }
    }

    /**
     * How much of a hundred pieces of work meets each fault.
     *
     * @param doubled started twice by its service
     * @param late begins minutes after its start
     * @param dying its worker dies: before it claims the attempt, while it works, or between its outputs and its result
     * @param untold its service does not tell its end
     * @param contradicted its service tells an end while it lives
     * @param unstopped its service does not carry out a stop
     */
    public record OfWork(int doubled, int late, int dying, int untold, int contradicted, int unstopped) {
        static final OfWork NONE = new OfWork(0, 0, 0, 0, 0, 0);

        /** Refuses what is no percentage. */
        public OfWork {
            percent("doubled", doubled);
            percent("late", late);
            percent("dying", dying);
            percent("untold", untold);
            percent("contradicted", contradicted);
            percent("unstopped", unstopped);
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
        return new Faults(seed, OfSignals.NONE, OfCalls.NONE, OfWork.NONE);
    }

    /**
     * The same, with these of a hundred signals lost.
     *
     * @param percent 0 to 100
     * @return the faults
     */
    public Faults losingSignals(int percent) {
        return new Faults(
                seed, new OfSignals(percent, signals.repeated(), signals.delayed(), signals.belated()), calls, work);
    }

    /**
     * The same, with these of a hundred signals delivered twice.
     *
     * @param percent 0 to 100
     * @return the faults
     */
    public Faults repeatingSignals(int percent) {
        return new Faults(
                seed, new OfSignals(signals.lost(), percent, signals.delayed(), signals.belated()), calls, work);
    }

    /**
     * The same, with these of a hundred signals delivered late and out of order.
     *
     * @param percent 0 to 100
     * @return the faults
     */
    public Faults delayingSignals(int percent) {
        return new Faults(
                seed, new OfSignals(signals.lost(), signals.repeated(), percent, signals.belated()), calls, work);
    }

    /**
     * The same, with these of a hundred calls refused for the moment.
     *
     * @param percent 0 to 100
     * @return the faults
     */
    public Faults refusingCalls(int percent) {
        return new Faults(seed, signals, new OfCalls(percent, calls.unanswered(), calls.stale()), work);
    }

    /**
     * The same, with these of a hundred calls done and not answered.
     *
     * @param percent 0 to 100
     * @return the faults
     */
    public Faults losingAnswers(int percent) {
        return new Faults(seed, signals, new OfCalls(calls.refused(), percent, calls.stale()), work);
    }

    /**
     * The same, with these of a hundred signals delivered days late.
     *
     * @param percent 0 to 100
     * @return the faults
     */
    public Faults belatingSignals(int percent) {
        return new Faults(
                seed, new OfSignals(signals.lost(), signals.repeated(), signals.delayed(), percent), calls, work);
    }

    /**
     * The same, with these of a hundred reads of the journal not seeing the newest records.
     *
     * @param percent 0 to 100
     * @return the faults
     */
    public Faults readingStale(int percent) {
        return new Faults(seed, signals, new OfCalls(calls.refused(), calls.unanswered(), percent), work);
    }

    /**
     * The same, with these faults of work.
     *
     * @param wanted how much of a hundred pieces of work meets each
     * @return the faults
     */
    public Faults disturbingWork(OfWork wanted) {
        return new Faults(seed, signals, calls, wanted);
    }

    private static void percent(String name, int value) {
        if (value < 0 || value > 100) {
            throw new IllegalArgumentException(name + " is a percentage, 0 to 100, not " + value);
        }
    }
}
