// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.standards;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What we tell leaves by the official exporter as OTLP, and the parser that is generated from the official protocol reads the same. */
class OtlpTest {
    private static final long SECONDS = 20;

    private final List<SpanData> told = new ArrayList<>();
    private final List<ExportTraceServiceRequest> traces = new CopyOnWriteArrayList<>();
    private final List<ExportMetricsServiceRequest> metrics = new CopyOnWriteArrayList<>();
    private HttpServer collector;

    static List<String> stories() {
        return Histories.names();
    }

    @BeforeEach
    void open() throws IOException {
        collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/", this::receive);
        collector.start();
    }

    @AfterEach
    void close() {
        collector.stop(0);
    }

    @ParameterizedTest
    @MethodSource("stories")
    void what_a_collector_reads_is_what_was_told(String story) {
        export(story);

        List<Span> spans = traces.stream()
                .flatMap(request -> request.getResourceSpansList().stream())
                .flatMap(resource -> resource.getScopeSpansList().stream())
                .flatMap(scope -> scope.getSpansList().stream())
                .toList();
        assertThat(spans.stream().map(OtlpTest::read))
                .containsExactlyInAnyOrderElementsOf(
                        told.stream().map(OtlpTest::said).toList());
        assertThat(spans).allSatisfy(span -> {
            assertThat(span.getTraceId().size()).isEqualTo(16);
            assertThat(span.getSpanId().size()).isEqualTo(8);
            assertThat(span.getAttributesList().stream().map(KeyValue::getKey)).doesNotHaveDuplicates();
        });
        assertThat(traces).allSatisfy(OtlpTest::knowsEveryField);

        List<Metric> points = metrics.stream()
                .flatMap(request -> request.getResourceMetricsList().stream())
                .flatMap(resource -> resource.getScopeMetricsList().stream())
                .flatMap(scope -> scope.getMetricsList().stream())
                .toList();
        assertThat(points.stream()
                        .filter(metric -> metric.getName().startsWith("cicd.") && metric.hasHistogram())
                        .map(metric -> metric.getName() + " " + metric.getUnit()))
                .isNotEmpty()
                .containsOnly("cicd.pipeline.run.duration s");
        assertThat(points).allSatisfy(OtlpTest::knowsEveryField);
    }

    private void export(String story) {
        String origin = "http://127.0.0.1:" + collector.getAddress().getPort();
        InMemorySpanExporter memory = InMemorySpanExporter.create();
        try (OpenTelemetrySdk sdk = OpenTelemetrySdk.builder()
                .setTracerProvider(SdkTracerProvider.builder()
                        .setIdGenerator(new TelemetryTest.RunIds())
                        .addSpanProcessor(SimpleSpanProcessor.create(memory))
                        .addSpanProcessor(BatchSpanProcessor.builder(OtlpHttpSpanExporter.builder()
                                        .setEndpoint(origin + "/v1/traces")
                                        .build())
                                .build())
                        .build())
                .setMeterProvider(SdkMeterProvider.builder()
                        .registerMetricReader(PeriodicMetricReader.create(OtlpHttpMetricExporter.builder()
                                .setEndpoint(origin + "/v1/metrics")
                                .build()))
                        .build())
                .build()) {
            Histories.History history = Histories.golden(story);
            new Telemetry(sdk, CdEventsTest.ORIGIN).tell(history.plan(), history.records());
            told.addAll(memory.getFinishedSpanItems());
            assertThat(sdk.getSdkTracerProvider()
                            .forceFlush()
                            .join(SECONDS, TimeUnit.SECONDS)
                            .isSuccess())
                    .isTrue();
            assertThat(sdk.getSdkMeterProvider()
                            .forceFlush()
                            .join(SECONDS, TimeUnit.SECONDS)
                            .isSuccess())
                    .isTrue();
        }
    }

    private void receive(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            assertThat(exchange.getRequestHeaders().getFirst("Content-Type")).isEqualTo("application/x-protobuf");
            if (exchange.getRequestURI().getPath().equals("/v1/traces")) {
                traces.add(ExportTraceServiceRequest.parseFrom(body));
            } else {
                metrics.add(ExportMetricsServiceRequest.parseFrom(body));
            }
            // An empty answer is a full success, by the protocol.
            exchange.sendResponseHeaders(200, -1);
        }
    }

    private static String read(Span span) {
        Map<String, String> attributes = new TreeMap<>(
                span.getAttributesList().stream().collect(Collectors.toMap(KeyValue::getKey, each -> value(each))));
        return String.join(
                " | ",
                span.getName(),
                hex(span.getTraceId()),
                hex(span.getSpanId()),
                hex(span.getParentSpanId()),
                Long.toString(span.getStartTimeUnixNano()),
                Long.toString(span.getEndTimeUnixNano()),
                span.getKind().name().replace("SPAN_KIND_", ""),
                span.getStatus().getCode().name().replace("STATUS_CODE_", ""),
                attributes.toString(),
                Integer.toString(span.getEventsCount()));
    }

    private static String said(SpanData span) {
        Map<String, String> attributes = new TreeMap<>();
        span.getAttributes().forEach((key, value) -> attributes.put(key.getKey(), value.toString()));
        return String.join(
                " | ",
                span.getName(),
                span.getTraceId(),
                span.getSpanId(),
                span.getParentSpanContext().isValid() ? span.getParentSpanId() : "",
                Long.toString(span.getStartEpochNanos()),
                Long.toString(span.getEndEpochNanos()),
                span.getKind().name(),
                span.getStatus().getStatusCode().name(),
                attributes.toString(),
                Integer.toString(span.getEvents().size()));
    }

    private static String value(KeyValue attribute) {
        return switch (attribute.getValue().getValueCase()) {
            case STRING_VALUE -> attribute.getValue().getStringValue();
            case INT_VALUE -> Long.toString(attribute.getValue().getIntValue());
            case BOOL_VALUE -> Boolean.toString(attribute.getValue().getBoolValue());
            case DOUBLE_VALUE -> Double.toString(attribute.getValue().getDoubleValue());
            default -> throw new AssertionError("no plain value: " + attribute);
        };
    }

    private static String hex(ByteString bytes) {
        return HexFormat.of().formatHex(bytes.toByteArray());
    }

    private static void knowsEveryField(Message message) {
        assertThat(message.getUnknownFields().asMap()).as("%s", message).isEmpty();
        message.getAllFields().values().forEach(value -> {
            List<?> all = value instanceof List<?> list ? list : List.of(value);
            all.stream()
                    .filter(Message.class::isInstance)
                    .map(Message.class::cast)
                    .forEach(OtlpTest::knowsEveryField);
        });
    }
}
