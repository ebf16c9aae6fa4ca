// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.signals;

import dev.cumulane.aws.signals.SqsBatch.Message;
import java.util.List;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/** Does what Lambda does with a queue: receives up to ten messages, hands them over, deletes those that did not fail. One thread, until it is closed. */
final class QueuePump implements AutoCloseable {
    private final Supplier<SqsClient> sqs;
    private final String queueUrl;
    private final SqsBatch batch;
    private final Thread thread;
    private volatile boolean stopped;

    QueuePump(Supplier<SqsClient> sqs, String queueUrl, SqsBatch batch) {
        this.sqs = sqs;
        this.queueUrl = queueUrl;
        this.batch = batch;
        this.thread = new Thread(this::run, "queue-pump");
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        while (!stopped) {
            try {
                round();
            } catch (SdkException e) {
                // As in Lambda: the messages become visible again, and the next round takes them.
                Thread.onSpinWait();
            }
        }
    }

    private void round() {
        List<Message> messages = sqs
                .get()
                .receiveMessage(request -> request.queueUrl(queueUrl)
                        .maxNumberOfMessages(10)
                        .waitTimeSeconds(1)
                        .visibilityTimeout(5)
                        .messageSystemAttributeNames(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT))
                .messages()
                .stream()
                .map(message -> new Message(
                        message.messageId(),
                        message.receiptHandle(),
                        Integer.parseInt(
                                message.attributes().get(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT)),
                        message.body()))
                .toList();
        if (messages.isEmpty()) {
            return;
        }
        List<String> failed = batch.handle(messages);
        List<DeleteMessageBatchRequestEntry> done = messages.stream()
                .filter(message -> !failed.contains(message.id()))
                .map(message -> DeleteMessageBatchRequestEntry.builder()
                        .id(message.id())
                        .receiptHandle(message.receipt())
                        .build())
                .toList();
        if (!done.isEmpty()) {
            sqs.get().deleteMessageBatch(request -> request.queueUrl(queueUrl).entries(done));
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
