// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.emulator;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;

/** Counts the calls to the services and the bytes of their requests; a call that is repeated counts once. Any thread. */
public final class CountedCalls implements ExecutionInterceptor {
    private final SortedMap<String, Integer> calls = new TreeMap<>();
    private long bytes;

    @Override
    public synchronized void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
        calls.merge(
                attributes.getAttribute(SdkExecutionAttribute.SERVICE_NAME) + "."
                        + attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME),
                1,
                Integer::sum);
    }

    @Override
    public synchronized void beforeTransmission(Context.BeforeTransmission context, ExecutionAttributes attributes) {
        bytes += context.httpRequest()
                .firstMatchingHeader("Content-Length")
                .map(Long::parseLong)
                .orElse(0L);
    }

    /**
     * How often each operation was called.
     *
     * @return counts by service and operation, such as {@code DynamoDb.PutItem}
     */
    public synchronized Map<String, Integer> calls() {
        return new TreeMap<>(calls);
    }

    /**
     * How often an operation was called.
     *
     * @param operation as in {@link #calls()}
     * @return the count
     */
    public synchronized int of(String operation) {
        return calls.getOrDefault(operation, 0);
    }

    /**
     * What was sent.
     *
     * @return the bytes of all requests' bodies, repetitions included
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
