// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.signals;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.tasks.v2.Task;
import dev.cumulane.cloud.Signals;
import dev.cumulane.cloud.contract.MovedClock;
import dev.cumulane.cloud.contract.SignalsContract;
import dev.cumulane.gcp.client.GcpNames;
import dev.cumulane.gcp.client.GoogleApi;
import dev.cumulane.gcp.emulator.Disturbed;
import dev.cumulane.gcp.emulator.Emulators;
import dev.cumulane.gcp.emulator.PushTopic;
import dev.cumulane.gcp.fake.FakeCloudTasks;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/** The contract on the emulator of Pub/Sub, which pushes to this process, and on a Cloud Tasks of ours, behind a network that disturbs every third request. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PubSubSignalsContractTest extends SignalsContract {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final MovedClock clock = new MovedClock();
    private final FakeCloudTasks tasks = new FakeCloudTasks(clock);
    private final Disturbed network =
            Disturbed.before(Map.of("pubsub", Emulators.pubSub(), "cloudtasks", tasks.endpoint()), 0.3, 10);
    private final GoogleApi undisturbed =
            Emulators.clients(Map.of("pubsub", Emulators.pubSub())).api("pubsub");
    private final List<PushTopic> endpoints = new ArrayList<>();
    private GcpNames names = Emulators.names();
    private String subscription = "";
    private PubSubSignals signals = open();

    @BeforeEach
    void begin() {
        names = Emulators.names();
        tasks.create(names.timers());
        subscription = PushTopic.subscribed(undisturbed, names.signals());
        signals = open();
    }

    @AfterEach
    void close() {
        endpoints.forEach(PushTopic::close);
        endpoints.clear();
    }

    @AfterAll
    void closeAndCount() {
        network.closeAndCount();
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
        endpoints.add(new PushTopic(undisturbed, push::handle).from(subscription));
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
        return new PubSubSignals(
                () -> network.clients().api("pubsub"), () -> network.clients().api("cloudtasks"), names, clock);
    }

    /** Does what Cloud Tasks does with a task: what is not answered with 2xx is tried again. */
    private static void run(Task task) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(task.getHttpRequest().getUrl()))
                .POST(HttpRequest.BodyPublishers.ofByteArray(
                        task.getHttpRequest().getBody().toByteArray()));
        task.getHttpRequest().getHeadersMap().forEach(request::header);
        int status = 0;
        for (int tries = 0; tries < 20 && status != 200; tries++) {
            try {
                status = HTTP.send(request.build(), HttpResponse.BodyHandlers.discarding())
                        .statusCode();
            } catch (IOException e) {
                status = 0;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        assertThat(status).isEqualTo(200);
    }
}
