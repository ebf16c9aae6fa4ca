// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.signals;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.cloud.tasks.v2.Task;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.Journal;
import dev.cumulane.cloud.SignalEnvelope;
import dev.cumulane.cloud.StreamId;
import dev.cumulane.cloud.contract.MovedClock;
import dev.cumulane.cloud.contract.Scripted;
import dev.cumulane.gcp.client.GcpClients;
import dev.cumulane.gcp.client.GcpNames;
import dev.cumulane.gcp.emulator.CountedCalls;
import dev.cumulane.gcp.emulator.Emulators;
import dev.cumulane.gcp.fake.FakeCloudTasks;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is Pub/Sub's and Cloud Tasks' own: what a signal costs, waits beyond a task's, early messages, and what is answered to a push. */
final class PubSubSignalsTest {
    private static final StreamId LOCK = StreamId.environment("production");
    private static final SignalEnvelope SIGNAL = new SignalEnvelope("vote/ada", LOCK, new byte[] {1, 2, 3});

    private final MovedClock clock = new MovedClock();
    private final GcpNames names = Emulators.names();
    private final FakeCloudTasks tasks = new FakeCloudTasks(clock).create(names.timers());
    private final Scripted topic = new Scripted().then(200, "{\"messageIds\":[\"1\"]}");
    private final CountedCalls calls = new CountedCalls();
    private final List<SignalEnvelope> handled = new ArrayList<>();
    private final PubSubSignals signals = at(tasks.endpoint());

    @AfterEach
    void close() {
        tasks.close();
        topic.close();
    }

    @Test
    void a_signal_for_now_is_one_call_and_one_for_an_instant_is_one_call() {
        signals.send(SIGNAL);
        signals.send(SIGNAL, clock.instant().plusSeconds(5));

        assertThat(calls.calls()).isEqualTo(Map.of("pubsub.publish", 1, "cloudtasks.createTask", 1));
    }

    @Test
    void a_task_publishes_on_the_topic_in_the_name_of_its_own_account_at_the_next_whole_second() {
        signals.send(SIGNAL, clock.instant().plusMillis(4001));

        Task task = tasks.waiting().get(0);
        assertThat(task.getHttpRequest().getUrl()).isEqualTo(topic.endpoint() + "/v1/" + names.signals() + ":publish");
        assertThat(task.getHttpRequest().getOauthToken().getServiceAccountEmail())
                .isEqualTo(names.serviceAccount("timers"));
        assertThat(Instant.ofEpochSecond(task.getScheduleTime().getSeconds()))
                .isEqualTo(clock.instant().plusSeconds(5));
    }

    @Test
    void the_same_signal_for_the_same_instant_waits_once() {
        Instant at = clock.instant().plusSeconds(60);

        signals.send(SIGNAL, at);
        signals.send(SIGNAL, at);
        signals.send(SIGNAL, at.plusSeconds(1));

        assertThat(tasks.waiting()).hasSize(2);
    }

    @Test
    void an_instant_in_a_hundred_days_is_reached_in_steps_that_cloud_tasks_takes() {
        Instant at = clock.instant().plus(Duration.ofDays(100));
        PubSubPush push = push();
        signals.send(SIGNAL, at);

        int steps = 0;
        while (handled.isEmpty()) {
            assertThat(clock.instant()).isBeforeOrEqualTo(at);
            clock.move(Duration.ofDays(1));
            for (Task task : tasks.due()) {
                assertThat(push.handle(pushed(task, "m-" + steps))).isEqualTo(PubSubPush.DONE);
                steps++;
            }
        }

        assertThat(steps).isEqualTo(4);
        assertThat(clock.instant()).isEqualTo(at);
        assertThat(handled.get(0)).usingRecursiveComparison().isEqualTo(SIGNAL);
    }

    @Test
    void a_message_that_comes_too_early_by_our_clock_is_sent_again_though_its_task_has_run() {
        signals.send(SIGNAL, clock.instant().plusSeconds(10));
        clock.move(Duration.ofSeconds(10));
        byte[] pushed = pushed(tasks.due().get(0), "m-1");
        clock.move(Duration.ofSeconds(-3));

        assertThat(push().handle(pushed)).isEqualTo(PubSubPush.DONE);
        assertThat(push().handle(pushed)).isEqualTo(PubSubPush.DONE);

        assertThat(handled).isEmpty();
        assertThat(tasks.waiting()).hasSize(1);
    }

    @Test
    void the_largest_signal_fits_into_a_task() {
        signals.send(
                new SignalEnvelope("i".repeat(200), LOCK, new byte[Journal.LARGEST_RECORD]),
                clock.instant().plusSeconds(60));

        assertThat(tasks.waiting()).hasSize(1);
    }

