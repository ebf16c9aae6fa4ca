// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.simulation;

/**
 * All choices of a life.
 *
 * @param pipeline what the pipeline is
 * @param life what people do, how long things take, who handles what, and which faults there may be
 * @param faults which faults happen
 */
record Tapes(Tape pipeline, Tape life, Tape faults) {
    /** So many seeds in a row share their pipeline and meet it with different lives. */
    static final int LIVES_PER_PIPELINE = 16;

    static Tapes of(long seed) {
        return new Tapes(
                Tape.drawn(3 * (seed / LIVES_PER_PIPELINE)), Tape.drawn(3 * seed + 1), Tape.drawn(3 * seed + 2));
    }

    static Tapes parse(String pipeline, String life, String faults) {
        return new Tapes(Tape.parse(pipeline), Tape.parse(life), Tape.parse(faults));
    }

    static Tapes played(int[] pipeline, int[] life, int[] faults) {
        return new Tapes(Tape.played(pipeline), Tape.played(life), Tape.played(faults));
    }
}
