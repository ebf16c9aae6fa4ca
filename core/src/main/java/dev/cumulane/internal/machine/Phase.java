// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.machine;

/** Where a stage is, as the machine sees it. */
public enum Phase {
    /** Something before it has not ended. */
    PENDING,
    /** The items of its list are being counted. */
    COUNTING,
    /** Its cells are there; it ends when enough of them have. */
    FANNED_OUT,
    /** A past success is looked for. */
    RECALLING,
    /** An attempt is to be started; no service has accepted it. */
    SCHEDULED,
    /** A service has accepted the attempt. */
    WORKING,
    /** The attempt is to be stopped, and has not ended. */
    STOPPING,
    /** Another attempt follows later. */
    RESTING,
    /** People are asked. */
    VOTING,
    /** A deployment waits for its environment. */
    ASKING,
    /** A step of a deployment is under way. */
    STEPPING,
    /** A step of a deployment has passed its limit; the provider is asked what became of it. */
    OVERDUE,
    /** A deployment keeps its share of the traffic for a time. */
    HOLDING,
    /** It has ended. */
    FINISHED
}
