// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.signals;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.azure.artifacts.BlobArtifactStore;
import dev.cumulane.azure.client.AzureClients;
import dev.cumulane.azure.emulator.Azurite;
import dev.cumulane.azure.emulator.Emulators;
import dev.cumulane.azure.emulator.FaultCount;
import dev.cumulane.azure.emulator.Storage;
import dev.cumulane.cloud.Signals;
import dev.cumulane.cloud.contract.SignalsContract;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/** The contract on an Azurite whose clock is put forward, behind a network that disturbs every tenth request; a pump does the host's part. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class QueueSignalsContractTest extends SignalsContract {
    private final FaultCount faults = new FaultCount("Queue storage", Azurite.Service.QUEUE);
    private final List<QueuePump> pumps = new ArrayList<>();
    private Duration ahead = Duration.ZERO;
    private final InstantSource clock = () -> Instant.now().plus(ahead);
    private Storage storage;
    private AzureClients clients;
    private QueueSignals signals;

    @BeforeEach
    void open() {
        storage = faults.storage(Azurite.moved()).install();
        clients = storage.clients();
        signals = another();
    }

    @AfterEach
    void close() {
        stop();
        faults.closeAndCount(storage);
    }

    @AfterAll
    void allFaultsHappened() {
        faults.assertAll();
    }

    @Override
    protected Signals signals() {
        return signals;
    }

    @Override
    protected void deliver(Signals.Handler handler) {
        assertThat(signals.deliverTo(handler)).isFalse();
        QueueDelivery delivery = new QueueDelivery(signals, handler, event -> List.of());
        pumps.add(new QueuePump(() -> clients.queues().getQueueClient(Emulators.NAMES.queue()), delivery));
    }

    @Override
    protected void restart() {
        stop();
        signals = another();
    }

    @Override
    protected Instant now() {
        return clock.instant();
    }

    @Override
    protected synchronized void advance(Duration by) {
        if (!by.isZero()) {
            ahead = ahead.plus(by);
            Azurite.moved().advance(by);
        }
    }

    @Override
    protected Duration patience() {
        return Duration.ofMinutes(5);
    }

    private QueueSignals another() {
        return new QueueSignals(
                clients::queues, Emulators.NAMES, new BlobArtifactStore(clients::blobs, Emulators.NAMES, clock), clock);
    }

    private void stop() {
        pumps.forEach(QueuePump::close);
        pumps.clear();
    }
}
