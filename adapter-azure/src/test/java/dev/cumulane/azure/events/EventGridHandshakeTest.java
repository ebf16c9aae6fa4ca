// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.cloud.HttpAnswer;
import dev.cumulane.cloud.HttpRequest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EventGridHandshakeTest {
    private static final String VALIDATION = """
            [{"id":"2d1781af","topic":"/subscriptions/x","subject":"","data":{"validationCode":"512d38b6-c7b8-40c8",
              "validationUrl":"https://rp-eastus2.eventgrid.azure.net:553/x"},
              "eventType":"Microsoft.EventGrid.SubscriptionValidationEvent","metadataVersion":"1","dataVersion":"1"}]
            """;

    @Test
    void the_origin_that_asks_before_it_sends_cloud_events_is_welcomed() {
        HttpAnswer answer = EventGridHandshake.answer(
                        request("OPTIONS", "WebHook-Request-Origin", "eventgrid.azure.net", ""))
                .orElseThrow();

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.headers()).containsEntry("webhook-allowed-origin", "eventgrid.azure.net");
    }

    @Test
    void another_origin_is_not() {
        assertThat(EventGridHandshake.answer(request("OPTIONS", "WebHook-Request-Origin", "evil.example", "")))
                .isEmpty();
    }

    @Test
    void the_code_of_a_validation_is_given_back() {
        HttpAnswer answer = EventGridHandshake.answer(
                        request("POST", "aeg-event-type", "SubscriptionValidation", VALIDATION))
                .orElseThrow();

        assertThat(new String(answer.body(), UTF_8)).isEqualTo("{\"validationResponse\":\"512d38b6-c7b8-40c8\"}");
    }

    @Test
    void an_event_is_no_handshake() {
        assertThat(EventGridHandshake.answer(request("POST", "aeg-event-type", "Notification", VALIDATION)))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "[{\"eventType\":\"Microsoft.EventGrid.SubscriptionValidationEvent\"}]",
                "[{\"eventType\":\"other\",\"data\":{\"validationCode\":\"a\"}}]",
                "[{\"eventType\":\"Microsoft.EventGrid.SubscriptionValidationEvent\",\"data\":{\"validationCode\":\"\\\"},\\\"x\\\":\\\"\"}}]"
            })
    void what_has_no_code_is_none(String body) {
        assertThat(EventGridHandshake.answer(request("POST", "aeg-event-type", "SubscriptionValidation", body)))
                .isEmpty();
    }

    private static HttpRequest request(String method, String header, String value, String body) {
        return HttpRequest.of(method, "/events", "", Map.of(header, List.of(value)), body.getBytes(UTF_8));
    }
}
