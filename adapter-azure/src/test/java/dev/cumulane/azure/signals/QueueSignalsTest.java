// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.signals;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.azure.core.util.Context;
import com.azure.storage.queue.QueueClient;
import com.azure.storage.queue.QueueServiceClientBuilder;
import com.azure.storage.queue.models.QueueMessageItem;
import dev.cumulane.azure.artifacts.BlobArtifactStore;
import dev.cumulane.azure.client.AzureClients;
import dev.cumulane.azure.client.AzureNames;
import dev.cumulane.azure.emulator.Azurite;
import dev.cumulane.azure.emulator.CountedCalls;
import dev.cumulane.azure.emulator.Emulators;
import dev.cumulane.azure.emulator.Storage;
import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.Journal;
import dev.cumulane.cloud.SignalEnvelope;
import dev.cumulane.cloud.SignalMessage;
import dev.cumulane.cloud.StreamId;
import dev.cumulane.cloud.contract.FaultProxy.Fault;
import dev.cumulane.run.RunId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is Queue storage's own: how long a message is hidden, how large it may be, how it is repeated and laid aside, and what is said when something is missing. */
final class QueueSignalsTest {
    private static final SignalEnvelope WAKE =
            new SignalEnvelope("wake/7", StreamId.of(new RunId("shop-0k3v9q2m7xw4b1ce")), "payload".getBytes(UTF_8));

    private Duration ahead = Duration.ZERO;
    private final InstantSource clock = () -> Instant.now().plus(ahead);
    private final CountedCalls calls = new CountedCalls();
    private final List<SignalEnvelope> handled = new ArrayList<>();

    @RegisterExtension
    final Storage storage = new Storage(Azurite.moved(), 0, 0);

    private final AzureClients clients = storage.clients(calls);
    private final ArtifactStore store = new BlobArtifactStore(clients::blobs, Emulators.NAMES, clock);
    private final QueueSignals signals = new QueueSignals(clients::queues, Emulators.NAMES, store, clock);
    private final QueueDelivery delivery = new QueueDelivery(signals, handled::add, event -> {
        if (!event.path("type").asText().equals("build")) {
            throw new IllegalArgumentException("not known here");
        }
        return List.of(new SignalEnvelope("build/" + event.path("id").asText(), WAKE.stream(), new byte[0]));
    });

    @Test
    void a_signal_costs_one_call() {
        signals.send(WAKE);

        assertThat(calls.calls()).isEqualTo(Map.of("POST signals", 1));
    }

    @Test
    void a_message_is_base64_as_the_host_of_the_functions_expects_it() {
        signals.send(WAKE);

        // A client that does not decode sees what lies in the queue.
        String raw = new QueueServiceClientBuilder()
                .endpoint(Emulators.secure(storage.endpoints().get("queue")).toString())
                .credential(Emulators.credential())
                .httpClient(Emulators.http())
                .buildClient()
                .getQueueClient(Emulators.NAMES.queue())
                .receiveMessage()
                .getBody()
                .toString();

        assertThat(new String(Base64.getDecoder().decode(raw), UTF_8))
                .startsWith("cumulane-message-1 0\ncumulane-signal-1\n");
    }

    @Test
    void a_signal_for_more_than_seven_days_ahead_is_hidden_again_when_it_comes_too_early() {
        Instant at = clock.instant().plus(Duration.ofDays(16));
        signals.send(WAKE, at);

        for (int week = 1; week <= 2; week++) {
            advance(Duration.ofDays(7).minusMinutes(1));
            assertThat(round()).isZero();
            advance(Duration.ofMinutes(1));
            assertThat(round()).as("messages after %s weeks", week).isEqualTo(1);
            assertThat(handled).isEmpty();
        }
        advance(Duration.ofDays(2).plusMinutes(1));
        assertThat(round()).isEqualTo(1);
        assertThat(handled).extracting(SignalEnvelope::id).containsExactly("wake/7");
    }

    @Test
    void a_signal_that_no_message_holds_is_kept_in_the_store() {
        byte[] largest = new byte[Journal.LARGEST_RECORD];
        new Random(3).nextBytes(largest);
        calls.reset();

        signals.send(new SignalEnvelope("large", WAKE.stream(), largest));

        assertThat(calls.calls()).isEqualTo(Map.of("PUT artifacts", 1, "POST signals", 1));
        assertThat(round()).isEqualTo(1);
        assertThat(handled.get(0).bytes()).isEqualTo(largest);
    }

