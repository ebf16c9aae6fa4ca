// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.standards;

import dev.cumulane.internal.trace.Trace;
import dev.cumulane.internal.trace.WantedIds;
import dev.cumulane.pipeline.Plan;
import dev.cumulane.pipeline.Stage;
import dev.cumulane.run.Cause;
import dev.cumulane.run.HistoryRecord;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.RunId;
import dev.cumulane.run.SourceEvent;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Spans and metrics of ended runs, under the {@code cicd.*} and {@code vcs.*} names of OpenTelemetry's semantic conventions.
 *
 * <p>All of a run is told at its end, from its history and with the times that stand there: a span that is open while nobody runs would be lost with the first function
 * that is recycled. Told again, it gives the same spans; with an SDK that asks {@link WantedIds} they also have the same ids. Any thread.
 */
public final class Telemetry {
    private static final String SCOPE = "dev.cumulane";
    private static final List<Double> SECONDS =
            List.of(1.0, 5.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0, 14400.0, 86400.0, 604800.0);

    private final Tracer tracer;
    private final DoubleHistogram duration;
    private final LongCounter errors;
    private final Origin origin;

    /** Tells through this SDK, or through nothing if it is none. */
    public Telemetry(OpenTelemetry telemetry, Origin origin) {
        this.origin = origin;
        this.tracer = telemetry.getTracer(SCOPE);
        Meter meter = telemetry.getMeter(SCOPE);
        this.duration = meter.histogramBuilder("cicd.pipeline.run.duration")
                .setUnit("s")
                .setDescription("Duration of a pipeline run grouped by pipeline, state and result.")
                .setExplicitBucketBoundariesAdvice(SECONDS)
                .build();
        this.errors = meter.counterBuilder("cicd.pipeline.run.errors")
                .setUnit("{error}")
                .setDescription("The number of errors encountered in pipeline runs (eg. compile, test failures).")
                .build();
    }

    /** Tells of a run that has ended; of one that has not there is nothing to tell yet. */
    public void tell(Plan plan, List<HistoryRecord> history) {
        Timeline.of(plan, history).ifPresent(timeline -> {
            spans(timeline);
            measure(timeline);
        });
    }

    private void spans(Timeline run) {
        RunId id = run.started().run();
        Optional<Span> root = root(run);
        if (root.isEmpty()) {
            return;
        }
        Context parent = Context.root().with(root.get());
        for (Timeline.Task task : run.tasks()) {
            Span span = WantedIds.with(
                    new WantedIds.Ids(Trace.trace(id), Trace.span(task.id())),
                    () -> tracer.spanBuilder(task.id().stage())
                            .setSpanKind(SpanKind.INTERNAL)
                            .setParent(parent)
                            .setStartTimestamp(task.began())
                            .setAllAttributes(attributes(id, task))
                            .startSpan());
            end(span, task.verdict().outcome(), task.verdict().detail(), task.ended());
        }
        end(root.get(), run.outcome(), "", run.ended());
    }

    /** The span of the run in its own trace; empty if nobody listens. */
    private Optional<Span> root(Timeline run) {
        RunId id = run.started().run();
        WantedIds.Ids ids = new WantedIds.Ids(Trace.trace(id), Trace.span(id));
        Span first = WantedIds.with(ids, () -> builder(run).setNoParent().startSpan());
        if (!first.getSpanContext().isValid()) {
            return Optional.empty();
        }
        if (first.getSpanContext().getTraceId().equals(ids.trace())) {
            return Optional.of(first);
        }
        // This SDK draws ids of its own: only a parent elsewhere puts the span into the run's trace. The first one is
        // never
        // ended, and so never exported.
        return Optional.of(builder(run)
                .setParent(Context.root().with(Span.wrap(remote(id))))
                .startSpan());
    }

    private SpanBuilder builder(Timeline run) {
        SpanBuilder builder = tracer.spanBuilder("RUN " + run.started().pipeline())
                .setSpanKind(SpanKind.SERVER)
                .setStartTimestamp(run.began())
                .setAllAttributes(attributes(run));
        run.started().lineage().ifPresent(lineage -> builder.addLink(remote(lineage.of())));
        return builder;
    }

    private static SpanContext remote(RunId run) {
        return SpanContext.createFromRemoteParent(
                Trace.trace(run), Trace.span(run), TraceFlags.getSampled(), TraceState.getDefault());
    }

    private static void end(Span span, Outcome outcome, String detail, Instant at) {
        if (outcome == Outcome.FAILURE || outcome == Outcome.ERROR || outcome == Outcome.TIMEOUT) {
            span.setStatus(StatusCode.ERROR, detail);
        }
        span.end(at);
    }

