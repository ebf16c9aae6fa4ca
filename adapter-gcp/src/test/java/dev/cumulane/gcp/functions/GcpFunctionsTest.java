// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.functions;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cumulane.cloud.FunctionCall;
import dev.cumulane.cloud.SignalEnvelope;
import dev.cumulane.gcp.fake.FakeIssuer;
import dev.cumulane.gcp.fake.FunctionProcess;
import dev.cumulane.source.GitHubDelivery;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The entry class in JVMs of its own, each with Google's real function invoker; tokens are signed by an issuer on loopback. */
final class GcpFunctionsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CALLER = "shop-ci-caller@test-project.iam.gserviceaccount.com";
    private static final String AUDIENCE = "https://europe-west1-test-project.cloudfunctions.net/shop-ci-function";
    private static final String TYPE = "google.cloud.pubsub.topic.v1.messagePublished";

    @TempDir
    Path directory;

    private final FakeIssuer issuer = new FakeIssuer(InstantSource.system());

    @AfterEach
    void close() {
        issuer.close();
    }

    private FunctionProcess function(String role, String... more) throws Exception {
        Map<String, String> variables = new TreeMap<>(Map.of(
                "CUMULANE_ROLE", role,
                "CUMULANE_CALLER", CALLER,
                "CUMULANE_AUDIENCE", AUDIENCE,
                "CUMULANE_SIGNERS", issuer.endpoint() + "/oauth2/v3/certs"));
        for (String name : more) {
            variables.put(name, "yes");
        }
        return new FunctionProcess(ShopCi.class, variables, log());
    }

    private Path log() {
        return directory.resolve("log.txt");
    }

    private Map<String, String> proven(String account) {
        return new TreeMap<>(Map.of(
                "authorization",
                issuer.token("https://accounts.google.com", AUDIENCE, account, true),
                "content-type",
                "application/json"));
    }

    private static HttpResponse<String> deliver(FunctionProcess ingress, String secret) throws Exception {
        GitHubDelivery push = GitHubDelivery.push("d-1", "example/shop", "main", "4f1c2ab0".repeat(5), "A change");
        return ingress.post("/hooks/shop", push.headers(secret), push.bytes());
    }

    @Test
    void ingress_takes_a_signed_push_and_refuses_a_forged_one() throws Exception {
        try (FunctionProcess ingress = function("ingress")) {
            assertThat(deliver(ingress, ShopCi.WEBHOOK_SECRET).statusCode()).isEqualTo(202);
            assertThat(deliver(ingress, "another secret").statusCode()).isEqualTo(401);
        }
        assertThat(Files.readString(log())).doesNotContain(ShopCi.WEBHOOK_SECRET);
    }

    @Test
    void a_function_that_cannot_open_its_engine_asks_for_another_try_and_says_why_in_its_log() throws Exception {
        try (FunctionProcess ingress = function("ingress", "BROKEN");
                FunctionProcess nothing = function("everything")) {
            assertThat(deliver(ingress, ShopCi.WEBHOOK_SECRET).statusCode()).isEqualTo(503);
            assertThat(deliver(nothing, ShopCi.WEBHOOK_SECRET).statusCode()).isEqualTo(503);
        }
        assertThat(Files.readString(log()))
                .contains("The engine cannot be opened", "is ingress, engine or worker, not 'everything'");
    }

    private static ObjectNode push(SignalEnvelope signal) {
        ObjectNode push = JSON.createObjectNode().put("subscription", "projects/test-project/subscriptions/engine");
        ObjectNode message = push.putObject("message").put("messageId", "1").put("data", signal.bytes());
        message.putObject("attributes")
                .put("cumulane-signal", signal.id())
                .put("cumulane-stream", signal.stream().value());
        return push;
    }

    @Test
    void the_engine_takes_pushes_and_both_kinds_of_cloud_events_and_sweeps() throws Exception {
        ObjectNode push = push(SignalEnvelope.workOver(ShopCi.ATTEMPT));
        byte[] body = push.toString().getBytes(UTF_8);
        ObjectNode event = JSON.createObjectNode()
                .put("specversion", "1.0")
                .put("type", TYPE)
                .put("id", "1");
        event.set("data", push);
        try (FunctionProcess engine = function("engine")) {
            assertThat(engine.post("/", proven(CALLER), body).statusCode()).isEqualTo(204);

            Map<String, String> binary = proven(CALLER);
            binary.putAll(Map.of("ce-type", TYPE, "ce-id", "1", "ce-source", "//pubsub", "ce-specversion", "1.0"));
            assertThat(engine.post("/", binary, body).statusCode()).isEqualTo(204);

            Map<String, String> structured = proven(CALLER);
            structured.put("content-type", "application/cloudevents+json");
            assertThat(engine.post("/", structured, event.toString().getBytes(UTF_8))
                            .statusCode())
                    .isEqualTo(204);

            assertThat(engine.post("/", proven(CALLER), "{\"sweep\":true}".getBytes(UTF_8))
                            .statusCode())
                    .isEqualTo(204);
            binary.put("ce-type", "google.cloud.storage.object.v1.finalized");
            assertThat(engine.post("/", binary, body).statusCode()).isEqualTo(400);
            assertThat(engine.post("/", proven(CALLER), "hello".getBytes(UTF_8)).statusCode())
                    .isEqualTo(400);
        }
    }

    @Test
    void only_the_caller_that_is_named_may_call_the_engine() throws Exception {
        byte[] sweep = "{\"sweep\":true}".getBytes(UTF_8);
        try (FunctionProcess engine = function("engine")) {
            assertThat(engine.post("/", Map.of(), sweep).statusCode()).isEqualTo(401);
            assertThat(engine.post("/", proven("eve@test-project.iam.gserviceaccount.com"), sweep)
                            .statusCode())
                    .isEqualTo(401);
            Map<String, String> other = proven(CALLER);
            other.put(
                    "authorization",
                    issuer.token("https://accounts.google.com", "https://other.example", CALLER, true));
            assertThat(engine.post("/", other, sweep).statusCode()).isEqualTo(401);
            assertThat(engine.post("/", proven(CALLER), sweep).statusCode()).isEqualTo(204);
        }
    }

    @Test
    void a_worker_carries_out_an_order_once_and_shows_no_secret() throws Exception {
        FunctionCall call =
                new FunctionCall(ShopCi.ATTEMPT, ShopCi.order(), new TreeMap<>(Map.of("NPM_TOKEN", "npm-token")));
        byte[] body = call.text().getBytes(UTF_8);
        Map<String, String> headers = proven(CALLER);
        try (FunctionProcess worker = function("worker")) {
            assertThat(worker.post("/", headers, body).statusCode())
                    .as("no task")
                    .isEqualTo(400);
            headers.put("x-cloudtasks-taskname", "w-" + "0f".repeat(24));
            assertThat(worker.post("/", headers, body).body()).isEqualTo("ours\n");
            assertThat(worker.post("/", headers, body).body()).isEqualTo("somebody else's\n");
            assertThat(worker.post("/", headers, "{}".getBytes(UTF_8)).statusCode())
                    .isEqualTo(400);
        }
        assertThat(Files.readString(log()))
                .contains("\"message\":\"the stage ran with ***\"")
                .contains("\"logging.googleapis.com/labels\":{\"cumulane-attempt\":\"" + ShopCi.ATTEMPT + "\"}")
                .contains("is somebody else's or over")
                .doesNotContain("s3cret-value");
    }
}
