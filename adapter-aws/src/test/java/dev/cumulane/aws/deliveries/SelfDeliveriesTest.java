// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.deliveries;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cumulane.aws.client.AwsClients;
import dev.cumulane.aws.client.AwsNames;
import dev.cumulane.aws.client.AwsVariables;
import dev.cumulane.aws.fake.FakeLambda;
import dev.cumulane.aws.work.WorkNames;
import dev.cumulane.cloud.ArtifactFiles;
import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.DeploymentStep;
import dev.cumulane.cloud.DeploymentStep.Completed;
import dev.cumulane.cloud.DeploymentStep.Prepared;
import dev.cumulane.cloud.DeploymentStep.RolledBack;
import dev.cumulane.cloud.DeploymentStep.Shifted;
import dev.cumulane.cloud.StepReport;
import dev.cumulane.cloud.StepState;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.Release;
import dev.cumulane.run.RunId;
import dev.cumulane.testing.SimulatedCloud;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.regions.Region;

/** An installation of three functions on the fake. A package is a word, which a function answers with. */
class SelfDeliveriesTest {
    private static final String OLD = "old";
    private static final String ENGINE = "shop-ci-engine";
    private static final String INGRESS = "shop-ci-ingress";
    private static final String WORKER = "shop-ci-worker-trusted";
    private static final AwsNames NAMES = new AwsNames(Region.EU_WEST_1, "shop-ci", () -> "123456789012");
    private static final LambdaDeliveries.Pace PACE =
            new LambdaDeliveries.Pace(Duration.ofMillis(1), Duration.ofSeconds(5));

    @TempDir
    Path directory;

    private final ArtifactStore store = SimulatedCloud.of().artifacts();
    private final List<StepReport> told = new ArrayList<>();
    private FakeLambda service;
    private AwsClients clients;
    private SelfDeliveries deliveries;

    @BeforeEach
    void installed() {
        service = new FakeLambda(SelfDeliveriesTest::run, failure -> {});
        clients = new AwsClients(new AwsClients.Connection(
                Region.EU_WEST_1,
                StaticCredentialsProvider.create(AwsBasicCredentials.create("AKID", "secret")),
                Map.of("lambda", service.endpoint()),
                List.of()));
        install(ENGINE, SelfDeliveries.LIVE);
        install(INGRESS, SelfDeliveries.LIVE);
        install(WORKER, alias(OLD));
        deliveries = deliveries(Optional.of(List.of(WORKER)));
    }

    private void install(String function, String alias) {
        service.function(function, OLD.getBytes(UTF_8));
        service.variables(
                function, new TreeMap<>(Map.of(AwsVariables.CODE, digest(OLD).hex(), AwsVariables.ROLE, "any")));
        clients.lambda().publishVersion(request -> request.functionName(function));
        clients.lambda()
                .createAlias(
                        request -> request.functionName(function).name(alias).functionVersion("1"));
    }

    @AfterEach
    void nothingWasAgainstTheInterface() {
        clients.close();
        service.close();
        assertThat(service.violations()).isEmpty();
    }

    private static byte[] run(byte[] code, String arn, String requestId, byte[] payload) {
        if (new String(code, UTF_8).startsWith("broken")) {
            throw new IllegalStateException("stage 'build' needs secret 'npm-token'");
        }
        return code;
    }

    private SelfDeliveries deliveries(Optional<List<String>> workers) {
        return new SelfDeliveries(clients, NAMES, workers, store, (step, report) -> told.add(report), PACE);
    }

    private static Digest digest(String word) {
        return Digest.of(word.getBytes(UTF_8));
    }

    private static String alias(String word) {
        return WorkNames.alias(digest(word));
    }

    private Prepared prepared(String word) throws IOException {
        Path folder = Files.createTempDirectory(directory, "made-");
        Files.writeString(folder.resolve("ci.jar"), word);
        return new Prepared(Release.of(ArtifactFiles.pack(store, "jar", folder, "ci.jar")));
    }

    private static DeploymentStep step(long fence, int index, Optional<String> version, DeploymentStep.Wanted wanted) {
        return new DeploymentStep(
                new RunId("ci-0k3v9q2m7xw4b1ce"), "update-self", index, "cumulane", fence, version, wanted);
    }

    private StepReport done(DeploymentStep step) {
        deliveries.begin(step);
        return told.get(told.size() - 1);
    }

    private StepReport done(long fence, int index, DeploymentStep.Wanted wanted) {
        return done(step(fence, index, Optional.empty(), wanted));
    }

    private String invoked(String function, String alias) {
        return clients.lambda()
                .invoke(request ->
                        request.functionName(function).qualifier(alias).payload(SdkBytes.fromUtf8String("{}")))
                .payload()
                .asUtf8String();
    }

