// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud;

/** Something that a cloud can do and another cannot. The plan check refuses, before a run starts, what its cloud lacks. */
public enum Capability {
    /** Container builds. */
    BUILD,
    /** Function stages. */
    FUNCTION,
    /** Function stages of more than ten minutes. */
    LONG_FUNCTION,
    /** Deployments that replace all at once. */
    DEPLOY,
    /** Traffic in shares, for a canary. */
    TRAFFIC_SHARES,
    /** Rollback when an alarm of the cloud's monitoring rings. */
    ALARMS,
    /** A new version of the team's own package takes the place of the one that runs, for runs that begin then. */
    UPDATE_SELF,
    /** Containers beside a container build. */
    SERVICES,
    /** The worker loads a function stage's code from the artifact store, under the digest that the plan names. */
    CODE_BY_DIGEST,
    /** Work of people who are not trusted, such as a fork's, is kept from the secrets of the engine and of other work. */
    UNTRUSTED_WORK,
    /** The engine's process can call Git, with a configuration of its own. */
    GIT
}