    @Test
    void a_message_that_fails_comes_again_later_each_time_up_to_fifteen_minutes() {
        assertThat(List.of(1, 2, 3, 4, 10, 11, 1000))
                .extracting(QueueDelivery::restSeconds)
                .containsExactly(0, 1, 3, 7, 511, 900, 900);
    }

    @Test
    void what_nobody_understands_is_laid_aside_in_the_end_and_may_be_put_back() {
        queue(Emulators.NAMES.queue()).sendMessage("gibberish");
        int rounds = 0;
        while (rounds < QueueDelivery.MOST_FAILURES + 5
                && messages(Emulators.NAMES.poison()).isEmpty()) {
            advance(Duration.ofMinutes(16));
            round();
            rounds++;
        }

        assertThat(rounds).isEqualTo(QueueDelivery.MOST_FAILURES);
        assertThat(round()).isZero();
        advance(Duration.ofMinutes(1));

        assertThat(signals.redrive(10)).isEqualTo(1);
        assertThat(signals.redrive(10)).isZero();
        assertThat(messages(Emulators.NAMES.queue()))
                .singleElement()
                .satisfies(message ->
                        assertThat(message.getBody().toString()).isEqualTo("cumulane-message-1 0\ngibberish"));
    }

    @Test
    void an_event_of_another_service_becomes_the_signals_that_it_means() {
        delivery.handle("{\"type\":\"build\",\"id\":7}");

        assertThat(handled).extracting(SignalEnvelope::id).containsExactly("build/7");
    }

    @Test
    void a_message_that_can_neither_be_handled_nor_sent_again_is_the_hosts_to_keep() {
        storage.proxy(Azurite.Service.QUEUE).next(1000, "POST", Fault.THROTTLE);

        assertThatExceptionOfType(CloudException.class)
                .isThrownBy(() -> delivery.handle("gibberish"))
                .satisfies(e -> assertThat(e.retryable()).isTrue());
    }

    @Test
    void a_message_whose_stored_signal_is_missing_comes_again() {
        delivery.handle("cumulane-message-1 3\ncumulane-stored-1 " + "0f".repeat(32));

        assertThat(handled).isEmpty();
        advance(Duration.ofSeconds(8));
        assertThat(messages(Emulators.NAMES.queue()))
                .singleElement()
                .satisfies(message -> assertThat(message.getBody().toString()).startsWith("cumulane-message-1 4\n"));
    }

    @Test
    void a_signal_that_comes_too_early_by_our_clock_is_sent_again() {
        delivery.handle(new SignalMessage(WAKE, clock.instant().plus(Duration.ofHours(1))).text());

        assertThat(handled).isEmpty();
        assertThat(calls.calls()).isEqualTo(Map.of("POST signals", 1));
    }

    @Test
    void a_queue_that_is_missing_is_named_with_the_command_that_installs_it() {
        storage.undisturbed().queues().deleteQueue(Emulators.NAMES.queue());

        assertThatExceptionOfType(CloudException.class)
                .isThrownBy(() -> signals.send(WAKE))
                .withMessageContaining("queue signals of shop-ci in shop is missing")
                .withMessageContaining(AzureNames.INSTALL);
    }

    private void advance(Duration by) {
        ahead = ahead.plus(by);
        Azurite.moved().advance(by);
    }

    /** Hands over what is visible, as the host does. */
    private int round() {
        List<QueueMessageItem> messages = messages(Emulators.NAMES.queue());
        messages.forEach(message -> {
            delivery.handle(message.getBody().toString());
            queue(Emulators.NAMES.queue()).deleteMessage(message.getMessageId(), message.getPopReceipt());
        });
        return messages.size();
    }

    private List<QueueMessageItem> messages(String queue) {
        return queue(queue).receiveMessages(32, Duration.ofSeconds(30), null, Context.NONE).stream()
                .toList();
    }

    private QueueClient queue(String name) {
        return storage.undisturbed().queues().getQueueClient(name);
    }
}
