// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.shell;

import static dev.cumulane.pipeline.Service.service;
import static dev.cumulane.pipeline.Work.container;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.Cloud;
import dev.cumulane.cloud.WorkEndpoint;
import dev.cumulane.cloud.WorkLauncher;
import dev.cumulane.cloud.WorkOrder;
import dev.cumulane.cloud.contract.SignedStore;
import dev.cumulane.cloud.contract.Twisted;
import dev.cumulane.internal.codec.Coding;
import dev.cumulane.internal.machine.Machine;
import dev.cumulane.internal.machine.RunPlan;
import dev.cumulane.internal.machine.RunProgress;
import dev.cumulane.internal.machine.Signal;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.run.Commit;
import dev.cumulane.run.RunId;
import dev.cumulane.run.SourceEvent;
import dev.cumulane.run.TrustLevel;
import dev.cumulane.testing.SimulatedCloud;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OrdersTest {
    private final Pipeline pipeline = Pipeline.define(
            "shop",
            p -> p.build(
                    "build",
                    container("maven:3.9")
                            .caching("m2", ".m2", "pom.xml")
                            .with(service("db", "postgres:16"))
                            .runs("mvn verify")));
    private final SimulatedCloud cloud = SimulatedCloud.of(pipeline);

    private WorkOrder order(TrustLevel trust) {
        return order(cloud, trust);
    }

    private WorkOrder order(Cloud where, TrustLevel trust) {
        RunPlan plan = RunPlan.of(pipeline.plan());
        RunProgress run = RunProgress.before(plan);
        Commit commit = Commit.commit("https://example.com/shop.git", "7".repeat(40));
        Signal.Begin begin = new Signal.Begin(
                new RunId("shop-0123456789abcdef"),
                plan.fingerprint(),
                new SourceEvent.Pushed(commit.at("refs/heads/main"), "ada", trust),
                Optional.empty());
        Machine.step(run, begin, Instant.EPOCH);
        return new Orders(where, new Values(where.artifacts()), Coding.JSON).order(run, "build", 1);
    }

    private String script(TrustLevel trust) {
        return new String(cloud.artifacts().read(order(trust).order(), 1 << 20).orElseThrow(), UTF_8);
    }

    @Test
    void trustedRunsShareACacheBranchesHaveTheirOwnAndForksHaveNone() {
        assertThat(script(TrustLevel.TRUSTED)).contains("'caches/shop/trusted/m2/'");
        assertThat(script(TrustLevel.INTERNAL)).contains("'caches/shop/internal/m2/ caches/shop/trusted/m2/'");
        assertThat(script(TrustLevel.UNTRUSTED)).doesNotContain("caches/shop");
    }

    @Test
    void anOrderNamesTheServicesBesideIt() {
        assertThat(order(TrustLevel.TRUSTED).runs())
                .isEqualTo(new WorkOrder.Container("maven:3.9", List.of(service("db", "postgres:16"))));
    }

    @Test
    void aBuildOnACloudWithSignedRequestsHasATicketThatNamesItsCachesAndLastsUntilItMustBeOver() {
        cloud.addSecret("ticket-key", "k".repeat(32));
        try (SignedStore store = new SignedStore(cloud.clock(), SignedStore.Words.S3)) {
            WorkEndpoint endpoint = new WorkEndpoint(URI.create("https://ci.example.com/work"), List.of("ticket-key"));
            Cloud stored = Twisted.of(Cloud.class, cloud, "artifacts/0", (right, given) -> store);
            Cloud signed = Twisted.of(Cloud.class, stored, "workEndpoint/0", (right, given) -> Optional.of(endpoint));

            WorkOrder trusted = order(signed, TrustLevel.TRUSTED);

            assertThat(ticket(store, trusted))
                    .startsWith("cumulane ticket 1\nattempt shop-0123456789abcdef/build/1\nuntil "
                            + Duration.ofHours(2).plusMinutes(15).toSeconds()
                            + "\nkeeps caches/shop/trusted/m2/\nproof ");
            assertThat(ticket(store, order(signed, TrustLevel.INTERNAL)))
                    .contains("keeps caches/shop/internal/m2/\nfinds caches/shop/trusted/m2/\nproof ");
            assertThat(ticket(store, order(signed, TrustLevel.UNTRUSTED))).doesNotContain("keeps", "finds");
            assertThat(order(signed, TrustLevel.TRUSTED)).isEqualTo(trusted);
            assertThat(WorkLauncher.script(trusted))
                    .contains(
                            "'https://ci.example.com/work'",
                            trusted.pass().orElseThrow().text());
            assertThat(trusted.toString())
                    .doesNotContain(trusted.pass().orElseThrow().text());
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WorkLauncher.script(order(TrustLevel.TRUSTED)))
                .withMessageContaining("has no pass");
    }

    private static String ticket(ArtifactStore store, WorkOrder order) {
        String script = new String(store.read(order.order(), 1 << 20).orElseThrow(), UTF_8);
        int from = script.indexOf("c_ticket='") + "c_ticket='".length();
        return script.substring(from, script.indexOf('\'', from));
    }
}
