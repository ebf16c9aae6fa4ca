// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.azure.client.AzureClients;
import dev.cumulane.cloud.contract.FaultProxy.Fault;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** For each test an account with what the template creates, behind a network that disturbs every tenth request. In the end of the class each fault must have happened. */
public final class DisturbedStorage implements BeforeEachCallback, AfterEachCallback, AfterAllCallback {
    private static final long SEED = 20261123;
    private static final double SHARE = 0.1;

    private final Azurite.Service service;
    private final Supplier<Azurite> azurite;
    private final Map<Fault, Integer> counts = new EnumMap<>(Fault.class);
    private int accounts;
    private Storage storage;
    private AzureClients clients;

    /**
     * Storage in the emulator that all tests share.
     *
     * @param service the service before which faults are counted
     */
    public DisturbedStorage(Azurite.Service service) {
        this(service, Azurite::shared);
    }

    /**
     * Storage in an emulator.
     *
     * @param service the service before which faults are counted
     * @param azurite starts the emulator
     */
    public DisturbedStorage(Azurite.Service service, Supplier<Azurite> azurite) {
        this.service = service;
        this.azurite = azurite;
    }

    /**
     * Clients behind the faults, the same ones during a test.
     *
     * @return the clients
     */
    public AzureClients clients() {
        return clients;
    }

    /**
     * Clients beside the faults.
     *
     * @return the clients
     */
    public AzureClients undisturbed() {
        return storage.undisturbed();
    }

    @Override
    public void beforeEach(ExtensionContext test) {
        accounts++;
        storage = new Storage(azurite.get(), SHARE, SEED + accounts).install();
        clients = storage.clients();
    }

    @Override
    public void afterEach(ExtensionContext test) {
        storage.close();
        storage.proxy(service).counts().forEach((fault, times) -> counts.merge(fault, times, Integer::sum));
    }

    @Override
    public void afterAll(ExtensionContext tests) {
        System.out.println("faults before " + service + ": " + counts);
        assertThat(counts).as("faults of seed %s", SEED).containsOnlyKeys(Fault.values());
    }
}
