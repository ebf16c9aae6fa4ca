// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.pipeline.Approvers;
import dev.cumulane.run.Cause;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.RunId;
import dev.cumulane.run.RunView;
import dev.cumulane.run.StageView;
import dev.cumulane.run.StageView.Kind;
import dev.cumulane.run.TestSummary;
import dev.cumulane.run.Verdict;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class TreeTest {
    private static final Function<RunId, Optional<RunView>> NONE_BELOW = run -> Optional.empty();

    private static final Verdict ONE_FAILED = new Verdict(
            Cause.TESTS_FAILED,
            "",
            List.of(),
            Optional.of(new TestSummary(12, 1, 2, List.of(new TestSummary.Failure("GreetingTest.greets", "no")))),
            Optional.empty());

    @Test
    void a_run_on_its_way_is_drawn_stage_by_stage() {
        var run = Samples.open(
                Samples.ended("build", 0, 32, Verdict.success()),
                Samples.running("unit", 32),
                Samples.waiting("release", Approvers.anyOf("ada", "grace")),
                Samples.pending("deploy-production", Kind.DEPLOY, "release"));
        Tree.Moment moment = new Tree.Moment(Samples.START.plusSeconds(75), 1, stage -> "Tests run: 3", NONE_BELOW);

        assertThat(texts(new Tree(Style.PLAIN).lines(run, moment, 24)))
                .containsExactly(
                        "shop-0k3v9q2m7xw4b1ce - commit 4f1c2ab04f1c on main - running for 1 min 15 s",
                        "|- + build              succeeded 32.0 s",
                        "|- \\ unit               running   43.0 s      Tests run: 3",
                        "|- ? release            waits     15.0 s      for a vote of ada or grace",
                        "`- . deploy-production");
    }

    @Test
    void a_cell_is_shown_with_its_item_without_what_steers_a_terminal() {
        var run = Samples.open(
                Samples.forItem("web\u001b[2J\nmodule", Samples.running("test-1", 0)),
                Samples.forItem("x".repeat(50), Samples.ended("test-2", 0, 32, ONE_FAILED)));

        assertThat(texts(new Tree(Style.PLAIN).lines(run, Tree.Moment.still(Samples.START.plusSeconds(75)), 24)))
                .endsWith(
                        "|- - test-1  running   1 min 15 s  webmodule",
                        "`- x test-2  failed    32.0 s      " + "x".repeat(37) + "...; 12 tests, 1 failed, 2 skipped");
    }

    @Test
    void an_ended_run_says_how_each_stage_ended_and_counts_its_tests() {
        var run = Samples.ended(
                Outcome.FAILURE,
                90,
                Samples.ended("unit", 0, 12, ONE_FAILED),
                Samples.ended("release", 12, 12, Verdict.of(Cause.NEEDS_UNMET, "")));

        assertThat(texts(new Tree(new Style(false, true)).lines(run, Tree.Moment.still(Samples.START), 24)))
                .containsExactly(
                        "shop-0k3v9q2m7xw4b1ce · commit 4f1c2ab04f1c on main · failed after 1 min 30 s",
                        "├─ ✘ unit     failed    12.0 s      12 tests, 1 failed, 2 skipped",
                        "└─ – release  skipped               a stage that it needs did not succeed");
    }

    @Test
    void a_low_terminal_shows_the_stages_that_something_happens_to() {
        StageView[] stages = IntStream.range(0, 100)
                .mapToObj(at -> at < 50
                        ? Samples.ended("s" + at, 0, 1, at == 7 ? ONE_FAILED : Verdict.success())
                        : at == 60 ? Samples.running("s60", 1) : Samples.pending("s" + at, Kind.BUILD))
                .toArray(StageView[]::new);

        List<String> lines =
                texts(new Tree(Style.PLAIN).lines(Samples.open(stages), Tree.Moment.still(Samples.START), 6));

        assertThat(lines).hasSize(6);
        assertThat(lines.get(1)).contains("s7").contains("failed");
        assertThat(lines).anyMatch(line -> line.contains("s60") && line.contains("running"));
        assertThat(lines.get(5)).isEqualTo("`- and 96 more: 49 succeeded, 47 pending");
    }

    /** A run whose second stage runs another one, of which the first stage runs a third. */
    private static List<String> family(Style style, int most) {
        RunView third = Samples.of("deep-0k3v9q2m7xw4b1ce", Samples.ended("probe", 10, 20, ONE_FAILED));
        RunView second = Samples.of(
                "checks-0k3v9q2m7xw4b1ce",
                Samples.child("audit", "deep-0k3v9q2m7xw4b1ce"),
                Samples.running("scan", 12));
        RunView first = Samples.open(
                Samples.ended("build", 0, 5, Verdict.success()),
                Samples.child("check", "checks-0k3v9q2m7xw4b1ce"),
                Samples.child("later", "never-0k3v9q2m7xw4b1ce"),
                Samples.running("scan", 40));
        Map<RunId, RunView> below = Map.of(second.id(), second, third.id(), third);
        Tree.Moment moment = new Tree.Moment(
                Samples.START.plusSeconds(60),
                0,
                stage -> "a line of " + stage,
                run -> Optional.ofNullable(below.get(run)));
        return texts(new Tree(style).lines(first, moment, most));
    }

    @Test
    void the_runs_that_stages_run_are_drawn_below_those() {
        assertThat(family(Style.PLAIN, 8))
                .containsExactly(
                        "shop-0k3v9q2m7xw4b1ce - commit 4f1c2ab04f1c on main - running for 1 min",
                        "|- + build  succeeded 5.0 s",
                        "|- - check  running   50.0 s      run checks-0k3v9q2m7xw4b1ce",
                        "|  |- - audit  running   50.0 s      run deep-0k3v9q2m7xw4b1ce",
                        "|  |  `- x probe  failed    10.0 s      12 tests, 1 failed, 2 skipped",
                        "|  `- - scan   running   48.0 s",
                        "|- - later  running   50.0 s      run never-0k3v9q2m7xw4b1ce",
                        "`- - scan   running   20.0 s      a line of scan");
        assertThat(family(new Style(false, true), 8))
                .element(4)
                .asString()
                .startsWith("\u2502  \u2502  \u2514\u2500 \u2718 probe");
    }

    @Test
    void where_not_all_lines_fit_the_run_is_drawn_without_those_below() {
        assertThat(family(Style.PLAIN, 7))
                .hasSize(5)
                .noneMatch(line -> line.contains("audit") || line.contains("probe"));
    }

    @Test
    void no_line_is_wider_than_the_terminal() {
        Tree.Moment moment = new Tree.Moment(Samples.START, 0, stage -> "日本語".repeat(100), NONE_BELOW);
        for (Line line : new Tree(new Style(true, true)).lines(Samples.open(Samples.running("unit", 0)), moment, 24)) {
            String painted = line.painted(new Style(true, true), 40);
            assertThat(Text.width(Text.clean(painted))).isLessThanOrEqualTo(40);
        }
    }

    @Test
    void what_a_log_prints_cannot_steer_the_terminal() {
        Tree.Moment moment =
                new Tree.Moment(Samples.START, 0, stage -> "\u001b[2Jgone\u001b]0;title\u0007\r\u202eback", NONE_BELOW);

        String line = new Tree(Style.PLAIN)
                .lines(Samples.open(Samples.running("unit", 0)), moment, 24)
                .get(1)
                .text();

        assertThat(line).endsWith("goneback").doesNotContain("\u001b", "\u0007", "\r", "\u202e");
    }

    private static List<String> texts(List<Line> lines) {
        return lines.stream().map(Line::text).toList();
    }
}
