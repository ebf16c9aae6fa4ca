// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.work;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.cloud.run.v2.Service;
import com.google.cloud.run.v2.TrafficTargetStatus;
import com.google.cloud.tasks.v2.Task;
import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.FunctionCall;
import dev.cumulane.cloud.WorkOrder;
import dev.cumulane.cloud.WorkRunner.Phase;
import dev.cumulane.cloud.contract.MovedClock;
import dev.cumulane.gcp.client.GcpClients;
import dev.cumulane.gcp.client.GcpNames;
import dev.cumulane.gcp.emulator.Emulators;
import dev.cumulane.gcp.fake.FakeCloudTasks;
import dev.cumulane.gcp.fake.FakeRunServices;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.TrustLevel;
import dev.cumulane.testing.SimulatedCloud;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Our client against fakes that read requests by the published definitions. A call cannot be asked about, so the contract of runners is not this one's. */
final class CloudRunFunctionsTest {
    private static final AttemptId ATTEMPT = AttemptId.parse("shop-0k3v9q2m7xw4b1ce/inspect/1");
    private static final WorkNames NAMES = new WorkNames(new GcpNames(Emulators.PROJECT, Emulators.REGION, "shop-ci"));
    private static final Digest CODE = Digest.of("the jar".getBytes(UTF_8));
    private static final Digest ORDER = Digest.of("the order".getBytes(UTF_8));
    private static final String WORKER = "shop-ci-worker-trusted";
    private static final String TAGGED = "https://" + WorkNames.tag(CODE) + "---" + WORKER + "-k3v9q2m7xw-ew.a.run.app";

    private final ArtifactStore store = SimulatedCloud.of().artifacts();
    private final Map<String, Service> services = new ConcurrentHashMap<>();
    private final FakeCloudTasks tasks = new FakeCloudTasks(new MovedClock()).create(NAMES.queue());
    private final FakeRunServices run = new FakeRunServices(name -> Optional.ofNullable(services.get(name)));
    private final GcpClients clients = Emulators.clients(Map.of("cloudtasks", tasks.endpoint(), "run", run.endpoint()));
    private final CloudRunFunctions functions =
            new CloudRunFunctions(() -> clients.api("cloudtasks"), () -> clients.api("run"), store, NAMES);

    CloudRunFunctionsTest() {
        TrafficTargetStatus other = TrafficTargetStatus.newBuilder()
                .setPercent(100)
                .setUri("https://latest.example")
                .build();
        TrafficTargetStatus tagged = TrafficTargetStatus.newBuilder()
                .setTag(WorkNames.tag(CODE))
                .setUri(TAGGED)
                .build();
        services.put(
                NAMES.location() + "/services/" + WORKER,
                Service.newBuilder()
                        .addTrafficStatuses(other)
                        .addTrafficStatuses(tagged)
                        .build());
    }

    @AfterEach
    void close() {
        tasks.close();
        run.close();
    }

    private static WorkOrder order(
            Optional<Digest> code, Duration within, TrustLevel trust, Map<String, String> secrets) {
        return new WorkOrder(
                ATTEMPT, ORDER, new WorkOrder.Function("shop.Inspect", code), within, new TreeMap<>(secrets), trust);
    }

    private static WorkOrder order() {
        return order(Optional.of(CODE), Duration.ofMinutes(30), TrustLevel.TRUSTED, Map.of());
    }

    @Test
    void a_task_calls_the_revision_whose_code_the_run_began_with() {
        String id = functions.start(order());

        Task task = tasks.due().get(0);
        assertThat(task.getHttpRequest().getUrl()).isEqualTo(TAGGED + "/");
        assertThat(task.getHttpRequest().getOidcToken().getServiceAccountEmail())
                .isEqualTo("shop-ci-caller@test-project.iam.gserviceaccount.com");
        assertThat(task.getHttpRequest().getOidcToken().getAudience())
                .isEqualTo("https://europe-west1-test-project.cloudfunctions.net/" + WORKER);
        assertThat(task.getDispatchDeadline().getSeconds()).isEqualTo(1800);
        assertThat(FunctionCall.parse(task.getHttpRequest().getBody().toStringUtf8()))
                .isEqualTo(new FunctionCall(ATTEMPT, ORDER, new TreeMap<>()));
        assertThat(CloudRunFunctions.id(task.getName())).isEqualTo(id).matches(CloudRunFunctions::isCall);
    }

