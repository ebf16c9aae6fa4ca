// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.signals;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.aws.client.AwsClients;
import dev.cumulane.aws.client.AwsNames;
import dev.cumulane.aws.emulator.Emulators;
import dev.cumulane.aws.emulator.FaultProxy;
import dev.cumulane.aws.emulator.Moto;
import dev.cumulane.aws.fake.FakeScheduler;
import dev.cumulane.cloud.Signals;
import dev.cumulane.cloud.contract.MovedClock;
import dev.cumulane.cloud.contract.SignalsContract;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/** The contract on moto's SQS and a scheduler of our own, behind a network that disturbs every tenth request; a pump does Lambda's part. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SqsSignalsContractTest extends SignalsContract {
    private static final long SEED = 20261123;

    private final FaultProxy queues = FaultProxy.before(Moto.endpoint(), 0.1, SEED);
    private final AwsClients undisturbed = Emulators.clients(Map.of("sqs", Moto.endpoint()));
    private final List<QueuePump> pumps = new ArrayList<>();
    private final MovedClock clock = new MovedClock();
    private AwsNames names;
    private FakeScheduler scheduler;
    private FaultProxy timers;
    private AwsClients clients;
    private SqsSignals signals;

    @BeforeEach
    void open() {
        names = new AwsNames(Emulators.REGION, Moto.name("ns"), () -> Emulators.ACCOUNT);
        undisturbed.sqs().createQueue(request -> request.queueName(names.queue()));
        scheduler = new FakeScheduler(names.schedules());
        timers = FaultProxy.before(scheduler.endpoint(), 0.1, SEED);
        clients = Emulators.clients(Map.of("sqs", queues.endpoint(), "scheduler", timers.endpoint()));
        signals = new SqsSignals(clients::sqs, clients::scheduler, names, clock);
    }

    @AfterEach
    void close() {
        pumps.forEach(QueuePump::close);
        pumps.clear();
        clients.close();
        timers.close();
        scheduler.close();
        assertThat(scheduler.violations()).isEmpty();
    }

    @AfterAll
    void count() {
        undisturbed.close();
        queues.close();
        System.out.println("faults before SQS: " + queues.counts());
        assertThat(queues.counts()).as("faults of seed %s", SEED).containsOnlyKeys(FaultProxy.Fault.values());
    }

    @Override
    protected Signals signals() {
        return signals;
    }

    @Override
    protected void deliver(Signals.Handler handler) {
        assertThat(signals.deliverTo(handler)).isFalse();
        SqsBatch batch = new SqsBatch(signals, handler, event -> List.of());
        pumps.add(new QueuePump(clients::sqs, signals.queueUrl(), 5, batch::handle));
    }

    @Override
    protected void restart() {
        pumps.forEach(QueuePump::close);
        pumps.clear();
        signals = new SqsSignals(clients::sqs, clients::scheduler, names, clock);
    }

    @Override
    protected Instant now() {
        return clock.instant();
    }

    @Override
    protected void advance(Duration by) {
        clock.move(by);
        scheduler.fire(clock.instant(), schedule -> {
            assertThat(schedule.target()).isEqualTo(names.queueArn());
            undisturbed
                    .sqs()
                    .sendMessage(request -> request.queueUrl(signals.queueUrl()).messageBody(schedule.input()));
        });
    }

    @Override
    protected Duration patience() {
        return Duration.ofMinutes(5);
    }
}
