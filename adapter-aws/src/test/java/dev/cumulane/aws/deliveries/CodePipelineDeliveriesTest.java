// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.deliveries;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cumulane.aws.client.AwsClients;
import dev.cumulane.aws.emulator.Emulators;
import dev.cumulane.aws.fake.FakeCodePipeline;
import dev.cumulane.aws.fake.FakeVersions;
import dev.cumulane.cloud.ArtifactFiles;
import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.Capability;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.Deliveries;
import dev.cumulane.cloud.DeploymentStep;
import dev.cumulane.cloud.DeploymentStep.Prepared;
import dev.cumulane.cloud.DeploymentStep.RolledBack;
import dev.cumulane.cloud.DeploymentStep.Shifted;
import dev.cumulane.cloud.StepReport;
import dev.cumulane.cloud.StepState;
import dev.cumulane.cloud.contract.DeliveriesContract;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.Produced;
import dev.cumulane.run.Release;
import dev.cumulane.run.RunId;
import dev.cumulane.testing.SimulatedCloud;
import java.io.ByteArrayInputStream;
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
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The official clients against the fakes. A release is a word, which the pipeline makes the environment's answer. */
class CodePipelineDeliveriesTest extends DeliveriesContract {
    private static final String SICK = "sick ";
    private static final PipelineEnvironment BINDING = EnvironmentChoice.HERE
            .codePipeline(FakeCodePipeline.PIPELINE)
            .reading("Source", "shop-releases", "shop.zip");

    @TempDir
    Path directory;

    private final ArtifactStore store = SimulatedCloud.of().artifacts();
    private final Map<DeploymentStep, StepReport> told = new ConcurrentHashMap<>();
    private final Queue<JsonNode> events = new ConcurrentLinkedQueue<>();
    private final FakeVersions bucket = new FakeVersions();
    private volatile Optional<String> answer = Optional.empty();
    private FakeCodePipeline service;
    private AwsClients clients;
    private CodePipelineDeliveries deliveries;
    private PipelineEnvironment binding = BINDING;

    @BeforeEach
    void open() {
        service = new FakeCodePipeline(this::deploy, events::add);
        clients = Emulators.clients(Map.of("codepipeline", service.endpoint(), "s3", bucket.endpoint()));
        restart();
    }

    @AfterEach
    void nothingWasAgainstTheInterface() {
        clients.close();
        service.close();
        bucket.close();
        assertThat(service.violations()).isEmpty();
        assertThat(bucket.paths()).allMatch("/shop-releases/shop.zip"::equals);
    }

    private Optional<String> deploy(String version) {
        String word = files(bucket.read(version).orElseThrow()).get("app.jar");
        if (word.startsWith(SICK)) {
            return Optional.of("the smoke test was red");
        }
        answer = Optional.of(word);
        return Optional.empty();
    }

