// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.simulation;

/**
 * What may go wrong in a life, and which safety nets there are. A life without a net has only the faults that the engine must survive without it: so a mutant that
 * the net would hide is found.
 *
 * @param json whether bytes are the real codec's in every life, and not in one of twenty
 * @param sweeps whether the sweep runs every five minutes, or so rarely that nothing but a function of which nobody can tell is left to it
 * @param losses whether signals, calls and answers are lost and processes die
 */
record Profile(boolean json, boolean sweeps, boolean losses) {
    /** Everything, with all nets. */
    static final Profile SWARM = new Profile(false, true, true);

    /** Hardly a sweep: signals come late, twice and out of order, and come. */
    static final Profile NO_SWEEP = new Profile(false, false, false);

    /** Nothing is lost, and the sweep runs. */
    static final Profile NO_LOSSES = new Profile(false, true, false);

    @Override
    public String toString() {
        return json ? "json" : !sweeps ? "no-sweep" : losses ? "swarm" : "no-losses";
    }

    static Profile named(String name) {
        return switch (name) {
            case "swarm" -> SWARM;
            case "no-sweep" -> NO_SWEEP;
            case "no-losses" -> NO_LOSSES;
            default ->
                throw new IllegalArgumentException("no profile '" + name + "'; there are: swarm, no-sweep, no-losses");
        };
    }
}
