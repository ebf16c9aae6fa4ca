// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.emulator;

import dev.cumulane.gcp.client.GoogleApi;
import dev.cumulane.gcp.client.GoogleRequest;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Counts the calls to the services and the bytes of their requests; a call that is repeated counts once. Any thread. */
public final class CountedCalls implements GoogleApi.Watcher {
    private final SortedMap<String, Integer> calls = new TreeMap<>();
    private long bytes;

    @Override
    public synchronized void calling(String service, GoogleRequest request) {
        calls.merge(service + "." + request.operation(), 1, Integer::sum);
        bytes += request.body().map(body -> body.length()).orElse(0L);
    }

    /**
     * How often each operation was called.
     *
     * @return counts by service and operation, such as {@code firestore.commit}
     */
    public synchronized Map<String, Integer> calls() {
        return new TreeMap<>(calls);
    }

    /**
     * What was sent.
     *
     * @return the bytes of all requests' bodies
     */
    public synchronized long bytes() {
        return bytes;
    }

    /** Begins anew. */
    public synchronized void reset() {
        calls.clear();
        bytes = 0;
    }
}
