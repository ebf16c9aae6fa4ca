// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cumulane.cloud.contract.Awaiting;
import dev.cumulane.engine.Engine;
import dev.cumulane.local.cli.ExitCode;
import dev.cumulane.local.process.ProcessIdentity;
import dev.cumulane.run.HistoryRecord;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.RunEvent;
import dev.cumulane.run.RunView;
import dev.cumulane.source.Repositories;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several processes and one state directory: an engine that is killed, the one after it, and commands beside it. */
class RestartTest {
    @TempDir
    Path directory;

    private final List<Process> started = new ArrayList<>();
    private Path repository = Path.of("");
    private Path state = Path.of("");

    @BeforeEach
    void a_repository() throws IOException {
        repository = Repositories.create(directory.resolve("gated")).toRealPath();
        state = directory.resolve("state");
    }

    @AfterEach
    void end_what_is_left() throws Exception {
        for (Process process : started) {
            process.destroyForcibly().waitFor();
        }
        if (Files.exists(state.resolve("journal.db"))
                && run().isPresent()
                && Files.isDirectory(attempt().getParent())) {
            Files.write(attempt().resolve("let-end"), new byte[0]);
            helper().flatMap(ProcessHandle::of).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    @Test
    void a_restarted_engine_waits_for_a_build_that_lives_and_reads_its_result() throws Exception {
        Process first = start("run", "gated", "--repo", repository.toString());
        Awaiting.until(
                "the build waits", () -> helper().isPresent() && buildStarted().isPresent());
        long build = Long.parseLong(buildStarted().orElseThrow().service().split(":")[1]);

        first.destroyForcibly().waitFor();
        Process second = start("run", "--resume", "gated");
        Awaiting.until("the next engine works", () -> output(second).contains("build started"));
        assertThat(ProcessIdentity.of(build)).as("the build lives").isPresent();
        Files.createFile(attempt().resolve("let-end"));

        assertThat(second.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(second.exitValue()).as(output(second)).isEqualTo(ExitCode.SUCCESS);
        assertThat(events(RunEvent.StageScheduled.class)).hasSize(1);
        assertThat(events(RunEvent.WorkStarted.class))
                .singleElement()
                .satisfies(work -> assertThat(work.service()).startsWith("local:" + build + ":"));
        assertThat(Files.readAllLines(attempt().resolve("log.txt")))
                .filteredOn(line -> line.startsWith("== step 1 of 2: "))
                .hasSize(1);
        assertThat(helper().flatMap(ProcessIdentity::of))
                .as("what the build left behind")
                .isEmpty();
    }

    @Test
    void what_a_build_left_running_is_ended_though_no_engine_saw_the_build_end() throws Exception {
        Process first = start("run", "gated", "--repo", repository.toString());
        Awaiting.until(
                "the build waits", () -> helper().isPresent() && buildStarted().isPresent());
        long build = Long.parseLong(buildStarted().orElseThrow().service().split(":")[1]);

        first.destroyForcibly().waitFor();
        Files.createFile(attempt().resolve("let-end"));
        Awaiting.until("the build ends", () -> ProcessIdentity.of(build).isEmpty());
        assertThat(helper().flatMap(ProcessIdentity::of))
                .as("what the build left behind")
                .isPresent();

        Process second = start("run", "--resume", "gated");
        assertThat(second.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(second.exitValue()).as(output(second)).isEqualTo(ExitCode.SUCCESS);
        assertThat(helper().flatMap(ProcessIdentity::of))
                .as("what the build left behind")
                .isEmpty();
    }

    @Test
    void a_vote_of_another_process_is_recorded_within_two_hundred_milliseconds() throws Exception {
        Process engine = start("run", "asking", "--repo", repository.toString());
        Awaiting.until(
                "the questions are asked",
                () -> output(engine).contains("approve ") && output(engine).contains(" fifth "));

        for (String question : GatedProgram.QUESTIONS) {
            Process voter = start("approve", "latest", question, "--as", "ada");
            assertThat(voter.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(voter.exitValue()).as(output(voter)).isEqualTo(ExitCode.SUCCESS);
        }

        assertThat(engine.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(engine.exitValue()).as(output(engine)).isEqualTo(ExitCode.SUCCESS);
        List<Duration> took = votesTook();
        System.out.println("from the vote in one process to its record by another: "
                + took.stream().map(time -> time.toMillis() + " ms").collect(Collectors.joining(", ")));
        assertThat(took)
                .hasSameSizeAs(GatedProgram.QUESTIONS)
                .anySatisfy(time -> assertThat(time).isLessThan(Duration.ofMillis(200)));
    }

    @Test
    void while_an_engine_works_a_second_one_cannot_be_opened_but_its_runs_be_read_and_voted_on() throws Exception {
        Process first = start("run", "asking", "--repo", repository.toString());
        Awaiting.until("the questions are asked", () -> output(first).contains(" fifth "));

        try (LocalCloud cloud = LocalCloud.at(state)) {
            assertThatThrownBy(() ->
                            Engine.on(cloud).register(GatedProgram.asking()).open())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContainingAll("process " + first.pid() + " ", state.toString());
            try (Engine attached = Engine.on(cloud).attach()) {
                RunView run = attached.list(1).get(0);
                for (String question : GatedProgram.QUESTIONS) {
                    attached.approve(run.id(), question, "ada", "");
                }
                assertThat(first.waitFor(30, TimeUnit.SECONDS)).isTrue();
                assertThat(attached.find(run.id()).flatMap(RunView::outcome)).contains(Outcome.SUCCESS);
            }
            try (Engine second =
                    Engine.on(cloud).register(GatedProgram.asking()).open()) {
                assertThat(second.pipelines()).containsExactly("asking");
            }
        }
        assertThat(first.exitValue()).as(output(first)).isEqualTo(ExitCode.SUCCESS);
    }

    private Process start(String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                GatedProgram.class.getName(),
                "--state",
                state.toString()));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("out-" + started.size()).toFile())
                .start();
        started.add(process);
        return process;
    }

    private String output(Process process) throws IOException {
        return Files.readString(directory.resolve("out-" + started.indexOf(process)));
    }

    private Optional<RunView> run() {
        return read(engine -> engine.list(1).stream().findFirst());
    }

    private List<HistoryRecord> history() {
        return read(engine -> engine.history(engine.list(1).get(0).id()));
    }

    private <T> T read(Function<Engine, T> question) {
        try (LocalCloud cloud = LocalCloud.at(state);
                Engine engine = Engine.on(cloud).attach()) {
            return question.apply(engine);
        }
    }

    private <T extends RunEvent> List<T> events(Class<T> kind) {
        return history().stream()
                .flatMap(record -> record.events().stream())
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    private Optional<RunEvent.WorkStarted> buildStarted() {
        return events(RunEvent.WorkStarted.class).stream().findFirst();
    }

    private Path attempt() {
        return state.resolve("work")
                .resolve(run().orElseThrow().id().value())
                .resolve("build")
                .resolve("1");
    }

    /** The process that the build left behind. */
    private Optional<Long> helper() {
        try {
            if (!Files.exists(state.resolve("journal.db"))
                    || run().isEmpty()
                    || !Files.exists(attempt().resolve("helper"))) {
                return Optional.empty();
            }
            String pid = Files.readString(attempt().resolve("helper")).strip();
            return pid.isEmpty() ? Optional.empty() : Optional.of(Long.valueOf(pid));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** For each vote, the time from when it was cast in one process to when it was recorded by the other. */
    private List<Duration> votesTook() {
        List<Duration> took = new ArrayList<>();
        for (HistoryRecord record : history()) {
            for (RunEvent event : record.events()) {
                if (event instanceof RunEvent.VoteCounted counted) {
                    took.add(Duration.between(counted.vote().at(), record.at()));
                }
            }
        }
        return took;
    }
}
