// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.engine;

import static dev.cumulane.pipeline.Approvers.anyOf;
import static dev.cumulane.pipeline.Work.container;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cumulane.cloud.Cloud;
import dev.cumulane.cloud.Metric;
import dev.cumulane.cloud.Metrics;
import dev.cumulane.cloud.Metrics.Measurement;
import dev.cumulane.cloud.contract.Twisted;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.run.Commit;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.RunId;
import dev.cumulane.testing.SimulatedCloud;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class MetricsTest {
    private static final Pipeline SHOP = Pipeline.define("shop", p -> {
        var build = p.build("build", container("alpine:3.22").runs("make"));
        p.approval("release", anyOf("ada")).after(build);
    });

    private final List<Measurement> taken = new ArrayList<>();
    private final SimulatedCloud world = SimulatedCloud.of(SHOP);
    private Metrics metrics = taken::add;
    private final Cloud cloud = Twisted.of(Cloud.class, world, "metrics/0", (right, given) -> metrics);

    private RunId started(Engine engine) {
        RunId run =
                engine.start("shop", new Commit("https://example.com/shop.git", "main", "4f1c2ab0".repeat(5)), "ada");
        world.settle();
        return run;
    }

    private List<Measurement> of(Metric metric) {
        return taken.stream().filter(one -> one.metric() == metric).toList();
    }

    @Test
    void runs_and_stages_are_measured_by_their_pipeline_when_they_end() {
        try (Engine engine = Engine.on(cloud).register(SHOP).open()) {
            RunId run = started(engine);
            world.advance(Duration.ofHours(2));
            assertThat(of(Metric.RUN_DURATION)).isEmpty();

            engine.approve(run, "release", "ada", "");
            world.settle();
        }

        assertThat(of(Metric.STAGE_DURATION))
                .extracting(one -> one.details().get("cicd.pipeline.task.name"))
                .containsExactly("build", "release");
        assertThat(of(Metric.RUN_DURATION)).singleElement().satisfies(one -> {
            assertThat(one.value()).isBetween(7200.0, 7300.0);
            assertThat(one.dimensions()).isEqualTo(Map.of("cicd.pipeline.name", "shop"));
            assertThat(one.details()).containsEntry("cicd.pipeline.result", "success");
        });
        assertThat(of(Metric.RUN_ERRORS)).isEmpty();
    }

    @Test
    void a_run_that_fails_is_one_of_the_errors() {
        world.stage("build").fails();
        try (Engine engine = Engine.on(cloud).register(SHOP).open()) {
            started(engine);
        }

        assertThat(of(Metric.RUN_ERRORS))
                .singleElement()
                .satisfies(one -> assertThat(one.details()).containsEntry("cicd.pipeline.result", "failure"));
    }

    @Test
    void a_vote_that_does_not_count_is_measured_and_a_sweep_tells_what_it_looked_at() {
        try (Engine engine = Engine.on(cloud).register(SHOP).open()) {
            RunId run = started(engine);
            world.advance(Duration.ofMinutes(16));
            engine.sweep();
            assertThatIllegalArgumentException().isThrownBy(() -> engine.approve(run, "release", "mallory", ""));
            world.settle();
        }

        assertThat(of(Metric.VOTES_REFUSED)).hasSize(1);
        assertThat(of(Metric.SWEEP_RUNS))
                .anySatisfy(one -> assertThat(one.value()).isEqualTo(1));
        assertThat(of(Metric.SWEEP_DURATION)).isNotEmpty();
    }

    @Test
    void a_port_that_fails_keeps_no_run_from_ending() {
        metrics = measurement -> {
            throw new IllegalStateException("the disk is full");
        };
        try (Engine engine = Engine.on(cloud).register(SHOP).open()) {
            RunId run = started(engine);
            engine.approve(run, "release", "ada", "");
            world.settle();

            assertThat(engine.find(run).orElseThrow().status().outcome()).contains(Outcome.SUCCESS);
        }
    }

    @Test
    void a_measurement_has_the_dimensions_of_its_metric_and_a_value() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Measurement.of(Metric.RUN_DURATION, 1))
                .withMessage("metric cicd.pipeline.run.duration has the dimensions [cicd.pipeline.name], not []");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Measurement.of(Metric.SIGNAL_AGE, -1))
                .withMessageContaining("cannot be -1.0");
        TreeMap<String, String> twice = new TreeMap<>(Map.of(Metric.PIPELINE, "shop"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Measurement(Metric.RUN_ERRORS, 1, twice, twice))
                .withMessageContaining("is a dimension already");
    }
}
