// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.source;

/** What a verifier says of a request. */
public sealed interface Verification {
    /**
     * It comes from who it says it comes from; what it tells was not read yet.
     *
     * @param delivery what names it
     */
    record Authentic(Delivery delivery) implements Verification {}

    /**
     * It is not believed.
     *
     * @param status what to answer: 401 or 413, with an empty body
     * @param why for the log; holds nothing of the request but lengths
     */
    record Refused(int status, String why) implements Verification {}
}
