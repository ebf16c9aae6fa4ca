// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.testing;

/** What can go wrong in a simulated world. */
enum Fault {
    /** A signal that is never delivered. */
    LOST_SIGNAL,
    /** A signal that is delivered twice. */
    REPEATED_SIGNAL,
    /** A signal that is delivered up to a minute late. */
    DELAYED_SIGNAL,
    /** A signal that is delivered up to three days late. */
    BELATED_SIGNAL,
    /** A call that has no effect. */
    REFUSED_CALL,
    /** A call that has its effect, and no answer. */
    LOST_ANSWER,
    /** A read that does not see the newest records. */
    STALE_READ,
    /** A start that the service makes twice. */
    DOUBLE_START,
    /** Work that waits for minutes until it begins. */
    LATE_START,
    /** A worker that dies before it claims the attempt. */
    DEATH_BEFORE_CLAIM,
    /** A worker that dies while it works. */
    DEATH_AFTER_CLAIM,
    /** A worker that dies between its outputs and its result. */
    DEATH_AFTER_OUTPUTS,
    /** Work whose end the service does not tell. */
    UNTOLD_END,
    /** Work of which the service says, while it lives, that it is over. */
    FALSE_END,
    /** A stop that the service does not carry out. */
    IGNORED_STOP,
    /** The death of the engine's process. */
    CRASH
}