    @Test
    void a_handler_that_fails_is_told_the_message_again_and_what_nobody_understands_too() {
        PubSubPush failing = new PubSubPush(
                signals,
                signal -> {
                    throw new IllegalStateException("no");
                },
                message -> {
                    throw new IllegalArgumentException("what is this?");
                });
        signals.send(SIGNAL, clock.instant().plusSeconds(1));
        clock.move(Duration.ofSeconds(1));

        assertThat(failing.handle(pushed(tasks.due().get(0), "m-1"))).isEqualTo(PubSubPush.AGAIN);
        assertThat(failing.handle("{\"message\":{\"messageId\":\"2\",\"data\":\"AQ==\"}}".getBytes(UTF_8)))
                .isEqualTo(PubSubPush.STRANGE);
    }

    @Test
    void a_message_of_another_service_is_told_as_the_signals_that_it_means() {
        PubSubPush push = new PubSubPush(
                signals,
                handled::add,
                message -> message.attributes().containsKey("buildId") ? List.of(SIGNAL) : List.of());

        assertThat(push.handle(
                        "{\"message\":{\"messageId\":\"2\",\"attributes\":{\"buildId\":\"7\"}}}".getBytes(UTF_8)))
                .isEqualTo(PubSubPush.DONE);

        assertThat(handled).containsExactly(SIGNAL);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no json",
                "[]",
                "{}",
                "{\"message\":7}",
                "{\"message\":{}}",
                "{\"message\":{\"messageId\":7}}",
                "{\"message\":{\"messageId\":\"1\",\"data\":\"?\"}}",
                "{\"message\":{\"messageId\":\"1\",\"data\":{}}}"
            })
    void a_body_that_is_no_push_is_strange(String body) {
        assertThat(PushedMessage.parse(body.getBytes(UTF_8))).isEqualTo(Optional.empty());
        assertThat(push().handle(body.getBytes(UTF_8))).isEqualTo(PubSubPush.STRANGE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"cumulane-signal\":\"vote\"}",
                "{\"cumulane-stream\":\"environment/production\"}",
                "{\"cumulane-signal\":\"\",\"cumulane-stream\":\"environment/production\"}",
                "{\"cumulane-signal\":\"vote\",\"cumulane-stream\":\"../production\"}"
            })
    void attributes_that_are_no_signals_are_none(String attributes) {
        String body = "{\"message\":{\"messageId\":\"1\",\"attributes\":" + attributes + "}}";

        assertThat(PushedMessage.parse(body.getBytes(UTF_8)).orElseThrow().signal())
                .isEmpty();
    }

    @Test
    void a_topic_and_a_queue_that_are_missing_are_named_with_the_command_that_installs_them() {
        String missing = "{\"error\":{\"code\":404,\"message\":\"gone\",\"status\":\"NOT_FOUND\"}}";
        try (Scripted gone = new Scripted().then(404, missing)) {
            PubSubSignals lost = at(gone.endpoint());
            GcpClients elsewhere = Emulators.clients(Map.of("*", gone.endpoint()));
            PubSubSignals without =
                    new PubSubSignals(() -> elsewhere.api("pubsub"), () -> elsewhere.api("cloudtasks"), names, clock);

            assertThatExceptionOfType(CloudException.class)
                    .isThrownBy(() -> lost.send(SIGNAL, clock.instant().plusSeconds(60)))
                    .withMessageContaining(names.timers() + " is missing")
                    .withMessageContaining(GcpNames.INSTALL);
            assertThatExceptionOfType(CloudException.class)
                    .isThrownBy(() -> without.send(SIGNAL))
                    .withMessageContaining(names.signals() + " is missing");
        }
    }

    private PubSubPush push() {
        return new PubSubPush(signals, handled::add, message -> List.of());
    }

    private PubSubSignals at(URI cloudTasks) {
        GcpClients clients = Emulators.clients(Map.of("pubsub", topic.endpoint(), "cloudtasks", cloudTasks), calls);
        return new PubSubSignals(() -> clients.api("pubsub"), () -> clients.api("cloudtasks"), names, clock);
    }

    /** What a subscription pushes of the message that a task publishes. */
    private static byte[] pushed(Task task, String id) {
        String published = task.getHttpRequest().getBody().toStringUtf8();
        return published
                .replaceFirst("^\\{\"messages\":\\[\\{", "{\"message\":{\"messageId\":\"" + id + "\",")
                .replaceFirst("}]}$", "}}")
                .getBytes(UTF_8);
    }
}
