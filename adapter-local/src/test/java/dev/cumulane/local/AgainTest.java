// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local;

import static dev.cumulane.local.Typist.inBackground;
import static dev.cumulane.pipeline.Approvers.anyOf;
import static dev.cumulane.pipeline.Work.container;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.cloud.contract.Awaiting;
import dev.cumulane.local.cli.ExitCode;
import dev.cumulane.local.cli.Terminal;
import dev.cumulane.pipeline.Pipeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands about runs that are there, typed and carried out by real processes: rerun, fork, skip, environments; and runs that run others. */
class AgainTest {
    @TempDir
    Path directory;

    private final Terminal terminal = Terminal.piped();
    private Typist typist;
    private Path mended = Path.of("");

    @BeforeEach
    void a_repository() throws IOException {
        typist = Typist.in(directory);
        mended = directory.resolve("mended");
    }

    /** A build, and a check that fails until somebody has mended what is wrong. */
    private Pipeline flaky() {
        return Pipeline.define("flaky", p -> {
            var build = p.build(
                    "build", container("alpine:3").runs("echo built >out").writes("out", "out"));
            p.build("check", container("alpine:3").reads(build.artifact("out")).runs("test -e '" + mended + "'"));
        });
    }

    private int type(Terminal on, String... words) {
        return typist.type(this::flaky, on, words);
    }

    private int run(Terminal on) {
        return type(on, "run", "--repo", typist.repository().toString());
    }

    private void refused(String message, String... words) {
        Terminal other = Terminal.piped();
        assertThat(type(other, words)).as(other.out()).isEqualTo(ExitCode.USAGE);
        assertThat(other.errLines())
                .singleElement()
                .asString()
                .startsWith("error: ")
                .contains(message);
    }

    @Test
    void a_run_is_run_again_as_a_run_of_its_own() throws IOException {
        assertThat(run(Terminal.piped())).isEqualTo(ExitCode.FAILED_RUN);
        Files.createFile(mended);

        assertThat(type(terminal, "rerun", "latest")).as(terminal.err()).isEqualTo(ExitCode.SUCCESS);

        assertThat(terminal.out())
                .containsPattern("run flaky-\\w{16}\\.2 of commit .*, repeats flaky-\\w{16}, asked for by ")
                .contains("build started", "check started")
                .doesNotContain("is taken over");
    }

    @Test
    void what_failed_is_run_again_and_what_succeeded_taken_over() throws IOException {
        run(Terminal.piped());
        Files.createFile(mended);

        assertThat(type(terminal, "rerun", "latest", "--failed"))
                .as(terminal.err())
                .isEqualTo(ExitCode.SUCCESS);

        assertThat(terminal.out())
                .containsPattern(", runs again what failed in flaky-\\w{16}, asked for by ")
                .containsPattern("build is taken over from run flaky-\\w{16}")
                .contains("check started")
                .containsPattern("build  succeeded .*in run flaky-\\w{16}\\R")
                .doesNotContain("build started");
        refused("nothing failed", "rerun", "latest", "--failed");
    }

    @Test
    void a_fork_begins_with_the_stage_that_is_named() throws IOException {
        Files.createFile(mended);
        run(Terminal.piped());

        assertThat(type(terminal, "fork", "latest", "--from", "check"))
                .as(terminal.err())
                .isEqualTo(ExitCode.SUCCESS);

        assertThat(terminal.out())
                .containsPattern(", forked from flaky-\\w{16}, asked for by ")
                .contains("build is taken over", "check started");
        refused("has no stage 'chekc'; it has: build, check", "fork", "latest", "--from", "chekc");
    }

    @Test
    void a_run_that_is_not_there_cannot_be_run_again() {
        refused("nothing has run", "show", "latest");
        run(Terminal.piped());
        refused("no run 'nobody'; the latest are: flaky-", "rerun", "nobody");
        refused("no run 'nobody'; the latest are: flaky-", "skip", "nobody", "check");
    }