    private Attributes attributes(Timeline run) {
        RunId id = run.started().run();
        AttributesBuilder all = Attributes.builder()
                .put("cicd.pipeline.name", run.started().pipeline())
                .put("cicd.pipeline.action.name", "RUN")
                .put("cicd.pipeline.run.id", id.value())
                .put("cicd.pipeline.run.url.full", origin.run(id))
                .put("cicd.pipeline.result", word(run.outcome()));
        error(run.outcome(), run.cause()).ifPresent(type -> all.put("error.type", type));
        source(run.started().source(), all);
        return all.build();
    }

    private static void source(SourceEvent source, AttributesBuilder all) {
        String ref = source.commit().ref();
        all.put("vcs.repository.url.full", Story.repository(source.commit()));
        all.put("vcs.ref.head.revision", source.commit().id());
        if (ref.startsWith("refs/heads/")) {
            all.put("vcs.ref.head.name", ref.substring("refs/heads/".length())).put("vcs.ref.head.type", "branch");
        } else if (ref.startsWith("refs/tags/")) {
            all.put("vcs.ref.head.name", ref.substring("refs/tags/".length())).put("vcs.ref.head.type", "tag");
        }
        if (source instanceof SourceEvent.ChangeProposed proposed) {
            all.put("vcs.change.id", proposed.change());
            all.put("vcs.ref.base.name", proposed.target()).put("vcs.ref.base.type", "branch");
        }
    }

    private Attributes attributes(RunId run, Timeline.Task task) {
        AttributesBuilder all = Attributes.builder()
                .put("cicd.pipeline.task.name", task.id().stage())
                .put("cicd.pipeline.task.run.id", task.id().key())
                .put(
                        "cicd.pipeline.task.run.url.full",
                        origin.stage(run, task.id().stage()))
                .put("cicd.pipeline.task.run.result", word(task.verdict().outcome()));
        type(task.stage()).ifPresent(type -> all.put("cicd.pipeline.task.type", type));
        task.service().ifPresent(service -> all.put("cicd.worker.id", service));
        error(task.verdict().outcome(), Optional.of(task.verdict().cause()))
                .ifPresent(type -> all.put("error.type", type));
        if (task.stage() instanceof Stage.Deploy deploy) {
            all.put(
                    "deployment.environment.name",
                    deploy.delivery().environment().name());
        }
        return all.build();
    }

    private void measure(Timeline run) {
        Instant executed = run.executed().orElse(run.ended());
        Instant finalized = run.finalized().filter(at -> at.isAfter(executed)).orElse(run.ended());
        boolean finalizing = run.finalized().isPresent() && finalized.isBefore(run.ended());
        measure(run, "pending", run.began(), executed, run.executed().isEmpty());
        if (run.executed().isPresent()) {
            measure(run, "executing", executed, finalized, !finalizing);
        }
        if (run.executed().isPresent() && finalizing) {
            measure(run, "finalizing", finalized, run.ended(), true);
        }
        for (Timeline.Task task : run.tasks()) {
            error(task.verdict().outcome(), Optional.of(task.verdict().cause()))
                    .ifPresent(type -> errors.add(
                            1,
                            Attributes.builder()
                                    .put("cicd.pipeline.name", run.started().pipeline())
                                    .put("error.type", type)
                                    .build()));
        }
    }

    /** The result is said of the state in which it came about. */
    private void measure(Timeline run, String state, Instant from, Instant to, boolean last) {
        AttributesBuilder all = Attributes.builder()
                .put("cicd.pipeline.name", run.started().pipeline())
                .put("cicd.pipeline.run.state", state);
        if (last) {
            all.put("cicd.pipeline.result", word(run.outcome()));
            error(run.outcome(), run.cause()).ifPresent(type -> all.put("error.type", type));
        }
        duration.record(Duration.between(from, to).toMillis() / 1000.0, all.build());
    }

    private static Optional<String> type(Stage stage) {
        if (stage instanceof Stage.Build) {
            return Optional.of("build");
        }
        if (stage instanceof Stage.Test) {
            return Optional.of("test");
        }
        return stage instanceof Stage.Deploy ? Optional.of("deploy") : Optional.empty();
    }

    private static Optional<String> error(Outcome outcome, Optional<Cause> cause) {
        boolean wrong = outcome == Outcome.FAILURE || outcome == Outcome.ERROR || outcome == Outcome.TIMEOUT;
        return wrong ? Optional.of(cause.map(Telemetry::word).orElse(word(outcome))) : Optional.empty();
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
