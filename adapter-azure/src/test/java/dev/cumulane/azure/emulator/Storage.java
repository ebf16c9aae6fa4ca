// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.emulator;

import com.azure.core.http.policy.HttpPipelinePolicy;
import dev.cumulane.azure.client.AzureClients;
import java.net.URI;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * An account of Azurite that is empty, with faults before each of its services, and the installation's table, container and queues in it when they are asked for. As the
 * extension of a test it is installed before it and closed after it.
 */
public final class Storage implements AutoCloseable, BeforeEachCallback, AfterEachCallback {
    private final String account;
    private final Map<Azurite.Service, FaultProxy> proxies = new EnumMap<>(Azurite.Service.class);
    private final Map<Azurite.Service, FaultProxy> quiet = new EnumMap<>(Azurite.Service.class);
    private final AzureClients undisturbed;

    /**
     * An account.
     *
     * @param share how many of the requests are disturbed, 0 to 1
     * @param seed for what is drawn
     */
    public Storage(double share, long seed) {
        this(Azurite.shared(), share, seed);
    }

    /**
     * An account of an emulator.
     *
     * @param azurite the emulator
     * @param share how many of the requests are disturbed, 0 to 1
     * @param seed for what is drawn
     */
    public Storage(Azurite azurite, double share, long seed) {
        account = azurite.account();
        for (Azurite.Service service : Azurite.Service.values()) {
            proxies.put(service, FaultProxy.before(azurite.endpoint(service), share, seed));
            quiet.put(service, FaultProxy.before(azurite.endpoint(service), 0, seed));
        }
        undisturbed = Emulators.clients(endpoints(quiet));
    }

    /**
     * Clients behind the faults.
     *
     * @param watchers see every attempt
     * @return the clients
     */
    public AzureClients clients(HttpPipelinePolicy... watchers) {
        return Emulators.clients(endpoints(), watchers);
    }

    /**
     * Clients beside the faults.
     *
     * @return the clients
     */
    public AzureClients undisturbed() {
        return undisturbed;
    }

    /**
     * Where the services are, the account included.
     *
     * @return addresses by the names of {@link AzureClients.Connection}
     */
    public Map<String, URI> endpoints() {
        return endpoints(proxies);
    }

    /**
     * What disturbs a service.
     *
     * @param service the service
     * @return its proxy
     */
    public FaultProxy proxy(Azurite.Service service) {
        return proxies.get(service);
    }

    /**
     * The account's name.
     *
     * @return letters and digits
     */
    public String account() {
        return account;
    }

    /**
     * Creates what the template creates.
     *
     * @return this
     */
    public Storage install() {
        undisturbed.tables().createTable(Emulators.NAMES.table());
        undisturbed.blobs().createBlobContainer(Emulators.NAMES.container());
        undisturbed.queues().createQueue(Emulators.NAMES.queue());
        undisturbed.queues().createQueue(Emulators.NAMES.poison());
        return this;
    }

    @Override
    public void beforeEach(ExtensionContext test) {
        install();
    }

    @Override
    public void afterEach(ExtensionContext test) {
        close();
    }

    @Override
    public void close() {
        proxies.values().forEach(FaultProxy::close);
        quiet.values().forEach(FaultProxy::close);
    }

    private Map<String, URI> endpoints(Map<Azurite.Service, FaultProxy> of) {
        Map<String, URI> endpoints = new TreeMap<>();
        of.forEach((service, proxy) ->
                endpoints.put(service.name().toLowerCase(Locale.ROOT), URI.create(proxy.endpoint() + "/" + account)));
        return endpoints;
    }
}
