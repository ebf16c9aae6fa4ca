// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.signals;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.azure.artifacts.BlobArtifactStore;
import dev.cumulane.azure.emulator.Azurite;
import dev.cumulane.azure.emulator.DisturbedStorage;
import dev.cumulane.azure.emulator.Emulators;
import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.Signals;
import dev.cumulane.cloud.contract.SignalsContract;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The contract on an Azurite whose clock is put forward, behind a network that disturbs every tenth request; a pump does the host's part. */
final class QueueSignalsContractTest extends SignalsContract {
    @RegisterExtension
    static final DisturbedStorage STORAGE = new DisturbedStorage(Azurite.Service.QUEUE, Azurite::moved);

    private final List<QueuePump> pumps = new ArrayList<>();
    private volatile Duration ahead = Duration.ZERO;
    private final InstantSource clock = () -> Instant.now().plus(ahead);
    private QueueSignals signals = another();

    @AfterEach
    void stop() {
        pumps.forEach(QueuePump::close);
        pumps.clear();
    }

    @Override
    protected Signals signals() {
        return signals;
    }

    @Override
    protected void deliver(Signals.Handler handler) {
        assertThat(signals.deliverTo(handler)).isFalse();
        QueueDelivery delivery = new QueueDelivery(signals, handler, event -> List.of());
        pumps.add(new QueuePump(() -> STORAGE.clients().queues().getQueueClient(Emulators.NAMES.queue()), delivery));
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
    protected void advance(Duration by) {
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
        ArtifactStore store = new BlobArtifactStore(() -> STORAGE.clients().blobs(), Emulators.NAMES, clock);
        return new QueueSignals(() -> STORAGE.clients().queues(), Emulators.NAMES, store, clock);
    }
}
