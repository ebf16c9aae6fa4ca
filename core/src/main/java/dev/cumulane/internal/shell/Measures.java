// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.shell;

import dev.cumulane.cloud.Cloud;
import dev.cumulane.cloud.Metric;
import dev.cumulane.cloud.Metrics.Measurement;
import dev.cumulane.internal.machine.RunProgress;
import dev.cumulane.internal.machine.StageSlot;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.RunEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Measures what was recorded here, once: by whoever appended it. */
final class Measures {
    private static final Logger LOG = LoggerFactory.getLogger(Measures.class);
    private static final String RUN = "cicd.pipeline.run.id";
    private static final String RESULT = "cicd.pipeline.result";
    private static final String STAGE = "cicd.pipeline.task.name";
    private static final String STAGE_RESULT = "cicd.pipeline.task.run.result";

    private final Cloud cloud;

    Measures(Cloud cloud) {
        this.cloud = cloud;
    }

    /** Something was recorded of a run, which is now so. */
    void recorded(RunProgress run, List<RunEvent> events) {
        for (RunEvent event : events) {
            if (event instanceof RunEvent.StageFinished finished) {
                stage(run, finished);
            } else if (event instanceof RunEvent.RunFinished finished) {
                run(run, finished.outcome());
            } else if (event instanceof RunEvent.VoteRefused) {
                take(Measurement.of(Metric.VOTES_REFUSED, 1));
            }
        }
    }

    private void stage(RunProgress run, RunEvent.StageFinished finished) {
        StageSlot slot = run.slot(finished.stage()).orElseThrow();
        if (slot.began().isPresent() && slot.ended().isPresent()) {
            SortedMap<String, String> details = details(run);
            details.put(STAGE, finished.stage());
            details.put(STAGE_RESULT, word(finished.verdict().outcome()));
            ofPipeline(
                    run,
                    Metric.STAGE_DURATION,
                    seconds(slot.began().get(), slot.ended().get()),
                    details);
        }
    }

    private void run(RunProgress run, Outcome outcome) {
        SortedMap<String, String> details = details(run);
        details.put(RESULT, word(outcome));
        Optional<Instant> began = run.head().startedAt();
        began.ifPresent(at ->
                ofPipeline(run, Metric.RUN_DURATION, seconds(at, run.head().changedAt()), details));
        switch (outcome) {
            case FAILURE, ERROR, TIMEOUT -> ofPipeline(run, Metric.RUN_ERRORS, 1, details);
            case SUCCESS, CANCELLATION, SKIP -> {}
        }
    }

    private void ofPipeline(RunProgress run, Metric metric, double value, SortedMap<String, String> details) {
        SortedMap<String, String> dimensions = new TreeMap<>();
        dimensions.put(Metric.PIPELINE, run.plan().plan().pipeline());
        take(new Measurement(metric, value, dimensions, details));
    }

    private static SortedMap<String, String> details(RunProgress run) {
        SortedMap<String, String> details = new TreeMap<>();
        details.put(RUN, run.run().value());
        return details;
    }

    /** A sweep has looked at open runs. */
    void swept(int runs, Instant began) {
        take(Measurement.of(Metric.SWEEP_RUNS, runs));
        take(Measurement.of(Metric.SWEEP_DURATION, seconds(began, cloud.clock().instant())));
    }

    /** Somebody could not be told. */
    void untold() {
        take(Measurement.of(Metric.NOTICES_UNTOLD, 1));
    }

    private void take(Measurement measurement) {
        try {
            cloud.metrics().record(measurement);
        } catch (RuntimeException e) {
            LOG.warn("{} was not measured: {}", measurement.metric().text(), e.getMessage());
        }
    }

    private static double seconds(Instant from, Instant to) {
        return Math.max(0, Duration.between(from, to).toMillis()) / 1000.0;
    }

    private static String word(Outcome outcome) {
        return outcome.name().toLowerCase(Locale.ROOT);
    }
}
