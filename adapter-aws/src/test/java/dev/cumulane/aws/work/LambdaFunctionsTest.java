// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.work;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cumulane.aws.client.AwsNames;
import dev.cumulane.aws.fake.FakeLambda;
import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.FunctionCall;
import dev.cumulane.cloud.WorkOrder;
import dev.cumulane.cloud.WorkRunner.Phase;
import dev.cumulane.cloud.contract.Awaiting;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.TrustLevel;
import dev.cumulane.testing.SimulatedCloud;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.lambda.LambdaClient;

/** The official client against the fake. Lambda cannot be asked about an invocation, so the contract of runners is not this one's. */
class LambdaFunctionsTest {
    private static final AttemptId ATTEMPT = AttemptId.parse("shop-0k3v9q2m7xw4b1ce/inspect/1");
    private static final WorkNames NAMES =
            new WorkNames(new AwsNames(Region.EU_WEST_1, "shop-ci", () -> "123456789012"));
    private static final Digest CODE = Digest.of("the jar".getBytes(UTF_8));
    private static final Digest ORDER = Digest.of("the order".getBytes(UTF_8));
    private static final String WORKER = "shop-ci-worker-trusted";

    private final ArtifactStore store = SimulatedCloud.of().artifacts();
    private final List<String> invoked = new CopyOnWriteArrayList<>();
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private volatile boolean dies;
    private FakeLambda service;
    private LambdaClient client;
    private LambdaFunctions functions;

    @BeforeEach
    void open() {
        service = new FakeLambda(this::worker, failures::add);
        client = LambdaClient.builder()
                .endpointOverride(service.endpoint())
                .region(Region.EU_WEST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("AKID", "secret")))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build();
        functions = new LambdaFunctions(() -> client, store, NAMES);
        service.function(WORKER, new byte[] {1});
        publish(CODE);
    }

    private void publish(Digest code) {
        String version =
                client.publishVersion(request -> request.functionName(WORKER)).version();
        client.createAlias(request ->
                request.functionName(WORKER).name(WorkNames.alias(code)).functionVersion(version));
    }

    @AfterEach
    void nothingWasAgainstTheInterface() {
        service.close();
        client.close();
        assertThat(service.violations()).isEmpty();
    }

    private byte[] worker(byte[] code, String arn, String requestId, byte[] payload) throws Exception {
        invoked.add(arn + " " + requestId + " "
                + FunctionCall.parse(new String(payload, UTF_8)).attempt());
        if (dies) {
            throw new IllegalStateException("out of memory");
        }
        String id = LambdaFunctions.id(WORKER, arn.substring(arn.lastIndexOf(':') + 1), requestId);
        store.create("claims/" + ATTEMPT.key(), (id + "." + "0f".repeat(16)).getBytes(UTF_8));
        return "{}".getBytes(UTF_8);
    }

    private static WorkOrder order(
            Optional<Digest> code, Duration within, TrustLevel trust, Map<String, String> secrets) {
        return new WorkOrder(
                ATTEMPT, ORDER, new WorkOrder.Function("shop.Inspect", code), within, new TreeMap<>(secrets), trust);
    }

    private static WorkOrder order() {
        return order(Optional.of(CODE), Duration.ofMinutes(10), TrustLevel.TRUSTED, Map.of());
    }

    @Test
    void a_stage_runs_in_the_version_whose_code_its_run_began_with() throws Exception {
        service.function("shop-ci-worker-internal", new byte[] {2});

        String id = functions.start(order());

        Awaiting.until("it runs", () -> !invoked.isEmpty());
        String request = id.substring(id.lastIndexOf(':') + 1);
        assertThat(id)
                .isEqualTo(WORKER + ":" + WorkNames.alias(CODE) + ":" + request)
                .hasSizeLessThan(150);
        assertThat(invoked)
                .containsExactly("arn:aws:lambda:eu-west-1:123456789012:function:" + WORKER + ":"
                        + WorkNames.alias(CODE) + " " + request + " " + ATTEMPT);
    }

    @Test
    void the_work_that_has_claimed_an_attempt_is_found_and_its_result_is_its_end() throws Exception {
        assertThat(functions.find(ATTEMPT)).isEmpty();
        String id = functions.start(order());
        Awaiting.until("it is claimed", () -> functions.find(ATTEMPT).isPresent());

        assertThat(functions.find(ATTEMPT)).contains(id);
        assertThat(functions.look(ATTEMPT, id)).isEqualTo(Phase.UNKNOWN);

        store.create("results/" + ATTEMPT.key() + ".json", "{}".getBytes(UTF_8));
        assertThat(functions.look(ATTEMPT, id)).isEqualTo(Phase.OVER);
    }

    @Test
    void an_attempt_that_the_engine_has_claimed_is_no_work() {
        store.create("claims/" + ATTEMPT.key(), "engine".getBytes(UTF_8));

        assertThat(functions.find(ATTEMPT)).isEmpty();
    }

    @Test
    void a_worker_that_dies_is_over_once_its_death_was_told_and_nothing_is_retried() throws Exception {
        dies = true;

        String id = functions.start(order());
        Awaiting.until("its death is told", () -> !failures.isEmpty());
        assertThat(functions.look(ATTEMPT, id)).isEqualTo(Phase.UNKNOWN);
        JsonNode record = new ObjectMapper().readTree(failures.get(0));
        functions.died(record.path("requestContext").path("requestId").asText());

        assertThat(functions.look(ATTEMPT, id)).isEqualTo(Phase.OVER);
        assertThat(invoked).hasSize(1);
    }

    @Test
    void what_lambda_cannot_do_is_refused_for_good_with_the_reason() {
        refused(order(Optional.of(CODE), Duration.ofMinutes(16), TrustLevel.TRUSTED, Map.of()), "at most PT15M");
        refused(
                order(Optional.of(CODE), Duration.ofMinutes(1), TrustLevel.UNTRUSTED, Map.of("A", "a")),
                "an untrusted run gets no secrets");
        refused(order(Optional.empty(), Duration.ofMinutes(1), TrustLevel.TRUSTED, Map.of()), "names no deployed code");
        refused(
                order(Optional.of(ORDER), Duration.ofMinutes(1), TrustLevel.TRUSTED, Map.of()),
                "function " + WORKER + " with the code that this run began with");
        refused(
                order(Optional.of(CODE), Duration.ofMinutes(1), TrustLevel.TRUSTED, Map.of("A", "npm-token")),
                NAMES.worker(TrustLevel.TRUSTED, List.of("npm-token")));
        assertThat(invoked).isEmpty();
    }

    private void refused(WorkOrder order, String reason) {
        assertThatThrownBy(() -> functions.start(order))
                .isInstanceOfSatisfying(
                        CloudException.class, e -> assertThat(e.retryable()).isFalse())
                .hasMessageContaining(reason);
    }

    @Test
    void too_many_requests_pass() {
        service.throttle(100);

        assertThatThrownBy(() -> functions.start(order()))
                .isInstanceOfSatisfying(
                        CloudException.class, e -> assertThat(e.retryable()).isTrue());
    }
}
