// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.standards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.google.common.collect.Streams;
import dev.cumulane.contracts.PublishedContracts;
import dev.cumulane.engine.SpanIds;
import dev.cumulane.internal.trace.Trace;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.HistoryRecord;
import dev.cumulane.run.RunEvent;
import dev.cumulane.run.RunId;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.PointData;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.IdGenerator;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.io.IOException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A real SDK receives what is told. */
class TelemetryTest {
    private final InMemorySpanExporter spans = InMemorySpanExporter.create();
    private final InMemoryMetricReader metrics = InMemoryMetricReader.create();

    static List<String> stories() {
        return Histories.names();
    }

    /** The generator of {@link SpanIds}' documentation. */
    static final class RunIds implements IdGenerator {
        @Override
        public String generateTraceId() {
            return SpanIds.trace(IdGenerator.random()::generateTraceId);
        }

        @Override
        public String generateSpanId() {
            return SpanIds.span(IdGenerator.random()::generateSpanId);
        }
    }

    private OpenTelemetry sdk(IdGenerator ids) {
        return OpenTelemetrySdk.builder()
                .setTracerProvider(SdkTracerProvider.builder()
                        .setIdGenerator(ids)
                        .addSpanProcessor(SimpleSpanProcessor.create(spans))
                        .build())
                .setMeterProvider(
                        SdkMeterProvider.builder().registerMetricReader(metrics).build())
                .build();
    }

    private RunId tell(String story, IdGenerator ids) {
        Histories.History history = Histories.golden(story);
        new Telemetry(sdk(ids), CdEventsTest.ORIGIN).tell(history.plan(), history.records());
        return ((RunEvent.RunStarted) history.records().get(0).events().get(0)).run();
    }

    @ParameterizedTest
    @MethodSource("stories")
    void a_run_is_one_trace_whose_root_spans_all_of_it(String story) {
        List<HistoryRecord> records = Histories.golden(story).records();
        RunId run = tell(story, new RunIds());

        SpanData root = root();
        assertThat(root.getTraceId()).isEqualTo(Trace.trace(run));
        assertThat(root.getSpanId()).isEqualTo(Trace.span(run));
        assertThat(root.getParentSpanContext().isValid()).isFalse();
        assertThat(root.getKind()).isEqualTo(SpanKind.SERVER);
        assertThat(root.getName())
                .isEqualTo("RUN " + Histories.golden(story).plan().pipeline());
        assertThat(at(root.getStartEpochNanos())).isEqualTo(records.get(0).at());
        assertThat(at(root.getEndEpochNanos()))
                .isEqualTo(records.get(records.size() - 1).at());
        assertThat(spans.getFinishedSpanItems())
                .filteredOn(span -> span != root)
                .allSatisfy(span -> {
                    assertThat(span.getTraceId()).isEqualTo(root.getTraceId());
                    assertThat(span.getParentSpanId()).isEqualTo(root.getSpanId());
                    assertThat(span.getStartEpochNanos()).isBetween(root.getStartEpochNanos(), span.getEndEpochNanos());
                    assertThat(span.getEndEpochNanos()).isLessThanOrEqualTo(root.getEndEpochNanos());
                });
    }

    @Test
    void what_a_build_was_told_is_the_span_of_its_attempt() {
        RunId run = tell("workers-are-lost", new RunIds());

        AttemptId second = new AttemptId(run, "build", 2);
        SpanData span = span("everything-0123456789abcdef/build/2");
        assertThat(Trace.parent(second)).isEqualTo("00-" + span.getTraceId() + "-" + span.getSpanId() + "-01");
        assertThat(span.getAttributes().get(key("cicd.pipeline.task.type"))).isEqualTo("build");
    }

    @Test
    void an_sdk_that_draws_its_own_ids_still_has_the_run_in_its_trace() {
        RunId run = tell("all-goes-well", IdGenerator.random());

        assertThat(spans.getFinishedSpanItems())
                .isNotEmpty()
                .allMatch(span -> span.getTraceId().equals(Trace.trace(run)));
        assertThat(spans.getFinishedSpanItems())
                .filteredOn(span -> span.getKind() == SpanKind.SERVER)
                .hasSize(1);
    }

