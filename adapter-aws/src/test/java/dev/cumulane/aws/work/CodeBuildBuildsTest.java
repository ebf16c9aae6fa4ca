// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cumulane.aws.client.AwsNames;
import dev.cumulane.aws.fake.FakeCodeBuild;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.WorkOrder;
import dev.cumulane.cloud.WorkRunner;
import dev.cumulane.cloud.WorkRunner.Phase;
import dev.cumulane.cloud.contract.Awaiting;
import dev.cumulane.cloud.contract.WorkRunnerContract;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.TrustLevel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.codebuild.CodeBuildClient;

/** The official client against the fake, whose builds are real processes. What they run is written by the test in place of a launcher. */
class CodeBuildBuildsTest extends WorkRunnerContract {
    private static final WorkNames NAMES =
            new WorkNames(new AwsNames(Region.EU_WEST_1, "shop-ci", () -> "123456789012"));
    private static final String ROLES = "arn:aws:iam::123456789012:role/";
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    private final Map<AttemptId, String> scripts = new ConcurrentHashMap<>();
    private final List<AttemptId> told = new CopyOnWriteArrayList<>();
    private final AtomicInteger launched = new AtomicInteger();
    private volatile Instant now = Instant.parse("2026-11-23T10:00:00Z");
    private FakeCodeBuild service;
    private CodeBuildClient client;
    private CodeBuildBuilds runner;

