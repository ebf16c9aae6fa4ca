// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.signals;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cumulane.aws.client.AwsClients;
import dev.cumulane.aws.client.AwsNames;
import dev.cumulane.aws.emulator.CountedCalls;
import dev.cumulane.aws.emulator.Emulators;
import dev.cumulane.aws.emulator.Moto;
import dev.cumulane.aws.fake.FakeScheduler;
import dev.cumulane.aws.signals.SqsBatch.Message;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.SignalEnvelope;
import dev.cumulane.cloud.SignalMessage;
import dev.cumulane.cloud.StreamId;
import dev.cumulane.cloud.contract.MovedClock;
import dev.cumulane.run.RunId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is SQS's and the scheduler's own: how long a message waits and where, batches, and what is said when something is missing. */
final class SqsSignalsTest {
    private static final SignalEnvelope WAKE = new SignalEnvelope(
            "wake/<aws.scheduler.execution-id>",
            StreamId.of(new RunId("shop-0k3v9q2m7xw4b1ce")),
            "payload".getBytes(UTF_8));
    private static final Function<JsonNode, List<SignalEnvelope>> NO_EVENTS = event -> {
        throw new IllegalArgumentException("not known here");
    };

    private final MovedClock clock = new MovedClock();
    private final CountedCalls calls = new CountedCalls();
    private final List<SignalEnvelope> handled = new ArrayList<>();
    private AwsNames names;
    private FakeScheduler scheduler;
    private AwsClients clients;
    private SqsSignals signals;

    @BeforeEach
    void open() {
        names = new AwsNames(Emulators.REGION, Moto.name("ns"), () -> Emulators.ACCOUNT);
        scheduler = new FakeScheduler(names.schedules());
        clients = Emulators.clients(Map.of("sqs", Moto.endpoint(), "scheduler", scheduler.endpoint()), calls);
        clients.sqs().createQueue(request -> request.queueName(names.queue()));
        signals = new SqsSignals(clients::sqs, clients::scheduler, names, clock);
    }

    @AfterEach
    void close() {
        clients.close();
        scheduler.close();
        assertThat(scheduler.violations()).isEmpty();
    }

    @Test
    void dead_letters_come_again_as_if_they_had_never_failed() {
        clients.sqs().createQueue(request -> request.queueName(names.deadLetters()));
        String dead = clients.sqs()
                .getQueueUrl(request -> request.queueName(names.deadLetters()))
                .queueUrl();
        for (int i = 0; i < 12; i++) {
            String body = "letter " + i;
            clients.sqs().sendMessage(request -> request.queueUrl(dead).messageBody(body));
        }

        assertThat(signals.redrive(11)).isEqualTo(11);
        assertThat(signals.redrive(100)).isEqualTo(1);
        assertThat(signals.redrive(100)).isZero();

        List<String> bodies = new ArrayList<>();
        for (int calls = 0; bodies.size() < 12 && calls < 50; calls++) {
            clients.sqs()
                    .receiveMessage(
                            request -> request.queueUrl(signals.queueUrl()).maxNumberOfMessages(10))
                    .messages()
                    .forEach(message -> bodies.add(message.body()));
        }
        assertThat(bodies).hasSize(12).allMatch(body -> body.startsWith("letter "));
    }

    @Test
    void a_signal_costs_one_call() {
        signals.send(WAKE);
        calls.reset();

        signals.send(WAKE);

        assertThat(calls.calls()).isEqualTo(Map.of("Sqs.SendMessage", 1));
    }

    @Test
    void a_signal_for_the_next_fifteen_minutes_waits_in_the_queue() {
        signals.send(WAKE, clock.instant().plus(Duration.ofMinutes(15)));

        assertThat(scheduler.waiting()).isEmpty();
        assertThat(receive()).isEmpty();
    }

    @Test
    void a_later_signal_is_a_schedule_that_fires_at_the_whole_minute_after_it() {
        signals.send(WAKE, clock.instant().plus(Duration.ofDays(3)).plusSeconds(1));

        assertThat(scheduler.waiting()).hasSize(1);
        FakeScheduler.Schedule schedule = scheduler.waiting().get(0);
        assertThat(schedule.at()).isEqualTo(Instant.parse("2026-11-26T08:01:00Z"));
        assertThat(schedule.target()).isEqualTo(names.queueArn());
        assertThat(schedule.input()).doesNotContain("<");
        assertThat(SignalMessage.read(schedule.input()).orElseThrow().id()).isEqualTo(WAKE.id());
    }

    @Test
    void the_same_signal_for_the_same_instant_waits_once() {
        Instant at = clock.instant().plus(Duration.ofDays(3));

        signals.send(WAKE, at);
        signals.send(WAKE, at);
        signals.send(WAKE, at.plusSeconds(1));

        assertThat(scheduler.waiting()).hasSize(2);
    }

