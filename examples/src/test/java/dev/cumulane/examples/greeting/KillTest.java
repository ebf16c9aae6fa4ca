// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.examples.greeting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.local.deliveries.EnvironmentStatus;
import dev.cumulane.run.HistoryRecord;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.RunEvent;
import dev.cumulane.run.RunView;
import dev.cumulane.run.StageView;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The engine is ended with SIGKILL in the middle of a real run and started again: the run goes on to its end, and nothing takes effect twice. */
@Execution(ExecutionMode.CONCURRENT)
@Timeout(300)
class KillTest {
    private static final List<String> WORK = List.of("build", "clean-up", "inspect", "smoke", "unit");
    // SIGTERM does what Ctrl-C does, and reaches a JVM also where a shell has made it deaf to SIGINT; 128 and the
    // signal's number.
    private static final int TERMINATED = 143;
    private static final Pattern TOKEN = Pattern.compile("\"token\":\"([^\"]+)\"");

    @TempDir
    Path directory;

    /** When the engine is killed: what the journal or the state directory shows. */
    enum Moment {
        BUILD_IS_SCHEDULED(shop -> shop.recorded(
                RunEvent.StageScheduled.class, event -> event.stage().equals("build"))),
        BUILD_IS_CLAIMED(shop -> !shop.file("keys/claims", "build/1").isEmpty()),
        BUILD_IS_RECORDED_AS_STARTED(shop -> started(shop, "build")),
        BUILD_COMPILES(shop -> shop.file("work", "build/1/log.txt").contains("Compiling ")),
        BUILD_HAS_A_RESULT(shop -> !shop.file("keys/results", "build/1.json").isEmpty()),
        TESTS_AND_INSPECTION_ARE_AT_WORK(shop -> started(shop, "unit") && started(shop, "inspect")),
        APPROVAL_IS_AWAITED(shop -> shop.recorded(RunEvent.ApprovalRequested.class, event -> true)),
        RELEASE_IS_BEING_PREPARED(shop -> stepping(shop, RunEvent.Step.PREPARE)),
        TRAFFIC_IS_BEING_SHIFTED(shop -> stepping(shop, RunEvent.Step.SHIFT)),
        RELEASE_IS_BEING_CHECKED(shop -> stepping(shop, RunEvent.Step.CHECK)),
        RELEASE_IS_MADE_LIVE(shop -> stepping(shop, RunEvent.Step.COMPLETE)),
        SMOKE_TEST_IS_AT_WORK(shop -> started(shop, "smoke"));

        private final Predicate<Workshop> hasCome;

        Moment(Predicate<Workshop> hasCome) {
            this.hasCome = hasCome;
        }

        private static boolean started(Workshop shop, String stage) {
            return shop.recorded(
                    RunEvent.WorkStarted.class, event -> event.stage().equals(stage));
        }

        private static boolean stepping(Workshop shop, RunEvent.Step step) {
            return shop.recorded(RunEvent.StepStarted.class, event -> event.step() == step);
        }

        /** Before the approval nobody has said yet who gives it: that run waits until it is killed. */
        private List<String> firstCommand() {
            return this == APPROVAL_IS_AWAITED ? List.of("run") : List.of("run", "--approve-as", "ada");
        }

        /** Both ways to go on with an open run. */
        private List<String> secondCommand() {
            return ordinal() % 2 == 0
                    ? List.of("run", "--approve-as", "ada")
                    : List.of("run", "--resume", "--approve-as", "ada");
        }
    }

    @ParameterizedTest
    @EnumSource(Moment.class)
    void a_run_goes_on_after_its_engine_was_killed(Moment moment) throws Exception {
        try (Workshop shop = new Workshop(directory.resolve(moment.name()))) {
            Process engine = shop.start(moment.firstCommand().toArray(String[]::new));
            shop.await(moment + " comes, or the engine ends", () -> moment.hasCome.test(shop) || !engine.isAlive());
            assertThat(engine.isAlive()).as(shop.output()).isTrue();
            kill(engine);
            List<HistoryRecord> before = shop.history();

            long from = System.nanoTime();
            int code = shop.run(moment.secondCommand().toArray(String[]::new));
            Duration took = Duration.ofNanos(System.nanoTime() - from);

            assertThat(code).as(shop.output()).isZero();
            assertThat(shop.history()).startsWith(before.toArray(HistoryRecord[]::new));
            checkHistory(shop);
            checkWork(shop);
            checkService(shop);
            System.out.printf(
                    "killed when %-33s after record %2d of %2d; to its end %5.1f s; attempts: %s%n",
                    moment, before.size(), shop.history().size(), took.toMillis() / 1000.0, attempts(shop));
        }
    }

    @Test
    void a_run_whose_engine_is_killed_after_every_record_ends_all_the_same() throws Exception {
        try (Workshop shop = new Workshop(directory.resolve("every-record"))) {
            int engines = 0;
            while (shop.latest().flatMap(RunView::outcome).isEmpty()) {
                int known = shop.history().size();
                Process engine = shop.start("run", "--approve-as", "ada");
                engines++;
                shop.await("another record, or the end", () -> shop.history().size() > known || !engine.isAlive());
                kill(engine);
            }
            checkHistory(shop);
            checkWork(shop);
            checkService(shop);
            System.out.printf(
                    "killed after every record: %d engines for %d records; attempts: %s%n",
                    engines, shop.history().size(), attempts(shop));
        }
    }

