// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.shell;

import static dev.cumulane.pipeline.Approvers.anyOf;
import static dev.cumulane.pipeline.Work.container;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.cloud.Cloud;
import dev.cumulane.cloud.Redactor;
import dev.cumulane.cloud.Secrets;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.pipeline.Value;
import dev.cumulane.run.Commit;
import dev.cumulane.run.RunId;
import dev.cumulane.run.SourceEvent;
import dev.cumulane.run.Vote;
import dev.cumulane.run.Voter;
import dev.cumulane.testing.SimulatedCloud;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A secret that somebody pastes into a comment is not recorded, where the cloud lets the engine know it. */
class WishSecretsTest {
    private static final String CANARY = "canary-7f3a";

    private final Pipeline pipeline = Pipeline.define("shop", p -> {
        p.build(
                "build",
                container("alpine:3.22").env("KEY", Value.secret("key")).runs("make"));
        p.approval("release", anyOf("ada"));
    });
    private final SimulatedCloud cloud = SimulatedCloud.of(pipeline);

    @Test
    void a_comment_and_a_reason_are_masked_before_they_are_sent() {
        EngineCore engine = new EngineCore(knowing(cloud));
        engine.register(List.of(pipeline));
        cloud.signals().deliverTo(engine::handle);
        RunId run = engine.start(
                "shop", new SourceEvent.Asked(Commit.commit("https://example.com/shop.git", "0".repeat(40)), "ada"));
        cloud.advance(Duration.ofMinutes(10));

        engine.vote(run, "release", new Voter("ada", Vote.Via.JAVA), Vote.Decision.REJECT, "it printed " + CANARY);
        cloud.advance(Duration.ofMinutes(10));

        assertThat(engine.history(run, 1).toString()).contains("it printed ***").doesNotContain(CANARY);
    }

    /** The same cloud, whose secrets can be masked. */
    private static Cloud knowing(SimulatedCloud cloud) {
        Secrets masking = new Secrets() {
            @Override
            public boolean exists(String reference) {
                return true;
            }

            @Override
            public Optional<byte[]> read(String reference) {
                return Optional.empty();
            }

            @Override
            public Redactor redactor(Collection<String> references) {
                return references.contains("key") ? Redactor.of(Map.of("key", CANARY)) : Redactor.none();
            }
        };
        return (Cloud) Proxy.newProxyInstance(
                Cloud.class.getClassLoader(),
                new Class<?>[] {Cloud.class},
                (proxy, method, arguments) ->
                        method.getName().equals("secrets") ? masking : method.invoke(cloud, arguments));
    }
}
