// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.work;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.cumulane.azure.client.AzureClients;
import dev.cumulane.azure.client.DevOpsApi;
import dev.cumulane.azure.client.DevOpsProject;
import dev.cumulane.azure.emulator.Emulators;
import dev.cumulane.azure.fake.FakeDevOps;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.WorkLauncher;
import dev.cumulane.cloud.WorkOrder;
import dev.cumulane.cloud.WorkRunner;
import dev.cumulane.cloud.WorkRunner.Phase;
import dev.cumulane.cloud.contract.Awaiting;
import dev.cumulane.cloud.contract.Loopback;
import dev.cumulane.cloud.contract.MemoryArtifactStore;
import dev.cumulane.cloud.contract.MovedClock;
import dev.cumulane.cloud.contract.ShellWork;
import dev.cumulane.cloud.contract.WorkRunnerContract;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.TrustLevel;
import java.io.IOException;
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
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The runner against the fake, whose runs do what the generated pipeline says. What the launcher would be is written by the test. */
final class DevOpsBuildsTest extends WorkRunnerContract {
    private static final WorkNames NAMES = new WorkNames(Emulators.NAMES);
    private static final BuildSettings SETTINGS = new BuildSettings(NAMES, Agents.USUAL);
    private static final Map<String, String> SECRETS = Map.of("NPM_TOKEN", "npm-token", "REGION", "region");
    private static final String STARTS = "POST /shop/web%20shop/_apis/pipelines/";
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    private final Map<AttemptId, String> scripts = new ConcurrentHashMap<>();
    private final List<AttemptId> told = new CopyOnWriteArrayList<>();
    private final MemoryArtifactStore artifacts = new MemoryArtifactStore();
    private final MovedClock clock = new MovedClock();
    private final HttpServer ingress = Loopback.serve(this::hook);
    private final AtomicInteger unwell = new AtomicInteger();
    private volatile int illness = 503;
    private FakeDevOps service;
    private volatile DevOpsBuilds runner;
    private ShellWork work;

    @BeforeEach
    void open() {
        work = new ShellWork(directory);
        service = new FakeDevOps(directory);
        service.subscribe("http://127.0.0.1:" + ingress.getAddress().getPort() + "/", "X-Cumulane-Key: k3y");
        for (TrustLevel trust : TrustLevel.values()) {
            String name = NAMES.project("shop", trust);
            service.runs()
                    .pipeline(
                            name,
                            BuildPipeline.yaml(SETTINGS, "shop", trust),
                            trust == TrustLevel.TRUSTED ? List.of(NAMES.group(name, SECRETS.values())) : List.of());
        }
        restart();
    }

    @AfterEach
    void nothingWasAgainstTheInterface() {
        service.close();
        ingress.stop(0);
        assertThat(service.violations()).isEmpty();
    }

    /** As ingress does: it looks before it believes, and is unwell where a test says so. */
    private void hook(HttpExchange exchange) throws IOException {
        try (exchange) {
            boolean known = "k3y".equals(exchange.getRequestHeaders().getFirst("X-Cumulane-Key"));
            byte[] body = exchange.getRequestBody().readAllBytes();
            if (unwell.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                exchange.sendResponseHeaders(illness, -1);
                return;
            }
            BuildEvents.completed(JSON.readTree(body)).flatMap(runner::over).ifPresent(told::add);
            exchange.sendResponseHeaders(known ? 202 : 401, -1);
        }
    }

    private DevOpsApi project(Optional<String> accessToken) {
        AzureClients clients = Emulators.clients(Map.of("devops", service.endpoint()));
        return new DevOpsApi(
                clients,
                new DevOpsProject(FakeDevOps.ORGANIZATION, FakeDevOps.PROJECT),
                accessToken.map(token -> () -> token));
    }

    private DevOpsBuilds another() {
        return new DevOpsBuilds(
                new PipelineRuns(project(Optional.empty()), artifacts, clock),
                SETTINGS,
                order -> String.valueOf(scripts.get(order.attempt())));
    }

    @Override
    protected WorkRunner runner() {
        return runner;
    }

