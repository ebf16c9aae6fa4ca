// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.source;

/** What becomes of a change request from a fork. Nothing in the request itself can change it. */
public enum Forks {
    /** It starts no run. */
    NEVER,
    /** It starts a run once somebody who may write to the repository has said {@code /ok-to-test} of that very commit. */
    AFTER_APPROVAL,
    /** It starts a run at once: without secrets, without deployments, without writing caches. */
    WITHOUT_SECRETS
}
