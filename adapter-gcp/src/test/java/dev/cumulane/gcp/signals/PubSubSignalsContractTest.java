// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.signals;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.tasks.v2.Task;
import dev.cumulane.cloud.Signals;
import dev.cumulane.cloud.contract.MovedClock;
import dev.cumulane.cloud.contract.SignalsContract;
import dev.cumulane.gcp.client.GcpClients;
import dev.cumulane.gcp.client.GcpNames;
import dev.cumulane.gcp.emulator.Emulators;
import dev.cumulane.gcp.emulator.PushTopic;
import dev.cumulane.gcp.fake.FakeCloudTasks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;

/** The contract on the emulator of Pub/Sub, which pushes to this process, and on a Cloud Tasks of ours. */
final class PubSubSignalsContractTest extends SignalsContract {
    private final MovedClock clock = new MovedClock();
    private final GcpNames names = Emulators.names();
    private final FakeCloudTasks tasks = new FakeCloudTasks(names.timers(), clock);
    private final GcpClients clients =
            Emulators.clients(Map.of("pubsub", Emulators.pubSub(), "cloudtasks", tasks.endpoint()));
    private final String subscription = PushTopic.subscribed(clients.api("pubsub"), names.signals());
    private final List<PushTopic> endpoints = new ArrayList<>();
    private PubSubSignals signals = open();

    @AfterEach
    void close() {
        endpoints.forEach(PushTopic::close);
        tasks.close();
    }

    @Override
    protected Signals signals() {
        return signals;
    }

    @Override
    protected void deliver(Signals.Handler handler) {
        assertThat(signals.deliverTo(handler)).isFalse();
        PubSubPush push = new PubSubPush(signals, handler, message -> List.of());
        endpoints.add(new PushTopic(clients.api("pubsub"), push::handle).from(subscription));
    }

    @Override
    protected void restart() {
        endpoints.forEach(PushTopic::close);
        signals = open();
    }

    @Override
    protected Instant now() {
        return clock.instant();
    }

    @Override
    protected void advance(Duration by) {
        clock.move(by);
        tasks.due().forEach(PubSubSignalsContractTest::run);
    }

    @Override
    protected Duration patience() {
        return Duration.ofMinutes(5);
    }

    private PubSubSignals open() {
        return new PubSubSignals(() -> clients.api("pubsub"), () -> clients.api("cloudtasks"), names, clock);
    }

    /** Does what Cloud Tasks does with a task. */
    private static void run(Task task) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(task.getHttpRequest().getUrl()))
                .POST(HttpRequest.BodyPublishers.ofByteArray(
                        task.getHttpRequest().getBody().toByteArray()));
        task.getHttpRequest().getHeadersMap().forEach(request::header);
        try {
            int status = HttpClient.newHttpClient()
                    .send(request.build(), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
            assertThat(status).isEqualTo(200);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
