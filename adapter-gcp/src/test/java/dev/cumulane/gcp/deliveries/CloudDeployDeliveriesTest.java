// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.deliveries;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.cloud.deploy.v1.Release;
import com.google.cloud.deploy.v1.Rollout.State;
import dev.cumulane.cloud.ArtifactFiles;
import dev.cumulane.cloud.Capability;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.Deliveries;
import dev.cumulane.cloud.DeploymentStep;
import dev.cumulane.cloud.DeploymentStep.Healthy;
import dev.cumulane.cloud.DeploymentStep.Prepared;
import dev.cumulane.cloud.DeploymentStep.RolledBack;
import dev.cumulane.cloud.DeploymentStep.Shifted;
import dev.cumulane.cloud.StepReport;
import dev.cumulane.cloud.StepState;
import dev.cumulane.cloud.contract.DeliveriesContract;
import dev.cumulane.cloud.contract.MemoryArtifactStore;
import dev.cumulane.gcp.client.GrpcClients;
import dev.cumulane.gcp.emulator.Emulators;
import dev.cumulane.gcp.fake.FakeCloudDeploy;
import dev.cumulane.gcp.fake.FakeMonitoring;
import dev.cumulane.gcp.signals.PushedMessage;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.Produced;
import dev.cumulane.run.RunId;
import io.grpc.Status.Code;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The official client of Cloud Deploy against the fake. A release is a word, which the pipeline makes the environment's answer. */
final class CloudDeployDeliveriesTest extends DeliveriesContract {
    private static final String SICK = "sick ";
    private static final CloudDeployDeliveries.Place PLACE = new CloudDeployDeliveries.Place(
            Emulators.PROJECT, Emulators.REGION, "gs://shop-ci-test-project-artifacts/objects/");
    private static final PipelineEnvironment BINDING =
            EnvironmentChoice.HERE.cloudDeploy(FakeCloudDeploy.PIPELINE).target(FakeCloudDeploy.TARGET);

    @TempDir
    Path directory;

    private final MemoryArtifactStore store = new MemoryArtifactStore();
    private final Map<String, String> words = new ConcurrentHashMap<>();
    private final Map<DeploymentStep, StepReport> told = new ConcurrentHashMap<>();
    private final Queue<SortedMap<String, String>> messages = new ConcurrentLinkedQueue<>();
    private volatile Optional<String> answer = Optional.empty();
    private FakeCloudDeploy service;
    private FakeMonitoring monitoring;
    private GrpcClients clients;
    private CloudDeployDeliveries deliveries;
    private PipelineEnvironment binding = BINDING;

    @BeforeEach
    void open() {
        service = new FakeCloudDeploy(
                "projects/" + Emulators.PROJECT + "/locations/" + Emulators.REGION, this::deploy, messages::add);
        monitoring = new FakeMonitoring();
        clients = new GrpcClients(
                Emulators.clients(Map.of("clouddeploy", service.endpoint(), "monitoring", monitoring.endpoint())));
        restart();
    }

    @AfterEach
    void nothingWasAgainstTheDefinition() {
        clients.close();
        service.close();
        monitoring.close();
        assertThat(service.violations()).isEmpty();
    }

    private Optional<String> deploy(String archive) {
        String word = words.get(archive.substring(archive.lastIndexOf('/') + 1));
        if (word.startsWith(SICK)) {
            return Optional.of("the verification was red");
        }
        answer = Optional.of(word);
        return Optional.empty();
    }

    @Override
    protected Deliveries deliveries() {
        return deliveries;
    }

    @Override
    protected void restart() {
        told.clear();
        deliveries = new CloudDeployDeliveries(clients, PLACE, Map.of(ENVIRONMENT, binding), store, told::put);
    }

    @Override
    protected Set<Capability> lacking() {
        return Set.of(Capability.TRAFFIC_SHARES);
    }

    @Override
    protected boolean isOurs() {
        return false;
    }

