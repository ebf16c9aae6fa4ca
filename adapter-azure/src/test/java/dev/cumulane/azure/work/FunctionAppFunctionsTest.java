// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.work;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.storage.queue.models.QueueMessageItem;
import dev.cumulane.azure.client.AzureNames;
import dev.cumulane.azure.emulator.Emulators;
import dev.cumulane.azure.emulator.Storage;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.FunctionCall;
import dev.cumulane.cloud.WorkOrder;
import dev.cumulane.cloud.WorkRunner.Phase;
import dev.cumulane.cloud.contract.MemoryArtifactStore;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.TrustLevel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The runner on real queues. A call cannot be asked about, so the contract of runners is not this one's. */
final class FunctionAppFunctionsTest {
    private static final AttemptId ATTEMPT = AttemptId.parse("shop-0k3v9q2m7xw4b1ce/inspect/1");
    private static final WorkNames NAMES = new WorkNames(Emulators.NAMES);
    private static final Digest ORDER = Digest.of("the order".getBytes(UTF_8));
    private static final String WORKER = "worker-trusted";

    @RegisterExtension
    final Storage storage = new Storage(0, 0);

    private final MemoryArtifactStore store = new MemoryArtifactStore();
    private final Digest code = store.put("the jar".getBytes(UTF_8));
    private FunctionAppFunctions functions;

    @BeforeEach
    void open() {
        storage.undisturbed().queues().createQueue(WORKER);
        functions = new FunctionAppFunctions(() -> storage.clients().queues(), store, NAMES);
    }

    private static WorkOrder order(
            Optional<Digest> code, Duration within, TrustLevel trust, Map<String, String> secrets) {
        return new WorkOrder(
                ATTEMPT, ORDER, new WorkOrder.Function("shop.Inspect", code), within, new TreeMap<>(secrets), trust);
    }

    private WorkOrder order() {
        return order(Optional.of(code), Duration.ofMinutes(10), TrustLevel.TRUSTED, Map.of());
    }

    private List<QueueMessageItem> messages() {
        return storage.undisturbed().queues().getQueueClient(WORKER).receiveMessages(32).stream()
                .toList();
    }

    @Test
    void a_message_calls_the_worker_and_names_the_code_that_the_run_began_with() {
        String id = functions.start(order());

        QueueMessageItem message = messages().get(0);
        assertThat(FunctionAppFunctions.id(message.getMessageId()))
                .isEqualTo(id)
                .matches(FunctionAppFunctions::isCall);
        assertThat(WorkerCall.parse(message.getBody().toString()))
                .isEqualTo(new WorkerCall(code, new FunctionCall(ATTEMPT, ORDER, new TreeMap<>())));
        assertThat(message.getExpirationTime())
                .isBefore(message.getInsertionTime().plusMinutes(71));
    }

    @Test
    void a_start_that_is_repeated_is_a_second_call_for_which_the_claim_is() {
        assertThat(functions.start(order())).isNotEqualTo(functions.start(order()));
        assertThat(messages()).hasSize(2);
    }

    @Test
    void the_work_that_has_claimed_an_attempt_is_found_and_its_result_is_its_end() {
        assertThat(functions.find(ATTEMPT)).isEmpty();
        String id = functions.start(order());
        store.create("claims/" + ATTEMPT.key(), (id + "." + "0f".repeat(16)).getBytes(UTF_8));

        assertThat(functions.find(ATTEMPT)).contains(id);
        assertThat(functions.look(ATTEMPT, id)).isEqualTo(Phase.UNKNOWN);
        functions.stop(ATTEMPT, id);

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
        refused(order(Optional.of(code), Duration.ofMinutes(11), TrustLevel.TRUSTED, Map.of()), "at most PT10M");
        refused(
                order(Optional.of(code), minute, TrustLevel.UNTRUSTED, Map.of("A", "a")),
                "an untrusted run gets no secrets");
        refused(order(Optional.empty(), minute, TrustLevel.TRUSTED, Map.of()), "names no deployed code");
        refused(
                order(Optional.of(ORDER), minute, TrustLevel.TRUSTED, Map.of()),
                "began with (" + ORDER + ") is not in the artifact store");
        refused(
                order(Optional.of(code), minute, TrustLevel.TRUSTED, Map.of("A", "npm-token")),
                "queue " + NAMES.worker(TrustLevel.TRUSTED, List.of("npm-token")) + " of shop-ci in shop is missing");
        assertThat(messages()).isEmpty();
    }

    private void refused(WorkOrder order, String reason) {
        assertThatThrownBy(() -> functions.start(order))
                .isInstanceOfSatisfying(
                        CloudException.class, e -> assertThat(e.retryable()).isFalse())
                .hasMessageContaining(reason);
    }

    @Test
    void the_name_of_a_workers_function_app_is_as_long_as_one_can_be() {
        AzureNames longest = new AzureNames("shop", "a-name-of-24-characters1", Emulators.NAMES::subscription);
        for (TrustLevel trust : List.of(TrustLevel.TRUSTED, TrustLevel.INTERNAL)) {
            assertThat(longest.functionApp(new WorkNames(longest).worker(trust, List.of("a"))))
                    .hasSizeLessThanOrEqualTo(60);
        }
        assertThat(longest.functionApp(new WorkNames(longest).worker(TrustLevel.UNTRUSTED, List.of())))
                .hasSizeLessThanOrEqualTo(60);
    }
}
