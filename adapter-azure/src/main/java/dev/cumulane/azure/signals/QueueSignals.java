// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.signals;

import com.azure.core.util.Context;
import com.azure.storage.queue.QueueClient;
import com.azure.storage.queue.QueueServiceClient;
import com.azure.storage.queue.models.QueueMessageItem;
import com.azure.storage.queue.models.QueueStorageException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cumulane.azure.client.AzureNames;
import dev.cumulane.azure.client.AzureService;
import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.SignalEnvelope;
import dev.cumulane.cloud.SignalMessage;
import dev.cumulane.cloud.Signals;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;

/**
 * The signals of the Azure cloud: messages of one queue of Queue storage, which the host of the functions hands to the engine's function; see {@link QueueDelivery}.
 *
 * <p>A signal for an instant is invisible until then, to the second. Queue storage hides nothing for more than seven days: what comes too early is sent again. Messages do
 * not expire. A signal that is too large for a message is kept in the artifact store, and its digest is sent. Any thread; delivery is the functions' alone.
 */
public final class QueueSignals implements Signals {
    /** The longest that a message can be hidden. */
    public static final Duration LONGEST_DELAY = Duration.ofDays(7);

    private static final Duration FOR_EVER = Duration.ofSeconds(-1);
    private static final Duration WHILE_MOVED = Duration.ofMinutes(1);
    private static final int MOST_AT_ONCE = 32;

    private final Supplier<QueueServiceClient> client;
    private final ArtifactStore store;
    private final InstantSource clock;
    private final AzureNames names;
    private final AzureService service;

    /**
     * Signals of an installation. Does no I/O.
     *
     * @param client makes the client on first use
     * @param names of the installation
     * @param store keeps what is too large for a message
     * @param clock by which a delay is reckoned
     */
    public QueueSignals(
            Supplier<QueueServiceClient> client, AzureNames names, ArtifactStore store, InstantSource clock) {
        this.client = client;
        this.store = store;
        this.clock = clock;
        this.names = names;
        this.service = new AzureService("Queue storage", "queue " + names.queue() + " of " + names);
    }

    @Override
    public void send(SignalEnvelope signal) {
        send(new SignalMessage(signal, Instant.EPOCH), Duration.ZERO);
    }

    @Override
    public void send(SignalEnvelope signal, Instant at) {
        Duration ahead = Duration.between(clock.instant(), at);
        if (ahead.isNegative() || ahead.isZero()) {
            send(signal);
        } else {
            send(new SignalMessage(signal, at), ahead.compareTo(LONGEST_DELAY) < 0 ? ahead : LONGEST_DELAY);
        }
    }

    /**
     * Passes on what another service told, as that service could do itself.
     *
     * @param event a JSON object
     */
    public void pass(ObjectNode event) {
        send(names.queue(), "pass an event on", new QueueMessage(0, event.toString()), Duration.ZERO);
    }

    @Override
    public int redrive(int most) {
        QueueClient poison = queue(names.poison());
        int moved = 0;
        while (moved < most) {
            int wanted = Math.min(most - moved, MOST_AT_ONCE);
            List<QueueMessageItem> messages = service.call(
                    "take messages from queue " + names.poison(),
                    () -> poison.receiveMessages(wanted, WHILE_MOVED, null, Context.NONE).stream()
                            .toList());
            if (messages.isEmpty()) {
                break;
            }
            for (QueueMessageItem message : messages) {
                send(QueueMessage.parse(message.getBody().toString()).anew(), Duration.ZERO);
                delete(poison, message);
                moved++;
            }
        }
        return moved;
    }

    /** Whether a signal has come before its instant. */
    boolean isEarly(SignalMessage message) {
        return message.notBefore().isAfter(clock.instant());
    }

    ArtifactStore store() {
        return store;
    }

    /** Sends a message once more, to be seen after a rest. */
    void send(QueueMessage message, Duration rest) {
        send(names.queue(), "send a message again", message, rest);
    }

    /** Lays a message aside, where somebody can look at it. */
    void giveUp(QueueMessage message) {
        send(names.poison(), "lay a message aside", message, Duration.ZERO);
    }

    private void send(SignalMessage signal, Duration hidden) {
        send(names.queue(), "send signal " + signal.signal().id(), new QueueMessage(0, signal.text()), hidden);
    }

    private void send(String queue, String attempt, QueueMessage message, Duration hidden) {
        String text = message.text(store);
        // Up to the next whole second: the service knows no parts of one.
        Duration whole = Duration.ofSeconds(hidden.plusSeconds(1).minusNanos(1).toSeconds());
        var unused = service.call(
                attempt, () -> queue(queue).sendMessageWithResponse(text, whole, FOR_EVER, null, Context.NONE));
    }

    /** One that was deleted already was moved by somebody else: it is then in the queue twice, which signals bear. */
    private void delete(QueueClient queue, QueueMessageItem message) {
        service.call("delete a message that was moved", () -> {
            try {
                queue.deleteMessage(message.getMessageId(), message.getPopReceipt());
            } catch (QueueStorageException e) {
                if (!AzureService.code(e).equals("MessageNotFound")
                        && !AzureService.code(e).equals("PopReceiptMismatch")) {
                    throw e;
                }
            }
            return true;
        });
    }

    private QueueClient queue(String name) {
        return client.get().getQueueClient(name);
    }
}
