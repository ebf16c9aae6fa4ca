// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.functions;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cumulane.aws.signals.SqsBatch;
import dev.cumulane.cloud.FunctionCall;
import dev.cumulane.cloud.HttpAnswer;
import dev.cumulane.cloud.HttpRequest;
import dev.cumulane.cloud.SignalEnvelope;
import dev.cumulane.cloud.SignalMessage;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.AttemptId;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What the functions make of the events that AWS invokes them with. */
class RolesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final AttemptId ATTEMPT = AttemptId.parse("shop-0k3v9q2m7xw4b1ce/build/1");
    private static final Role.Invocation INVOCATION = new Role.Invocation(
            "8f5a", "arn:aws:lambda:eu-west-1:123456789012:function:shop-ci-worker-trusted:code-0f7d");

    private final List<SignalEnvelope> handled = new ArrayList<>();
    private final List<String> died = new ArrayList<>();
    private final List<Double> ages = new ArrayList<>();
    private int swept;

    private final EngineRole engine = new EngineRole(
            new SqsBatch(
                    ShopCi.signals(),
                    signal -> {
                        if (signal.id().equals("poison")) {
                            throw new IllegalStateException("no");
                        }
                        handled.add(signal);
                    },
                    new ServiceEvents(died::add, event -> false)),
            () -> swept++,
            ages::add);

    private static JsonNode batch(String... bodies) {
        ObjectNode event = JSON.createObjectNode();
        ArrayNode records = event.putArray("Records");
        for (int i = 0; i < bodies.length; i++) {
            records.addObject()
                    .put("messageId", "m" + i)
                    .put("receiptHandle", "r" + i)
                    .put("body", bodies[i]);
        }
        return event;
    }

    private static SignalEnvelope signal(String id) {
        SignalEnvelope over = SignalEnvelope.workOver(ATTEMPT);
        return new SignalEnvelope(id, over.stream(), over.bytes());
    }

    @Test
    void a_poisoned_message_comes_again_alone() {
        JsonNode answer = engine.handle(
                batch(
                        SignalMessage.text(signal("a")),
                        SignalMessage.text(signal("poison")),
                        SignalMessage.text(signal("b"))),
                INVOCATION);

        assertThat(answer.toString()).isEqualTo("{\"batchItemFailures\":[{\"itemIdentifier\":\"m1\"}]}");
        assertThat(handled).extracting(SignalEnvelope::id).containsExactly("a", "b");
        assertThat(handled.get(0).bytes()).isEqualTo(signal("a").bytes());
    }

    @Test
    void a_message_that_nobody_understands_fails_until_it_is_a_dead_letter() {
        String[] bodies = {"", "no JSON", "{}", "[1]", "{\"source\": \"my.app\"}"};

        assertThat(engine.handle(batch(bodies), INVOCATION).path("batchItemFailures"))
                .hasSize(bodies.length);
        assertThat(handled).isEmpty();
    }

    @Test
    void the_age_of_the_oldest_message_of_a_batch_is_measured() {
        ObjectNode batch = (ObjectNode) batch(SignalMessage.text(signal("a")), SignalMessage.text(signal("b")));
        for (JsonNode message : batch.path("Records")) {
            ((ObjectNode) message)
                    .putObject("attributes")
                    .put("SentTimestamp", Long.toString(System.currentTimeMillis() - 90_000));
        }
        engine.handle(batch, INVOCATION);
        engine.handle(batch(SignalMessage.text(signal("c"))), INVOCATION);

        assertThat(ages).hasSize(2);
        assertThat(ages.get(0)).isBetween(90.0, 100.0);
        assertThat(ages.get(1)).isZero();
    }

    @Test
    void the_end_of_a_build_is_told_to_its_run() {
        engine.handle(batch(buildEvent("SUCCEEDED"), buildEvent("IN_PROGRESS")), INVOCATION);

        assertThat(handled)
                .singleElement()
                .satisfies(signal -> assertThat(signal.id())
                        .isEqualTo(SignalEnvelope.workOver(ATTEMPT).id()));
    }

    private static String buildEvent(String status) {
        ObjectNode event = JSON.createObjectNode();
        event.put("source", "aws.codebuild").put("detail-type", "CodeBuild Build State Change");
        ObjectNode detail = event.putObject("detail").put("build-status", status);
        ArrayNode variables = detail.putObject("additional-information")
                .putObject("environment")
                .putArray("environment-variables");
        variables
                .addObject()
                .put("name", "CUMULANE_RUN")
                .put("value", ATTEMPT.run().value());
        variables.addObject().put("name", "CUMULANE_STAGE").put("value", "build");
        variables.addObject().put("name", "CUMULANE_ATTEMPT").put("value", "1");
        return event.toString();
    }

    @Test
    void the_death_of_a_worker_is_told_to_its_run() throws Exception {
        ObjectNode record = JSON.createObjectNode();
        record.putObject("requestContext").put("requestId", "8f5a").put("functionArn", INVOCATION.arn());
        record.set(
                "requestPayload",
                JSON.readTree(new FunctionCall(ATTEMPT, Digest.of(new byte[0]), new TreeMap<>()).text()));

        engine.handle(batch(record.toString()), INVOCATION);

        assertThat(died).containsExactly("8f5a");
        assertThat(handled)
                .singleElement()
                .satisfies(signal -> assertThat(signal.bytes())
                        .isEqualTo(SignalEnvelope.workOver(ATTEMPT).bytes()));
    }

    @Test
    void the_timer_sweeps_and_anything_else_is_refused() throws Exception {
        engine.handle(JSON.readTree("{\"sweep\": true}"), INVOCATION);

        assertThat(swept).isEqualTo(1);
        assertThatThrownBy(() -> engine.handle(JSON.readTree("{\"hello\": 1}"), INVOCATION))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("and no other events");
    }

    @Test
    void ingress_gives_the_engine_the_request_byte_by_byte_and_its_answer_back() throws Exception {
        AtomicReference<HttpRequest> taken = new AtomicReference<>();
        IngressRole ingress = new IngressRole(request -> {
            taken.set(request);
            return HttpAnswer.text(202, "accepted").with("set-cookie", "a=b");
        });
        byte[] body = {0, (byte) 0xff, '{'};
        String event = """
                {"version": "2.0", "rawPath": "/hooks/shop", "rawQueryString": "a=%%20b", "cookies": ["x=1", "y=2"],
                 "headers": {"x-github-event": "push", "content-type": "application/json"},
                 "requestContext": {"http": {"method": "POST", "path": "/hooks/shop"}}, "isBase64Encoded": true, "body": "%s"}
                """.formatted(Base64.getEncoder().encodeToString(body));

        JsonNode answer = ingress.handle(JSON.readTree(event), INVOCATION);

        assertThat(taken.get().method()).isEqualTo("POST");
        assertThat(taken.get().path()).isEqualTo("/hooks/shop");
        assertThat(taken.get().query()).isEqualTo("a=%20b");
        assertThat(taken.get().header("X-GitHub-Event")).contains("push");
        assertThat(taken.get().header("cookie")).contains("x=1; y=2");
        assertThat(taken.get().body()).isEqualTo(body);
        assertThat(answer.path("statusCode").asInt()).isEqualTo(202);
        assertThat(answer.path("cookies").get(0).asText()).isEqualTo("a=b");
        assertThat(answer.path("headers").has("set-cookie")).isFalse();
        assertThat(new String(answer.path("body").binaryValue(), UTF_8)).isEqualTo("accepted\n");
    }

    @Test
    void a_body_that_is_too_large_or_no_base64_is_answered_and_not_passed_on() throws Exception {
        IngressRole ingress = new IngressRole(request -> {
            throw new AssertionError("was passed on");
        });
        String large = Base64.getEncoder().encodeToString(new byte[HttpRequest.LARGEST_BODY + 1]);
        for (String body : List.of(large, "?")) {
            ObjectNode event =
                    JSON.createObjectNode().put("isBase64Encoded", true).put("body", body);
            event.putObject("requestContext").putObject("http").put("method", "POST");

            assertThat(ingress.handle(event, INVOCATION).path("statusCode").asInt())
                    .isEqualTo(413);
        }
        assertThatThrownBy(() -> ingress.handle(JSON.readTree("{\"Records\": []}"), INVOCATION))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_work_is_called_by_function_alias_and_request() {
        assertThat(WorkerRole.serviceId(INVOCATION)).isEqualTo("shop-ci-worker-trusted:code-0f7d:8f5a");
        assertThat(WorkerRole.serviceId(new Role.Invocation(
                        "8f5a", "arn:aws:lambda:eu-west-1:123456789012:function:shop-ci-worker-trusted")))
                .isEqualTo("shop-ci-worker-trusted:$LATEST:8f5a");
        assertThat(Optional.of(
                        FunctionCall.parse(new FunctionCall(ATTEMPT, Digest.of(new byte[0]), new TreeMap<>()).text())))
                .contains(new FunctionCall(ATTEMPT, Digest.of(new byte[0]), new TreeMap<>()));
    }
}
