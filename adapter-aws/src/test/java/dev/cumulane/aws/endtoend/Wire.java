// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.endtoend;

import dev.cumulane.aws.emulator.CallReader;
import dev.cumulane.aws.emulator.FaultProxy;
import dev.cumulane.aws.emulator.RecordedCall;
import dev.cumulane.aws.fake.WireRequest;
import dev.cumulane.cloud.contract.FaultProxy.Fault;
import java.net.URI;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/** The network between functions and services: a proxy before each service that disturbs, and notes who called what. */
final class Wire implements AutoCloseable {
    /** What the proxy before the function URL is called. */
    static final String INGRESS = "ingress";

    private final long seed;
    private final SortedMap<String, FaultProxy> proxies = new TreeMap<>();
    private final Map<String, String> callers = new ConcurrentHashMap<>();
    private final Queue<RecordedCall> calls = new ConcurrentLinkedQueue<>();
    private final List<FaultProxy.Watcher> watchers = new CopyOnWriteArrayList<>();
    private final Queue<String> unread = new ConcurrentLinkedQueue<>();

    /** Shows somebody else what reaches the services, too. */
    void watch(FaultProxy.Watcher more) {
        watchers.add(more);
    }

    Wire(long seed) {
        this.seed = seed;
    }

    /** Puts a proxy before a service, which disturbs nothing yet. */
    FaultProxy before(String service, URI address) {
        FaultProxy proxy = FaultProxy.before(address, 0, seed + proxies.size()).watchedBy(this::note);
        proxies.put(service, proxy);
        return proxy;
    }

    /** Disturbs a share of all requests from now on. */
    void disturb(double share) {
        proxies.values().forEach(proxy -> proxy.disturb(share));
    }

    /** The access key of a function's role. DynamoDBLocal takes letters and digits only. */
    String key(String function) {
        String key = "KEY" + callers.size();
        callers.put(key, function);
        return key;
    }

    /** Which function has a key; the key itself, if none has. */
    String caller(String key) {
        return callers.getOrDefault(key, key);
    }

    private void note(WireRequest request, int status) {
        watchers.forEach(each -> each.answered(request, status));
        try {
            for (RecordedCall call : CallReader.read(request, status)) {
                calls.add(new RecordedCall(caller(call.role()), call.action(), call.resource(), call.context()));
            }
        } catch (RuntimeException e) {
            unread.add(request + ": " + e);
        }
    }

    FaultProxy proxy(String service) {
        return proxies.get(service);
    }

    /** Where functions find the services, as one variable. */
    String endpoints() {
        return proxies.entrySet().stream()
                .filter(entry -> !entry.getKey().equals(INGRESS))
                .map(entry -> entry.getKey() + "=" + entry.getValue().endpoint())
                .collect(Collectors.joining(" "));
    }

    /** What reached the services so far. */
    List<RecordedCall> calls() {
        return List.copyOf(calls);
    }

    /** Requests of which nobody knows what right they take. */
    List<String> unread() {
        return List.copyOf(unread);
    }

    Map<Fault, Integer> faults() {
        Map<Fault, Integer> counts = new EnumMap<>(Fault.class);
        proxies.values()
                .forEach(proxy -> proxy.counts().forEach((fault, count) -> counts.merge(fault, count, Integer::sum)));
        return counts;
    }

    @Override
    public void close() {
        proxies.values().forEach(FaultProxy::close);
    }
}
