// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.testing;

/**
 * The simulated process died in the middle of a port's call. An {@link Error}, so that code which outlives every failure of a service does not outlive this one:
 * nothing catches a loss of power.
 */
public final class SimulatedCrash extends Error {
    private static final long serialVersionUID = 1L;

    SimulatedCrash(String call) {
        super("the simulated process died at " + call, null, false, false);
    }
}