    @BeforeEach
    void open() {
        service = new FakeCodeBuild(directory, () -> now, this::event);
        client = CodeBuildClient.builder()
                .endpointOverride(service.endpoint())
                .region(Region.EU_WEST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("AKID", "secret")))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build();
        for (TrustLevel trust : TrustLevel.values()) {
            String name = NAMES.project("shop", trust);
            client.createProject(project -> project.name(name)
                    .serviceRole(ROLES + NAMES.buildRole(name, List.of()))
                    .source(source -> source.type("NO_SOURCE").buildspec("{\"version\":\"0.2\"}"))
                    .artifacts(artifacts -> artifacts.type("NO_ARTIFACTS"))
                    .environment(environment -> environment
                            .type("LINUX_CONTAINER")
                            .image("aws/codebuild/standard:7.0")
                            .computeType(BuildSettings.SMALL)));
        }
        restart();
    }

    @AfterEach
    void nothingWasAgainstTheInterface() {
        service.close();
        client.close();
        assertThat(service.violations()).isEmpty();
    }

    private void event(String event) {
        try {
            BuildEvents.over(JSON.readTree(event)).ifPresent(told::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private CodeBuildBuilds runner(Optional<String> mirror) {
        return new CodeBuildBuilds(
                () -> client,
                new BuildSettings(NAMES, BuildSettings.SMALL, mirror),
                order -> "# pass " + launched.incrementAndGet() + "\n" + scripts.get(order.attempt()));
    }

    @Override
    protected WorkRunner runner() {
        return runner;
    }

    /** Events go to a queue and not to a process; a new one has nothing to take over. */
    @Override
    protected void restart() {
        told.clear();
        runner = runner(Optional.empty());
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

    private Path note(AttemptId attempt, String name) {
        return directory.resolve(attempt.key().replace('/', '_') + "-" + name);
    }

    private String begins(AttemptId attempt) {
        return "echo $$ >>'" + note(attempt, "begun") + "'\n";
    }

    @Override
    protected WorkOrder brief(AttemptId attempt) {
        return order(attempt, begins(attempt), TrustLevel.TRUSTED, Map.of());
    }

    @Override
    protected WorkOrder endless(AttemptId attempt) {
        String script = "sleep 600 & echo $! >>'" + note(attempt, "helpers") + "'\n" + begins(attempt)
                + "while ! [ -e '" + note(attempt, "end") + "' ]; do sleep 0.02; done\n";
        return order(attempt, script, TrustLevel.INTERNAL, Map.of());
    }

    @Override
    protected void letEnd(AttemptId attempt) {
        try {
            Files.createFile(note(attempt, "end"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected WorkOrder refused(AttemptId attempt) {
        return order(attempt, begins(attempt), TrustLevel.UNTRUSTED, Map.of("NPM_TOKEN", "npm-token"));
    }

    @Override
    protected int begun(AttemptId attempt) {
        return lines(note(attempt, "begun")).size();
    }

    @Override
    protected boolean anythingRuns(AttemptId attempt) {
        return Stream.of("begun", "helpers")
                .flatMap(name -> lines(note(attempt, name)).stream())
                .anyMatch(CodeBuildBuildsTest::runs);
    }

    /** A process that has ended may stay as a zombie, where nobody asks for its exit code. */
    private static boolean runs(String pid) {
        List<String> stat = lines(Path.of("/proc", pid, "stat"));
        return !stat.isEmpty() && !stat.get(0).contains(") Z ");
    }

    @Override
    protected Collection<AttemptId> told() {
        return told;
    }

    private static List<String> lines(Path file) {
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String printed(WorkOrder order) throws Exception {
        String id = runner.start(order);
        Awaiting.until("the end is told", () -> told.contains(order.attempt()));
        return Files.readString(service.log(id));
    }

    @Test
    void a_build_knows_its_id_and_its_commands_do_not_see_the_launcher() throws Exception {
        WorkOrder order = order(
                ATTEMPT,
                "ls -A | wc -l; env | grep -c LAUNCHER; echo $CUMULANE_SERVICE_ID",
                TrustLevel.TRUSTED,
                Map.of());

        assertThat(printed(order).lines().map(String::strip))
                .containsExactly("0", "0", runner.find(ATTEMPT).orElseThrow());
        JsonNode start = JSON.readTree(service.requests("StartBuild").get(0).body());
        assertThat(start.path("buildspecOverride").asText()).doesNotContain("pass");
        assertThat(start.path("timeoutInMinutesOverride").asInt()).isEqualTo(25);
        assertThat(start.path("imageOverride").asText()).isEqualTo("maven:3.9-eclipse-temurin-21");
    }

    @Test
    void a_command_that_fails_ends_the_build_which_is_over_then() throws Exception {
        String id = runner.start(order(ATTEMPT, "exit 3", TrustLevel.TRUSTED, Map.of()));

        Awaiting.until("the end is told", () -> told.contains(ATTEMPT));
        assertThat(runner.look(ATTEMPT, id)).isEqualTo(Phase.OVER);
        assertThat(client.batchGetBuilds(request -> request.ids(id))
                        .builds()
                        .get(0)
                        .buildStatusAsString())
                .isEqualTo("FAILED");
    }

    @Test
    void a_secret_is_bound_by_its_name_and_the_build_gets_the_role_of_its_secrets() throws Exception {
        service.secret("shop-ci/npm-token", "s3cret-value");
        service.secret("/shop-ci/region", "eu");
        Map<String, String> secrets = Map.of("NPM_TOKEN", "npm-token", "REGION", "ssm-region");
        WorkOrder order = order(ATTEMPT, "echo ${#NPM_TOKEN} ${#REGION}", TrustLevel.TRUSTED, secrets);

        assertThat(printed(order)).isEqualTo("12 2\n");
        String id = runner.find(ATTEMPT).orElseThrow();
        SortedMap<String, JsonNode> variables = service.variables(id);
        assertThat(variables.get("NPM_TOKEN").path("type").asText()).isEqualTo("SECRETS_MANAGER");
        assertThat(variables.get("REGION").path("type").asText()).isEqualTo("PARAMETER_STORE");
        assertThat(variables.toString()).doesNotContain("s3cret-value");
        String role = client.batchGetBuilds(request -> request.ids(id))
                .builds()
                .get(0)
                .serviceRole();
        assertThat(role)
                .isEqualTo(ROLES + NAMES.buildRole(NAMES.project("shop", TrustLevel.TRUSTED), secrets.values()))
                .isNotEqualTo(ROLES + NAMES.buildRole(NAMES.project("shop", TrustLevel.TRUSTED), List.of()));
        assertThat(role.substring(ROLES.length())).hasSizeLessThanOrEqualTo(64);
    }

    @Test
    void an_answer_that_was_lost_starts_nothing_twice() throws Exception {
        service.loseAnswers(1);

        String id = runner.start(brief(ATTEMPT));

        Awaiting.until("the end is told", () -> told.contains(ATTEMPT));
        assertThat(service.requests("StartBuild")).hasSize(2);
        assertThat(service.builds(NAMES.project("shop", TrustLevel.TRUSTED))).containsExactly(id);
        assertThat(begun(ATTEMPT)).isEqualTo(1);
    }

    @Test
    void a_start_whose_token_is_forgotten_is_found_and_would_else_be_made_again() throws Exception {
        String id = runner.start(endless(ATTEMPT));
        now = now.plus(Duration.ofMinutes(6));

        assertThat(runner.find(ATTEMPT)).contains(id);
        assertThat(runner.start(endless(ATTEMPT))).as("what the claim is for").isNotEqualTo(id);
    }

    @Test
    void work_of_long_ago_is_found_behind_many_builds_and_the_living_one_first() throws Exception {
        service.listInPagesOf(3);
        String over = runner.start(endless(ATTEMPT));
        service.end(over, "FAULT");
        now = now.plus(Duration.ofMinutes(6));
        String living = runner.start(endless(ATTEMPT));
        for (int i = 2; i < 9; i++) {
            runner.start(order(new AttemptId(ATTEMPT.run(), "other", i), "exit 0", TrustLevel.INTERNAL, Map.of()));
        }

        assertThat(runner.find(ATTEMPT)).contains(living);
    }

    @Test
    void a_throttle_storm_is_over_or_is_told_as_something_that_passes() {
        service.throttle(2);
        assertThat(runner.start(brief(ATTEMPT))).startsWith("shop-ci-shop-trusted:");

        service.throttle(100);
        assertThatThrownBy(() -> runner.find(ATTEMPT))
                .isInstanceOfSatisfying(
                        CloudException.class, e -> assertThat(e.retryable()).isTrue());
    }

    @Test
    void lost_and_doubled_and_late_events_are_only_that() throws Exception {
        service.tellEvents(0);
        String id = runner.start(brief(ATTEMPT));
        Awaiting.until("it is over", () -> runner.look(ATTEMPT, id) == Phase.OVER);
        assertThat(told).isEmpty();

        AttemptId second = new AttemptId(ATTEMPT.run(), "unit-tests", 2);
        service.tellEvents(2);
        runner.start(brief(second));
        Awaiting.until("the end is told twice", () -> told.equals(List.of(second, second)));

        AttemptId third = new AttemptId(ATTEMPT.run(), "unit-tests", 3);
        service.tellEvents(1);
        service.holdEvents();
        String late = runner.start(brief(third));
        Awaiting.until("it is over", () -> runner.look(third, late) == Phase.OVER);
        service.releaseEvents();
        assertThat(told).contains(third);
    }

    @Test
    void a_project_that_is_not_installed_is_named() {
        AttemptId other = AttemptId.parse("cart-0k3v9q2m7xw4b1ce.3/build/1");

        assertThatThrownBy(() -> runner.start(order(other, "exit 0", TrustLevel.TRUSTED, Map.of())))
                .isInstanceOfSatisfying(
                        CloudException.class, e -> assertThat(e.retryable()).isFalse())
                .hasMessageContaining("build project shop-ci-cart-trusted is missing");
        assertThat(runner.find(other)).isEmpty();
    }

    @Test
    void work_that_no_build_can_do_is_refused_with_the_reason() {
        WorkOrder day = new WorkOrder(
                ATTEMPT,
                Digest.of(new byte[0]),
                new WorkOrder.Container("alpine"),
                Duration.ofHours(37),
                new TreeMap<>(),
                TrustLevel.TRUSTED);

        assertThatThrownBy(() -> runner.start(day))
                .isInstanceOf(CloudException.class)
                .hasMessageContaining("at most 36 hours");
    }

    @Test
    void another_build_is_not_stopped_in_the_place_of_an_attempt() throws Exception {
        String id = runner.start(endless(ATTEMPT));
        AttemptId second = new AttemptId(ATTEMPT.run(), "unit-tests", 2);

        runner.stop(second, id);

        assertThat(runner.look(ATTEMPT, id)).isEqualTo(Phase.LIVING);
    }

    @Test
    void images_of_docker_hub_alone_are_pulled_by_way_of_the_mirror() {
        String mirror = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/docker-hub";
        BuildSettings settings = new BuildSettings(NAMES, BuildSettings.SMALL, Optional.of(mirror));

        assertThat(settings.pulled("maven:3.9")).isEqualTo(mirror + "/library/maven:3.9");
        assertThat(settings.pulled("docker.io/grafana/k6:1")).isEqualTo(mirror + "/grafana/k6:1");
        assertThat(settings.pulled("ghcr.io/shop/tools:4")).isEqualTo("ghcr.io/shop/tools:4");
        assertThat(settings.pulled("localhost:5000/tools")).isEqualTo("localhost:5000/tools");
        assertThat(settings.pulled("aws/codebuild/standard:7.0")).isEqualTo("aws/codebuild/standard:7.0");
    }

    @Test
    void events_of_others_say_nothing() throws Exception {
        for (String event : List.of(
                "{}",
                "[]",
                "{\"source\": \"my.app\", \"detail-type\": \"CodeBuild Build State Change\"}",
                "{\"source\": \"aws.codebuild\", \"detail-type\": \"CodeBuild Build State Change\", \"detail\": {\"build-status\": \"FAILED\"}}",
                "{\"source\": \"aws.codebuild\", \"detail-type\": \"CodeBuild Build State Change\", \"detail\": {\"build-status\": \"FAILED\","
                        + " \"additional-information\": {\"environment\": {\"environment-variables\": [{\"name\": \"CUMULANE_RUN\", \"value\": \"../x\"},"
                        + " {\"name\": \"CUMULANE_STAGE\", \"value\": \"b\"}, {\"name\": \"CUMULANE_ATTEMPT\", \"value\": \"1\"}]}}}}")) {
            assertThat(BuildEvents.over(JSON.readTree(event))).as(event).isEmpty();
        }
    }
}
