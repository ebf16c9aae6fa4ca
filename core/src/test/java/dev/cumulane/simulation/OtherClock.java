// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.simulation;

import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.Capability;
import dev.cumulane.cloud.Cloud;
import dev.cumulane.cloud.Deliveries;
import dev.cumulane.cloud.EventSink;
import dev.cumulane.cloud.Journal;
import dev.cumulane.cloud.Logs;
import dev.cumulane.cloud.PriceList;
import dev.cumulane.cloud.Secrets;
import dev.cumulane.cloud.Signals;
import dev.cumulane.cloud.WorkRunner;
import java.time.InstantSource;
import java.util.Set;

/**
 * A cloud as a process sees it whose clock is another one.
 *
 * @param cloud the cloud
 * @param clock the process's clock
 */
public record OtherClock(Cloud cloud, InstantSource clock) implements Cloud {
    @Override
    public String name() {
        return cloud.name();
    }

    @Override
    public Set<Capability> capabilities() {
        return cloud.capabilities();
    }

    @Override
    public Journal journal() {
        return cloud.journal();
    }

    @Override
    public ArtifactStore artifacts() {
        return cloud.artifacts();
    }

    @Override
    public Signals signals() {
        return cloud.signals();
    }

    @Override
    public WorkRunner builds() {
        return cloud.builds();
    }

    @Override
    public WorkRunner functions() {
        return cloud.functions();
    }

    @Override
    public Deliveries deliveries() {
        return cloud.deliveries();
    }

    @Override
    public Secrets secrets() {
        return cloud.secrets();
    }

    @Override
    public Logs logs() {
        return cloud.logs();
    }

    @Override
    public EventSink events() {
        return cloud.events();
    }

    @Override
    public PriceList prices() {
        return cloud.prices();
    }

    @Override
    public void close() {
        cloud.close();
    }
}
