// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.deliveries;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.cumulane.aws.client.AwsClients;
import dev.cumulane.aws.emulator.Emulators;
import dev.cumulane.aws.fake.FakeLambda;
import dev.cumulane.cloud.ArtifactFiles;
import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.Deliveries;
import dev.cumulane.cloud.DeploymentStep;
import dev.cumulane.cloud.StepReport;
import dev.cumulane.cloud.contract.DeliveriesContract;
import dev.cumulane.cloud.contract.Loopback;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.RunId;
import dev.cumulane.testing.SimulatedCloud;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.lambda.model.GetAliasResponse;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.lambda.model.ResourceNotFoundException;

/** The official clients against the fake. A package is a word; invoked, a healthy one answers it. */
class LambdaDeliveriesTest extends DeliveriesContract {
    private static final String FUNCTION = "shop-api";
    private static final String SICK = "sick ";

    @TempDir
    Path directory;

    private final ArtifactStore store = SimulatedCloud.of().artifacts();
    private final Map<DeploymentStep, StepReport> told = new ConcurrentHashMap<>();
    private volatile String alarmState = "OK";
    private FakeLambda service;
    private HttpServer monitoring;
    private AwsClients clients;
    private LambdaDeliveries deliveries;

    @BeforeEach
    void open() throws Exception {
        service = new FakeLambda(LambdaDeliveriesTest::run, failure -> {});
        service.function(FUNCTION, "the first package, of whoever made the function".getBytes(UTF_8));
        monitoring = Loopback.serve(exchange -> {
            String asked = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            byte[] answer = alarms(asked).getBytes(UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        clients = Emulators.clients(Map.of(
                "lambda",
                service.endpoint(),
                "*",
                URI.create("http://127.0.0.1:" + monitoring.getAddress().getPort())));
        restart();
    }

    @AfterEach
    void nothingWasAgainstTheInterface() {
        clients.close();
        monitoring.stop(0);
        service.close();
        assertThat(service.violations()).isEmpty();
    }

    private static byte[] run(byte[] code, String arn, String requestId, byte[] payload) {
        String word = new String(code, UTF_8);
        if (word.startsWith(SICK)) {
            throw new IllegalStateException("the database is away");
        }
        return code;
    }

    /** In the form of the service's documentation; the client reads the elements by their names. */
    private String alarms(String asked) {
        String member = asked.contains("shop-5xx")
                ? "<member><AlarmName>shop-5xx</AlarmName><StateValue>" + alarmState + "</StateValue></member>"
                : "";
        return "<DescribeAlarmsResponse xmlns=\"http://monitoring.amazonaws.com/doc/2010-08-01/\"><DescribeAlarmsResult><MetricAlarms>"
                + member + "</MetricAlarms></DescribeAlarmsResult></DescribeAlarmsResponse>";
    }

    @Override
    protected Deliveries deliveries() {
        return deliveries;
    }

    @Override
    protected void restart() {
        told.clear();
        deliveries = new LambdaDeliveries(
                clients,
                Map.of(ENVIRONMENT, EnvironmentChoice.HERE.function(FUNCTION).health("{\"health\": true}")),
                store,
                told::put,
                new LambdaDeliveries.Pace(Duration.ofMillis(1), Duration.ofSeconds(5)));
    }

    private Digest artifact(String content) {
        try {
            Path root = Files.createTempDirectory(directory, "made-");
            Path folder = Files.createDirectories(root.resolve("outputs"));
            Files.writeString(folder.resolve("app.jar"), content);
            return ArtifactFiles.pack(store, "app", folder, "app.jar").digest();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected Digest healthy(String word) {
        return artifact(word);
    }

    @Override
    protected Digest sick(String word) {
        return artifact(SICK + word);
    }

    @Override
    protected int starts(String word) {
        return (int) service.versions(FUNCTION).stream()
                .filter(code -> new String(code, UTF_8).equals(word))
                .count();
    }

    @Override
    protected Optional<String> answer() {
        return invoke("live");
    }

    private Optional<String> invoke(String alias) {
        try {
            InvokeResponse answer = clients.lambda()
                    .invoke(request ->
                            request.functionName(FUNCTION).qualifier(alias).payload(SdkBytes.fromUtf8String("{}")));
            return answer.functionError() == null ? Optional.of(answer.payload().asUtf8String()) : Optional.empty();
        } catch (ResourceNotFoundException e) {
            return Optional.empty();
        }
    }

    @Override
    protected Optional<StepReport> told(DeploymentStep step) {
        return Optional.ofNullable(told.get(step));
    }

    private static DeploymentStep step(long fence, int index, Optional<String> version, DeploymentStep.Wanted wanted) {
        return new DeploymentStep(
                new RunId("shop-0k3v9q2m7xw4b1ce"), "deploy", index, ENVIRONMENT, fence, version, wanted);
    }

    private StepReport done(DeploymentStep step) {
        deliveries.begin(step);
        return told(step).orElseThrow();
    }

    private StepReport done(long fence, int index, DeploymentStep.Wanted wanted) {
        return done(step(fence, index, Optional.empty(), wanted));
    }

    private void live(long fence, String word) {
        assertThat(done(fence, 1, prepared(healthy(word))).succeeded()).isTrue();
        assertThat(done(fence, 2, new DeploymentStep.Shifted(100)).succeeded()).isTrue();
        assertThat(done(fence, 3, new DeploymentStep.Completed()).succeeded()).isTrue();
    }

    private GetAliasResponse alias() {
        return clients.lambda()
                .getAlias(request -> request.functionName(FUNCTION).name("live"));
    }

    @Test
    void a_prepared_release_can_be_tried_beside_the_live_one() {
        live(1, "one");
        done(2, 1, prepared(healthy("two")));

        assertThat(invoke("live-next")).contains("two");
        assertThat(answer()).contains("one");
    }

    @Test
    void a_canary_is_the_weight_of_an_alias_and_its_end_has_none() {
        live(1, "one");
        done(2, 1, prepared(healthy("two")));

        done(2, 2, new DeploymentStep.Shifted(10));
        assertThat(alias().functionVersion()).isEqualTo("1");
        assertThat(alias().routingConfig().additionalVersionWeights()).isEqualTo(Map.of("2", 0.1));

        done(2, 3, new DeploymentStep.Completed());
        assertThat(alias().functionVersion()).isEqualTo("2");
        assertThat(alias().routingConfig()).isNull();
    }

    @Test
    void an_alias_that_somebody_else_has_changed_since_the_step_before_stays_as_they_left_it() {
        live(1, "one");
        StepReport prepared = done(2, 1, prepared(healthy("two")));
        clients.lambda()
                .updateAlias(
                        request -> request.functionName(FUNCTION).name("live").description("mine"));

        StepReport shifted = done(step(2, 2, prepared.version(), new DeploymentStep.Shifted(50)));

        assertThat(shifted.succeeded()).isFalse();
        assertThat(shifted.detail()).contains("was changed since the step before, and not by this deployment");
        assertThat(answer()).contains("one");
    }

    @Test
    void an_answer_that_was_lost_is_no_change_by_somebody_else() {
        live(1, "one");
        StepReport prepared = done(2, 1, prepared(healthy("two")));
        DeploymentStep shift = step(2, 2, prepared.version(), new DeploymentStep.Shifted(100));

        service.loseAnswers("PUT", 2);

        assertThat(done(shift)).matches(StepReport::succeeded);
        assertThat(answer()).contains("two");
        assertThat(alias().revisionId())
                .isEqualTo(told(shift).orElseThrow().version().orElseThrow());
    }

    @Test
    void a_throttled_step_has_not_failed_and_is_begun_again() {
        DeploymentStep prepare = step(1, 1, Optional.empty(), prepared(healthy("one")));
        service.throttle(100);
        assertThatThrownBy(() -> deliveries.begin(prepare))
                .isInstanceOfSatisfying(
                        CloudException.class, e -> assertThat(e.retryable()).isTrue());
        assertThat(told(prepare)).isEmpty();

        service.throttle(0);
        assertThat(done(prepare)).matches(StepReport::succeeded);
    }

    @Test
    void a_release_whose_alarm_rings_is_not_healthy() {
        live(1, "one");
        done(2, 1, prepared(healthy("two")));
        done(2, 2, new DeploymentStep.Shifted(10));
        DeploymentStep.Healthy watched = new DeploymentStep.Healthy(Optional.of("shop-5xx"));
        assertThat(done(2, 3, watched)).matches(StepReport::succeeded);

        alarmState = "ALARM";

        assertThat(deliveries.rings(ENVIRONMENT, "shop-5xx")).isTrue();
        assertThat(done(2, 4, watched).detail()).isEqualTo("alarm 'shop-5xx' rings");
        done(2, 5, new DeploymentStep.RolledBack());
        assertThat(answer()).contains("one");
        assertThatThrownBy(() -> deliveries.rings(ENVIRONMENT, "no-such-alarm"))
                .isInstanceOf(CloudException.class)
                .hasMessageContaining("'no-such-alarm'");
    }

    @Test
    void steps_that_come_after_the_rollback_of_a_deployment_that_prepared_nothing_are_stale() {
        done(1, 3, new DeploymentStep.RolledBack());

        StepReport late = done(1, 1, prepared(healthy("one")));

        assertThat(late.succeeded()).isFalse();
        assertThat(late.detail()).contains("step 1, and step 3 has begun");
        assertThat(starts("one")).isZero();
    }
}
