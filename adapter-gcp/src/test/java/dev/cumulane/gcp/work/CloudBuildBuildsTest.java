// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.cloudbuild.v1.Build;
import com.google.cloudbuild.v1.Build.Status;
import com.google.cloudbuild.v1.BuildOptions.MachineType;
import com.google.cloudbuild.v1.CreateBuildRequest;
import com.google.cloudbuild.v1.SecretManagerSecret;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.WorkOrder;
import dev.cumulane.cloud.WorkRunner;
import dev.cumulane.cloud.WorkRunner.Phase;
import dev.cumulane.cloud.contract.Awaiting;
import dev.cumulane.cloud.contract.MovedClock;
import dev.cumulane.cloud.contract.ShellWork;
import dev.cumulane.cloud.contract.WorkRunnerContract;
import dev.cumulane.gcp.client.GcpNames;
import dev.cumulane.gcp.client.GrpcClients;
import dev.cumulane.gcp.emulator.Emulators;
import dev.cumulane.gcp.fake.FakeCloudBuild;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.TrustLevel;
import io.grpc.Status.Code;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The official client against the fake, whose builds are real processes. What they run is written by the test in place of a launcher. */
final class CloudBuildBuildsTest extends WorkRunnerContract {
    private static final WorkNames NAMES = new WorkNames(new GcpNames("test-project", "europe-west1", "shop-ci"));
    private static final Map<String, String> SECRETS = Map.of("NPM_TOKEN", "npm-token", "REGION", "region");
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    private final Map<AttemptId, String> scripts = new ConcurrentHashMap<>();
    private final List<AttemptId> told = new CopyOnWriteArrayList<>();
    private FakeCloudBuild service;
    private GrpcClients clients;
    private CloudBuildBuilds runner;
    private ShellWork work;

    @BeforeEach
    void open() {
        work = new ShellWork(directory);
        service = new FakeCloudBuild(NAMES.location(), directory, new MovedClock(), this::event);
        clients = new GrpcClients(Emulators.clients(Map.of("cloudbuild", service.endpoint())));
        for (TrustLevel trust : TrustLevel.values()) {
            service.account(NAMES.resource(NAMES.buildAccount("shop", trust, List.of())));
        }
        service.account(NAMES.resource(NAMES.buildAccount("shop", TrustLevel.TRUSTED, SECRETS.values())));
        restart();
    }

    @AfterEach
    void nothingWasAgainstTheDefinition() {
        service.close();
        clients.close();
        assertThat(service.violations()).isEmpty();
    }

