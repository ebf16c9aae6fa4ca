// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.aws.client.AwsClients;
import java.net.URI;
import java.util.Map;

/** An emulator behind a network that disturbs every tenth request, and a way around that network for the test itself. */
public final class Disturbed implements AutoCloseable {
    private final long seed;
    private final FaultProxy proxy;
    private final AwsClients clients;
    private final AwsClients undisturbed;

    private Disturbed(URI emulator, String service, long seed) {
        this.seed = seed;
        this.proxy = FaultProxy.before(emulator, 0.1, seed);
        this.clients = Emulators.clients(Map.of(service, proxy.endpoint()));
        this.undisturbed = Emulators.clients(Map.of(service, emulator));
    }

    /**
     * Puts such a network before an emulator.
     *
     * @param emulator its address
     * @param service the service that it stands for, as in {@link AwsClients.Connection}; {@code *} for all
     * @param seed which requests are disturbed, and how
     * @return the network; the caller closes it
     */
    public static Disturbed before(URI emulator, String service, long seed) {
        return new Disturbed(emulator, service, seed);
    }

    /**
     * What the code under test has.
     *
     * @return clients whose calls go through the network
     */
    public AwsClients clients() {
        return clients;
    }

    /**
     * What the test has, to prepare and to look.
     *
     * @return clients whose calls go past the network
     */
    public AwsClients undisturbed() {
        return undisturbed;
    }

    /**
     * The network.
     *
     * @return what disturbs, and counts how often
     */
    public FaultProxy proxy() {
        return proxy;
    }

    /**
     * Ends it after a whole contract, and shows that each kind of fault was there.
     *
     * @param what before what
     */
    public void closeAndCount(String what) {
        close();
        System.out.println("faults before " + what + ": " + proxy.counts());
        assertThat(proxy.counts()).as("faults of seed %s", seed).containsOnlyKeys(FaultProxy.Fault.values());
    }

    @Override
    public void close() {
        clients.close();
        undisturbed.close();
        proxy.close();
    }
}