    private static SortedMap<String, String> files(byte[] zip) {
        SortedMap<String, String> files = new TreeMap<>();
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                files.put(entry.getName(), new String(in.readAllBytes(), UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }

    @Override
    protected Deliveries deliveries() {
        return deliveries;
    }

    @Override
    protected void restart() {
        told.clear();
        deliveries = new CodePipelineDeliveries(clients, Map.of(ENVIRONMENT, binding), store, told::put);
    }

    @Override
    protected Set<Capability> lacking() {
        return Set.of(Capability.TRAFFIC_SHARES);
    }

    @Override
    protected boolean isOurs() {
        return false;
    }

    private Digest artifact(String name, String content) {
        try {
            Path folder = Files.createTempDirectory(directory, "made-");
            Files.writeString(folder.resolve(name), content);
            return ArtifactFiles.pack(store, "app", folder, name).digest();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected Digest healthy(String word) {
        return artifact("app.jar", word);
    }

    @Override
    protected Digest sick(String word) {
        return artifact("app.jar", SICK + word);
    }

    @Override
    protected int starts(String word) {
        return (int) bucket.all().stream()
                .filter(zip -> files(zip).get("app.jar").equals(word))
                .count();
    }

    @Override
    protected Optional<String> answer() {
        return answer;
    }

    /** An event that is waiting arrives now; the engine of before may be gone, and with it what it was told. */
    @Override
    protected Optional<StepReport> told(DeploymentStep step) {
        for (JsonNode event = events.poll(); event != null; event = events.poll()) {
            assertThat(deliveries.told(event)).isTrue();
        }
        return told.entrySet().stream()
                .filter(entry -> entry.getKey().fence() == step.fence()
                        && entry.getKey().index() == step.index()
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
    void a_release_of_several_artifacts_is_one_zip_of_their_files() {
        Release release = new Release(
                "shop",
                List.of(
                        new Produced("app", healthy("one"), 100),
                        new Produced("pages", artifact("index.html", "<p>"), 100)));

        assertThat(done(1, 1, new Prepared(release)).succeeded()).isTrue();

        assertThat(bucket.all())
                .singleElement()
                .satisfies(zip -> assertThat(files(zip)).isEqualTo(Map.of("app.jar", "one", "index.html", "<p>")));
    }

    @Test
    void an_execution_that_goes_on_is_under_way_until_the_event_of_its_end() {
        done(1, 1, prepared(healthy("one")));
        service.hold(true);
        DeploymentStep shift = step(1, 2, new Shifted(100));

        deliveries.begin(shift);

        assertThat(deliveries.look(shift)).isEqualTo(new StepState.UnderWay());
        assertThat(told(shift)).isEmpty();
        service.hold(false);
        assertThat(told(shift))
                .hasValueSatisfying(report -> assertThat(report.succeeded()).isTrue());
        assertThat(answer()).contains("one");
    }

    @Test
    void an_end_whose_event_was_lost_is_found_by_looking() {
        done(1, 1, prepared(healthy("one")));
        DeploymentStep shift = step(1, 2, new Shifted(100));
        deliveries.begin(shift);
        events.clear();
        restart();

        assertThat(deliveries.look(shift).end().orElseThrow().succeeded()).isTrue();
        deliveries.begin(shift);
        assertThat(told(shift)).isPresent();
        assertThat(service.statuses()).containsExactly("Succeeded");
    }

    @Test
    void a_start_whose_answer_was_lost_starts_no_second_execution() {
        done(1, 1, prepared(healthy("one")));
        service.loseAnswers(2);

        assertThat(done(1, 2, new Shifted(100)).succeeded()).isTrue();

        assertThat(service.statuses()).containsExactly("Succeeded");
    }

    @Test
    void a_process_that_dies_before_it_knows_the_execution_finds_the_same_one_again() {
        done(1, 1, prepared(healthy("one")));
        DeploymentStep shift = step(1, 2, new Shifted(100));
        service.loseAnswers(4);
        assertThatThrownBy(() -> deliveries.begin(shift))
                .isInstanceOfSatisfying(
                        CloudException.class, e -> assertThat(e.retryable()).isTrue());
        restart();

        assertThat(deliveries.look(shift)).isEqualTo(new StepState.Unknown());
        deliveries.begin(shift);

        assertThat(told(shift)).isPresent();
        assertThat(service.statuses()).containsExactly("Succeeded");
    }

    @Test
    void a_red_action_is_the_reason_of_the_failure() {
        done(1, 1, prepared(sick("one")));

        StepReport report = done(1, 2, new Shifted(100));

        assertThat(report.succeeded()).isFalse();
        assertThat(report.detail())
                .contains("is failed: action 'Deploy' of stage 'Production' failed: the smoke test was red");
    }

    @Test
    void a_rollback_stops_the_execution_that_goes_on_and_brings_the_former_release() {
        live(1, "one");
        done(2, 1, prepared(healthy("two")));
        service.hold(true);
        deliveries.begin(step(2, 2, new Shifted(100)));
        DeploymentStep back = step(2, 3, new RolledBack());

        deliveries.begin(back);
        assertThat(service.statuses()).containsExactly("Succeeded", "Stopped", "InProgress");
        service.hold(false);

        assertThat(told(back))
                .hasValueSatisfying(report -> assertThat(report.succeeded()).isTrue());
        assertThat(answer()).contains("one");
        assertThat(service.statuses()).containsExactly("Succeeded", "Stopped", "Succeeded");
    }

    @Test
    void a_rollback_also_stops_an_execution_whose_start_nobody_wrote_down() {
        live(1, "one");
        done(2, 1, prepared(healthy("two")));
        service.hold(true);
        service.loseAnswers(4);
        assertThatThrownBy(() -> deliveries.begin(step(2, 2, new Shifted(100)))).isInstanceOf(CloudException.class);

        deliveries.begin(step(2, 3, new RolledBack()));

        assertThat(service.statuses()).containsExactly("Succeeded", "Stopped", "InProgress");
    }

    @Test
    void an_approval_of_the_pipeline_is_given_if_the_binding_says_so() {
        binding = BINDING.approving(FakeCodePipeline.APPROVAL);
        restart();
        service.ask();

        live(1, "one");

        assertThat(answer()).contains("one");
        assertThat(service.requests("PutApprovalResult"))
                .singleElement()
                .satisfies(request -> assertThat(
                                new ObjectMapper().readTree(request.body()).toString())
                        .contains("\"Approved\"", "decided in run shop-0k3v9q2m7xw4b1ce, stage deploy"));
    }

    @Test
    void an_approval_of_the_pipeline_waits_for_its_people_if_the_binding_says_nothing() {
        service.ask();
        done(1, 1, prepared(healthy("one")));
        DeploymentStep shift = step(1, 2, new Shifted(100));

        deliveries.begin(shift);

        assertThat(told(shift)).isEmpty();
        assertThat(deliveries.look(shift)).isEqualTo(new StepState.UnderWay());
        assertThat(service.requests("PutApprovalResult")).isEmpty();
    }

    @Test
    void a_bucket_that_keeps_no_versions_is_a_failure_that_says_so() {
        bucket.forgetVersions();

        assertThat(done(1, 1, prepared(healthy("one"))).detail()).contains("bucket shop-releases keeps no versions");
    }

    @Test
    void events_of_executions_that_are_not_ours_and_of_other_services_tell_nothing() throws Exception {
        ObjectMapper json = new ObjectMapper();

        assertThat(deliveries.told(json.readTree(
                        "{\"source\": \"aws.codepipeline\", \"detail\": {\"execution-id\": \"../../claims\"}}")))
                .isTrue();
        assertThat(deliveries.told(json.readTree("{\"source\": \"aws.codepipeline\", \"detail\": {\"execution-id\":"
                        + " \"0f7d0f7d-0f7d-0f7d-0f7d-0f7d0f7d0f7d\"}}")))
                .isTrue();
        assertThat(deliveries.told(json.readTree("{\"source\": \"aws.codebuild\"}")))
                .isFalse();
        assertThat(told).isEmpty();
    }

    @Test
    void a_throttled_step_has_not_failed_and_is_begun_again() {
        done(1, 1, prepared(healthy("one")));
        service.throttle(100);
        assertThatThrownBy(() -> deliveries.begin(step(1, 2, new Shifted(100))))
                .isInstanceOfSatisfying(
                        CloudException.class, e -> assertThat(e.retryable()).isTrue());

        service.throttle(0);
        assertThat(done(1, 2, new Shifted(100)).succeeded()).isTrue();
    }
}
