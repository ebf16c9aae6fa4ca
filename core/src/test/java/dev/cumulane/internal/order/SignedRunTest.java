// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.order;

import static dev.cumulane.pipeline.Output.number;
import static dev.cumulane.pipeline.Work.container;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.cloud.Cloud;
import dev.cumulane.cloud.SignalEnvelope;
import dev.cumulane.cloud.WorkLauncher;
import dev.cumulane.cloud.WorkOrder;
import dev.cumulane.cloud.WorkRunner;
import dev.cumulane.cloud.contract.Twisted;
import dev.cumulane.contracts.Needed;
import dev.cumulane.engine.Engine;
import dev.cumulane.pipeline.Output;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.Commit;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.RunId;
import dev.cumulane.run.SourceEvent;
import dev.cumulane.run.TrustLevel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A whole run whose builds know nothing of their cloud but what a launcher of two kilobytes tells. */
class SignedRunTest extends OnTheBench {
    private static final Output<BigDecimal> ANSWER = number("answer");
    private static final Pipeline PIPELINE = Pipeline.define("shop", p -> {
        var build = p.build(
                "build",
                container("alpine")
                        .reads(p.source())
                        .runs("cp readme jar", "printf 42 >\"$CUMULANE_VALUES/answer\"")
                        .writes("jar", "jar")
                        .outputs(ANSWER));
        p.test(
                "unit",
                container("alpine")
                        .reads(build.artifact("jar"))
                        .env("ANSWER", build.value(ANSWER))
                        .runs("test \"$(cat jar)$ANSWER\" = text42"));
    });

    private final List<Bench.Ended> builds = new ArrayList<>();

    @Test
    void goesFromBuildToTestThroughSignedRequestsAlone() throws IOException {
        Bench bench = new Bench(home, Shell.SYSTEM);
        bench.link("curl", Needed.program("curl"));
        Commit commit = bench.commit("readme", "text");
        try (WorkSite site = new WorkSite()) {
            WorkRunner runner = new Launching(site.cloud(), bench);
            Cloud cloud = Twisted.of(Cloud.class, site.cloud(), "builds/0", (right, given) -> runner);
            try (Engine engine = Engine.on(cloud).register(PIPELINE).open()) {
                RunId run = engine.start("shop", new SourceEvent.Pushed(commit, "ada", TrustLevel.TRUSTED));
                site.simulated().settle();

                assertThat(engine.find(run).orElseThrow().outcome())
                        .as("%s", builds)
                        .contains(Outcome.SUCCESS);
            }
        }
        assertThat(builds)
                .hasSize(2)
                .allSatisfy(build -> assertThat(build.exitCode()).isZero());
    }

    /** A build service that does its work at once. */
    private final class Launching implements WorkRunner {
        private final Cloud cloud;
        private final Bench bench;

        Launching(Cloud cloud, Bench bench) {
            this.cloud = cloud;
            this.bench = bench;
        }

        @Override
        public String start(WorkOrder order) {
            try {
                builds.add(bench.launch(WorkLauncher.script(order)).await());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            cloud.signals().send(SignalEnvelope.workOver(order.attempt()));
            return "local";
        }

        @Override
        public void stop(AttemptId attempt, String serviceId) {
            throw new AssertionError("nothing is to be stopped: " + attempt);
        }

        @Override
        public Phase look(AttemptId attempt, String serviceId) {
            return Phase.OVER;
        }

        @Override
        public Optional<String> find(AttemptId attempt) {
            return Optional.empty();
        }
    }
}
