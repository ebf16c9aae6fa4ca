// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.deliveries;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cumulane.azure.emulator.Emulators;
import dev.cumulane.azure.fake.FakeContainerApps;
import dev.cumulane.cloud.ArtifactFiles;
import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.Deliveries;
import dev.cumulane.cloud.DeploymentStep;
import dev.cumulane.cloud.DeploymentStep.Completed;
import dev.cumulane.cloud.DeploymentStep.Healthy;
import dev.cumulane.cloud.DeploymentStep.RolledBack;
import dev.cumulane.cloud.DeploymentStep.Shifted;
import dev.cumulane.cloud.DeploymentStep.Wanted;
import dev.cumulane.cloud.StepReport;
import dev.cumulane.cloud.contract.DeliveriesContract;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.RunId;
import dev.cumulane.testing.SimulatedCloud;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Deliveries to a container app of the fake; an image of its registry answers a word. */
final class ContainerAppsDeliveriesTest extends DeliveriesContract {
    private static final String REPOSITORY = "shop.azurecr.io/shop";
    private static final String ADDRESS = "https://shop-api.jollybeach-0f7d2c1e.westeurope.azurecontainerapps.io";
    private static final ContainerAppEnvironment BINDING =
            EnvironmentChoice.HERE.containerApp("shop-api").pulling(REPOSITORY).container("app");
    private static final ContainerAppsDeliveries.Pace PACE =
            new ContainerAppsDeliveries.Pace(Duration.ofMillis(2), Duration.ofMillis(500));

    @TempDir
    Path directory;

    private final Map<DeploymentStep, StepReport> told = new ConcurrentHashMap<>();
    private ArtifactStore store;
    private FakeContainerApps service;
    private Deliveries deliveries;

    @BeforeEach
    void open() {
        store = SimulatedCloud.of().artifacts();
        service = new FakeContainerApps("shop-api");
        restart();
    }

    @AfterEach
    void nothingWasAgainstTheRules() {
        service.close();
        assertThat(service.violations()).isEmpty();
    }

    @Override
    protected Deliveries deliveries() {
        return deliveries;
    }

    @Override
    protected void restart() {
        deliveries = bound(BINDING);
    }

    private Deliveries bound(ContainerAppEnvironment binding) {
        return new ContainerAppsDeliveries(
                Emulators.clients(Map.of("management", service.endpoint())),
                Map.of(ENVIRONMENT, binding),
                store,
                told::put,
                PACE);
    }

