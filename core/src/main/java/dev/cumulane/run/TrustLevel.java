// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.run;

/** How far a run is trusted, fixed when its source event arrived. */
public enum TrustLevel {
    /** A protected branch, or a person with access to this engine. */
    TRUSTED,
    /** Another branch of the same repository. */
    INTERNAL,
    /** A fork: no secret, no deployment, no cache write. */
    UNTRUSTED
}
