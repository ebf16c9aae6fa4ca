// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud;

import static dev.cumulane.pipeline.Work.container;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.internal.order.FunctionOrder;
import dev.cumulane.internal.order.OrderKeys;
import dev.cumulane.internal.order.OrderVariables;
import dev.cumulane.internal.order.ResultFile;
import dev.cumulane.internal.trace.Trace;
import dev.cumulane.pipeline.FunctionStage;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.pipeline.StageContext;
import dev.cumulane.pipeline.ValueKind;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.Cause;
import dev.cumulane.run.RunId;
import dev.cumulane.testing.SimulatedCloud;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a function stage was given in confidence is in nothing that it leaves. */
class FunctionSecretsTest {
    private static final AttemptId ATTEMPT = new AttemptId(new RunId("shop-0k3v9q2m7xw4b1ce"), "sign", 1);
    private static final String CANARY = "canary-7f3a\"x/9";

    @TempDir
    Path home;

    private final ArtifactStore store = SimulatedCloud.of(Pipeline.define(
                    "shop", p -> p.build("build", container("alpine:3.22").runs("true"))))
            .artifacts();
    private final List<String> log = new ArrayList<>();

    /** Says its secret in every way it can, and throws it. */
    public static final class Chatters implements FunctionStage {
        @Override
        public Result run(StageContext context) {
            String key = context.env("KEY");
            context.log("the key is " + key);
            context.log("or " + Base64.getEncoder().encodeToString(key.getBytes(UTF_8)));
            throw new IllegalStateException("x".repeat(455) + key);
        }
    }

    /** Hands its secret on. */
    public static final class HandsOn implements FunctionStage {
        @Override
        public Result run(StageContext context) {
            context.output("note", "with " + context.env("KEY"));
            return Result.success();
        }
    }

    /** Says which trace it is in. */
    public static final class Traced implements FunctionStage {
        @Override
        public Result run(StageContext context) {
            return Result.success(context.env("TRACEPARENT"));
        }
    }

    @Test
    void neither_log_nor_result_has_a_secret_even_where_the_detail_is_cut() throws Exception {
        ResultFile result = run(Chatters.class, Map.of());

        assertThat(result.verdict().cause()).isEqualTo(Cause.FUNCTION_FAILED);
        assertThat(result.verdict().detail()).contains("xxx***").doesNotContain("canary");
        assertThat(log).contains("the key is ***", "or ***");
        assertThat(String.join("\n", log)).doesNotContain("canary").contains("warning: secrets of fewer than 4");
    }

    @Test
    void a_value_that_holds_a_secret_is_refused_since_values_are_recorded() throws Exception {
        ResultFile result = run(HandsOn.class, Map.of("note", ValueKind.TEXT));

        assertThat(result.verdict().cause()).isEqualTo(Cause.OUTPUT_REFUSED);
        assertThat(result.verdict().detail()).contains("[note]").doesNotContain("canary");
        assertThat(result.values()).isEmpty();
    }

    @Test
    void a_stage_is_told_its_trace() throws Exception {
        assertThat(run(Traced.class, Map.of()).verdict().detail()).isEqualTo(Trace.parent(ATTEMPT));
    }

    private ResultFile run(Class<? extends FunctionStage> stage, Map<String, ValueKind> values) throws Exception {
        FunctionOrder order = new FunctionOrder(
                ATTEMPT,
                stage.getName(),
                "4f1c2ab0".repeat(5),
                List.of(),
                List.of(),
                new TreeMap<>(values),
                OrderVariables.of(new TreeMap<>()),
                60);
        new FunctionWorker(
                        store,
                        stage.getClassLoader(),
                        new TreeMap<>(Map.of("KEY", CANARY, "PIN", "123")),
                        log::add,
                        InstantSource.system())
                .run(store.put(order.bytes()), "simulated", home);
        return ResultFile.parse(ATTEMPT, store.read(OrderKeys.result(ATTEMPT)).orElseThrow());
    }
}
