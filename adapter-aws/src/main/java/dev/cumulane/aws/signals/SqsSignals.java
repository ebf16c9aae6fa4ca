// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.signals;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cumulane.aws.client.AwsNames;
import dev.cumulane.aws.client.AwsService;
import dev.cumulane.aws.client.Lazy;
import dev.cumulane.cloud.SignalEnvelope;
import dev.cumulane.cloud.SignalMessage;
import dev.cumulane.cloud.Signals;
import dev.cumulane.pipeline.Digest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Supplier;
import software.amazon.awssdk.services.scheduler.SchedulerClient;
import software.amazon.awssdk.services.scheduler.model.ActionAfterCompletion;
import software.amazon.awssdk.services.scheduler.model.ConflictException;
import software.amazon.awssdk.services.scheduler.model.CreateScheduleRequest;
import software.amazon.awssdk.services.scheduler.model.FlexibleTimeWindowMode;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * The signals of the AWS cloud: messages of one standard SQS queue, which Lambda hands to the engine's function; see {@link SqsBatch}.
 *
 * <p>A signal for an instant at most 15 minutes ahead waits in the queue, to the second. A later one is a schedule of EventBridge Scheduler, which sends it within a
 * minute after its time and then deletes itself; its name is made of what it carries, so that the sweep can repeat it without harm. What comes too early by some
 * clock is sent again. Any thread; delivery is the functions' alone.
 */
public final class SqsSignals implements Signals {
    /** The longest that a message of SQS can be held back. */
    public static final Duration LONGEST_DELAY = Duration.ofMinutes(15);

    private static final DateTimeFormatter AT = DateTimeFormatter.ofPattern("'at('uuuu-MM-dd'T'HH:mm:ss')'");

    /** What SQS gives in a call. */
    private static final int MOST_RECEIVED = 10;

    private final Supplier<SqsClient> sqs;
    private final Supplier<SchedulerClient> scheduler;
    private final AwsNames names;
    private final InstantSource clock;
    private final AwsService queue;
    private final AwsService schedules;
    private final Lazy<String> url;

    /**
     * Signals in a queue. Does no I/O.
     *
     * @param sqs makes the client of the queue on first use
     * @param scheduler makes the client of the scheduler on first use
     * @param names of the queue and of the group of schedules
     * @param clock by which a delay is reckoned
     */
    public SqsSignals(
            Supplier<SqsClient> sqs, Supplier<SchedulerClient> scheduler, AwsNames names, InstantSource clock) {
        this.sqs = sqs;
        this.scheduler = scheduler;
        this.names = names;
        this.clock = clock;
        String region = names.region().id();
        this.queue = new AwsService("SQS", "queue " + names.queue() + " in " + region);
        this.schedules =
                new AwsService("EventBridge Scheduler", "schedule group " + names.schedules() + " in " + region);
        this.url = new Lazy<>(() -> queue.call(
                "find the queue",
                () -> sqs.get()
                        .getQueueUrl(request -> request.queueName(names.queue()))
                        .queueUrl()));
    }

    @Override
    public void send(SignalEnvelope signal) {
        send(new SignalMessage(signal, Instant.EPOCH), 0);
    }

    @Override
    public void send(SignalEnvelope signal, Instant at) {
        Duration ahead = Duration.between(clock.instant(), at);
        if (ahead.isNegative() || ahead.isZero()) {
            send(signal);
        } else if (ahead.compareTo(LONGEST_DELAY) <= 0) {
            send(new SignalMessage(signal, at), (int)
                    ahead.plusSeconds(1).minusNanos(1).toSeconds());
        } else {
            schedule(new SignalMessage(signal, at));
        }
    }

    @Override
    public int redrive(int most) {
        SqsClient client = sqs.get();
        String from = queue.call(
                "find the dead letters",
                () -> client.getQueueUrl(request -> request.queueName(names.deadLetters()))
                        .queueUrl());
        int moved = 0;
        while (moved < most) {
            int wanted = Math.min(MOST_RECEIVED, most - moved);
            List<Message> messages = queue.call(
                    "take dead letters",
                    () -> client.receiveMessage(request -> request.queueUrl(from)
                                    .maxNumberOfMessages(wanted)
                                    .waitTimeSeconds(1))
                            .messages());
            if (messages.isEmpty()) {
                break;
            }
            for (Message message : messages) {
                // Sent first: whoever dies in between has sent it twice, which the engine bears.
                sendAgain(client, message.body());
                queue.call(
                        "delete a dead letter",
                        () -> client.deleteMessage(
                                request -> request.queueUrl(from).receiptHandle(message.receiptHandle())));
                moved++;
            }
        }
        return moved;
    }

    private void sendAgain(SqsClient client, String body) {
        String to = url.get();
        queue.call(
                "send a dead letter again",
                () -> client.sendMessage(request -> request.queueUrl(to).messageBody(body)));
    }

    /**
     * The address of the queue, for whoever takes messages from it.
     *
     * @return its URL
     */
    public String queueUrl() {
        return url.get();
    }

    /** Whether a signal has come before its instant. */
    boolean isEarly(SignalMessage message) {
        return message.notBefore().isAfter(clock.instant());
    }

    /** Keeps a message from being received for a while, by which a failed one comes again later each time. */
    void hideFor(String receipt, int seconds) {
        queue.call(
                "put a message off",
                () -> sqs.get()
                        .changeMessageVisibility(request -> request.queueUrl(url.get())
                                .receiptHandle(receipt)
                                .visibilityTimeout(seconds)));
    }

    private void send(SignalMessage message, int delaySeconds) {
        String address = url.get();
        queue.call(
                "send signal " + message.signal().id(),
                () -> sqs.get()
                        .sendMessage(request -> request.queueUrl(address)
                                .messageBody(message.text())
                                .delaySeconds(delaySeconds)));
    }

    private void schedule(SignalMessage message) {
        // To the whole minute after it: the service promises a minute, not a second.
        Instant at =
                message.notBefore().plus(Duration.ofMinutes(1)).minusNanos(1).truncatedTo(ChronoUnit.MINUTES);
        String body = message.text();
        String name = "s-" + Digest.of(body.getBytes(UTF_8)).hex().substring(0, 48);
        CreateScheduleRequest request = CreateScheduleRequest.builder()
                .groupName(names.schedules())
                .name(name)
                .clientToken(name)
                .scheduleExpression(AT.format(at.atOffset(ZoneOffset.UTC)))
                .scheduleExpressionTimezone("UTC")
                .flexibleTimeWindow(window -> window.mode(FlexibleTimeWindowMode.OFF))
                .actionAfterCompletion(ActionAfterCompletion.DELETE)
                .target(target -> target.arn(names.queueArn())
                        .roleArn(names.schedulerRoleArn())
                        .input(body))
                .build();
        boolean unused = schedules.call("schedule signal " + message.signal().id(), () -> {
            try {
                scheduler.get().createSchedule(request);
                return true;
            } catch (ConflictException e) {
                // The same signal for the same instant waits there already.
                return false;
            }
        });
    }
}
