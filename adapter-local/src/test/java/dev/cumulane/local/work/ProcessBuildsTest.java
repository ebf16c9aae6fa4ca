// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.WorkOrder;
import dev.cumulane.cloud.WorkRunner;
import dev.cumulane.cloud.contract.Awaiting;
import dev.cumulane.cloud.contract.WorkRunnerContract;
import dev.cumulane.local.process.Jvm;
import dev.cumulane.local.process.ProcessIdentity;
import dev.cumulane.local.process.Starter;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.TrustLevel;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Builds are real processes here; what they run is written by the test in place of a launcher. */
class ProcessBuildsTest extends WorkRunnerContract {
    private static final WorkOrder.Container IMAGE = new WorkOrder.Container("maven:3.9-eclipse-temurin-21");

    private static final Duration GRACE = Duration.ofMillis(300);

    @TempDir
    Path state;

    final Map<AttemptId, String> scripts = new ConcurrentHashMap<>();
    final List<AttemptId> told = new CopyOnWriteArrayList<>();
    final List<String> notices = new CopyOnWriteArrayList<>();
    final List<ProcessBuilds> opened = new ArrayList<>();

    @BeforeEach
    void open() {
        restart();
    }

    @AfterEach
    void endWhatIsLeft() throws Exception {
        for (AttemptId attempt : scripts.keySet()) {
            runner().find(attempt).ifPresent(id -> runner().stop(attempt, id));
        }
        endWhatOnlyASessionFinds();
        opened.forEach(ProcessBuilds::close);
        for (AttemptId attempt : scripts.keySet()) {
            Awaiting.until("nothing of " + attempt + " is left", () -> !anythingRuns(attempt));
        }
    }

    Starter starter() {
        return Starter.ofThisMachine();
    }

    void endWhatOnlyASessionFinds() {}

    WorkPlace place() {
        return WorkPlace.at(state, told::add).withGrace(GRACE).withStarter(starter());
    }

    ProcessBuilds runner(WorkPlace place, ProcessBuilds.Containers containers) {
        ProcessBuilds made =
                new ProcessBuilds(place, containers, order -> scripts.getOrDefault(order.attempt(), "exit 1\n"));
        opened.add(made);
        return made;
    }

    WorkOrder order(AttemptId attempt, String script) {
        scripts.put(attempt, script);
        return new WorkOrder(
                attempt, Digest.of(new byte[0]), IMAGE, Duration.ofMinutes(1), new TreeMap<>(), TrustLevel.TRUSTED);
    }

    Path file(AttemptId attempt, String name) {
        return WorkProcesses.directory(state, attempt).resolve(name);
    }

    @Override
    protected WorkRunner runner() {
        return opened.get(opened.size() - 1);
    }

    /** The former runner is left as it is, deaf: a killed process closes nothing. */
    @Override
    protected void restart() {
        told.clear();
        int mine = opened.size();
        WorkPlace place = WorkPlace.at(state, attempt -> {
                    if (opened.size() == mine + 1) {
                        told.add(attempt);
                    }
                })
                .withGrace(GRACE)
                .withStarter(starter());
        runner(place, new ProcessBuilds.Containers.OnThisMachine(notices::add));
    }

    @Override
    protected WorkOrder brief(AttemptId attempt) {
        return order(attempt, "echo $$ >>../begun-notes\n");
    }

    @Override
    protected WorkOrder endless(AttemptId attempt) {
        return order(
                attempt,
                "sleep 600 & echo $! >>../helpers\necho $$ >>../begun-notes\nwhile ! [ -e ../let-end ]; do sleep 0.02; done\n");
    }

