// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.deliveries;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cumulane.cloud.ArtifactFiles;
import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.Deliveries;
import dev.cumulane.cloud.DeploymentStep;
import dev.cumulane.cloud.DeploymentStep.Healthy;
import dev.cumulane.cloud.DeploymentStep.Shifted;
import dev.cumulane.cloud.DeploymentStep.Wanted;
import dev.cumulane.cloud.StepReport;
import dev.cumulane.cloud.contract.DeliveriesContract;
import dev.cumulane.gcp.client.GrpcClients;
import dev.cumulane.gcp.emulator.Emulators;
import dev.cumulane.gcp.fake.FakeFunctions;
import dev.cumulane.gcp.fake.FakeMonitoring;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.RunId;
import dev.cumulane.testing.SimulatedCloud;
import io.grpc.Status.Code;
import java.io.IOException;
import java.io.UncheckedIOException;
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

/** The official clients of Cloud Functions and Cloud Run against the fake of both. */
final class CloudRunDeliveriesTest extends DeliveriesContract {
    private static final String LOCATION = "projects/test-project/locations/europe-west1";
    private static final String ADDRESS = "https://shop-api-k3v9q2m7xw-ew.a.run.app";
    private static final CloudRunDeliveries.Pace PACE =
            new CloudRunDeliveries.Pace(Duration.ofMillis(5), Duration.ofMillis(500));

    @TempDir
    Path directory;

    private final Map<DeploymentStep, StepReport> told = new ConcurrentHashMap<>();
    private ArtifactStore store;
    private FakeFunctions service;
    private FakeMonitoring monitoring;
    private GrpcClients clients;
    private Deliveries deliveries;

    @BeforeEach
    void open() {
        store = SimulatedCloud.of().artifacts();
        service = new FakeFunctions(LOCATION, "shop-api");
        monitoring = new FakeMonitoring();
        clients = new GrpcClients(Emulators.clients(Map.of(
                "cloudfunctions", service.endpoint(), "run", service.endpoint(), "monitoring", monitoring.endpoint())));
        restart();
    }

    @AfterEach
    void nothingWasAgainstTheDefinition() {
        clients.close();
        service.close();
        monitoring.close();
        assertThat(service.violations()).isEmpty();
    }

    @Override
    protected Deliveries deliveries() {
        return deliveries;
    }

    @Override
    protected void restart() {
        deliveries = new CloudRunDeliveries(
                clients,
                LOCATION,
                Map.of(ENVIRONMENT, EnvironmentChoice.HERE.function("shop-api")),
                store,
                told::put,
                PACE);
    }