    @Test
    void a_signal_that_comes_too_early_is_sent_again() {
        SignalMessage early = new SignalMessage(WAKE, clock.instant().plus(Duration.ofHours(1)));

        List<String> failed = batch().handle(List.of(message("m-1", early.text())));

        assertThat(failed).isEmpty();
        assertThat(handled).isEmpty();
        assertThat(scheduler.waiting()).hasSize(1);
    }

    @Test
    void of_a_batch_those_that_failed_are_named_and_the_others_are_done() {
        SqsBatch batch = new SqsBatch(
                signals,
                signal -> {
                    if (signal.id().equals("poison")) {
                        throw new IllegalStateException("never");
                    }
                    handled.add(signal);
                },
                NO_EVENTS);
        String poison = SignalMessage.text(new SignalEnvelope("poison", WAKE.stream(), new byte[0]));
        String event =
                """
                {"Records":[
                 {"messageId":"m-1","receiptHandle":"r-1","body":%s,"attributes":{"ApproximateReceiveCount":"1"}},
                 {"messageId":"m-2","receiptHandle":"r-2","body":%s,"attributes":{"ApproximateReceiveCount":"4"}},
                 {"messageId":"m-3","receiptHandle":"r-3","body":"gibberish","attributes":{"ApproximateReceiveCount":"1"}},
                 {"messageId":"m-4","receiptHandle":"r-4","body":%s,"attributes":{"ApproximateReceiveCount":"1"}}]}
                """.formatted(quoted(SignalMessage.text(WAKE)), quoted(poison), quoted(SignalMessage.text(WAKE)));

        byte[] answer = batch.handle(event.getBytes(UTF_8));

        assertThat(answer)
                .asString(UTF_8)
                .isEqualTo("{\"batchItemFailures\":[{\"itemIdentifier\":\"m-2\"},{\"itemIdentifier\":\"m-3\"}]}");
        assertThat(handled).extracting(SignalEnvelope::id).containsExactly(WAKE.id(), WAKE.id());
    }

    @Test
    void an_event_of_another_service_becomes_the_signals_that_it_means() {
        SqsBatch batch = new SqsBatch(
                signals,
                handled::add,
                event -> List.of(new SignalEnvelope(event.path("id").asText(), WAKE.stream(), new byte[0])));

        assertThat(batch.handle(List.of(message("m-1", "{\"id\":\"build-7\"}"))))
                .isEmpty();

        assertThat(handled).extracting(SignalEnvelope::id).containsExactly("build-7");
    }

    @Test
    void a_failed_message_rests_longer_each_time_up_to_fifteen_minutes() {
        assertThat(List.of(1, 2, 3, 4, 10, 11, 1000))
                .extracting(SqsBatch::restSeconds)
                .containsExactly(0, 1, 3, 7, 511, 900, 900);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "{}", "nonsense", "{\"Records\":[{}]}", "{\"Records\":{}}"})
    void what_is_no_batch_is_refused(String event) {
        assertThatIllegalArgumentException().isThrownBy(() -> batch().handle(event.getBytes(UTF_8)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "cumulane-signal-2\nrun/shop-0k3v9q2m7xw4b1ce\nYQ==\n0\nYQ==",
                "cumulane-signal-1\nrun/shop-0k3v9q2m7xw4b1ce\nYQ==\n0",
                "cumulane-signal-1\nnowhere\nYQ==\n0\nYQ==",
                "cumulane-signal-1\nrun/shop-0k3v9q2m7xw4b1ce\n*\n0\nYQ==",
                "cumulane-signal-1\nrun/shop-0k3v9q2m7xw4b1ce\n\n0\nYQ==",
                "cumulane-signal-1\nrun/shop-0k3v9q2m7xw4b1ce\nYQ==\nsoon\nYQ=="
            })
    void what_is_no_signal_is_not_read_as_one(String body) {
        assertThat(SignalMessage.parse(body)).isEmpty();
    }

    @Test
    void a_queue_and_a_group_that_are_missing_are_named_with_the_command_that_installs_them() {
        AwsNames nobody = new AwsNames(Emulators.REGION, "nobody", () -> Emulators.ACCOUNT);
        SqsSignals lost = new SqsSignals(clients::sqs, clients::scheduler, nobody, clock);

        assertThatExceptionOfType(CloudException.class)
                .isThrownBy(() -> lost.send(WAKE))
                .withMessageContaining("queue nobody-signals in eu-west-1 is missing")
                .withMessageContaining(AwsNames.INSTALL);
        assertThatExceptionOfType(CloudException.class)
                .isThrownBy(() -> lost.send(WAKE, clock.instant().plus(Duration.ofDays(1))))
                .withMessageContaining("schedule group nobody-timers in eu-west-1 is missing");
    }

    private SqsBatch batch() {
        return new SqsBatch(signals, handled::add, NO_EVENTS);
    }

    private static Message message(String id, String body) {
        return new Message(id, "r-1", 1, body);
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\n", "\\n") + "\"";
    }

    private List<software.amazon.awssdk.services.sqs.model.Message> receive() {
        return clients.sqs()
                .receiveMessage(request -> request.queueUrl(signals.queueUrl()))
                .messages();
    }
}
