// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.http;

/** Calls a service. Any thread. */
@FunctionalInterface
public interface Caller {
    /**
     * Makes one call.
     *
     * @param call the call
     * @return the answer, whatever its status
     * @throws CallException if there is none: the call was refused here, or nobody knows what became of it
     */
    Answer call(Call call);
}