    @Test
    void a_start_that_is_repeated_is_the_same_work_even_after_it_has_run() {
        String first = functions.start(order());
        assertThat(functions.start(order())).isEqualTo(first);
        assertThat(tasks.due()).hasSize(1);

        assertThat(functions.start(order())).isEqualTo(first);
        assertThat(tasks.waiting()).isEmpty();
        assertThat(run.requests()).as("where the revision is, is remembered").hasSize(1);
    }

    @Test
    void the_work_that_has_claimed_an_attempt_is_found_and_its_result_is_its_end() {
        assertThat(functions.find(ATTEMPT)).isEmpty();
        String id = functions.start(order());
        store.create("claims/" + ATTEMPT.key(), (id + "." + "0f".repeat(16)).getBytes(UTF_8));

        assertThat(functions.find(ATTEMPT)).contains(id);
        assertThat(functions.look(ATTEMPT, id)).isEqualTo(Phase.UNKNOWN);

        store.create("results/" + ATTEMPT.key() + ".json", "{}".getBytes(UTF_8));
        assertThat(functions.look(ATTEMPT, id)).isEqualTo(Phase.OVER);
    }

    @Test
    void an_attempt_that_the_engine_has_claimed_is_no_work() {
        store.create("claims/" + ATTEMPT.key(), "engine".getBytes(UTF_8));

        assertThat(functions.find(ATTEMPT)).isEmpty();
    }

    @Test
    void what_cannot_be_done_is_refused_for_good_with_the_reason() {
        Duration minute = Duration.ofMinutes(1);
        refused(order(Optional.of(CODE), Duration.ofMinutes(31), TrustLevel.TRUSTED, Map.of()), "at most PT30M");
        refused(
                order(Optional.of(CODE), minute, TrustLevel.UNTRUSTED, Map.of("A", "a")),
                "an untrusted run gets no secrets");
        refused(order(Optional.empty(), minute, TrustLevel.TRUSTED, Map.of()), "names no deployed code");
        refused(
                order(Optional.of(ORDER), minute, TrustLevel.TRUSTED, Map.of()),
                "worker " + WORKER + " has no revision with the code that this run began with");
        refused(
                order(Optional.of(CODE), minute, TrustLevel.TRUSTED, Map.of("A", "npm-token")),
                "worker " + NAMES.worker(TrustLevel.TRUSTED, List.of("npm-token")) + " is missing");
        assertThat(tasks.waiting()).isEmpty();
    }

    private void refused(WorkOrder order, String reason) {
        assertThatThrownBy(() -> functions.start(order))
                .isInstanceOfSatisfying(
                        CloudException.class, e -> assertThat(e.retryable()).isFalse())
                .hasMessageContaining(reason);
    }

    @Test
    void a_functions_name_and_tag_together_are_as_long_as_an_address_can_be() {
        GcpNames longest = new GcpNames(Emulators.PROJECT, Emulators.REGION, "abcdefghijklmnopqr");
        WorkNames names = new WorkNames(longest);
        for (TrustLevel trust : TrustLevel.values()) {
            assertThat(WorkNames.tag(CODE) + names.worker(trust, List.of())).hasSizeLessThanOrEqualTo(46);
            assertThat(WorkNames.tag(CODE) + names.worker(trust, List.of("a"))).hasSizeLessThanOrEqualTo(46);
            assertThat(names.workerAccount(trust, List.of("a")).replaceAll("@.*", ""))
                    .hasSizeLessThanOrEqualTo(30);
            assertThat(names.buildAccount("shop", trust, List.of("a")).replaceAll("@.*", ""))
                    .hasSizeLessThanOrEqualTo(30);
        }
    }
}