    @Test
    void a_lost_worker_is_an_error_of_its_attempt_and_counted() {
        tell("workers-are-lost", new RunIds());

        SpanData first = span("everything-0123456789abcdef/build/1");
        assertThat(first.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(first.getAttributes().get(key("error.type"))).isEqualTo("lost_worker");
        assertThat(first.getAttributes().get(key("cicd.pipeline.task.run.result")))
                .isEqualTo("error");
        assertThat(points("cicd.pipeline.run.errors"))
                .extracting(point -> point.getAttributes().get(key("error.type")))
                .contains("lost_worker");
    }

    @ParameterizedTest
    @MethodSource("stories")
    void the_durations_of_the_states_are_the_duration_of_the_run(String story) {
        List<HistoryRecord> records = Histories.golden(story).records();
        tell(story, new RunIds());

        MetricData duration = metrics.collectAllMetrics().stream()
                .filter(metric -> metric.getName().equals("cicd.pipeline.run.duration"))
                .findFirst()
                .orElseThrow();
        assertThat(duration.getUnit()).isEqualTo("s");
        double seconds = duration.getHistogramData().getPoints().stream()
                .mapToDouble(point -> point.getSum())
                .sum();
        double whole = (records.get(records.size() - 1).at().toEpochMilli()
                        - records.get(0).at().toEpochMilli())
                / 1000.0;
        assertThat(seconds).isEqualTo(whole, within(0.01));
        assertThat(duration.getHistogramData().getPoints())
                .filteredOn(point -> point.getAttributes().get(key("cicd.pipeline.result")) != null)
                .hasSize(1);
    }

    @Test
    void without_an_sdk_nothing_is_told_and_nothing_fails() {
        Histories.History history = Histories.golden("all-goes-well");

        new Telemetry(OpenTelemetry.noop(), CdEventsTest.ORIGIN).tell(history.plan(), history.records());

        assertThat(spans.getFinishedSpanItems()).isEmpty();
    }

    @Test
    void a_run_that_goes_on_is_not_told() {
        Histories.History history = Histories.golden("all-goes-well");
        List<HistoryRecord> open =
                history.records().subList(0, history.records().size() - 1);

        new Telemetry(sdk(new RunIds()), CdEventsTest.ORIGIN).tell(history.plan(), open);

        assertThat(spans.getFinishedSpanItems()).isEmpty();
    }

    @Test
    @Tag("contracts")
    void every_name_and_every_closed_value_is_in_the_published_registry() throws IOException {
        Map<String, Set<String>> registry = new HashMap<>();
        for (String file : List.of("cicd", "vcs")) {
            register(
                    new YAMLMapper()
                            .readTree(PublishedContracts.file("opentelemetry/model/" + file + "/registry.yaml")
                                    .toFile()),
                    registry);
        }
        stories().forEach(story -> tell(story, new RunIds()));

        Stream<Attributes> all = Stream.concat(
                spans.getFinishedSpanItems().stream().map(SpanData::getAttributes),
                metrics.collectAllMetrics().stream()
                        .flatMap(metric -> metric.getData().getPoints().stream())
                        .map(PointData::getAttributes));
        Set<String> elsewhere = new TreeSet<>();
        all.forEach(attributes -> attributes.forEach((key, value) -> {
            Set<String> members = registry.get(key.getKey());
            if (members == null) {
                elsewhere.add(key.getKey());
            } else if (!members.isEmpty()) {
                assertThat(members).as(key.getKey()).contains(value.toString());
            }
        }));
        // Of the models "error" and "deployment", which are not among our contracts.
        assertThat(elsewhere).containsExactly("deployment.environment.name", "error.type");
    }

    @Test
    @Tag("contracts")
    void the_metrics_have_the_units_and_attributes_that_are_published() throws IOException {
        JsonNode model = new YAMLMapper()
                .readTree(PublishedContracts.file("opentelemetry/model/cicd/metrics.yaml")
                        .toFile());
        stories().forEach(story -> tell(story, new RunIds()));

        Collection<MetricData> told = metrics.collectAllMetrics();
        assertThat(told).hasSize(2).allSatisfy(metric -> {
            JsonNode published = groups(model)
                    .filter(group -> group.path("metric_name").asText().equals(metric.getName()))
                    .findFirst()
                    .orElseThrow();
            assertThat(metric.getUnit()).isEqualTo(published.path("unit").asText());
            List<String> known = published.path("attributes").findValuesAsText("ref");
            metric.getData()
                    .getPoints()
                    .forEach(point -> point.getAttributes()
                            .forEach((key, value) -> assertThat(known).contains(key.getKey())));
        });
    }

    private static Stream<JsonNode> groups(JsonNode model) {
        return Streams.stream(model.path("groups"));
    }

    private static void register(JsonNode model, Map<String, Set<String>> registry) {
        groups(model)
                .forEach(group -> group.path("attributes")
                        .forEach(attribute -> registry.put(
                                attribute.path("id").asText(),
                                Set.copyOf(attribute.at("/type/members").findValuesAsText("value")))));
    }

    private SpanData root() {
        return spans.getFinishedSpanItems().stream()
                .filter(span -> span.getKind() == SpanKind.SERVER)
                .reduce((one, other) -> {
                    throw new AssertionError("two roots");
                })
                .orElseThrow();
    }

    private SpanData span(String task) {
        return spans.getFinishedSpanItems().stream()
                .filter(span -> task.equals(span.getAttributes().get(key("cicd.pipeline.task.run.id"))))
                .findFirst()
                .orElseThrow();
    }

    private Collection<? extends PointData> points(String metric) {
        return metrics.collectAllMetrics().stream()
                .filter(each -> each.getName().equals(metric))
                .findFirst()
                .orElseThrow()
                .getData()
                .getPoints();
    }

    private static AttributeKey<String> key(String name) {
        return AttributeKey.stringKey(name);
    }

    private static Instant at(long nanos) {
        return Instant.ofEpochSecond(0, nanos);
    }
}
