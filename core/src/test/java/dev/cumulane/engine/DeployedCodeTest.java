// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cumulane.cloud.Cloud;
import dev.cumulane.cloud.contract.Twisted;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.pipeline.FunctionStage;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.pipeline.Plan;
import dev.cumulane.pipeline.StageContext;
import dev.cumulane.run.Commit;
import dev.cumulane.run.RunId;
import dev.cumulane.testing.SimulatedCloud;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Clouds whose functions are called by version, and which limit how long one may take. */
class DeployedCodeTest {
    private static final Digest DEPLOYED = Digest.of(new byte[] {1});

    /** A stage that does nothing. */
    public static final class Idle implements FunctionStage {
        @Override
        public Result run(StageContext context) {
            return Result.success();
        }
    }

    private static Pipeline pipeline(Duration within) {
        return Pipeline.define("shop", p -> p.function("idle", Idle.class).within(within));
    }

    private static Engine engine(Cloud cloud, Pipeline pipeline) {
        return Engine.on(cloud).register(pipeline).open();
    }

    @Test
    void aPlanNamesTheDeployedCodeOfItsFunctionStagesSoThatARunGoesOnWithIt() {
        Pipeline pipeline = pipeline(Duration.ofMinutes(1));
        Cloud cloud = Twisted.of(
                Cloud.class, SimulatedCloud.of(pipeline), "deployedCode/0", (right, given) -> Optional.of(DEPLOYED));
        try (Engine engine = engine(cloud, pipeline)) {
            RunId run = engine.start(
                    "shop", new Commit("https://example.com/shop.git", "main", "4f1c2ab0".repeat(5)), "ada");

            Plan plan = engine.plan(run);
            assertThat(plan.code()).contains(DEPLOYED);
            assertThat(plan.fingerprint()).isNotEqualTo(pipeline.plan().fingerprint());
        }
    }

    @Test
    void aFunctionThatMayTakeLongerThanTheCloudAllowsIsRefused() {
        Pipeline pipeline = pipeline(Duration.ofMinutes(16));
        Cloud cloud = Twisted.of(
                Cloud.class,
                SimulatedCloud.of(pipeline),
                "longestFunction/0",
                (right, given) -> Optional.of(Duration.ofMinutes(15)));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> engine(cloud, pipeline))
                .withMessageContaining("stage 'idle' may take PT16M")
                .withMessageContaining("takes at most PT15M");
        assertThat(engine(SimulatedCloud.of(pipeline), pipeline).pipelines()).containsExactly("shop");
    }
}