    private void event(String build) {
        try {
            BuildEvents.over("shop-ci", JSON.readTree(build)).ifPresent(told::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected WorkRunner runner() {
        return runner;
    }

    /** Messages go to a topic and not to a process; a new one has nothing to take over. */
    @Override
    protected void restart() {
        told.clear();
        runner = runner(Optional.empty());
    }

    private CloudBuildBuilds runner(Optional<String> pool) {
        return new CloudBuildBuilds(
                clients::builds,
                new BuildSettings(NAMES, BuildSettings.SMALL, pool),
                order -> String.valueOf(scripts.get(order.attempt())));
    }

    private WorkOrder order(AttemptId attempt, String script, TrustLevel trust, Map<String, String> secrets) {
        scripts.put(attempt, script);
        return new WorkOrder(
                attempt,
                Digest.of(new byte[0]),
                new WorkOrder.Container("maven:3.9-eclipse-temurin-21"),
                Duration.ofMinutes(15),
                new TreeMap<>(secrets),
                trust);
    }

    private WorkOrder trusted(String script) {
        return order(ATTEMPT, script, TrustLevel.TRUSTED, Map.of());
    }

    @Override
    protected WorkOrder brief(AttemptId attempt) {
        return order(attempt, work.brief(attempt), TrustLevel.TRUSTED, Map.of());
    }

    @Override
    protected WorkOrder endless(AttemptId attempt) {
        return order(attempt, work.endless(attempt), TrustLevel.INTERNAL, Map.of());
    }

    @Override
    protected void letEnd(AttemptId attempt) {
        work.letEnd(attempt);
    }

    @Override
    protected WorkOrder refused(AttemptId attempt) {
        return order(attempt, work.brief(attempt), TrustLevel.UNTRUSTED, Map.of("NPM_TOKEN", "npm-token"));
    }

    @Override
    protected int begun(AttemptId attempt) {
        return work.begun(attempt);
    }

    @Override
    protected boolean anythingRuns(AttemptId attempt) {
        return work.anythingRuns(attempt);
    }

    @Override
    protected Collection<AttemptId> told() {
        return told;
    }

    private String printed(WorkOrder order) throws Exception {
        String id = runner.start(order);
        Awaiting.until("the end is told", () -> told.contains(order.attempt()));
        return Files.readString(service.log(id));
    }

    @Test
    void a_build_knows_its_id_and_nothing_in_its_script_is_replaced() throws Exception {
        String printed =
                printed(trusted("ls -A | wc -l; PROJECT_ID=none; echo $PROJECT_ID; echo $CUMULANE_SERVICE_ID"));

        String id = runner.find(ATTEMPT).orElseThrow();
        assertThat(printed.lines().map(String::strip)).containsExactly("0", "none", id);
        Build asked = ((CreateBuildRequest) service.requests("CreateBuild").get(0)).getBuild();
        assertThat(asked.getSteps(0).getName()).isEqualTo("maven:3.9-eclipse-temurin-21");
        assertThat(asked.getTimeout().getSeconds()).isEqualTo(25 * 60);
        assertThat(asked.getOptions().getMachineType()).isEqualTo(MachineType.E2_MEDIUM);
    }

    @Test
    void a_command_that_fails_ends_the_build_which_is_over_then() throws Exception {
        String id = runner.start(trusted("exit 3"));

        Awaiting.until("the end is told", () -> told.contains(ATTEMPT));
        assertThat(runner.look(ATTEMPT, id)).isEqualTo(Phase.OVER);
        assertThat(service.build(id).getStatus()).isEqualTo(Status.FAILURE);
    }

    @Test
    void a_secret_is_bound_by_its_name_and_the_build_gets_the_account_of_its_secrets() throws Exception {
        service.secret(NAMES.secretVersion("npm-token"), "s3cret-value");
        service.secret(NAMES.secretVersion("region"), "eu");

        String printed =
                printed(order(ATTEMPT, "echo ${#NPM_TOKEN} ${#REGION}; echo $NPM_TOKEN", TrustLevel.TRUSTED, SECRETS));

        assertThat(printed).isEqualTo("12 2\n***\n");
        Build build = service.build(runner.find(ATTEMPT).orElseThrow());
        assertThat(build.getAvailableSecrets().getSecretManagerList())
                .extracting(SecretManagerSecret::getVersionName)
                .containsExactly(
                        "projects/test-project/secrets/shop-ci_npm-token/versions/latest",
                        "projects/test-project/secrets/shop-ci_region/versions/latest");
        assertThat(build.toString()).doesNotContain("s3cret-value");
        assertThat(build.getServiceAccount())
                .isEqualTo(NAMES.resource(NAMES.buildAccount("shop", TrustLevel.TRUSTED, SECRETS.values())))
                .isNotEqualTo(NAMES.resource(NAMES.buildAccount("shop", TrustLevel.TRUSTED, List.of())));
    }

    @Test
    void an_answer_that_was_lost_starts_nothing_twice() throws Exception {
        assertThat(runner.find(ATTEMPT)).isEmpty();
        WorkOrder order = brief(ATTEMPT);
        service.loseAnswersOf("CreateBuild", 1);

        String id = runner.start(order);

        Awaiting.until("the end is told", () -> told.contains(ATTEMPT));
        assertThat(service.requests("CreateBuild")).hasSize(1);
        assertThat(service.builds()).containsExactly(id);
        assertThat(begun(ATTEMPT)).isEqualTo(1);
    }

    @Test
    void a_service_that_is_not_there_or_wants_fewer_calls_is_told_as_something_that_passes() throws Exception {
        WorkOrder order = brief(ATTEMPT);
        service.refuse(2, Code.UNAVAILABLE);
        assertThat(runner.start(order)).as("what reads is tried again").isNotEmpty();
        Awaiting.until("the end is told", () -> told.contains(ATTEMPT));

        service.refuse(100, Code.RESOURCE_EXHAUSTED);
        assertThatThrownBy(() -> runner.find(ATTEMPT))
                .isInstanceOfSatisfying(
                        CloudException.class, e -> assertThat(e.retryable()).isTrue());
    }

    @Test
    void of_several_builds_of_an_attempt_the_living_one_is_found_first() {
        String living = runner.start(endless(ATTEMPT));
        String second = again();
        assertThat(second).isNotEqualTo(living);
        service.end(second, Status.INTERNAL_ERROR);

        assertThat(runner.find(ATTEMPT)).contains(living);
    }

    /** As by an engine whose search came too early. */
    private String again() {
        var request = (CreateBuildRequest) service.requests("CreateBuild").get(0);
        var unused = clients.builds().createBuildCallable().call(request);
        return service.builds().get(1);
    }

    @Test
    void builds_of_another_installation_in_the_project_are_not_ours() throws Exception {
        WorkNames other = new WorkNames(new GcpNames("test-project", "europe-west1", "cart-ci"));
        service.account(other.resource(other.buildAccount("shop", TrustLevel.TRUSTED, List.of())));
        CloudBuildBuilds theirs = new CloudBuildBuilds(
                clients::builds, new BuildSettings(other, BuildSettings.SMALL, Optional.empty()), order -> "exit 0");

        String id = theirs.start(brief(ATTEMPT));

        Awaiting.until("it is over", () -> theirs.look(ATTEMPT, id) == Phase.OVER);
        assertThat(runner.find(ATTEMPT)).isEmpty();
        assertThat(told).isEmpty();
    }

    @Test
    void lost_and_doubled_and_late_messages_are_only_that() throws Exception {
        service.tellEvents(0);
        String id = runner.start(brief(ATTEMPT));
        Awaiting.until("it is over", () -> runner.look(ATTEMPT, id) == Phase.OVER);
        assertThat(told).isEmpty();

        AttemptId second = new AttemptId(ATTEMPT.run(), "unit-tests", 2);
        service.tellEvents(2);
        String doubled = runner.start(brief(second));
        Awaiting.until("the end is told twice", () -> told.equals(List.of(second, second)));

        AttemptId third = new AttemptId(ATTEMPT.run(), "unit-tests", 3);
        service.tellEvents(1);
        service.holdEvents();
        String late = runner.start(brief(third));
        Awaiting.until("it is over", () -> runner.look(third, late) == Phase.OVER);
        service.releaseEvents();
        assertThat(told).contains(third);
        assertThat(List.of(id, doubled, late)).doesNotHaveDuplicates();
    }

    @Test
    void a_service_account_that_is_not_installed_is_named() {
        AttemptId other = AttemptId.parse("cart-0k3v9q2m7xw4b1ce.3/build/1");

        assertThatThrownBy(() -> runner.start(order(other, "exit 0", TrustLevel.TRUSTED, Map.of())))
                .isInstanceOfSatisfying(
                        CloudException.class, e -> assertThat(e.retryable()).isFalse())
                .hasMessageContaining(NAMES.buildAccount("cart", TrustLevel.TRUSTED, List.of()));
        assertThat(runner.find(other)).isEmpty();
    }

    @Test
    void work_that_no_build_can_do_is_refused_with_the_reason() {
        WorkOrder day = new WorkOrder(
                ATTEMPT,
                Digest.of(new byte[0]),
                new WorkOrder.Container("alpine"),
                Duration.ofHours(25),
                new TreeMap<>(),
                TrustLevel.TRUSTED);

        assertThatThrownBy(() -> runner.start(day))
                .isInstanceOf(CloudException.class)
                .hasMessageContaining("at most 24 hours");
        assertThatThrownBy(() -> new BuildSettings(NAMES, "E2_TINY", Optional.empty()))
                .hasMessageContaining("no machine 'E2_TINY'")
                .hasMessageContaining("E2_MEDIUM");
        assertThatThrownBy(() -> runner(Optional.of("my-pool"))).hasMessageContaining("workerPools/W, not 'my-pool'");
    }

    @Test
    void another_build_is_not_stopped_in_the_place_of_an_attempt() throws Exception {
        String id = runner.start(endless(ATTEMPT));
        AttemptId second = new AttemptId(ATTEMPT.run(), "unit-tests", 2);

        runner.stop(second, id);

        assertThat(runner.look(ATTEMPT, id)).isEqualTo(Phase.LIVING);
    }

    @Test
    void a_private_pool_builds_on_its_own_machines() throws Exception {
        String pool = NAMES.location() + "/workerPools/big";
        runner = runner(Optional.of(pool));

        String id = runner.start(brief(ATTEMPT));

        assertThat(service.build(id).getOptions().getPool().getName()).isEqualTo(pool);
        Awaiting.until("the end is told", () -> told.contains(ATTEMPT));
    }
}