    @Test
    void an_interrupt_in_the_middle_of_the_build_cancels_the_run_and_leaves_no_process() throws Exception {
        try (Workshop shop = new Workshop(directory.resolve("interrupted"))) {
            Process engine = shop.start("run", "--approve-as", "ada");
            shop.await("the build compiles", () -> Moment.BUILD_COMPILES.hasCome.test(shop) || !engine.isAlive());
            assertThat(engine.isAlive()).as(shop.output()).isTrue();
            engine.destroy();

            assertThat(engine.waitFor(60, TimeUnit.SECONDS)).as(shop.output()).isTrue();
            assertThat(engine.exitValue()).as(shop.output()).isEqualTo(TERMINATED);
            RunView run = shop.latest().orElseThrow();
            assertThat(run.outcome()).contains(Outcome.CANCELLATION);
            assertThat(run.stage("build").outcome()).contains(Outcome.CANCELLATION);
            assertThat(run.stage("clean-up").outcome()).as("what always runs").contains(Outcome.SUCCESS);
            assertThat(shop.processes().stream().map(Workshop::describe)).isEmpty();
            assertThat(shop.output()).containsPattern("to look at it again: .* show " + run.id());
            assertThat(shop.run("show", run.id().value())).isZero();
        }
    }

    /** SIGKILL for the engine alone: what it started goes on. */
    private static void kill(Process engine) throws InterruptedException {
        engine.destroyForcibly().waitFor();
    }

    private static void checkHistory(Workshop shop) {
        List<HistoryRecord> history = shop.history();
        List<RunEvent> events =
                history.stream().flatMap(record -> record.events().stream()).toList();
        for (int i = 0; i < history.size(); i++) {
            assertThat(history.get(i).sequence()).isEqualTo(i + 1);
        }
        assertThat(events).filteredOn(RunEvent.RunStarted.class::isInstance).hasSize(1);
        assertThat(events)
                .filteredOn(RunEvent.AttemptFinished.class::isInstance)
                .isEmpty();
        assertThat(events.get(events.size() - 1)).isEqualTo(new RunEvent.RunFinished(Outcome.SUCCESS));
        assertThat(stages(events, RunEvent.StageScheduled.class, RunEvent.StageScheduled::stage))
                .containsExactlyInAnyOrderElementsOf(WORK);
        assertThat(stages(events, RunEvent.StageFinished.class, RunEvent.StageFinished::stage))
                .containsExactlyInAnyOrderElementsOf(shop.latest().orElseThrow().stages().stream()
                        .map(StageView::name)
                        .toList());
        assertThat(stages(
                        events,
                        RunEvent.StepStarted.class,
                        event -> event.step().name()))
                .containsExactly("PREPARE", "SHIFT", "CHECK", "COMPLETE");
        assertThat(shop.latest().orElseThrow().outcome()).contains(Outcome.SUCCESS);
    }

    private static <T extends RunEvent> List<String> stages(
            List<RunEvent> events, Class<T> kind, Function<T, String> name) {
        return events.stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .map(name)
                .toList();
    }

    /** One claim, one result by whoever holds the claim, and one execution of the commands, for each stage that works. */
    private static void checkWork(Workshop shop) throws Exception {
        assertThat(shop.names("keys/claims"))
                .containsExactlyElementsOf(
                        WORK.stream().map(stage -> stage + "/1").toList());
        assertThat(shop.names("keys/results"))
                .containsExactlyElementsOf(
                        WORK.stream().map(stage -> stage + "/1.json").toList());
        for (String stage : WORK) {
            Matcher token = TOKEN.matcher(shop.file("keys/results", stage + "/1.json"));
            assertThat(token.find()).isTrue();
            assertThat(token.group(1))
                    .as(stage)
                    .isEqualTo(shop.file("keys/claims", stage + "/1").strip());
            String log = shop.file("work", stage + "/1/log.txt");
            assertThat(log.lines()
                            .filter(line -> line.startsWith("== step 1 of 1: ") || line.startsWith("== COMPLETED")))
                    .as(log)
                    .hasSize(1);
        }
    }

    /** The service answers; it and its switch are all that runs, and when it is stopped nothing does. */
    private static void checkService(Workshop shop) throws Exception {
        EnvironmentStatus production =
                shop.cloud().deliveries().status("production").orElseThrow();
        HttpRequest greeting = HttpRequest.newBuilder(
                        URI.create(production.address()).resolve("/?name=Ada"))
                .timeout(Duration.ofSeconds(10))
                .build();
        assertThat(HttpClient.newHttpClient()
                        .send(greeting, BodyHandlers.ofString())
                        .body())
                .isEqualTo("Hello, Ada!");
        shop.await(
                "only the service and its switch run: "
                        + shop.processes().stream().map(Workshop::describe).toList(),
                () -> shop.processes().size() == 2);
        assertThat(shop.processes())
                .anyMatch(process -> process.pid() == production.pid())
                .anyMatch(process -> Workshop.describe(process).contains("environments/production/switch"));

        assertThat(shop.run("stop", "production")).as(shop.output()).isZero();
        assertThat(shop.processes().stream().map(Workshop::describe)).isEmpty();
    }

    private static String attempts(Workshop shop) {
        Map<String, Integer> attempts = new TreeMap<>();
        for (StageView stage : shop.latest().orElseThrow().stages()) {
            if (WORK.contains(stage.name())) {
                attempts.put(stage.name(), stage.progress().attempt());
            }
        }
        return attempts.entrySet().stream()
                .map(entry -> entry.getKey() + " " + entry.getValue())
                .collect(Collectors.joining(", "));
    }
}