    @Override
    protected void letEnd(AttemptId attempt) {
        try {
            Files.createFile(file(attempt, "let-end"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected WorkOrder refused(AttemptId attempt) {
        WorkOrder order = order(attempt, "echo $$ >>../begun-notes\n");
        return new WorkOrder(
                attempt,
                order.order(),
                IMAGE,
                order.within(),
                new TreeMap<>(Map.of("NPM_TOKEN", "npm-token")),
                TrustLevel.UNTRUSTED);
    }

    @Override
    protected int begun(AttemptId attempt) {
        return lines(file(attempt, "begun-notes")).size();
    }

    @Override
    protected boolean anythingRuns(AttemptId attempt) {
        List<String> pids = new ArrayList<>(lines(file(attempt, "begun-notes")));
        pids.addAll(lines(file(attempt, "helpers")));
        return pids.stream()
                .anyMatch(pid -> ProcessIdentity.of(Long.parseLong(pid)).isPresent());
    }

    @Override
    protected Collection<AttemptId> told() {
        return told;
    }

    static List<String> lines(Path file) {
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String log(AttemptId attempt) {
        return String.join("\n", lines(file(attempt, "log.txt")));
    }

    private String printed(WorkRunner runner, WorkOrder order) throws Exception {
        runner.start(order);
        Awaiting.until("the end is told", () -> told.contains(order.attempt()));
        return log(order.attempt());
    }

    private WorkOrder forks(AttemptId attempt) {
        WorkOrder order = order(attempt, "echo it runs\n");
        return new WorkOrder(attempt, order.order(), IMAGE, order.within(), new TreeMap<>(), TrustLevel.UNTRUSTED);
    }

    @Test
    void work_for_a_fork_is_not_run_unless_the_place_is_told_to() throws Exception {
        assertThatThrownBy(() -> runner().start(forks(ATTEMPT)))
                .isInstanceOf(CloudException.class)
                .hasMessageContaining("LocalCloud.runningForks()");
        assertThat(runner().find(ATTEMPT)).isEmpty();

        runner(place().withForks(true), new ProcessBuilds.Containers.OnThisMachine(notices::add));

        assertThat(printed(runner(), forks(ATTEMPT))).isEqualTo("it runs");
    }

    @Test
    void a_build_runs_in_an_empty_workspace_with_nothing_to_read_and_its_output_in_the_log() throws Exception {
        String printed = printed(
                runner(),
                order(
                        ATTEMPT,
                        "pwd; ls -A | wc -l; wc -c; echo to-stderr >&2; printf '%s\\n' \"$CUMULANE_SERVICE_ID\"\n"));

        assertThat(printed.lines())
                .containsExactly(
                        file(ATTEMPT, "workspace").toRealPath().toString(),
                        "0",
                        "0",
                        "to-stderr",
                        runner().find(ATTEMPT).orElseThrow());
    }

    @Test
    void the_environment_holds_what_is_allowed_and_no_more() throws Exception {
        String printed = printed(runner(), order(ATTEMPT, "env | cut -d= -f1 | sort\n"));

        assertThat(printed.lines())
                .contains("PATH", "HOME", "CUMULANE_SERVICE_ID")
                .doesNotContain("AWS_CA_BUNDLE", "IS_SANDBOX", "CLASSPATH");
    }

    @Test
    void a_secret_reaches_the_build_by_its_reference_and_not_its_log() throws Exception {
        ProcessBuilds builds = runner(
                place().withSecrets(reference -> Optional.of("value of " + reference)),
                new ProcessBuilds.Containers.OnThisMachine(notices::add));
        WorkOrder plain = order(ATTEMPT, """
                test "$NPM_TOKEN" = 'value of npm-token' && echo 'it is here'
                printf 'plain: value of'; sleep 0.2; printf ' npm-token\\n'
                printf 'base64: %s\\n' "$(printf %s "$NPM_TOKEN" | base64)"
                echo 'to the error stream: value of npm-token' >&2
                """);

        String printed = printed(
                builds,
                new WorkOrder(
                        ATTEMPT,
                        plain.order(),
                        IMAGE,
                        plain.within(),
                        new TreeMap<>(Map.of("NPM_TOKEN", "npm-token")),
                        TrustLevel.TRUSTED));

        assertThat(printed.lines())
                .containsExactly("it is here", "plain: ***", "base64: ***", "to the error stream: ***");
        assertThat(Files.readString(file(ATTEMPT, "log.txt"))).doesNotContain("npm-token");
    }

    @Test
    void masked_work_is_over_although_it_left_something_running_that_could_still_print() throws Exception {
        ProcessBuilds builds = withSecret("value of npm-token");
        WorkOrder order = secretive(order(ATTEMPT, "sleep 60 & echo started\n"));

        String id = builds.start(order);

        Awaiting.until("the work is over", () -> told.contains(ATTEMPT));
        assertThat(builds.look(ATTEMPT, id)).isEqualTo(WorkRunner.Phase.OVER);
        assertThat(Files.readString(file(ATTEMPT, "log.txt"))).isEqualTo("started\n");
    }

    @Test
    void masked_work_that_is_stopped_can_still_say_so() throws Exception {
        ProcessBuilds builds = withSecret("value of npm-token");
        WorkOrder order = secretive(order(
                ATTEMPT,
                "trap 'echo stopped by npm-token, value of npm-token; exit 143' TERM; echo ready; sleep 60 & wait\n"));
        String id = builds.start(order);
        Awaiting.until("it is ready", () -> log().contains("ready"));

        builds.stop(ATTEMPT, id);

        Awaiting.until("the work is over", () -> told.contains(ATTEMPT));
        assertThat(log()).isEqualTo("ready\nstopped by npm-token, ***\n");
    }

    @Test
    void a_secret_that_is_too_short_to_mask_is_warned_of_by_the_name_of_its_variable() throws Exception {
        String printed = printed(withSecret("abc"), secretive(order(ATTEMPT, "echo abc\n")));

        assertThat(printed.lines())
                .containsExactly("== warning: secrets of fewer than 4 characters are not masked: NPM_TOKEN", "abc");
    }

    private String log() throws IOException {
        Path log = file(ATTEMPT, "log.txt");
        return Files.exists(log) ? Files.readString(log) : "";
    }

    private ProcessBuilds withSecret(String value) {
        return runner(
                place().withSecrets(reference -> Optional.of(value)),
                new ProcessBuilds.Containers.OnThisMachine(notices::add));
    }

    private static WorkOrder secretive(WorkOrder plain) {
        return new WorkOrder(
                ATTEMPT,
                plain.order(),
                IMAGE,
                plain.within(),
                new TreeMap<>(Map.of("NPM_TOKEN", "npm-token")),
                TrustLevel.TRUSTED);
    }

    @Test
    void a_missing_secret_is_refused_by_its_name() {
        WorkOrder plain = order(ATTEMPT, "true\n");
        WorkOrder order = new WorkOrder(
                ATTEMPT,
                plain.order(),
                IMAGE,
                plain.within(),
                new TreeMap<>(Map.of("NPM_TOKEN", "npm-token")),
                TrustLevel.TRUSTED);

        assertThatThrownBy(() -> runner().start(order))
                .isInstanceOfSatisfying(
                        CloudException.class, e -> assertThat(e.retryable()).isFalse())
                .hasMessage("there is no secret 'npm-token' on this machine");
    }

    @Test
    void an_image_is_named_in_one_notice_however_often_it_is_used() throws Exception {
        AttemptId second = new AttemptId(ATTEMPT.run(), ATTEMPT.stage(), 2);
        printed(runner(), order(ATTEMPT, "true\n"));
        printed(runner(), order(second, "true\n"));

        assertThat(notices)
                .singleElement()
                .asString()
                .contains("maven:3.9-eclipse-temurin-21", "--containers=required");
    }

    @Test
    void images_that_are_announced_are_one_notice_and_are_not_named_again() throws Exception {
        ProcessBuilds runner = runner(place(), new ProcessBuilds.Containers.OnThisMachine(notices::add));
        runner.announce(List.of("alpine:3", "maven:3.9-eclipse-temurin-21"));
        printed(runner, order(ATTEMPT, "true\n"));

        assertThat(notices)
                .singleElement()
                .asString()
                .startsWith(
                        "containers alpine:3, maven:3.9-eclipse-temurin-21 are not used: their commands run on this machine");
    }

    @Test
    void a_build_is_refused_where_containers_are_required() {
        ProcessBuilds strict = runner(place(), new ProcessBuilds.Containers.Required());

        assertThatThrownBy(() -> strict.start(order(ATTEMPT, "true\n")))
                .isInstanceOfSatisfying(
                        CloudException.class, e -> assertThat(e.retryable()).isFalse())
                .hasMessageContaining("maven:3.9-eclipse-temurin-21");
    }

    @Test
    void a_build_that_does_not_end_when_told_to_is_killed_after_the_grace() throws Exception {
        String id = runner().start(
                        order(ATTEMPT, "trap '' TERM; echo $$ >>../begun-notes; while :; do sleep 0.05; done\n"));
        Awaiting.until("it begins", () -> begun(ATTEMPT) == 1);

        runner().stop(ATTEMPT, id);

        Awaiting.until("the end is told", () -> told.contains(ATTEMPT));
        assertThat(anythingRuns(ATTEMPT)).isFalse();
    }

    @Test
    void closing_ends_what_was_told_to_stop_and_leaves_the_rest() throws Exception {
        AttemptId second = new AttemptId(ATTEMPT.run(), ATTEMPT.stage(), 2);
        String id = runner().start(
                        order(ATTEMPT, "trap '' TERM; echo $$ >>../begun-notes; while :; do sleep 0.05; done\n"));
        runner().start(endless(second));
        Awaiting.until("both begin", () -> begun(ATTEMPT) == 1 && begun(second) == 1);

        runner().stop(ATTEMPT, id);
        opened.get(0).close();
        restart();

        Awaiting.until("the stopped one is gone", () -> !anythingRuns(ATTEMPT));
        assertThat(anythingRuns(second)).isTrue();
    }

    @Test
    void a_process_that_was_recorded_and_never_let_go_is_started_afresh() throws Exception {
        Files.createDirectories(file(ATTEMPT, "workspace"));
        Files.writeString(
                file(ATTEMPT, "process.json"),
                "{\"format\":1,\"id\":\"local:999999:1\",\"pid\":999999,\"mark\":\"1@another boot\",\"session\":true}");

        assertThat(runner().find(ATTEMPT)).isEmpty();
        assertThat(runner().start(brief(ATTEMPT))).isNotEqualTo("local:999999:1");

        Awaiting.until("the end is told", () -> told.contains(ATTEMPT));
        assertThat(begun(ATTEMPT)).isEqualTo(1);
    }

    @Test
    void a_number_that_another_process_has_now_is_never_taken_for_ours() throws Exception {
        Files.createDirectories(file(ATTEMPT, "workspace"));
        Files.createFile(file(ATTEMPT, "begun"));
        Process innocent = new ProcessBuilder("/bin/sh", "-c", "exec sleep 600").start();
        try {
            Files.writeString(
                    file(ATTEMPT, "process.json"),
                    "{\"format\":1,\"id\":\"local:1:1\",\"pid\":" + innocent.pid()
                            + ",\"mark\":\"1@another boot\",\"session\":false}");

            assertThat(runner().look(ATTEMPT, "local:1:1")).isEqualTo(WorkRunner.Phase.OVER);
            runner().stop(ATTEMPT, "local:1:1");

            assertThat(innocent.isAlive()).isTrue();
        } finally {
            innocent.destroyForcibly().waitFor();
        }
    }

    @Test
    void a_build_outlives_an_engine_that_was_killed_and_the_next_one_is_told_its_end() throws Exception {
        WorkOrder order = endless(ATTEMPT);
        Process engine = new ProcessBuilder(
                        Jvm.java().toString(),
                        "-cp",
                        Jvm.ownClassPath().stream().map(Path::toString).collect(Collectors.joining(":")),
                        EngineThatDies.class.getName(),
                        state.toString(),
                        ATTEMPT.key(),
                        scripts.get(ATTEMPT))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String id;
        try (BufferedReader printed = engine.inputReader()) {
            id = String.valueOf(printed.readLine());
        } finally {
            engine.destroyForcibly().waitFor();
        }

        assertThat(runner().find(ATTEMPT)).contains(id);
        assertThat(runner().look(ATTEMPT, id)).isEqualTo(WorkRunner.Phase.LIVING);
        assertThat(runner().start(order)).isEqualTo(id);
        letEnd(ATTEMPT);

        Awaiting.until("the end is told", () -> told.contains(ATTEMPT));
        assertThat(begun(ATTEMPT)).isEqualTo(1);
        assertThat(runner().look(ATTEMPT, id)).isEqualTo(WorkRunner.Phase.OVER);
    }

    @Test
    void a_damaged_record_is_named() throws Exception {
        Files.createDirectories(file(ATTEMPT, "workspace"));
        Files.writeString(file(ATTEMPT, "process.json"), "{\"format\":1,\"id\":");

        assertThatThrownBy(() -> runner().find(ATTEMPT))
                .isInstanceOf(CloudException.class)
                .hasMessageContaining("process.json is damaged");
    }
}
