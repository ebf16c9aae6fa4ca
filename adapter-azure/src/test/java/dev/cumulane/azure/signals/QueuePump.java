// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.signals;

import com.azure.core.exception.AzureException;
import com.azure.core.util.Context;
import com.azure.storage.queue.QueueClient;
import com.azure.storage.queue.models.QueueMessageItem;
import dev.cumulane.cloud.CloudException;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** Does what the host of the functions does with a queue: takes up to 16 messages, hands them over, deletes those that did not fail. One thread, until it is closed. */
final class QueuePump implements AutoCloseable {
    private static final Duration HIDDEN = Duration.ofSeconds(5);

    private final Supplier<QueueClient> queue;
    private final QueueDelivery delivery;
    private final Thread thread;
    private volatile boolean stopped;

    QueuePump(Supplier<QueueClient> queue, QueueDelivery delivery) {
        this.queue = queue;
        this.delivery = delivery;
        this.thread = new Thread(this::run, "queue-pump");
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        while (!stopped) {
            try {
                round();
            } catch (AzureException | CloudException | IllegalStateException e) {
                // As in the host: the messages become visible again, and a later round takes them.
                Thread.onSpinWait();
            } catch (RuntimeException e) {
                if (e.getCause() == null) {
                    throw e;
                }
            }
        }
    }

    private void round() {
        List<QueueMessageItem> messages = queue.get().receiveMessages(16, HIDDEN, null, Context.NONE).stream()
                .toList();
        for (QueueMessageItem message : messages) {
            delivery.handle(message.getBody().toString());
            queue.get().deleteMessage(message.getMessageId(), message.getPopReceipt());
        }
    }

    @Override
    public void close() {
        stopped = true;
        try {
            thread.join(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
