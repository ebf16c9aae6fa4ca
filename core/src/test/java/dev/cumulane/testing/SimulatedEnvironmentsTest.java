// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.testing;

import static dev.cumulane.pipeline.Environment.environment;
import static dev.cumulane.pipeline.Work.container;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cumulane.cloud.Deliveries;
import dev.cumulane.cloud.DeploymentStep;
import dev.cumulane.cloud.StepReport;
import dev.cumulane.cloud.contract.DeliveriesContract;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.pipeline.Pipeline;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;

/** Each look of the contract lets a second pass. An artifact is a word, and a sick one makes the environment sick until a healthy one is made. */
class SimulatedEnvironmentsTest extends DeliveriesContract {
    private final SimulatedCloud cloud = SimulatedCloud.of(Pipeline.define("shop", p -> {
        var build = p.build("build", container("alpine:3.22").runs("make").writes("word", "word"));
        p.deploy(build.artifact("word"), environment(ENVIRONMENT));
    }));
    private final Set<String> told = new HashSet<>();
    private final Map<Digest, String> words = new HashMap<>();
    private int requests;

    @BeforeEach
    void listen() {
        cloud.signals().deliverTo(signal -> told.add(signal.id()));
    }

    @Override
    protected Deliveries deliveries() {
        return cloud.deliveries();
    }

    @Override
    protected void restart() {
        cloud.restart();
        listen();
    }

    @Override
    protected Digest healthy(String word) {
        cloud.environment(ENVIRONMENT).isHealthy();
        return artifact(word);
    }

    @Override
    protected Digest sick(String word) {
        cloud.environment(ENVIRONMENT).failsHealthCheck();
        return artifact(word);
    }

    private Digest artifact(String word) {
        Digest digest = cloud.artifacts().put(word.getBytes(UTF_8));
        words.put(digest, word);
        return digest;
    }

    @Override
    protected int starts(String word) {
        return cloud.environment(ENVIRONMENT).starts(Digest.of(word.getBytes(UTF_8)));
    }

    @Override
    protected Optional<String> answer() {
        return cloud.environment(ENVIRONMENT)
                .answer(requests++)
                .map(release -> words.get(release.artifacts().get(0).digest()));
    }

    @Override
    protected Optional<StepReport> told(DeploymentStep step) {
        cloud.advance(Duration.ofSeconds(1));
        return told.contains("step/" + step.stage() + "/" + step.index())
                ? cloud.deliveries().look(step).end()
                : Optional.empty();
    }
}