    private Digest artifact(String text) {
        try {
            Path files = Files.createTempDirectory(directory, "app");
            Files.writeString(files.resolve("image.txt"), text);
            return ArtifactFiles.pack(store, "app", files, "image.txt").digest();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Digest image(String word, boolean sick) {
        String image = REPOSITORY + "@sha256:" + Digest.of(word.getBytes(UTF_8)).hex();
        service.image(image, word, sick);
        return artifact(image + "\n");
    }

    @Override
    protected Digest healthy(String word) {
        return image(word, false);
    }

    @Override
    protected Digest sick(String word) {
        return image(word, true);
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
    void the_app_answers_at_its_address_or_at_the_one_that_is_said() {
        done(1, 1, prepared(healthy("one")));
        assertThat(done(1, 2, new Shifted(100)).address()).contains(ADDRESS);

        deliveries = bound(BINDING.at("https://shop.example.com"));
        assertThat(done(1, 3, new Completed()).address()).contains("https://shop.example.com");
    }

    @Test
    void the_former_revision_is_stopped_at_the_end_and_started_again_to_be_brought_back() {
        done(1, 1, prepared(healthy("one")));
        done(1, 2, new Completed());
        done(2, 1, prepared(healthy("two")));
        done(2, 2, new Completed());
        assertThat(service.active()).hasSize(2).noneMatch(revision -> revision.startsWith("shop-api--n1-"));

        done(2, 3, new RolledBack());

        assertThat(service.answer()).contains("one");
        assertThat(service.active()).hasSize(2).noneMatch(revision -> revision.startsWith("shop-api--n2-"));
    }

    @Test
    void a_revision_that_starts_slowly_is_looked_at_again_and_made_once() {
        service.takeLooks(1_000_000);
        DeploymentStep prepare = step(1, 1, Optional.empty(), prepared(healthy("one")));

        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> deliveries.begin(prepare))
                    .isInstanceOfSatisfying(
                            CloudException.class, e -> assertThat(e.retryable()).isTrue());
            restart();
        }
        assertThat(service.requests("PATCH")).hasSize(1);
        assertThat(service.answer()).isEmpty();
    }

    @Test
    void lost_answers_change_nothing_twice() {
        service.loseAnswers(2);
        DeploymentStep prepare = step(1, 1, Optional.empty(), prepared(healthy("one")));
        Optional<StepReport> report = Optional.empty();
        for (int tried = 0; tried < 10 && report.isEmpty(); tried++) {
            report = attempted(prepare);
        }
        assertThat(report.orElseThrow().succeeded()).isTrue();
        assertThat(service.starts("one")).isEqualTo(1);

        service.loseAnswers(1);
        DeploymentStep shift = step(1, 2, told.get(prepare).version(), new Shifted(100));
        report = Optional.empty();
        for (int tried = 0; tried < 10 && report.isEmpty(); tried++) {
            report = attempted(shift);
        }
        assertThat(report.orElseThrow().succeeded()).isTrue();
        assertThat(service.answer()).contains("one");
    }

    private Optional<StepReport> attempted(DeploymentStep step) {
        try {
            return Optional.of(done(step));
        } catch (CloudException e) {
            assertThat(e.retryable()).as(e.getMessage()).isTrue();
            return Optional.empty();
        }
    }

    @Test
    void traffic_that_somebody_else_has_changed_since_the_step_before_stays_as_they_left_it() {
        done(1, 1, prepared(healthy("one")));
        done(1, 2, new Completed());
        StepReport prepared = done(2, 1, prepared(healthy("two")));
        service.moveTraffic("shop-api--first");

        StepReport shifted = done(step(2, 2, prepared.version(), new Shifted(50)));

        assertThat(shifted.succeeded()).isFalse();
        assertThat(shifted.detail()).contains("changed since the step before");
        assertThat(service.answer()).isEmpty();
    }

    @Test
    void an_alarm_that_rings_is_a_failure_and_one_that_is_missing_never_taken_for_silent() {
        service.rule("shop-5xx", false);
        done(1, 1, prepared(healthy("one")));
        assertThat(done(1, 2, new Healthy(Optional.of("shop-5xx"))).succeeded()).isTrue();

        service.rule("shop-5xx", true);
        StepReport ringing = done(1, 3, new Healthy(Optional.of("shop-5xx")));

        assertThat(ringing.succeeded()).isFalse();
        assertThat(ringing.detail()).contains("'shop-5xx' rings");
        assertThat(deliveries.rings(ENVIRONMENT, "shop-5xx")).isTrue();
        for (String missing : new String[] {"shop-4xx", "../shop-5xx", ""}) {
            assertThatThrownBy(() -> deliveries.rings(ENVIRONMENT, missing))
                    .isInstanceOfSatisfying(
                            CloudException.class, e -> assertThat(e.retryable()).isFalse())
                    .hasMessageContaining("has no alarm");
        }
    }

    @Test
    void a_revision_that_broke_under_its_traffic_is_not_healthy() {
        done(1, 1, prepared(healthy("one")));
        done(1, 2, new Shifted(100));
        sick("one");

        StepReport healthy = done(1, 3, new Healthy());

        assertThat(healthy.succeeded()).isFalse();
        assertThat(healthy.detail()).contains("does not run: Container 'app' was terminated with exit code '1'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "shop.azurecr.io/shop:latest",
                "shop.azurecr.io/shop@sha256:4f1c",
                "evil.azurecr.io/shop@sha256:4f1c2ab04f1c2ab04f1c2ab04f1c2ab04f1c2ab04f1c2ab04f1c2ab04f1c2ab0",
                "shop.azurecr.io/shop/other@sha256:4f1c2ab04f1c2ab04f1c2ab04f1c2ab04f1c2ab04f1c2ab04f1c2ab04f1c2ab0",
                ""
            })
    void what_names_no_image_of_the_repository_by_its_digest_is_not_deployed(String text) {
        StepReport report = done(1, 1, prepared(artifact(text)));

        assertThat(report.succeeded()).isFalse();
        assertThat(report.detail()).contains("names no image of " + REPOSITORY + " by its digest");
        assertThat(service.requests("PATCH")).isEmpty();
    }

    @Test
    void an_app_that_is_missing_or_keeps_one_revision_is_told_as_such_and_throttling_passes() {
        service.throttle(1);
        service.keepOneRevision();
        assertThat(done(1, 1, prepared(healthy("one"))).detail())
                .contains("keeps one revision at a time", "set-mode --mode multiple");

        deliveries = bound(EnvironmentChoice.HERE.containerApp("cart-api").pulling(REPOSITORY));
        assertThat(done(2, 1, prepared(healthy("one"))).detail()).contains("cart-api", "was not found");
    }

    @Test
    void names_that_the_services_do_not_take_are_refused() {
        for (String name : new String[] {"", "Shop", "shop_api", "shop--api", "1shop", "shop/../cart"}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> EnvironmentChoice.HERE.containerApp(name).pulling(REPOSITORY))
                    .withMessageContaining("not the name of a container app");
        }
        for (String repository : new String[] {"", "shop", "shop.azurecr.io/", "shop.azurecr.io/shop:1", "a b/c"}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(
                            () -> EnvironmentChoice.HERE.containerApp("shop").pulling(repository));
        }
    }
}
