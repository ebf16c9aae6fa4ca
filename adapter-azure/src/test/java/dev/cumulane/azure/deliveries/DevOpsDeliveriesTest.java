// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.deliveries;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.cumulane.azure.client.AzureClients;
import dev.cumulane.azure.client.DevOpsApi;
import dev.cumulane.azure.client.DevOpsProject;
import dev.cumulane.azure.emulator.Emulators;
import dev.cumulane.azure.fake.FakeContainerApps;
import dev.cumulane.azure.fake.FakeDevOps;
import dev.cumulane.azure.work.BuildEvents;
import dev.cumulane.azure.work.PipelineRuns;
import dev.cumulane.cloud.ArtifactFiles;
import dev.cumulane.cloud.Capability;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.Deliveries;
import dev.cumulane.cloud.DeploymentStep;
import dev.cumulane.cloud.DeploymentStep.Healthy;
import dev.cumulane.cloud.DeploymentStep.RolledBack;
import dev.cumulane.cloud.DeploymentStep.Shifted;
import dev.cumulane.cloud.DeploymentStep.Wanted;
import dev.cumulane.cloud.StepReport;
import dev.cumulane.cloud.StepState;
import dev.cumulane.cloud.UnpackedArtifacts;
import dev.cumulane.cloud.contract.Awaiting;
import dev.cumulane.cloud.contract.DeliveriesContract;
import dev.cumulane.cloud.contract.Loopback;
import dev.cumulane.cloud.contract.MemoryArtifactStore;
import dev.cumulane.cloud.contract.MovedClock;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.Produced;
import dev.cumulane.run.RunId;
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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Deliveries by a pipeline of the fake, whose runs really run: what it brings is what a file says, and it is red where the release is sick. */
final class DevOpsDeliveriesTest extends DeliveriesContract {
    private static final PipelineEnvironment BINDING = EnvironmentChoice.HERE.devOpsPipeline("shop-release");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String YAML = """
            parameters:
            - name: step
              type: string
            - name: release
              type: string
            - name: url
              type: string
            name: ${{ parameters.step }}
            trigger: none
            jobs:
            - deployment: release
              environment: production
              strategy:
                runOnce:
                  deploy:
                    steps:
                    - script: |
                        while [ -e "$PLACE/hold" ]; do sleep 0.02; done
                        case "$URL" in https://shopci*.blob.core.windows.net/artifacts/objects/$RELEASE) ;; *) exit 2 ;; esac
                        if [ -e "$PLACE/sick-$RELEASE" ]; then exit 1; fi
                        echo "$RELEASE" >"$PLACE/live"
                      env:
                        RELEASE: ${{ parameters.release }}
                        URL: ${{ parameters.url }}
                        PLACE: %s
            """;

    @TempDir
    Path directory;

    private final MemoryArtifactStore store = new MemoryArtifactStore();
    private final Map<DeploymentStep, StepReport> told = new ConcurrentHashMap<>();
    private final Queue<String> ended = new ConcurrentLinkedQueue<>();
    private final HttpServer ingress = Loopback.serve(this::hook);
    private final FakeContainerApps manager = new FakeContainerApps("none");
    private final MovedClock clock = new MovedClock();
    private PipelineEnvironment binding = BINDING;
    private FakeDevOps service;
    private volatile DevOpsDeliveries deliveries;

    @BeforeEach
    void open() throws Exception {
        Path place = Files.createDirectory(directory.resolve("place"));
        service = new FakeDevOps(directory);
        service.subscribe("http://127.0.0.1:" + ingress.getAddress().getPort() + "/", "X-Cumulane-Key: k3y");
        service.runs().pipeline("shop-release", YAML.formatted(place), List.of());
        restart();
    }

    @AfterEach
    void nothingWasAgainstTheInterface() {
        service.close();
        ingress.stop(0);
        manager.close();
        assertThat(service.violations()).isEmpty();
    }

