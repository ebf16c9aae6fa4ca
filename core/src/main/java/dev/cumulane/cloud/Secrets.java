// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud;

/**
 * Knows which secret references exist. The engine never sees a value: the service binds it in the worker.
 *
 * <p>Called by the plan check, once per reference and registration, on the caller's thread.
 */
public interface Secrets {
    /**
     * Whether a reference names a secret that a worker could get.
     *
     * @param reference the reference as the pipeline writes it, such as {@code npm-token}
     * @return true if it does
     */
    boolean exists(String reference);
}
