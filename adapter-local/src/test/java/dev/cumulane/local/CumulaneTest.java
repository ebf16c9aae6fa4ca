// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local;

import static dev.cumulane.local.Typist.inBackground;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.cloud.contract.Awaiting;
import dev.cumulane.engine.Engine;
import dev.cumulane.local.cli.ExitCode;
import dev.cumulane.local.cli.Terminal;
import dev.cumulane.pipeline.Approvers;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.run.Commit;
import dev.cumulane.run.HistoryRecord;
import dev.cumulane.run.RunEvent;
import dev.cumulane.run.RunId;
import dev.cumulane.run.RunState;
import dev.cumulane.run.RunView;
import dev.cumulane.source.Repositories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole way: words on a command line, a real repository, real processes, a real journal. */
class CumulaneTest {
    private static final String PASSING = report("<testcase classname='ShopTest' name='opens'/>", 0);
    private static final String FAILING =
            report("<testcase classname='ShopTest' name='opens'><failure message='still closed'/></testcase>", 1);
    private static final String WAITING = "mkdir reports; touch running; while true; do sleep 1; done";

    @TempDir
    Path directory;

    private final Terminal terminal = Terminal.piped();
    private Typist typist;
    private Path repository = Path.of("");
    private Path state = Path.of("");

    @BeforeEach
    void a_repository_whose_tests_pass() throws IOException {
        typist = Typist.in(directory);
        repository = typist.repository();
        state = typist.state();
        commit("test.sh", PASSING);
    }

    @Test
    void a_run_goes_from_the_commit_to_its_end_and_is_summed_up() {
        assertThat(type(terminal, "run", "--repo", repository.toString(), "--approve-as", "ada"))
                .as(terminal.err())
                .isEqualTo(ExitCode.SUCCESS);

        assertThat(terminal.out())
                .contains("container alpine:3 is not used")
                .contains(
                        "release: may commit ",
                        " go on to ship? A vote of ada or grace decides",
                        "  ada approves, by --approve-as")
                .contains("unit      succeeded ", "1 test")
                .contains("clean-up  succeeded ");
        assertThat(terminal.err()).isEmpty();

        Terminal shown = Terminal.piped();
        assertThat(type(shown, "show", "latest")).isEqualTo(ExitCode.SUCCESS);
        assertThat(terminal.out()).endsWith(shown.out());
        Terminal logs = Terminal.piped();
        assertThat(type(logs, "logs", "latest", "build")).isEqualTo(ExitCode.SUCCESS);
        assertThat(logs.out().lines()).contains("building");
    }

    @Test
    void a_failed_test_is_named_with_its_log_and_one() throws IOException {
        commit("test.sh", FAILING);

        assertThat(type(terminal, "run", "--repo", repository.toString(), "--branch", "main"))
                .isEqualTo(ExitCode.FAILED_RUN);

        assertThat(terminal.out())
                .contains("failed tests of unit", "  ShopTest.opens: still closed")
                .contains("the end of the log of unit", "about to test")
                .containsPattern("all of it: ./shop --state \\S+ logs shop-\\w+ unit")
                .contains("release   skipped")
                .contains("clean-up  succeeded");
    }

    @Test
    void a_log_can_be_followed_and_a_history_read_while_another_process_works() throws Exception {
        Future<Integer> running = inBackground(() -> type(terminal, "run", "--repo", repository.toString()));
        Awaiting.until("the question is asked", () -> terminal.out().contains("release --as ada"));
        Terminal followed = Terminal.piped();
        Future<Integer> following = inBackground(() -> type(followed, "logs", "latest", "--follow"));
        Awaiting.until("the log so far is printed", () -> followed.out().contains("build | building"));

        assertThat(type(Terminal.piped(), "approve", "latest", "release", "--as", "grace"))
                .isEqualTo(ExitCode.SUCCESS);

        assertThat(running.get(30, TimeUnit.SECONDS)).isEqualTo(ExitCode.SUCCESS);
        assertThat(following.get(30, TimeUnit.SECONDS)).isEqualTo(ExitCode.SUCCESS);
        assertThat(followed.out().lines())
                .contains("ship | A shop.", "clean-up | tidy")
                .doesNotHaveDuplicates();
        Terminal history = Terminal.piped();
        assertThat(type(history, "show", "latest", "--history")).isEqualTo(ExitCode.SUCCESS);
        assertThat(terminal.out().lines()).containsAll(history.out().lines().toList());
        assertThat(history.out()).contains("release: grace approves", "run succeeded");
    }

