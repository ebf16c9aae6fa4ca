// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.signals;

import dev.cumulane.aws.signals.SqsBatch.Message;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/** Does what Lambda does with a queue: receives up to ten messages, hands them over, deletes those that did not fail. One thread, until it is closed. */
public final class QueuePump implements AutoCloseable {
    private final Supplier<SqsClient> sqs;
    private final String queueUrl;
    private final Function<List<Message>, List<String>> batches;
    private final int hiddenSeconds;
    private final Thread thread;
    private volatile boolean stopped;

    /**
     * Starts to pump.
     *
     * @param sqs gives the client
     * @param queueUrl the queue
     * @param hiddenSeconds for how long a message that was received is seen by nobody else
     * @param batches handles messages, and tells the ids of those that failed
     */
    public QueuePump(
            Supplier<SqsClient> sqs,
            String queueUrl,
            int hiddenSeconds,
            Function<List<Message>, List<String>> batches) {
        this.sqs = sqs;
        this.queueUrl = queueUrl;
        this.batches = batches;
        this.hiddenSeconds = hiddenSeconds;
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
                        .visibilityTimeout(hiddenSeconds)
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
        List<String> failed = batches.apply(messages);
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
