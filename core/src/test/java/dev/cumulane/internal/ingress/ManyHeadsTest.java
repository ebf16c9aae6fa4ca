// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.ingress;

import static dev.cumulane.pipeline.Trigger.push;
import static dev.cumulane.pipeline.Work.container;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.hash.Hashing;
import dev.cumulane.cloud.HttpAnswer;
import dev.cumulane.cloud.HttpRequest;
import dev.cumulane.engine.Engine;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.source.Forge;
import dev.cumulane.source.Repository;
import dev.cumulane.testing.SimulatedCloud;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** One push of a whole mirror. */
final class ManyHeadsTest {
    private static final int BRANCHES = 3_000;
    private static final Pipeline PIPELINE = Pipeline.define("shop", p -> {
        p.on(push());
        p.build("build", container("alpine:3").reads(p.source()).runs("make"));
    });

    private final SimulatedCloud cloud = SimulatedCloud.of(PIPELINE);

    @Test
    void a_push_of_three_thousand_branches_starts_their_runs_and_is_done_with() {
        cloud.addSecret("hook", Shop.SECRET);
        Engine engine = Engine.on(cloud)
                .register(PIPELINE)
                .repository(
                        Repository.on(Forge.BITBUCKET_DATA_CENTER, "shop", "https://git.example.com/scm/acme/shop.git")
                                .verifiedBy("hook"))
                .open();
        byte[] body = body(BRANCHES).getBytes(StandardCharsets.UTF_8);

        assertThat(deliver(engine, body).status()).isEqualTo(202);
        cloud.settle();

        assertThat(engine.list(1_000))
                .hasSize(1_000)
                .allMatch(run -> run.outcome().isPresent());
        assertThat(Shop.history(cloud)).singleElement().asString().contains("\"started\":" + BRANCHES);
        deliver(engine, body);
        cloud.settle();
        assertThat(Shop.history(cloud)).as("what comes again is known").hasSize(1);
    }

    private static HttpAnswer deliver(Engine engine, byte[] body) {
        String signature = Hashing.hmacSha256(Shop.SECRET.getBytes(StandardCharsets.UTF_8))
                .hashBytes(body)
                .toString();
        return engine.answer(HttpRequest.of(
                "POST",
                "/hooks/shop",
                "",
                Map.of(
                        "X-Event-Key", List.of("repo:refs_changed"),
                        "X-Request-Id", List.of("r1"),
                        "X-Hub-Signature", List.of("sha256=" + signature)),
                body));
    }

    private static String body(int branches) {
        return IntStream.rangeClosed(1, branches)
                .mapToObj(i -> """
                        {"ref":{"id":"refs/heads/b%d"},"toHash":"%040x","type":"UPDATE"}""".formatted(i, i))
                .collect(Collectors.joining(",", """
                        {"actor":{"name":"ada"},"repository":{"slug":"shop","project":{"key":"ACME"}},"changes":[""", "]}"));
    }
}