    @Test
    void a_commit_that_ran_is_repeated_under_an_id_of_its_own() throws IOException {
        commit("test.sh", FAILING);
        type(Terminal.piped(), "run", "--repo", repository.toString());

        assertThat(type(terminal, "run", "--repo", repository.toString())).isEqualTo(ExitCode.FAILED_RUN);
        assertThat(terminal.out())
                .containsPattern("repeats run shop-\\w{16}, which has ended: failed")
                .containsPattern("shop-\\w{16}\\.2 - commit");

        Terminal runs = Terminal.piped();
        assertThat(type(runs, "runs")).isEqualTo(ExitCode.SUCCESS);
        assertThat(runs.out().lines()).hasSize(3);
        assertThat(runs.out()).containsPattern("\nshop-\\w{16}\\.2  failed");
    }

    @Test
    void the_workspaces_of_the_latest_run_stay_and_of_earlier_ones_the_logs() throws IOException {
        commit("test.sh", FAILING);
        type(Terminal.piped(), "run", "--repo", repository.toString());
        Path first = onlyRun();
        assertThat(first.resolve("unit/1/workspace")).isNotEmptyDirectory();

        commit("test.sh", PASSING);
        type(Terminal.piped(), "run", "--repo", repository.toString(), "--approve-as", "ada");

        for (String stage : List.of("build", "unit", "clean-up")) {
            assertThat(first.resolve(stage).resolve("1"))
                    .isDirectoryNotContaining("glob:**/workspace")
                    .isDirectoryContaining("glob:**/log.txt");
        }
        try (Stream<Path> runs = Files.list(state.resolve("work"))) {
            assertThat(runs.filter(run -> !run.equals(first)))
                    .singleElement()
                    .satisfies(second ->
                            assertThat(second.resolve("unit/1/workspace")).isNotEmptyDirectory());
        }
    }

    @Test
    void json_is_one_object_on_a_line_and_people_read_elsewhere() {
        assertThat(type(terminal, "run", "--repo", repository.toString(), "--approve-as", "ada", "--json"))
                .isEqualTo(ExitCode.SUCCESS);

        List<String> lines = terminal.out().lines().toList();
        assertThat(lines)
                .allSatisfy(
                        line -> assertThat(line).startsWith("{\"run\":\"shop-").endsWith("}"));
        assertThat(lines.get(0)).contains("\"event\":\"RunStarted\"");
        assertThat(lines.get(lines.size() - 2)).contains("\"event\":\"RunFinished\",\"outcome\":\"SUCCESS\"");
        assertThat(lines.get(lines.size() - 1)).contains("\"event\":\"Summary\"");
        assertThat(terminal.err()).contains("ada approves, by --approve-as");
    }

    @Test
    void a_vote_from_elsewhere_reaches_the_process_that_works_within_two_hundred_milliseconds() throws Exception {
        Supplier<Pipeline> asking = () -> Pipeline.define("asking", p -> {
            for (String question : List.of("first", "second", "third")) {
                p.approval(question, Approvers.anyOf("ada"));
            }
        });
        Future<Integer> running = inBackground(() -> type(asking, terminal, "run", "--repo", repository.toString()));
        Awaiting.until("the questions are asked", () -> terminal.out().contains("third --as ada"));

        for (String question : List.of("first", "second", "third")) {
            Terminal other = Terminal.piped();
            assertThat(type(asking, other, "approve", "latest", question, "--as", "ada"))
                    .as(other.err())
                    .isEqualTo(ExitCode.SUCCESS);
            assertThat(other.out()).startsWith("the vote of ada is counted: " + question + " of run asking-");
        }

        assertThat(running.get(30, TimeUnit.SECONDS)).isEqualTo(ExitCode.SUCCESS);
        assertThat(votesTook()).hasSize(3).anySatisfy(took -> assertThat(took).isLessThan(Duration.ofMillis(200)));
    }

    @Test
    void a_second_run_is_refused_while_another_process_works_there() throws Exception {
        Future<Integer> running = inBackground(() -> type(terminal, "run", "--repo", repository.toString()));
        Awaiting.until("the question is asked", () -> terminal.out().contains("release --as ada"));

        Terminal second = Terminal.piped();
        assertThat(type(second, "run", "--repo", repository.toString())).isEqualTo(ExitCode.USAGE);
        assertThat(second.errLines())
                .singleElement()
                .asString()
                .startsWith("error: process " + ProcessHandle.current().pid() + " (since ")
                .contains(" works on state directory " + state);

        Terminal third = Terminal.piped();
        assertThat(type(third, "reject", "latest", "release", "--as", "grace", "--comment", "not today"))
                .isEqualTo(ExitCode.SUCCESS);
        assertThat(running.get(30, TimeUnit.SECONDS)).isEqualTo(ExitCode.FAILED_RUN);
        assertThat(terminal.out()).contains("grace rejects: not today");
    }