    private void hook(HttpExchange exchange) throws IOException {
        try (exchange) {
            BuildEvents.completed(JSON.readTree(exchange.getRequestBody())).ifPresent(ended::add);
            exchange.sendResponseHeaders(202, -1);
        }
    }

    @Override
    protected Deliveries deliveries() {
        return deliveries;
    }

    @Override
    protected void restart() {
        told.clear();
        AzureClients clients =
                Emulators.clients(Map.of("devops", service.endpoint(), "management", manager.endpoint()));
        DevOpsApi api = new DevOpsApi(
                clients, new DevOpsProject(FakeDevOps.ORGANIZATION, FakeDevOps.PROJECT), Optional.empty());
        deliveries = new DevOpsDeliveries(
                clients, new PipelineRuns(api, store, clock), Map.of(ENVIRONMENT, binding), store, told::put);
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
            Path folder = Files.createTempDirectory(directory, "made-");
            Files.writeString(folder.resolve("app.jar"), word);
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
        Digest artifact = artifact("sick " + word);
        byte[] zip = UnpackedArtifacts.make(
                store, List.of(new Produced("app", artifact, 100)), files -> files.packed("zip"));
        try {
            Files.createFile(place().resolve("sick-" + Digest.of(zip).hex()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return artifact;
    }

    private Optional<String> word(Digest release) {
        try (ZipInputStream zip = new ZipInputStream(
                new ByteArrayInputStream(store.read(release, 1_000_000).orElseThrow()))) {
            return zip.getNextEntry() == null ? Optional.empty() : Optional.of(new String(zip.readAllBytes(), UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected int starts(String word) {
        return (int) store.objects().stream()
                .filter(object -> word(object).filter(word::equals).isPresent())
                .count();
    }

    @Override
    protected Optional<String> answer() {
        try {
            Path live = place().resolve("live");
            return Files.exists(live) ? word(new Digest(Files.readString(live).strip())) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path place() {
        return directory.resolve("place");
    }

    private void hold(boolean on) throws IOException {
        if (on) {
            Files.createFile(place().resolve("hold"));
        } else {
            Files.delete(place().resolve("hold"));
        }
    }

    /** A hook that is waiting arrives now; the engine of before may be gone, and with it what it was told. */
    @Override
    protected Optional<StepReport> told(DeploymentStep step) {
        for (String build = ended.poll(); build != null; build = ended.poll()) {
            deliveries.told(build);
        }
        return told.entrySet().stream()
                .filter(entry -> entry.getKey().fence() == step.fence()
                        && entry.getKey().index() == step.index()
                        && entry.getKey().stage().equals(step.stage()))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    private static DeploymentStep step(long fence, int index, Wanted wanted) {
        return new DeploymentStep(
                new RunId("shop-0k3v9q2m7xw4b1ce"), "deploy", index, ENVIRONMENT, fence, Optional.empty(), wanted);
    }

    private StepReport done(long fence, int index, Wanted wanted) throws Exception {
        DeploymentStep step = step(fence, index, wanted);
        deliveries.begin(step);
        Awaiting.until("the report of " + step, () -> told(step).isPresent());
        return told(step).orElseThrow();
    }

    private void live(long fence, String word) throws Exception {
        assertThat(done(fence, 1, prepared(healthy(word))).succeeded()).isTrue();
        assertThat(done(fence, 2, new Shifted(100)).succeeded()).isTrue();
    }

    @Test
    void an_end_whose_hook_was_lost_is_found_by_looking() throws Exception {
        service.tellEvents(0);
        done(1, 1, prepared(healthy("one")));
        hold(true);
        DeploymentStep shift = step(1, 2, new Shifted(100));
        deliveries.begin(shift);
        assertThat(deliveries.look(shift)).isEqualTo(new StepState.UnderWay());
        hold(false);
        restart();

        Awaiting.until("it has ended", () -> deliveries.look(shift).end().isPresent());
        assertThat(deliveries.look(shift).end().orElseThrow())
                .isEqualTo(StepReport.success(
                        service.endpoint().toString().replace("http:", "https:") + "/shop/web%20shop/_build"));
        assertThat(service.runs().ids()).hasSize(1);
    }

    @Test
    void a_start_whose_answer_was_lost_starts_no_second_run() throws Exception {
        done(1, 1, prepared(healthy("one")));
        service.loseAnswers("/runs", 1);
        DeploymentStep shift = step(1, 2, new Shifted(100));
        assertThatThrownBy(() -> deliveries.begin(shift))
                .isInstanceOfSatisfying(
                        CloudException.class, e -> assertThat(e.retryable()).isTrue());
        restart();

        assertThat(done(1, 2, new Shifted(100)).succeeded()).isTrue();

        assertThat(service.runs().ids()).hasSize(1);
        assertThat(service.runs()
                        .build(service.runs().ids().get(0))
                        .path("buildNumber")
                        .asText())
                .isEqualTo("shop-ci_production_1_2");
    }

    @Test
    void a_red_run_is_the_reason_of_the_failure() throws Exception {
        done(1, 1, prepared(sick("one")));
        StepReport report = done(1, 2, new Shifted(100));

        assertThat(report.succeeded()).isFalse();
        assertThat(report.detail()).contains("of pipeline shop-release is failed: work: Bash exited with code '1'.");
    }

    @Test
    void a_rollback_stops_the_run_that_goes_on_even_if_nobody_wrote_it_down() throws Exception {
        live(1, "one");
        done(2, 1, prepared(healthy("two")));
        hold(true);
        service.loseAnswers("/runs", 1);
        assertThatThrownBy(() -> deliveries.begin(step(2, 2, new Shifted(100)))).isInstanceOf(CloudException.class);
        DeploymentStep back = step(2, 3, new RolledBack());

        deliveries.begin(back);
        Awaiting.until(
                "the run is stopped",
                () -> service.runs()
                        .build(service.runs().ids().get(1))
                        .path("result")
                        .asText()
                        .equals("canceled"));
        hold(false);

        Awaiting.until("the report of the rollback", () -> told(back).isPresent());
        assertThat(told(back).orElseThrow().succeeded()).isTrue();
        assertThat(answer()).contains("one");
        assertThat(service.runs().ids()).hasSize(3);
    }

    @Test
    void an_approval_of_the_environment_is_given_if_the_binding_says_so() throws Exception {
        binding = BINDING.approving();
        restart();
        service.runs().ask();

        live(1, "one");

        assertThat(answer()).contains("one");
        assertThat(service.requests("PATCH /shop/web%20shop/_apis/pipelines/approvals"))
                .hasSize(1);
    }

    @Test
    void an_approval_of_the_environment_waits_for_its_people_if_the_binding_says_nothing() throws Exception {
        service.runs().ask();
        done(1, 1, prepared(healthy("one")));
        DeploymentStep shift = step(1, 2, new Shifted(100));

        deliveries.begin(shift);

        assertThat(told(shift)).isEmpty();
        assertThat(deliveries.look(shift)).isEqualTo(new StepState.UnderWay());
        assertThat(service.requests("approvals")).isEmpty();
    }

    @Test
    void builds_that_are_not_ours_tell_nothing() {
        for (String build : List.of("4017", "../../claims", "")) {
            assertThat(deliveries.told(build)).isFalse();
        }
        assertThat(told).isEmpty();
    }

    @Test
    void an_alarm_that_rings_is_a_failure() throws Exception {
        live(1, "one");
        manager.rule("shop-5xx", true);

        assertThat(done(1, 3, new Healthy(Optional.of("shop-5xx"))).detail()).contains("'shop-5xx' rings");
    }

    @Test
    void a_pipeline_that_is_missing_is_named() throws Exception {
        binding = EnvironmentChoice.HERE.devOpsPipeline("cart-release");
        restart();
        done(1, 1, prepared(healthy("one")));

        assertThat(done(1, 2, new Shifted(100)).detail()).contains("pipeline cart-release is missing in shop/web shop");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EnvironmentChoice.HERE.devOpsPipeline("../release"))
                .withMessageContaining("not the name of a pipeline");
    }
}