    @Override
    protected void restart() {
        told.clear();
        runner = another();
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

    private String ended(WorkOrder order) throws Exception {
        String id = runner.start(order);
        Awaiting.until("the end is told", () -> told.contains(order.attempt()));
        return id;
    }

    @Test
    void a_build_knows_its_id_and_sees_neither_the_launcher_nor_the_machine() throws Exception {
        String id = ended(trusted(
                "ls -A | wc -l\nenv | grep -c 'LAUNCHER\\|AGENT'\nprintf '%s\\n' 'a\\b' $CUMULANE_SERVICE_ID\n"));

        assertThat(Files.readAllLines(service.runs().log(id)).stream().map(String::strip))
                .containsExactly("0", "0", "a\\b", id);
    }

    @Test
    void what_a_build_prints_is_no_command_to_the_agent() throws Exception {
        String id = ended(trusted("echo '##vso[build.addbuildtag]shop-0k3v9q2m7xw4b1ce_release_1'\n"));

        assertThat(Files.readString(service.runs().log(id))).contains("##vso[build.addbuildtag]");
        assertThat(service.runs().build(id).path("tags"))
                .singleElement()
                .extracting(JsonNode::asText)
                .isEqualTo("shop-0k3v9q2m7xw4b1ce_unit-tests_1");
    }

    @Test
    void the_launcher_of_an_order_checks_it_and_runs_it() throws Exception {
        byte[] script = "echo \"it's \\\"$CUMULANE_STORE\\\"\"\n".getBytes(UTF_8);
        Path file = Files.write(directory.resolve("order.sh"), script);
        WorkOrder order = new WorkOrder(
                ATTEMPT,
                Digest.of(script),
                new WorkOrder.Container("alpine:3"),
                Duration.ofMinutes(15),
                new TreeMap<>(),
                TrustLevel.TRUSTED);
        scripts.put(ATTEMPT, WorkLauncher.script(order, "file:" + file, "file:/a 'store'"));

        assertThat(Files.readAllLines(service.runs().log(ended(order)))).endsWith("it's \"file:/a 'store'\"");
    }

    @Test
    void a_command_that_fails_ends_the_build_which_is_over_then() throws Exception {
        String id = ended(trusted("exit 3"));

        assertThat(runner.look(ATTEMPT, id)).isEqualTo(Phase.OVER);
        assertThat(service.runs().build(id).path("result").asText()).isEqualTo("failed");
    }

    @Test
    void secrets_come_from_the_group_of_exactly_these_and_no_log_shows_them() throws Exception {
        String group = NAMES.group(NAMES.project("shop", TrustLevel.TRUSTED), SECRETS.values());
        service.runs().group(group, Map.of("npm-token", "s3cret-value-", "region", "eu-west"));

        String id = ended(order(ATTEMPT, "echo ${#NPM_TOKEN} ${#REGION} $NPM_TOKEN", TrustLevel.TRUSTED, SECRETS));

        assertThat(Files.readAllLines(service.runs().log(id))).endsWith("13 7 ***");
    }

    @Test
    void a_group_that_a_pipeline_has_no_leave_for_starts_nothing() {
        WorkOrder order = order(ATTEMPT, "exit 0", TrustLevel.INTERNAL, SECRETS);

        assertThatThrownBy(() -> runner.start(order))
                .isInstanceOfSatisfying(
                        CloudException.class, e -> assertThat(e.retryable()).isFalse())
                .hasMessageContaining("has not been authorized for use");
        assertThat(service.runs().ids()).isEmpty();
    }

    @Test
    void an_answer_that_was_lost_is_not_asked_for_again_but_looked_for() throws Exception {
        service.loseAnswers(STARTS, 1);
        WorkOrder order = brief(ATTEMPT);

        assertThatThrownBy(() -> runner.start(order))
                .isInstanceOfSatisfying(
                        CloudException.class, e -> assertThat(e.retryable()).isTrue());
        String id = runner.start(order);

        Awaiting.until("the end is told", () -> told.contains(ATTEMPT));
        assertThat(service.requests(STARTS)).hasSize(1);
        assertThat(service.runs().ids()).containsExactly(id);
        assertThat(begun(ATTEMPT)).isEqualTo(1);
    }

    @Test
    void where_runs_have_other_names_the_tag_finds_them() throws Exception {
        service.runs().findNoNames();
        String id = runner.start(endless(ATTEMPT));

        assertThat(runner.start(endless(ATTEMPT))).isEqualTo(id);
        assertThat(service.runs().build(id).path("tags").toString()).contains("shop-0k3v9q2m7xw4b1ce_unit-tests_1");
    }

    @Test
    void a_start_that_lists_do_not_show_yet_is_waited_for_and_then_made_again() throws Exception {
        String first = runner.start(endless(ATTEMPT));
        service.runs().hide(1);

        assertThatThrownBy(() -> another().start(endless(ATTEMPT)))
                .isInstanceOfSatisfying(
                        CloudException.class, e -> assertThat(e.retryable()).isTrue())
                .hasMessageContaining("cannot be seen yet");
        clock.move(Intents.PATIENCE);
        String second = another().start(endless(ATTEMPT));
        assertThat(second).as("what the claim is for").isNotEqualTo(first);

        service.runs().hide(0);
        assertThat(runner.find(ATTEMPT)).contains(first);
        assertThat(another().start(endless(ATTEMPT))).isEqualTo(first);
    }

    @Test
    void of_two_runs_of_an_attempt_none_is_over_before_both_and_both_are_stopped() throws Exception {
        String first = runner.start(endless(ATTEMPT));
        service.runs().hide(1);
        clock.move(Intents.PATIENCE);
        scripts.put(ATTEMPT, "exit 0");
        String second = runner.start(order(ATTEMPT, "exit 0", TrustLevel.INTERNAL, Map.of()));
        service.runs().hide(0);
        Awaiting.until(
                "the second ends",
                () -> service.runs().build(second).path("status").asText().equals("completed"));

        assertThat(runner.look(ATTEMPT, second)).isEqualTo(Phase.LIVING);
        assertThat(runner.over(second)).isEmpty();
        runner.stop(ATTEMPT, second);
        Awaiting.until("the end is told", () -> told.contains(ATTEMPT));
        assertThat(runner.look(ATTEMPT, first)).isEqualTo(Phase.OVER);
    }

    @Test
    void too_many_calls_are_made_again_when_the_service_says() {
        service.throttle(1);
        String id = runner.start(brief(ATTEMPT));

        assertThat(service.runs().ids()).containsExactly(id);
        assertThat(service.requests("definitions")).hasSize(2);
    }

    @Test
    void lost_and_doubled_and_late_hooks_are_only_that() throws Exception {
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
    void a_hook_that_cannot_be_stored_comes_again_and_one_that_is_gone_never() throws Exception {
        unwell.set(8);
        ended(brief(ATTEMPT));
        Awaiting.until("it is noted", () -> service.notifications().equals(List.of("9 202")));
        assertThat(service.subscriptions()).containsExactly("enabled");

        AttemptId second = new AttemptId(ATTEMPT.run(), "unit-tests", 2);
        illness = 410;
        unwell.set(1);
        String id = runner.start(brief(second));
        Awaiting.until("the hook is switched off", () -> service.subscriptions().contains("disabledBySystem"));
        assertThat(told).doesNotContain(second);
        assertThat(runner.look(second, id)).as("what the sweep is for").isEqualTo(Phase.OVER);
    }

    @Test
    void a_pipeline_that_is_not_installed_is_named() {
        AttemptId other = AttemptId.parse("cart-0k3v9q2m7xw4b1ce.3/build/1");

        assertThatThrownBy(() -> runner.start(order(other, "exit 0", TrustLevel.TRUSTED, Map.of())))
                .isInstanceOfSatisfying(
                        CloudException.class, e -> assertThat(e.retryable()).isFalse())
                .hasMessageContaining("pipeline shop-ci-cart-trusted is missing in shop/web shop");
        assertThat(runner.find(other)).isEmpty();
    }

    @Test
    void work_that_no_build_can_do_is_refused_with_the_reason() {
        WorkOrder week = new WorkOrder(
                ATTEMPT,
                Digest.of(new byte[0]),
                new WorkOrder.Container("alpine"),
                Duration.ofHours(7),
                new TreeMap<>(),
                TrustLevel.TRUSTED);

        assertThatThrownBy(() -> runner.start(week))
                .isInstanceOf(CloudException.class)
                .hasMessageContaining("at most 6 hours");
    }

    @Test
    void another_build_is_not_stopped_in_the_place_of_an_attempt() {
        String id = runner.start(endless(ATTEMPT));

        runner.stop(new AttemptId(ATTEMPT.run(), "unit-tests", 2), id);

        assertThat(runner.look(ATTEMPT, id)).isEqualTo(Phase.LIVING);
    }

    @Test
    void a_run_of_another_pipeline_with_the_same_name_is_not_taken_for_ours() throws Exception {
        service.runs().pipeline("somebody-elses", BuildPipeline.yaml(SETTINGS, "shop", TrustLevel.TRUSTED), List.of());
        String name = WorkNames.run(ATTEMPT);
        project(Optional.of("a-token"))
                .postOnce(
                        "start another",
                        "pipelines/" + service.runs().number("somebody-elses") + "/runs",
                        JSON.readTree("{\"templateParameters\": {\"attempt\": \"" + name
                                + "\", \"image\": \"alpine\", \"minutes\": \"5\"}}"));

        Awaiting.until("it is told", () -> !service.notifications().isEmpty());
        assertThat(runner.find(ATTEMPT)).isEmpty();
        assertThat(told).isEmpty();
    }

    @Test
    void events_of_others_say_nothing() throws Exception {
        for (String event : List.of(
                "{}",
                "[]",
                "{\"publisherId\": \"tfs\", \"eventType\": \"git.push\", \"resource\": {\"id\": 4}}",
                "{\"publisherId\": \"rm\", \"eventType\": \"build.complete\", \"resource\": {\"id\": 4}}",
                "{\"publisherId\": \"tfs\", \"eventType\": \"build.complete\", \"resource\": {\"id\": \"../4\"}}",
                "{\"publisherId\": \"tfs\", \"eventType\": \"build.complete\", \"resource\": {\"id\": -4}}",
                "{\"publisherId\": \"tfs\", \"eventType\": \"build.complete\", \"resource\": {\"id\": 99999999999}}")) {
            assertThat(BuildEvents.completed(JSON.readTree(event))).as(event).isEmpty();
        }
        for (String run : List.of("", "20261123.1", "shop_build_1", "shop-0k3v9q2m7xw4b1ce__", "../x_y_1")) {
            assertThat(WorkNames.attempt(run)).as(run).isEmpty();
        }
        assertThat(WorkNames.attempt(WorkNames.run(ATTEMPT))).contains(ATTEMPT);
    }
}