    private Digest artifact(String word) {
        try {
            Path files = Files.createTempDirectory(directory, "made-");
            Files.writeString(files.resolve("skaffold.yaml"), word);
            Digest digest =
                    ArtifactFiles.pack(store, "app", files, "skaffold.yaml").digest();
            words.put(digest.hex(), word);
            return digest;
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
        return (int) service.releases().stream()
                .map(Release::getSkaffoldConfigUri)
                .filter(archive -> words.get(archive.substring(archive.lastIndexOf('/') + 1))
                        .equals(word))
                .count();
    }

    @Override
    protected Optional<String> answer() {
        return answer;
    }

    /** A message that is waiting arrives now; the engine of before may be gone, and with it what it was told. */
    @Override
    protected Optional<StepReport> told(DeploymentStep step) {
        for (SortedMap<String, String> one = messages.poll(); one != null; one = messages.poll()) {
            assertThat(deliveries.told(new PushedMessage("m", one, new byte[0])))
                    .isTrue();
        }
        return told.entrySet().stream()
                .filter(entry -> entry.getKey().fence() == step.fence()
                        && entry.getKey().index() == step.index()
                        && entry.getKey().run().equals(step.run())
                        && entry.getKey().stage().equals(step.stage()))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    private static DeploymentStep step(long fence, int index, DeploymentStep.Wanted wanted) {
        return new DeploymentStep(
                new RunId("shop-0k3v9q2m7xw4b1ce"), "deploy", index, ENVIRONMENT, fence, Optional.empty(), wanted);
    }

    private StepReport done(long fence, int index, DeploymentStep.Wanted wanted) {
        deliveries.begin(step(fence, index, wanted));
        return told(step(fence, index, wanted)).orElseThrow();
    }

    private void live(long fence, String word) {
        assertThat(done(fence, 1, prepared(healthy(word))).succeeded()).isTrue();
        assertThat(done(fence, 2, new Shifted(100)).succeeded()).isTrue();
    }

    @Test
    void a_release_is_the_archive_in_the_store_and_prepared_when_it_is_rendered() {
        service.holdRendering(true);
        Digest one = healthy("one");
        DeploymentStep prepare = step(1, 1, prepared(one));

        deliveries.begin(prepare);

        assertThat(told(prepare)).isEmpty();
        assertThat(deliveries.look(prepare)).isEqualTo(new StepState.UnderWay());
        service.holdRendering(false);
        assertThat(told(prepare)).map(StepReport::succeeded).contains(true);
        assertThat(service.releases()).singleElement().satisfies(release -> {
            assertThat(release.getSkaffoldConfigUri())
                    .isEqualTo("gs://shop-ci-test-project-artifacts/objects/" + one.hex());
            assertThat(release.getAnnotationsMap())
                    .containsEntry("cumulane-step", "production 1 1 shop-0k3v9q2m7xw4b1ce deploy");
        });
    }

    @Test
    void a_release_that_cannot_be_rendered_is_a_failure_with_the_reason() {
        service.breakRendering();

        StepReport report = done(1, 1, prepared(healthy("one")));

        assertThat(report.succeeded()).isFalse();
        assertThat(report.detail()).endsWith("was not rendered: skaffold.yaml is missing");
        assertThat(done(1, 2, new Shifted(100)).succeeded()).isFalse();
    }

    @Test
    void a_release_of_several_artifacts_is_refused() {
        dev.cumulane.run.Release two = new dev.cumulane.run.Release(
                "shop", List.of(new Produced("app", healthy("one"), 100), new Produced("pages", healthy("two"), 100)));

        assertThat(done(1, 1, new Prepared(two)).detail())
                .isEqualTo("Cloud Deploy takes one archive, and the release shop has 2 artifacts");
    }

    @Test
    void an_archive_of_other_bytes_than_its_digest_says_is_handed_to_nobody() {
        Digest planted = healthy("one");
        store.damage(planted, "somebody else's archive".getBytes(UTF_8));

        assertThat(done(1, 1, prepared(planted)).detail())
                .isEqualTo("artifact app, " + planted + ", is damaged: its bytes have another digest");
        assertThat(service.releases()).isEmpty();
    }

    @Test
    void a_rollout_that_goes_on_is_under_way_until_the_message_of_its_end() {
        done(1, 1, prepared(healthy("one")));
        service.hold(true);
        DeploymentStep shift = step(1, 2, new Shifted(100));

        deliveries.begin(shift);

        assertThat(deliveries.look(shift)).isEqualTo(new StepState.UnderWay());
        assertThat(told(shift)).isEmpty();
        service.hold(false);
        assertThat(told(shift)).map(StepReport::succeeded).contains(true);
        assertThat(answer()).contains("one");
    }

    @Test
    void an_end_whose_message_was_lost_is_found_by_looking() {
        done(1, 1, prepared(healthy("one")));
        service.hold(true);
        DeploymentStep shift = step(1, 2, new Shifted(100));
        deliveries.begin(shift);
        service.hold(false);
        messages.clear();
        restart();

        assertThat(deliveries.look(shift).end().orElseThrow().succeeded()).isTrue();
        deliveries.begin(shift);
        assertThat(told(shift)).isPresent();
        assertThat(service.states()).containsExactly(State.SUCCEEDED);
    }

    @Test
    void calls_whose_answers_were_lost_make_nothing_twice() {
        service.loseAnswersOf("CreateRelease", 1);
        DeploymentStep prepare = step(1, 1, prepared(healthy("one")));
        assertThatThrownBy(() -> deliveries.begin(prepare))
                .isInstanceOfSatisfying(
                        CloudException.class, e -> assertThat(e.retryable()).isTrue());
        deliveries.begin(prepare);
        service.loseAnswersOf("CreateRollout", 1);
        DeploymentStep shift = step(1, 2, new Shifted(100));
        assertThatThrownBy(() -> deliveries.begin(shift)).isInstanceOf(CloudException.class);
        restart();

        deliveries.begin(shift);

        assertThat(told(shift)).map(StepReport::succeeded).contains(true);
        assertThat(service.releases()).hasSize(1);
        assertThat(service.states()).containsExactly(State.SUCCEEDED);
    }

    @Test
    void a_red_rollout_is_a_failure_with_its_reason() {
        done(1, 1, prepared(sick("one")));

        StepReport report = done(1, 2, new Shifted(100));

        assertThat(report.succeeded()).isFalse();
        assertThat(report.detail()).contains("of pipeline shop-release is failed: the verification was red");
    }

    @Test
    void a_rollback_abandons_the_release_cancels_its_rollout_and_brings_the_former_one() {
        live(1, "one");
        done(2, 1, prepared(healthy("two")));
        service.hold(true);
        deliveries.begin(step(2, 2, new Shifted(100)));
        DeploymentStep back = step(2, 3, new RolledBack());

        deliveries.begin(back);
        assertThat(service.states()).containsExactly(State.SUCCEEDED, State.CANCELLED, State.PENDING);
        service.hold(false);

        assertThat(told(back)).map(StepReport::succeeded).contains(true);
        assertThat(answer()).contains("one");
        assertThat(service.releases()).extracting(Release::getAbandoned).containsExactly(false, true);
    }

    @Test
    void an_approval_of_the_target_is_given_if_the_binding_says_so() {
        binding = BINDING.approving();
        restart();
        service.ask();

        live(1, "one");

        assertThat(answer()).contains("one");
        assertThat(service.requests("ApproveRollout")).hasSize(1);
    }

    @Test
    void an_approval_of_the_target_waits_for_its_people_if_the_binding_says_nothing() {
        service.ask();
        done(1, 1, prepared(healthy("one")));
        DeploymentStep shift = step(1, 2, new Shifted(100));

        deliveries.begin(shift);

        assertThat(told(shift)).isEmpty();
        assertThat(deliveries.look(shift)).isEqualTo(new StepState.UnderWay());
        assertThat(service.requests("ApproveRollout")).isEmpty();
    }

    @Test
    void a_rollout_in_phases_is_advanced_if_the_binding_says_so() {
        service.phase();
        done(1, 1, prepared(healthy("one")));
        DeploymentStep shift = step(1, 2, new Shifted(100));
        deliveries.begin(shift);
        assertThat(told(shift)).isEmpty();
        assertThat(service.requests("AdvanceRollout")).isEmpty();

        binding = BINDING.advancing().at("https://shop.example.com");
        restart();
        deliveries.begin(shift);

        assertThat(told(shift)).flatMap(StepReport::address).contains("https://shop.example.com");
        assertThat(answer()).contains("one");
    }

    @Test
    void an_alarm_that_rings_is_a_failure() {
        monitoring.policy("shop-5xx", true);
        live(1, "one");
        assertThat(done(1, 3, new Healthy(Optional.of("shop-5xx"))).succeeded()).isTrue();

        monitoring.ring("shop-5xx");

        assertThat(deliveries.rings(ENVIRONMENT, "shop-5xx")).isTrue();
        assertThat(done(1, 4, new Healthy(Optional.of("shop-5xx"))).detail()).isEqualTo("alarm 'shop-5xx' rings");
    }

    @Test
    void messages_of_releases_that_are_not_ours_and_of_other_services_tell_nothing() {
        Map<String, String> foreign = Map.of(
                "DeliveryPipelineId", FakeCloudDeploy.PIPELINE, "ReleaseId", "v1", "RolloutId", "v1-to-production");
        Map<String, String> hostile = Map.of(
                "DeliveryPipelineId",
                FakeCloudDeploy.PIPELINE,
                "ReleaseId",
                "cumulane-1-0f7d0f7d0f7d0f7d0f7d0f7d0f7d0f7d",
                "RolloutId",
                "../../other");

        assertThat(deliveries.told(message(foreign))).isTrue();
        assertThat(deliveries.told(message(hostile))).isTrue();
        assertThat(deliveries.told(message(Map.of("DeliveryPipelineId", "other", "ReleaseId", "v1"))))
                .isTrue();
        assertThat(deliveries.told(message(Map.of("buildId", "1")))).isFalse();
        assertThat(told).isEmpty();
        assertThat(service.requests("GetRollout")).isEmpty();
    }

    private static PushedMessage message(Map<String, String> attributes) {
        return new PushedMessage("m", new TreeMap<>(attributes), new byte[0]);
    }

    @Test
    void a_service_that_wants_fewer_calls_has_not_failed_and_one_that_is_missing_is_named() {
        service.refuse(1, Code.RESOURCE_EXHAUSTED);
        assertThatThrownBy(() -> deliveries.begin(step(1, 1, prepared(healthy("one")))))
                .isInstanceOfSatisfying(
                        CloudException.class, e -> assertThat(e.retryable()).isTrue());

        binding = EnvironmentChoice.HERE.cloudDeploy("cart-release").target("production");
        restart();
        assertThat(done(2, 1, prepared(healthy("one"))).detail()).contains("deliveryPipelines/cart-release", "missing");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EnvironmentChoice.HERE.cloudDeploy("shop").target("Production"))
                .withMessageContaining("the name of a target of Cloud Deploy")
                .withMessageContaining("'Production'");
    }
}
