// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cumulane.cloud.Capability;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.Logs;
import dev.cumulane.cloud.SignalEnvelope;
import dev.cumulane.cloud.StreamId;
import dev.cumulane.cloud.WorkOrder;
import dev.cumulane.cloud.WorkRunner.Phase;
import dev.cumulane.cloud.contract.Awaiting;
import dev.cumulane.engine.Engine;
import dev.cumulane.internal.order.BuildOrder;
import dev.cumulane.internal.order.OrderKeys;
import dev.cumulane.internal.order.ResultFile;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.Cause;
import dev.cumulane.run.Produced;
import dev.cumulane.run.RunId;
import dev.cumulane.run.TrustLevel;
import dev.cumulane.source.Forge;
import dev.cumulane.source.Forks;
import dev.cumulane.source.Repository;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalCloudTest {
    private static final AttemptId ATTEMPT = new AttemptId(new RunId("shop-0k3v9q2m7xw4b1ce"), "build", 1);

    @TempDir
    Path directory;

    private final List<String> notices = new CopyOnWriteArrayList<>();

    private static WorkOrder order(LocalCloud cloud, String command) {
        BuildOrder order = new BuildOrder(
                ATTEMPT,
                BuildOrder.Source.none(),
                List.of(),
                new BuildOrder.Work(
                        List.of(command), List.of(new BuildOrder.Output("word", "out/word.txt")), List.of()),
                new TreeMap<>());
        return new WorkOrder(
                ATTEMPT,
                cloud.artifacts().put(order.script().getBytes(UTF_8)),
                new WorkOrder.Container("alpine:3.20"),
                Duration.ofMinutes(1),
                new TreeMap<>(),
                TrustLevel.TRUSTED);
    }

    @Test
    void a_build_order_runs_to_its_result_which_is_signalled_and_its_log_can_be_read() throws Exception {
        List<SignalEnvelope> delivered = new CopyOnWriteArrayList<>();
        try (LocalCloud cloud =
                LocalCloud.at(directory.resolve("a state directory")).noticesTo(notices::add)) {
            cloud.signals().deliverTo(delivered::add);

            String id = cloud.builds().start(order(cloud, "mkdir out; echo hello | tee out/word.txt"));

            Awaiting.until("the end is signalled", () -> !delivered.isEmpty());
            assertThat(delivered).extracting(SignalEnvelope::stream).containsOnly(StreamId.of(ATTEMPT.run()));
            assertThat(cloud.builds().look(ATTEMPT, id)).isEqualTo(Phase.OVER);
            Logs.Piece log = cloud.logs().read(ATTEMPT, id, 0, 10_000);
            byte[] bytes = cloud.artifacts()
                    .read(OrderKeys.result(ATTEMPT))
                    .orElseThrow(() -> new AssertionError("no result; the log: " + log.text()));
            ResultFile result = ResultFile.parse(ATTEMPT, bytes);
            assertThat(result.verdict().cause()).as(log.text()).isEqualTo(Cause.COMPLETED);
            assertThat(result.verdict().artifacts()).extracting(Produced::name).containsExactly("word");
            assertThat(log.text()).contains("\nhello\n");
            assertThat(log.ended()).isTrue();
            assertThat(result.token()).startsWith(id);
            assertThat(notices).singleElement().asString().contains("alpine:3.20");
        }
    }

    @Test
    void a_cloud_that_is_only_described_touches_nothing() {
        Path state = directory.resolve("state");
        try (LocalCloud cloud = LocalCloud.at(state)
                .environment(
                        "production",
                        e -> e.process("java", "-jar", "shop.jar")
                                .health("/health")
                                .port(8080))
                .containersRequired()) {
            assertThat(cloud.name()).isEqualTo("local");
            assertThat(cloud.capabilities())
                    .contains(Capability.BUILD, Capability.TRAFFIC_SHARES)
                    .doesNotContain(Capability.ALARMS);
            assertThat(cloud.movedTo(directory.resolve("elsewhere")).state()).isEqualTo(directory.resolve("elsewhere"));
        }
        assertThat(Files.exists(state)).isFalse();
    }

    @Test
    void an_engine_that_lets_forks_run_needs_a_cloud_that_was_told_so() {
        Repository open = Repository.on(Forge.GITHUB, "shop", "https://github.com/acme/shop.git")
                .verifiedBy("shop-hook")
                .forks(Forks.AFTER_APPROVAL);
        try (LocalCloud cloud = LocalCloud.at(directory.resolve("state"))) {
            Engine.Builder builder = Engine.on(cloud).repository(open);
            assertThatThrownBy(builder::attach)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("'shop' lets change requests from forks run (AFTER_APPROVAL)")
                    .hasMessageContaining("runningForks()");
        }
        try (LocalCloud cloud = LocalCloud.at(directory.resolve("other")).runningForks();
                Engine engine = Engine.on(cloud).repository(open).attach()) {
            assertThat(engine.keptAside("shop")).isEmpty();
        }
    }

    @Test
    void environments_are_those_that_were_bound() {
        LocalCloud one = LocalCloud.at(directory).environment("staging", e -> e.process("java"));
        try (LocalCloud two = one.environment("production", e -> e.process("java"))) {
            assertThat(one.deliveries().environments()).containsExactly("staging");
            assertThat(two.deliveries().environments()).containsExactly("production", "staging");
        }
        one.close();
    }

    @Test
    void an_environment_that_is_bound_twice_or_cannot_be_is_refused() {
        LocalCloud cloud = LocalCloud.at(directory).environment("production", e -> e.process("java"));

        assertThatThrownBy(() -> cloud.environment("production", e -> e.process("java")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'production' is bound twice");
        assertThatThrownBy(() -> cloud.environment("../up", e -> e.process("java")))
                .hasMessageContaining("../up");
        assertThatThrownBy(() -> cloud.environment("staging", e -> e.process()))
                .hasMessageContaining("at least one word");
        assertThatThrownBy(() ->
                        cloud.environment("staging", e -> e.process("java").port(0)))
                .hasMessageContaining("port 0");
        assertThatThrownBy(() ->
                        cloud.environment("staging", e -> e.process("java").health("health")))
                .hasMessageContaining("'health'");
        assertThatThrownBy(() ->
                        cloud.environment("staging", e -> e.process("java").healthyWithin(Duration.ZERO)))
                .hasMessageContaining("PT0S");
        assertThatThrownBy(() ->
                        cloud.environment("staging", e -> e.process("java").variable("PORT", "1")))
                .hasMessageContaining("'PORT'");
    }

    @Test
    void one_cloud_at_a_time_is_the_one_whose_engine_works_on_a_directory() {
        LocalCloud first = LocalCloud.at(directory);
        try (LocalCloud second = LocalCloud.at(directory.resolve("../" + directory.getFileName()))) {
            assertThat(first.claim()).isTrue();
            assertThat(first.claim()).isTrue();
            assertThat(second.claim()).isFalse();
            assertThatThrownBy(() -> second.signals().deliverTo(signal -> {}))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContainingAll(
                            "process " + ProcessHandle.current().pid() + " ",
                            second.state().toString());

            first.close();
            assertThat(second.signals().deliverTo(signal -> {})).isTrue();
            assertThat(EngineLock.holder(directory)).isPresent();
        }
        assertThat(EngineLock.holder(directory)).isEmpty();
    }

    @Test
    void required_containers_stay_required_in_a_cloud_made_from_it() {
        try (LocalCloud cloud = LocalCloud.at(directory).containersRequired().noticesTo(notices::add)) {
            WorkOrder order = order(cloud, "true");
            assertThatThrownBy(() -> cloud.builds().start(order))
                    .isInstanceOf(CloudException.class)
                    .hasMessageContaining("alpine:3.20");
        }
    }
}