    private Digest artifact(String text) {
        try {
            Path files = Files.createTempDirectory(directory, "app");
            Files.writeString(files.resolve("word.txt"), text);
            return ArtifactFiles.pack(store, "app", files, "word.txt").digest();
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
        return artifact("sick " + word);
    }

    @Override
    protected int starts(String word) {
        return service.starts(word);
    }

    @Override
    protected Optional<String> answer() {
        return service.answer();
    }

    @Override
    protected Optional<StepReport> told(DeploymentStep step) {
        return Optional.ofNullable(told.get(step));
    }

    private static DeploymentStep step(long fence, int index, Optional<String> version, Wanted wanted) {
        return new DeploymentStep(
                new RunId("shop-0k3v9q2m7xw4b1ce"), "deploy-" + fence, index, ENVIRONMENT, fence, version, wanted);
    }

    private StepReport done(DeploymentStep step) {
        deliveries.begin(step);
        return told.get(step);
    }

    private StepReport done(long fence, int index, Wanted wanted) {
        return done(step(fence, index, Optional.empty(), wanted));
    }

    @Test
    void the_service_answers_at_its_address_or_at_the_one_that_is_said() {
        done(1, 1, prepared(healthy("one")));
        assertThat(done(1, 2, new Shifted(100)).address()).contains(ADDRESS);

        assertThat(EnvironmentChoice.HERE
                        .function("shop-api")
                        .at("https://shop.example.com")
                        .address())
                .contains("https://shop.example.com");
        assertThatThrownBy(() -> EnvironmentChoice.HERE.function("Shop"))
                .hasMessageContaining("lower-case letters, digits and '-', not 'Shop'");
    }

    @Test
    void code_that_takes_long_is_looked_at_again_and_given_once() {
        service.takeNewCodeAfter(100_000);
        DeploymentStep prepare = step(1, 1, Optional.empty(), prepared(healthy("one")));

        assertThatThrownBy(() -> deliveries.begin(prepare))
                .isInstanceOfSatisfying(
                        CloudException.class, e -> assertThat(e.retryable()).isTrue())
                .hasMessageContaining("has not taken its new code yet");
        restart();
        assertThatThrownBy(() -> deliveries.begin(prepare)).isInstanceOf(CloudException.class);

        assertThat(service.requests("UpdateFunction")).hasSize(1);
        assertThat(service.answer()).isEmpty();
    }

    @Test
    void lost_answers_change_nothing_twice() {
        service.loseAnswersOf("UpdateFunction", 1);
        DeploymentStep prepare = step(1, 1, Optional.empty(), prepared(healthy("one")));
        assertThatThrownBy(() -> deliveries.begin(prepare))
                .isInstanceOfSatisfying(
                        CloudException.class, e -> assertThat(e.retryable()).isTrue());
        assertThat(done(prepare).succeeded()).isTrue();
        assertThat(service.starts("one")).isEqualTo(1);

        service.loseAnswersOf("UpdateService", 1);
        DeploymentStep shift = step(1, 2, told.get(prepare).version(), new Shifted(100));
        assertThatThrownBy(() -> deliveries.begin(shift)).isInstanceOf(CloudException.class);
        assertThat(done(shift).succeeded()).isTrue();
        assertThat(service.answer()).contains("one");
    }

    @Test
    void traffic_that_somebody_else_has_changed_since_the_step_before_stays_as_they_left_it() {
        StepReport prepared = done(1, 1, prepared(healthy("one")));
        service.touch();

        StepReport shifted = done(step(1, 2, prepared.version(), new Shifted(100)));

        assertThat(shifted.succeeded()).isFalse();
        assertThat(shifted.detail()).contains("changed since the step before");
        assertThat(service.answer()).isEmpty();
    }

    @Test
    void a_service_that_wants_fewer_calls_or_is_missing_is_told_as_such() {
        service.refuse(1, Code.RESOURCE_EXHAUSTED);
        assertThatThrownBy(() -> done(1, 1, prepared(healthy("one"))))
                .isInstanceOfSatisfying(
                        CloudException.class, e -> assertThat(e.retryable()).isTrue());

        deliveries = new CloudRunDeliveries(
                clients,
                LOCATION,
                Map.of(ENVIRONMENT, EnvironmentChoice.HERE.function("cart-api")),
                store,
                told::put,
                PACE);
        assertThat(done(1, 1, prepared(healthy("one"))).detail()).contains("functions/cart-api", "is missing");
    }

    @Test
    void an_alert_of_a_policy_of_that_name_that_is_open_is_a_failure() {
        monitoring.policy("other", true);
        monitoring.policy("shop-5xx", true);
        monitoring.policy("shop-5xx", true);
        monitoring.ring("other");
        done(1, 1, prepared(healthy("one")));

        assertThat(done(1, 2, new Healthy(Optional.of("shop-5xx"))).succeeded()).isTrue();
        assertThat(deliveries.rings(ENVIRONMENT, "shop-5xx")).isFalse();

        monitoring.ring("shop-5xx");
        assertThat(deliveries.rings(ENVIRONMENT, "shop-5xx")).isTrue();
        assertThat(done(1, 3, new Healthy(Optional.of("shop-5xx"))).detail()).isEqualTo("alarm 'shop-5xx' rings");

        monitoring.silence();
        assertThat(deliveries.rings(ENVIRONMENT, "shop-5xx")).isFalse();
    }

    @Test
    void a_policy_that_is_missing_or_disabled_is_never_taken_for_silent() {
        monitoring.policy("shop-\"5xx\"", false);
        done(1, 1, prepared(healthy("one")));

        StepReport missing = done(1, 2, new Healthy(Optional.of("shop-5xx")));

        assertThat(missing.succeeded()).isFalse();
        assertThat(missing.detail()).endsWith("has no alerting policy 'shop-5xx' to watch");
        assertThatThrownBy(() -> deliveries.rings(ENVIRONMENT, "shop-\"5xx\""))
                .isInstanceOfSatisfying(
                        CloudException.class, e -> assertThat(e.retryable()).isFalse())
                .hasMessageContaining("is disabled");
    }
}