    @Test
    void without_a_process_that_works_a_vote_says_so_and_becomes_it_when_told() throws Exception {
        RunId run = waitingRun();

        assertThat(type(terminal, "approve", run.value(), "release", "--as", "ada", "--comment", "it's fine"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(terminal.errLines())
                .containsExactly("error: no process works on state directory " + state
                        + ", so nothing was done; to do it and go on with the run here: ./shop --state " + state
                        + " approve " + run
                        + " release --as ada --comment 'it'\\''s fine' --resume");

        Terminal resumed = Terminal.piped();
        assertThat(type(resumed, "approve", run.value(), "release", "--as", "ada", "--resume"))
                .as(resumed.err())
                .isEqualTo(ExitCode.SUCCESS);
        assertThat(resumed.out()).contains("release: ada approves", "ship started", "run succeeded");
    }

    @Test
    void an_open_run_goes_on_when_its_commit_is_run_again() throws Exception {
        RunId run = waitingRun();

        assertThat(type(terminal, "run", "--repo", repository.toString(), "--approve-as", "ada"))
                .isEqualTo(ExitCode.SUCCESS);
        assertThat(terminal.out()).contains("goes on with run " + run + ", which is open since ");

        Terminal other = Terminal.piped();
        assertThat(type(other, "run", "--resume")).isEqualTo(ExitCode.USAGE);
        assertThat(other.errLines())
                .containsExactly(
                        "error: no run of pipeline 'shop' is open; start one: ./shop --state " + state + " run shop");

        Terminal named = Terminal.piped();
        assertThat(type(named, "--cloud", "local", "run", "--resume")).isEqualTo(ExitCode.USAGE);
        assertThat(named.err()).contains("start one: ./shop --cloud local --state " + state + " run shop");
    }

    @Test
    void what_cannot_be_is_one_clear_line_and_two() throws Exception {
        RunId run = waitingRun();

        refused("no run 'shop-0000000000000000'; the latest are: " + run, "show", "shop-0000000000000000");
        refused("no run '../../etc/passwd'; the latest are: " + run, "logs", "../../etc/passwd");
        refused(
                "run " + run + " has no stage 'nope'; it has: build, unit, release, ship, clean-up",
                "logs",
                run.value(),
                "nope");
        refused("no environment 'moon'; there are: none", "stop", "moon");
        refused(
                "no branch '$(touch x)' in " + repository + "; branches: main",
                "run",
                "--repo",
                repository.toString(),
                "--branch",
                "$(touch x)");
        refused(
                "no commit '" + "0".repeat(40) + "' in " + repository + "; branches: main",
                "run",
                "--repo",
                repository.toString(),
                "--commit",
                "0".repeat(40));
        refused(
                "'mallory' may not vote on 'release'; these may: ada, grace",
                "approve",
                run.value(),
                "release",
                "--as",
                "mallory",
                "--resume");
        refused(
                "run " + run + " has no approval 'unit'; it has: release",
                "approve",
                run.value(),
                "unit",
                "--as",
                "ada",
                "--resume");

        assertThat(type(terminal, "cancel", run.value(), "--resume")).isEqualTo(ExitCode.FAILED_RUN);
        assertThat(terminal.out()).contains("cancels the run", "run cancelled");
        refused(
                "'release' of run " + run + " takes no votes any more",
                "approve",
                run.value(),
                "release",
                "--as",
                "ada");
        refused("run " + run + " has ended in CANCELLATION and cannot be cancelled", "cancel", run.value());
    }

    @Test
    void looking_where_nothing_ran_leaves_nothing_behind() {
        refused("nothing has run in state directory " + state + " yet", "show", "latest");
        assertThat(type(terminal, "runs")).isEqualTo(ExitCode.SUCCESS);
        assertThat(terminal.out()).isEqualTo("no runs in state directory " + state + System.lineSeparator());
        assertThat(state).doesNotExist();
    }

    @Test
    void going_on_where_nothing_ran_is_refused_and_leaves_nothing_behind() {
        String message = "nothing has run in state directory " + state + " yet";
        refused(message, "run", "--resume");
        refused(message, "run", "shop", "--resume", "--approve-as", "ada");
        refused(message, "approve", "latest", "release", "--as", "ada", "--resume");
        refused(message, "reject", "latest", "release", "--as", "ada", "--resume");
        refused(message, "cancel", "latest", "--resume");
        assertThat(state).doesNotExist();
    }

    @Test
    void a_damaged_journal_or_a_place_that_cannot_be_written_is_one_clear_line_and_three() throws Exception {
        waitingRun();
        Path journal = state.resolve("journal.db");
        Files.write(journal, Arrays.copyOf(Files.readAllBytes(journal), 5_000));
        assertThat(type(terminal, "runs")).isEqualTo(ExitCode.ENGINE);
        assertThat(terminal.errLines()).singleElement().asString().contains(journal.toString(), "damaged");

        Path file = Files.writeString(directory.resolve("file"), "not a directory");
        Terminal other = Terminal.piped();
        state = file.resolve("state");
        assertThat(type(other, "run", "--repo", repository.toString())).isEqualTo(ExitCode.ENGINE);
        assertThat(other.errLines()).singleElement().asString().contains(file.toString());
    }

    @Test
    void required_containers_are_not_replaced() {
        assertThat(type(terminal, "run", "--repo", repository.toString(), "--containers=required"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(terminal.err()).contains("stage 'build' asks for container alpine:3");
        assertThat(terminal.out()).isEmpty();

        Terminal looked = Terminal.piped();
        assertThat(type(looked, "runs")).isEqualTo(ExitCode.SUCCESS);
        assertThat(looked.out()).startsWith("no runs in ");
    }

    @Test
    void ctrl_c_cancels_the_run_stops_its_processes_and_says_what_to_type() throws Exception {
        commit("test.sh", WAITING);
        Path out = directory.resolve("out.txt");
        Process program = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        ShopProgram.class.getName(),
                        "--state",
                        state.toString(),
                        "run",
                        "--repo",
                        repository.toString())
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        try {
            Awaiting.until("the test runs", () -> Files.readString(out).contains("unit started"));
            int code = CtrlC.press(program);

            assertThat(program.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(Files.readString(out))
                    .contains("interrupted: cancelling run shop-", "run cancelled")
                    .containsPattern("to look at it again: .* show shop-");
            assertThat(program.exitValue()).isEqualTo(code);
            assertThat(ProcessHandle.allProcesses().filter(CumulaneTest.this::works))
                    .isEmpty();
        } finally {
            program.destroyForcibly();
        }
    }

    /** Whether a process belongs to the work of this test's runs. */
    private boolean works(ProcessHandle process) {
        return process.info()
                .arguments()
                .map(words ->
                        String.join(" ", words).contains(state.resolve("work").toString()))
                .orElse(false);
    }

    /** The directory of the one run that has worked so far. */
    private Path onlyRun() throws IOException {
        try (Stream<Path> runs = Files.list(state.resolve("work"))) {
            return runs.reduce((one, another) -> {
                        throw new AssertionError("two runs: " + one + ", " + another);
                    })
                    .orElseThrow();
        }
    }

    private void refused(String message, String... words) {
        Terminal other = Terminal.piped();
        assertThat(type(other, words)).as(other.out()).isEqualTo(ExitCode.USAGE);
        assertThat(other.errLines()).singleElement().asString().startsWith("error: " + message);
    }

    private int type(Terminal on, String... words) {
        return type(ShopProgram::pipeline, on, words);
    }

    private int type(Supplier<Pipeline> pipeline, Terminal on, String... words) {
        return typist.at(state).type(pipeline, on, words);
    }

    /** A run that waits for a vote, and no process that works on it. */
    private RunId waitingRun() throws Exception {
        Commit commit =
                new Commit(repository.toString(), "refs/heads/main", Repositories.git(repository, "rev-parse", "HEAD"));
        try (LocalCloud cloud = LocalCloud.at(state).noticesTo(line -> {});
                Engine engine =
                        Engine.on(cloud).register(ShopProgram.pipeline()).open()) {
            RunId run = engine.start("shop", commit, "ada");
            Awaiting.until(
                    "the question is asked",
                    () -> engine.find(run)
                            .map(view -> view.stage("release").progress().state())
                            .equals(Optional.of(RunState.WAITING)));
            return run;
        }
    }

    /** For each vote, the time from when it was cast in one process to when it was recorded by the other. */
    private List<Duration> votesTook() {
        List<Duration> took = new ArrayList<>();
        try (LocalCloud cloud = LocalCloud.at(state);
                Engine engine = Engine.on(cloud).attach()) {
            RunView run = engine.list(1).get(0);
            for (HistoryRecord record : engine.history(run.id())) {
                for (RunEvent event : record.events()) {
                    if (event instanceof RunEvent.VoteCounted counted) {
                        took.add(Duration.between(counted.vote().at(), record.at()));
                    }
                }
            }
        }
        return took;
    }

    private void commit(String file, String content) throws IOException {
        typist.commit(file, content);
    }

    private static String report(String testcase, int failures) {
        return "echo about to test\nmkdir reports\ncat > reports/shop.xml <<'END'\n<testsuite name=\"ShopTest\" tests=\"1\" failures=\""
                + failures + "\">" + testcase.replace('\'', '"') + "</testsuite>\nEND\n";
    }
}
