// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.engine;

import dev.cumulane.internal.trace.WantedIds;
import java.util.function.Supplier;

/**
 * The ids of the spans of runs, for the id generator of an OpenTelemetry SDK.
 *
 * <p>A build is told the trace and the span that it belongs to as {@code TRACEPARENT}, long before that span is sent. Both ids are derived from the run, but only an SDK
 * can give them to a span. With this generator the spans that a build's own tools send hang below the stage's; without it they are in the same trace and their parent is
 * missing:
 *
 * <pre>{@code
 * SdkTracerProvider.builder().setIdGenerator(new IdGenerator() {
 *     public String generateTraceId() {
 *         return SpanIds.trace(IdGenerator.random()::generateTraceId);
 *     }
 *
 *     public String generateSpanId() {
 *         return SpanIds.span(IdGenerator.random()::generateSpanId);
 *     }
 * })
 * }</pre>
 *
 * <p>Any thread; called by the SDK on the thread that starts the span.
 */
public final class SpanIds {
    private SpanIds() {}

    /**
     * The id for a trace that is being started.
     *
     * @param otherwise gives the id if the trace is not a run's
     * @return 32 lower-case hexadecimal digits
     */
    public static String trace(Supplier<String> otherwise) {
        return WantedIds.now().map(WantedIds.Ids::trace).orElseGet(otherwise);
    }

    /**
     * The id for a span that is being started.
     *
     * @param otherwise gives the id if the span is not a run's or a stage's
     * @return 16 lower-case hexadecimal digits
     */
    public static String span(Supplier<String> otherwise) {
        return WantedIds.now().map(WantedIds.Ids::span).orElseGet(otherwise);
    }
}
