// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.cloud.contract.FaultProxy;
import dev.cumulane.cloud.contract.FaultProxy.Fault;
import dev.cumulane.gcp.client.GcpClients;
import dev.cumulane.gcp.client.GoogleApi;
import java.net.URI;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A network between our clients and services of Google: each service is behind a proxy of its own, which speaks as Google's front ends do. Throttles are in turn {@code RESOURCE_EXHAUSTED} and
 * {@code UNAVAILABLE}.
 */
public final class Disturbed implements AutoCloseable {
    private final long seed;
    private final Map<String, Proxy> proxies = new LinkedHashMap<>();
    private final GcpClients clients;

    private static final class Proxy extends FaultProxy {
        private final AtomicInteger throttles = new AtomicInteger();

        Proxy(URI target, double share, long seed) {
            super(target, share, seed);
        }

        @Override
        protected String callHeader() {
            return GoogleApi.CALL;
        }

        @Override
        protected String operation(Request request) {
            return request.line();
        }

        @Override
        protected Throttle throttle(Request request) {
            boolean many = throttles.incrementAndGet() % 2 == 0;
            String status = many ? "429 Too Many Requests" : "503 Service Unavailable";
            String code = many ? "RESOURCE_EXHAUSTED" : "UNAVAILABLE";
            return new Throttle(
                    status,
                    "application/json",
                    "{\"error\":{\"code\":" + status.substring(0, 3) + ",\"message\":\"later\",\"status\":\"" + code
                            + "\"}}");
        }
    }

    private Disturbed(Map<String, URI> services, double share, long seed, GoogleApi.Watcher... watchers) {
        this.seed = seed;
        Map<String, URI> addresses = new LinkedHashMap<>();
        services.forEach((service, address) -> {
            Proxy proxy = new Proxy(address, share, seed);
            proxies.put(service, proxy);
            addresses.put(service, proxy.endpoint());
        });
        this.clients = Emulators.clients(addresses, watchers);
    }

    /**
     * A network that disturbs a share of the requests.
     *
     * @param services the emulators' addresses, as in {@link GcpClients.Connection}
     * @param share 0 to 1; a contract of few calls needs a large one to meet every fault
     * @param seed which requests are disturbed, and how
     * @return the network; the caller closes it
     */
    public static Disturbed before(Map<String, URI> services, double share, long seed) {
        return new Disturbed(services, share, seed);
    }

    /**
     * A network that disturbs what it is told to.
     *
     * @param service the service
     * @param address the emulator's
     * @param watchers see every call
     * @return the network; the caller closes it
     */
    public static Disturbed onDemand(String service, URI address, GoogleApi.Watcher... watchers) {
        return new Disturbed(Map.of(service, address), 0, 1, watchers);
    }

    /**
     * What the code under test has.
     *
     * @return clients whose calls go through the network
     */
    public GcpClients clients() {
        return clients;
    }

    /**
     * The proxy before a service.
     *
     * @param service the service
     * @return what disturbs, and counts how often
     */
    public FaultProxy proxy(String service) {
        return proxies.get(service);
    }

    /** Ends it after a whole contract, and shows that each kind of fault was there. */
    public void closeAndCount() {
        close();
        Map<Fault, Integer> all = new EnumMap<>(Fault.class);
        proxies.forEach((service, proxy) -> {
            System.out.println("faults before " + service + ": " + proxy.counts());
            proxy.counts().forEach((fault, times) -> all.merge(fault, times, Integer::sum));
        });
        assertThat(all).as("faults of seed %s", seed).containsOnlyKeys(Fault.values());
    }

    @Override
    public void close() {
        proxies.values().forEach(FaultProxy::close);
    }
}
