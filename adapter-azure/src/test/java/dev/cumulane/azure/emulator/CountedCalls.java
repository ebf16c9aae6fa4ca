// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.emulator;

import com.azure.core.http.HttpPipelineCallContext;
import com.azure.core.http.HttpPipelineNextPolicy;
import com.azure.core.http.HttpPipelineNextSyncPolicy;
import com.azure.core.http.HttpPipelinePosition;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.HttpResponse;
import com.azure.core.http.policy.HttpPipelinePolicy;
import com.azure.core.util.BinaryData;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import reactor.core.publisher.Mono;

/** Counts the calls to the services and the bytes of their requests; a call that is repeated counts once. Any thread. */
public final class CountedCalls implements HttpPipelinePolicy {
    private final SortedMap<String, Integer> calls = new TreeMap<>();
    private long bytes;

    @Override
    public Mono<HttpResponse> process(HttpPipelineCallContext context, HttpPipelineNextPolicy next) {
        count(context.getHttpRequest());
        return next.process();
    }

    @Override
    public HttpResponse processSync(HttpPipelineCallContext context, HttpPipelineNextSyncPolicy next) {
        count(context.getHttpRequest());
        return next.processSync();
    }

    @Override
    public HttpPipelinePosition getPipelinePosition() {
        return HttpPipelinePosition.PER_CALL;
    }

    private synchronized void count(HttpRequest request) {
        // The account, then what lies in it: the key or the message's id is not the operation's.
        String[] path = request.getUrl().getPath().split("[/(]", 4);
        calls.merge(request.getHttpMethod() + " " + (path.length > 2 ? path[2] : ""), 1, Integer::sum);
        BinaryData body = request.getBodyAsBinaryData();
        bytes += body == null || body.getLength() == null ? 0 : body.getLength();
    }

    /**
     * How often each operation was called.
     *
     * @return counts by method and table, container or queue, such as {@code POST journal}
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
