// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.artifacts;

/**
 * Signs bytes in the name of a service account, whose key Google keeps or this process holds. Any thread.
 */
public interface AccountSigner {
    /**
     * Whose signature it is.
     *
     * @return the service account's address
     */
    String account();

    /**
     * Signs.
     *
     * @param bytes what to sign
     * @return RSA with SHA-256
     */
    byte[] sign(byte[] bytes);
}
