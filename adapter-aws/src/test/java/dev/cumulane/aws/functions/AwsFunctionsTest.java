// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.functions;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cumulane.aws.fake.LocalRuntime;
import dev.cumulane.cloud.FunctionCall;
import dev.cumulane.cloud.SignalEnvelope;
import dev.cumulane.cloud.SignalMessage;
import dev.cumulane.source.GitHubDelivery;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The entry class in JVMs of its own, each with Lambda's real runtime interface client. */
class AwsFunctionsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    private LocalRuntime function(String role) throws Exception {
        return new LocalRuntime(ShopCi.class, Map.of("CUMULANE_ROLE", role), log());
    }

    private Path log() {
        return directory.resolve("log.txt");
    }

    private static String delivery(String secret) {
        GitHubDelivery push = GitHubDelivery.push("d-1", "example/shop", "main", "4f1c2ab0".repeat(5), "A change");
        ObjectNode event = JSON.createObjectNode().put("version", "2.0").put("rawPath", "/hooks/shop");
        event.putObject("requestContext")
                .putObject("http")
                .put("method", "POST")
                .put("path", "/hooks/shop");
        ObjectNode headers = event.putObject("headers");
        push.headers(secret).forEach(headers::put);
        event.put("isBase64Encoded", true).put("body", Base64.getEncoder().encodeToString(push.bytes()));
        return event.toString();
    }

    @Test
    void ingress_takes_a_signed_push_and_refuses_a_forged_one() throws Exception {
        try (LocalRuntime ingress = function("ingress")) {
            JsonNode taken = JSON.readTree(
                    ingress.invoke(delivery(ShopCi.WEBHOOK_SECRET)).body());
            JsonNode refused =
                    JSON.readTree(ingress.invoke(delivery("another secret")).body());

            assertThat(taken.path("statusCode").asInt()).as(taken.toString()).isEqualTo(202);
            assertThat(refused.path("statusCode").asInt()).isEqualTo(401);
        }
        assertThat(Files.readString(log())).doesNotContain(ShopCi.WEBHOOK_SECRET);
    }

    @Test
    void ingress_that_cannot_open_its_engine_asks_for_another_try_and_says_why_in_its_log() throws Exception {
        Map<String, String> broken = Map.of("CUMULANE_ROLE", "ingress", "BROKEN", "yes");
        try (LocalRuntime ingress = new LocalRuntime(ShopCi.class, broken, log())) {
            JsonNode answer = JSON.readTree(
                    ingress.invoke(delivery(ShopCi.WEBHOOK_SECRET)).body());

            assertThat(answer.path("statusCode").asInt()).isEqualTo(503);
        }
        assertThat(Files.readString(log())).contains("The engine cannot be opened", "the table is missing");
    }

    @Test
    void the_engine_takes_batches_and_sweeps_and_fails_on_what_is_neither() throws Exception {
        ObjectNode batch = JSON.createObjectNode();
        batch.putArray("Records")
                .addObject()
                .put("messageId", "m1")
                .put("receiptHandle", "r1")
                .put("body", SignalMessage.text(SignalEnvelope.workOver(ShopCi.ATTEMPT)));
        try (LocalRuntime engine = function("engine")) {
            assertThat(engine.invoke(batch.toString()).text()).isEqualTo("{\"batchItemFailures\":[]}");
            assertThat(engine.invoke("{\"sweep\": true}").text()).isEqualTo("{}");

            LocalRuntime.Outcome other = engine.invoke("{\"detail\": {}}");
            assertThat(other.failed()).isTrue();
            assertThat(other.text()).contains("and no other events");
        }
    }

    @Test
    void a_worker_carries_out_an_order_once_and_shows_no_secret() throws Exception {
        FunctionCall call =
                new FunctionCall(ShopCi.ATTEMPT, ShopCi.order(), new TreeMap<>(Map.of("NPM_TOKEN", "npm-token")));
        byte[] payload = call.text().getBytes(UTF_8);
        String arn = "arn:aws:lambda:eu-west-1:123456789012:function:shop-ci-worker-trusted:code-0f7d";
        try (LocalRuntime worker = function("worker")) {
            assertThat(worker.invoke(arn, "request-1", payload).text()).isEqualTo("{\"ours\":true}");
            assertThat(worker.invoke(arn, "request-2", payload).text()).isEqualTo("{\"ours\":false}");
        }
        assertThat(Files.readString(log()))
                .contains("the stage ran with ***")
                .contains("is somebody else's or over")
                .doesNotContain("s3cret-value");
    }

    @Test
    void a_function_without_a_role_says_which_there_are() throws Exception {
        try (LocalRuntime nothing = function("everything")) {
            assertThat(nothing.invoke("{}").text()).contains("is ingress, engine or worker, not 'everything'");
        }
    }
}
