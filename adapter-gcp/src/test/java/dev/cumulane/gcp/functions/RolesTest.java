// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.functions;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cumulane.cloud.HttpRequest;
import dev.cumulane.cloud.SignalEnvelope;
import dev.cumulane.gcp.signals.PubSubPush;
import dev.cumulane.run.AttemptId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the engine's function makes of the messages that Google's services publish. */
final class RolesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final AttemptId ATTEMPT = AttemptId.parse("shop-0k3v9q2m7xw4b1ce/build/1");

    private final List<SignalEnvelope> handled = new ArrayList<>();
    private boolean failing;
    private int swept;

    private final EngineRole engine = new EngineRole(
            new PubSubPush(ShopCi.signals(), this::take, new ServiceEvents("shop-ci", message -> false)),
            () -> swept++);

    private void take(SignalEnvelope signal) {
        if (failing) {
            throw new IllegalStateException("no");
        }
        handled.add(signal);
    }

    private int push(String data, Map<String, String> attributes) {
        ObjectNode push = JSON.createObjectNode();
        ObjectNode message = push.putObject("message").put("messageId", "1").put("data", data.getBytes(UTF_8));
        message.set("attributes", JSON.valueToTree(attributes));
        return post(push.toString());
    }

    private int post(String body) {
        return engine.answer(HttpRequest.of("POST", "/", "", Map.of(), body.getBytes(UTF_8)))
                .status();
    }

    private int build(String status, String installation) {
        ObjectNode build = JSON.createObjectNode().put("id", "41a1fe52").put("status", status);
        build.putArray("tags")
                .add("cumulane-" + installation)
                .add("run-" + ATTEMPT.run().value())
                .add("stage-build")
                .add("attempt-1");
        return push(build.toString(), Map.of("buildId", "41a1fe52", "status", status));
    }

    @Test
    void the_end_of_a_build_is_told_to_its_run_and_nothing_else_of_builds() {
        assertThat(build("WORKING", "shop-ci")).isEqualTo(204);
        assertThat(build("SUCCESS", "cart-ci")).isEqualTo(204);
        assertThat(push("{\"status\":\"SUCCESS\"}", Map.of("buildId", "1"))).isEqualTo(204);
        assertThat(handled).isEmpty();

        assertThat(build("FAILURE", "shop-ci")).isEqualTo(204);
        assertThat(handled)
                .singleElement()
                .satisfies(signal -> assertThat(signal.id())
                        .isEqualTo(SignalEnvelope.workOver(ATTEMPT).id()));
    }

    @Test
    void a_message_that_fails_comes_again() {
        failing = true;

        assertThat(build("FAILURE", "shop-ci")).isEqualTo(503);
    }

    @Test
    void a_message_that_nobody_understands_is_refused_until_it_is_a_dead_letter() {
        assertThat(push("hello", Map.of())).isEqualTo(400);
        assertThat(push("no build", Map.of("buildId", "1"))).isEqualTo(400);
        assertThat(post("{}")).isEqualTo(400);
        assertThat(post("no JSON")).isEqualTo(400);
        assertThat(handled).isEmpty();
    }

    @Test
    void the_timer_sweeps() {
        assertThat(post("{\"sweep\":true}")).isEqualTo(204);

        assertThat(swept).isEqualTo(1);
    }
}