    @Test
    void a_prepared_version_has_its_workers_beside_those_that_runs_in_flight_call() throws Exception {
        StepReport report = done(1, 1, prepared("new"));

        assertThat(report.succeeded()).as(report.detail()).isTrue();
        assertThat(invoked(WORKER, alias(OLD))).isEqualTo(OLD);
        assertThat(invoked(WORKER, alias("new"))).isEqualTo("new");
        assertThat(service.variablesBehind(WORKER, alias("new")))
                .containsEntry(AwsVariables.CODE, digest("new").hex())
                .containsEntry(AwsVariables.ROLE, "any");
        assertThat(service.failuresOf(WORKER, alias("new")))
                .hasValueSatisfying(
                        settings -> assertThat(settings).contains("\"MaximumRetryAttempts\":0", NAMES.queueArn()));
        assertThat(invoked(ENGINE, "live")).isEqualTo(OLD);
        assertThat(invoked(INGRESS, "live")).isEqualTo(OLD);
    }

    @Test
    void a_completed_update_is_live_for_new_runs_and_knows_its_code_while_runs_in_flight_call_theirs()
            throws Exception {
        StepReport prepared = done(1, 1, prepared("new"));
        StepReport shifted = done(step(1, 2, prepared.version(), new Shifted(100)));
        StepReport completed = done(step(1, 3, shifted.version(), new Completed()));

        assertThat(completed.succeeded()).as(completed.detail()).isTrue();
        assertThat(completed.version().orElseThrow().split(" ")).hasSize(2);
        for (String function : List.of(ENGINE, INGRESS)) {
            assertThat(invoked(function, "live")).isEqualTo("new");
            assertThat(service.variablesBehind(function, "live"))
                    .containsEntry(AwsVariables.CODE, digest("new").hex());
        }
        assertThat(invoked(WORKER, alias(OLD))).isEqualTo(OLD);
        assertThat(service.variablesBehind(WORKER, alias(OLD)))
                .containsEntry(AwsVariables.CODE, digest(OLD).hex());
    }

    @Test
    void a_version_that_cannot_open_its_engine_is_a_failure_with_its_reason_and_the_old_one_goes_on() throws Exception {
        StepReport report = done(1, 1, prepared("broken"));

        assertThat(report.succeeded()).isFalse();
        assertThat(report.detail()).contains("needs secret 'npm-token'");
        assertThat(done(1, 2, new RolledBack()).succeeded()).isTrue();
        assertThat(invoked(ENGINE, "live")).isEqualTo(OLD);
        assertThat(invoked(INGRESS, "live")).isEqualTo(OLD);
    }

    @Test
    void a_rollback_brings_engine_and_ingress_back() throws Exception {
        done(1, 1, prepared("new"));
        done(1, 2, new Shifted(100));
        assertThat(invoked(INGRESS, "live")).isEqualTo("new");

        assertThat(done(1, 3, new RolledBack()).succeeded()).isTrue();

        assertThat(invoked(ENGINE, "live")).isEqualTo(OLD);
        assertThat(invoked(INGRESS, "live")).isEqualTo(OLD);
        assertThat(service.variablesBehind(ENGINE, "live"))
                .containsEntry(AwsVariables.CODE, digest(OLD).hex());
    }

    @Test
    void an_alias_that_somebody_else_has_changed_since_the_step_before_fails_the_update() throws Exception {
        StepReport prepared = done(1, 1, prepared("new"));
        clients.lambda()
                .updateAlias(
                        request -> request.functionName(INGRESS).name("live").description("mine"));

        StepReport shifted = done(step(1, 2, prepared.version(), new Shifted(100)));

        assertThat(shifted.succeeded()).isFalse();
        assertThat(shifted.detail()).contains(INGRESS, "was changed since the step before");
    }

    @Test
    void a_step_that_was_carried_out_is_found_by_another_engine_and_not_done_twice() throws Exception {
        DeploymentStep prepare = step(1, 1, Optional.empty(), prepared("new"));
        StepReport first = done(prepare);
        int versions = service.versions(ENGINE).size();
        deliveries = deliveries(Optional.of(List.of(WORKER)));

        assertThat(deliveries.look(prepare)).isEqualTo(new StepState.Ended(first));
        assertThat(done(prepare)).isEqualTo(first);
        assertThat(service.versions(ENGINE)).hasSize(versions);
        assertThat(deliveries.look(step(1, 2, Optional.empty(), new Shifted(100))))
                .isEqualTo(new StepState.Unknown());
    }

    @Test
    void a_step_that_dies_among_the_workers_is_begun_again() throws Exception {
        DeploymentStep prepare = step(1, 1, Optional.empty(), prepared("new"));
        service.throttle(4);
        assertThatThrownBy(() -> deliveries.begin(prepare))
                .isInstanceOfSatisfying(
                        CloudException.class, e -> assertThat(e.retryable()).isTrue());

        assertThat(done(prepare).succeeded()).isTrue();
        assertThat(invoked(WORKER, alias("new"))).isEqualTo("new");
    }

    @Test
    void only_the_deployed_engine_updates_the_installation() throws Exception {
        deliveries = deliveries(Optional.empty());
        DeploymentStep prepare = step(1, 1, Optional.empty(), prepared("new"));

        assertThat(deliveries.environments()).containsExactly("cumulane");
        assertThatThrownBy(() -> deliveries.begin(prepare))
                .isInstanceOfSatisfying(
                        CloudException.class, e -> assertThat(e.retryable()).isFalse())
                .hasMessageContaining("only the deployed engine");
        assertThat(service.versions(WORKER)).hasSize(1);
    }
}
