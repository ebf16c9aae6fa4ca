// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cumulane.cloud.EventSink;
import dev.cumulane.cloud.contract.EventSinkContract;
import dev.cumulane.gcp.client.GcpNames;
import dev.cumulane.gcp.client.GoogleApi;
import dev.cumulane.gcp.emulator.Disturbed;
import dev.cumulane.gcp.emulator.Emulators;
import dev.cumulane.gcp.emulator.PushTopic;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The contract on the emulator of Pub/Sub, behind a network that disturbs every tenth request: a subscription has what the topic received. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PubSubEventSinkContractTest extends EventSinkContract {
    private final GoogleApi pubSub =
            Emulators.clients(Map.of("pubsub", Emulators.pubSub())).api("pubsub");
    private final Disturbed network = Disturbed.before(Map.of("pubsub", Emulators.pubSub()), 0.1, 12);
    private GcpNames names = Emulators.names();
    private EventSink sink = open();
    private final List<JsonNode> messages = new ArrayList<>();
    private String subscription = "";

    @BeforeEach
    void subscribe() {
        names = Emulators.names();
        sink = open();
        messages.clear();
        subscription = PushTopic.subscribed(pubSub, names.events());
    }

    @AfterAll
    void closeAndCount() {
        network.closeAndCount();
    }

    private EventSink open() {
        return new PubSubEventSink(() -> network.clients().api("pubsub"), names);
    }

    @Override
    protected EventSink sink() {
        return sink;
    }

    @Override
    protected List<String> received() throws IOException {
        JsonNode limit =
                new ObjectMapper().createObjectNode().put("maxMessages", 1000).put("returnImmediately", true);
        for (boolean more = true; more; ) {
            JsonNode some =
                    pubSub.post("pull", "/v1/" + subscription + ":pull", limit).path("receivedMessages");
            some.forEach(one -> messages.add(one.path("message")));
            more = !some.isEmpty();
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode message : messages) {
            texts.add(new String(message.path("data").binaryValue(), UTF_8));
        }
        return texts;
    }

    @Test
    void type_and_id_are_attributes_that_a_subscription_can_filter_by() throws IOException {
        sink.publish("run-1/1", "{\"id\":\"run-1/1\",\"type\":\"dev.cumulane.run.finished\"}".getBytes(UTF_8));

        assertThat(received()).hasSize(1);
        assertThat(messages.get(0).path("attributes"))
                .isEqualTo(new ObjectMapper()
                        .createObjectNode()
                        .put("content-type", "application/cloudevents+json")
                        .put("id", "run-1/1")
                        .put("type", "dev.cumulane.run.finished"));
    }

    @Test
    void an_event_that_is_too_large_or_no_json_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> sink.publish("e-1", new byte[251 * 1024]))
                .withMessageContaining("e-1");
        assertThatIllegalArgumentException().isThrownBy(() -> sink.publish("e-1", "{".getBytes(UTF_8)));
    }
}
