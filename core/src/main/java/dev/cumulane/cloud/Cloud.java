// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud;

import dev.cumulane.pipeline.Digest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A place where pipelines run: its ports and what it can do. Pass it to {@code Engine.on}.
 *
 * <p>Made by the adapter's own entry point. The methods return the same port each time and do no I/O.
 */
public interface Cloud extends AutoCloseable {
    /**
     * What to call this place in messages.
     *
     * @return a name such as {@code local}
     */
    String name();

    /**
     * What this cloud can do.
     *
     * @return its capabilities
     */
    Set<Capability> capabilities();

    /**
     * The clock by which deadlines are judged.
     *
     * @return a clock
     */
    InstantSource clock();

    /**
     * The database.
     *
     * @return the port
     */
    Journal journal();

    /**
     * Bytes by digest.
     *
     * @return the port
     */
    ArtifactStore artifacts();

    /**
     * Where builds ask for signed requests. With it and a {@linkplain ArtifactStore#signer() signer} every {@link WorkOrder} of a build has its {@linkplain WorkOrder#pass() pass}.
     *
     * @return the endpoint of the deployed ingress; empty where builds reach the store without one
     */
    default Optional<WorkEndpoint> workEndpoint() {
        return Optional.empty();
    }

    /**
     * The keys by which ingress believes tickets. Ingress itself need not know its own address, which on some clouds is known only when it has been made.
     *
     * @return secret references, those of the {@linkplain #workEndpoint() endpoint}; none where builds reach the store without one
     */
    default List<String> ticketKeys() {
        return workEndpoint().map(WorkEndpoint::keys).orElse(List.of());
    }

    /**
     * The queue.
     *
     * @return the port
     */
    Signals signals();

    /**
     * Runs container builds.
     *
     * @return the port
     */
    WorkRunner builds();

    /**
     * Runs function stages.
     *
     * @return the port
     */
    WorkRunner functions();

    /**
     * How long a function stage may take here; the plan check refuses a longer one. Only asked of clouds with {@link Capability#LONG_FUNCTION}; the others take ten minutes.
     *
     * @return the limit, or empty if there is none
     */
    default Optional<Duration> longestFunction() {
        return Optional.empty();
    }

    /**
     * The code that is deployed here, of clouds whose functions are called by version: a plan with function stages names it, so that a run goes on with the code that it
     * began with. Not asked of clouds with {@link Capability#CODE_BY_DIGEST}.
     *
     * @return the sha-256 of the deployed package, or empty where nothing is deployed
     */
    default Optional<Digest> deployedCode() {
        return Optional.empty();
    }

    /**
     * Deploys.
     *
     * @return the port
     */
    Deliveries deliveries();

    /**
     * Knows which secrets exist.
     *
     * @return the port
     */
    Secrets secrets();

    /**
     * Reads logs.
     *
     * @return the port
     */
    Logs logs();

    /**
     * Publishes events.
     *
     * @return the port
     */
    EventSink events();

    /**
     * Knows prices.
     *
     * @return the port
     */
    PriceList prices();

    /**
     * Takes what the engine measures.
     *
     * @return the port; one that takes nothing unless the cloud says otherwise
     */
    default Metrics metrics() {
        return Metrics.none();
    }

    /**
     * Writes templates.
     *
     * @return the port, or empty where nothing has to be installed
     */
    default Optional<Blueprint> blueprint() {
        return Optional.empty();
    }

    /**
     * Installs and removes.
     *
     * @return the port, or empty where nothing has to be installed
     */
    default Optional<Installer> installer() {
        return Optional.empty();
    }

    /**
     * Calls a sweep now and then, on a thread of the adapter's, until this is closed. An engine has two, one for runs and one for source repositories, and the one must not
     * wait for the other. In the clouds a timer calls a function instead, and this does nothing.
     *
     * @param sweep looks for what no signal told; an exception is logged by it and never thrown
     */
    default void sweepWith(Runnable sweep) {}

    /** Ends deliveries to this process and frees what the ports hold. Work that was started goes on. */
    @Override
    void close();
}