    private static Pipeline asking() {
        return Pipeline.define("asking", p -> {
            var release = p.approval("release", anyOf("ada"));
            p.build("ship", container("alpine:3").runs("echo shipped")).after(release);
            p.build("tell", container("alpine:3").runs("echo told")).after(release);
        });
    }

    @Test
    void a_stage_is_skipped_when_its_turn_comes() throws Exception {
        Future<Integer> running = inBackground(() -> typist.type(
                AgainTest::asking,
                terminal,
                "run",
                "--repo",
                typist.repository().toString()));
        Awaiting.until("the question is asked", () -> terminal.out().contains("release --as ada"));

        Terminal other = Terminal.piped();
        assertThat(typist.type(
                        AgainTest::asking, other, "skip", "latest", "ship", "--as", "grace", "--reason", "not today"))
                .as(other.err())
                .isEqualTo(ExitCode.SUCCESS);
        assertThat(other.out()).startsWith("ship of run asking-").endsWith(" is to be skipped\n");
        Terminal stranger = Terminal.piped();
        assertThat(typist.type(AgainTest::asking, stranger, "skip", "latest", "release", "--as", "mallory"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(stranger.err()).contains("an approval can be skipped only by somebody whose vote");
        typist.type(AgainTest::asking, Terminal.piped(), "approve", "latest", "release", "--as", "ada");

        assertThat(running.get(30, TimeUnit.SECONDS)).isEqualTo(ExitCode.SUCCESS);
        assertThat(terminal.out())
                .contains("grace skips ship: not today", "tell started")
                .containsPattern("ship     skipped .*skipped by grace: not today")
                .doesNotContain("ship started");
    }

    private static Pipeline family(String probe) {
        Pipeline checks = Pipeline.define(
                "checks", p -> p.build("probe", container("alpine:3").runs(probe)));
        return Pipeline.define("family", p -> {
            var check = p.child("check", checks);
            p.build("last", container("alpine:3").runs("echo last")).after(check);
        });
    }

    @Test
    void a_run_that_a_stage_runs_is_drawn_below_it() {
        int code = typist.type(
                () -> family("echo probed"),
                terminal,
                "run",
                "--repo",
                typist.repository().toString());

        assertThat(code).as(terminal.err()).isEqualTo(ExitCode.SUCCESS);
        assertThat(terminal.out())
                .containsPattern(
                        "\\|- \\+ check  succeeded .*run checks-\\w{16}\\R\\|  `- \\+ probe  succeeded .*\\R`- \\+ last   succeeded ");
        Terminal shown = Terminal.piped();
        typist.type(() -> family("echo probed"), shown, "show", "latest");
        assertThat(terminal.out()).endsWith(shown.out());
    }

    @Test
    void a_run_that_a_stage_runs_says_why_it_failed() {
        int code = typist.type(
                () -> family("echo probing; exit 3"),
                terminal,
                "run",
                "--repo",
                typist.repository().toString());

        assertThat(code).isEqualTo(ExitCode.FAILED_RUN);
        assertThat(terminal.out())
                .containsPattern("the end of the log of probe of run checks-\\w{16}\\R(?:  \\| .*\\R)*  \\| probing")
                .containsPattern("all of it: ./shop --state \\S+ logs checks-\\w{16} probe");
    }

    @Test
    void environments_are_listed_though_nothing_was_deployed() {
        assertThat(type(terminal, "environments")).isEqualTo(ExitCode.SUCCESS);
        assertThat(terminal.out()).startsWith("no environments in ");
        refused("no environment 'live'; there are: none", "environments", "live");

        Terminal bound = Terminal.piped();
        typist.with(() -> LocalCloud.at(directory.resolve("unused")).environment("live", e -> e.process("true")))
                .type(this::flaky, bound, "environments");
        assertThat(bound.out().lines()).hasSize(2).last().asString().matches("live +- +- +- +- +- +0");
    }
}
