// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.cloud.contract.FaultProxy.Fault;
import java.util.EnumMap;
import java.util.Map;

/** Faults before accounts that come and go with the tests of a class. In the end each fault must have happened. */
public final class FaultCount {
    private static final long SEED = 20261123;
    private static final double SHARE = 0.1;

    private final String name;
    private final Azurite.Service service;
    private final Map<Fault, Integer> counts = new EnumMap<>(Fault.class);
    private int accounts;

    /**
     * Nothing was counted yet.
     *
     * @param name what people call the service
     * @param service the service before which faults are counted
     */
    public FaultCount(String name, Azurite.Service service) {
        this.name = name;
        this.service = service;
    }

    /**
     * An account behind a network that disturbs every tenth request.
     *
     * @return the account, without table, container and queue
     */
    public Storage storage() {
        return storage(Azurite.shared());
    }

    /**
     * An account behind a network that disturbs every tenth request.
     *
     * @param azurite where the account is
     * @return the account, without table, container and queue
     */
    public Storage storage(Azurite azurite) {
        accounts++;
        return new Storage(azurite, SHARE, SEED + accounts);
    }

    /**
     * Closes an account and counts what happened before it.
     *
     * @param storage the account
     */
    public void closeAndCount(Storage storage) {
        storage.close();
        storage.proxy(service).counts().forEach((fault, times) -> counts.merge(fault, times, Integer::sum));
    }

    /** Shows the counts, and fails if a fault never happened. */
    public void assertAll() {
        System.out.println("faults before " + name + ": " + counts);
        assertThat(counts).as("faults of seed %s", SEED).containsOnlyKeys(Fault.values());
    }
}
