// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.engine;

import static dev.cumulane.pipeline.Approvers.anyOf;
import static dev.cumulane.pipeline.Condition.branch;
import static dev.cumulane.pipeline.Environment.environment;
import static dev.cumulane.pipeline.Retry.once;
import static dev.cumulane.pipeline.Work.container;
import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cumulane.pipeline.Output;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.Cause;
import dev.cumulane.run.Lineage;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.Release;
import dev.cumulane.run.RunId;
import dev.cumulane.run.StageView;
import dev.cumulane.run.Verdict;
import dev.cumulane.testing.Faults;
import dev.cumulane.testing.PipelineTester;
import dev.cumulane.testing.TestedRun;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChildTest {
    private static Pipeline backend() {
        return Pipeline.define("backend", p -> {
            var flavour = p.parameter("flavour").choices("plain", "rich").defaultsTo("plain");
            var compile = p.build(
                    "compile",
                    container("maven:3.9")
                            .reads(p.source())
                            .env("FLAVOUR", flavour)
                            .runs("mvn package")
                            .writes("jar", "target/app.jar")
                            .outputs(Output.text("version")));
            p.returns("service", compile.artifact("jar"));
            p.returns("version", compile.value("version"));
            p.build("tidy", container("alpine").runs("true")).always();
        });
    }

    private static Pipeline shop() {
        return Pipeline.define("shop", p -> {
            var backend = p.child("backend", backend()).with("flavour", "rich").retrying(once().onFailure());
            p.build(
                    "note",
                    container("alpine").env("V", backend.value("version")).runs("echo $V"));
            p.deploy(backend.artifact("service"), environment("production"));
        });
    }

    private final PipelineTester tester = PipelineTester.of(shop());

    private static Verdict verdict(TestedRun run, String stage) {
        return run.stage(stage).progress().verdict().orElseThrow();
    }

    @Test
    void aChildRunsForTheSameCommitAndWhatItReturnsComesUp() {
        tester.stage("compile").outputs("version", "1.2");
        TestedRun run = tester.start().assertSucceeded();
        TestedRun child = run.child("backend").assertSucceeded();

        assertThat(child.view().source()).isEqualTo(run.view().source());
        assertThat(child.view().parameters()).containsEntry("flavour", "rich");
        assertThat(child.view().status().lineage()).contains(new Lineage.Child(new AttemptId(run.id(), "backend", 1)));
        assertThat(run.stage("backend").kind()).isEqualTo(StageView.Kind.CHILD);
        assertThat(verdict(run, "backend").values().get("version").is("1.2")).isTrue();
        assertThat(verdict(run, "backend").artifacts().get(0).digest())
                .isEqualTo(verdict(child, "compile").artifacts().get(0).digest());
        assertThat(tester.environment("production").live())
                .contains(new Release("service", verdict(run, "backend").artifacts()));
    }

    @Test
    void aChildThatFailsFailsItsStageAndIsRunAgainAsThePolicySays() {
        tester.stage("compile").fails();
        TestedRun run = tester.start().assertFailed().assertAttempts("backend", 2);

        assertThat(verdict(run, "backend").cause()).isEqualTo(Cause.CHILD_FAILED);
        assertThat(verdict(run, "backend").detail())
                .isEqualTo("run " + run.child("backend").id() + " ended in FAILURE");
        run.assertStage("deploy-production", Outcome.SKIP);
    }

    @Test
    void cancellingTheParentCancelsTheChildWhichCleansUp() {
        tester.stage("compile").hangs();
        tester.during("compile", child -> tester.engine().cancel(parent(child), "ada", "wrong branch"));

        TestedRun run = tester.start().assertEnded(Outcome.CANCELLATION).assertStage("backend", Outcome.CANCELLATION);

        TestedRun child = run.child("backend").assertEnded(Outcome.CANCELLATION);
        child.assertStage("compile", Outcome.CANCELLATION).assertStage("tidy", Outcome.SUCCESS);
        assertThat(child.view().status().cancelledBy()).contains("run " + run.id());
    }

    private static RunId parent(TestedRun child) {
        return child.view().status().lineage().orElseThrow().of();
    }

    @Test
    void aChildThatIsCancelledByItselfSaysSo() {
        tester.stage("compile").hangs();
        tester.during("compile", child -> tester.engine().cancel(child.id(), "ada", "enough"));

        TestedRun run = tester.start();

        run.assertStage("backend", Outcome.CANCELLATION).assertStage("note", Outcome.SKIP);
    }

    @Test
    void aStageTimeLimitEndsTheChildThatTakesLonger() {
        PipelineTester slow = PipelineTester.of(
                Pipeline.define("slow", p -> p.child("backend", backend()).within(ofMinutes(30))));
        slow.stage("compile").takes(ofHours(3));

        TestedRun run = slow.start().assertEnded(Outcome.TIMEOUT);

        assertThat(verdict(run, "backend").cause()).isEqualTo(Cause.TIMED_OUT);
        run.child("backend").assertEnded(Outcome.CANCELLATION);
    }

    @Test
    void whoRunsTheParentAgainDoesNotDecideInTheChild() {
        PipelineTester asking = PipelineTester.of(Pipeline.define(
                "asking",
                p -> p.child(
                        "gate",
                        Pipeline.define(
                                "gate",
                                c -> c.approval("release", anyOf("ada", "grace"))
                                        .notByAuthor()))));
        TestedRun first = asking.start();
        first.child("gate").reject("release", "grace", "not yet");

        TestedRun child = first.rerun("ada").child("gate");

        assertThat(child.view().status().lineage().orElseThrow().repeaters()).containsExactly("ada");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> child.approve("release", "ada"))
                .withMessageContaining("nobody decides on what they asked for themselves; these may: grace");
        child.approve("release", "grace");
        child.assertSucceeded();
    }

    @Test
    void peopleDecideInAChildAndItsParentWaitsForThem() {
        PipelineTester asking = PipelineTester.of(Pipeline.define("asking", p -> {
            var child = p.child("gate", Pipeline.define("gate", c -> c.approval("release", anyOf("ada"))));
            p.build("after", container("alpine").runs("true")).after(child);
        }));

        TestedRun run = asking.start().assertStages("gate EXECUTING", "after PENDING");
        asking.advance(ofDays(1));
        run.child("gate").assertWaitingFor("release").approve("release", "ada").assertSucceeded();

        run.assertSucceeded();
    }

    @Test
    void aSkippedChildIsCancelledAndAChildThatReturnsNothingLetsNothingThrough() {
        tester.stage("compile").hangs();
        tester.during("compile", child -> tester.engine().skip(parent(child), "backend", "ada", "not today"));

        TestedRun run = tester.start().assertSucceeded();

        run.assertStage("backend", Outcome.SKIP).assertStage("deploy-production", Outcome.SKIP);
        run.child("backend").assertEnded(Outcome.CANCELLATION);
    }

    @Test
    void whatAChildDidNotReturnIsMissing() {
        PipelineTester partial = PipelineTester.of(Pipeline.define("partial", p -> {
            var child = p.child("maybe", Pipeline.define("maybe", c -> {
                var never = c.build("never", container("alpine").runs("true").writes("out", "out"));
                never.onlyWhen(branch().is("no-such-branch"));
                c.returns("out", never.artifact("out"));
            }));
            p.build("reader", container("alpine").reads(child.artifact("out")).runs("true"));
        }));

        TestedRun run = partial.start().assertFailed();

        assertThat(verdict(run, "maybe").cause()).isEqualTo(Cause.OUTPUT_MISSING);
        assertThat(verdict(run, "maybe").detail()).endsWith("succeeded and did not return out");
    }

    @Test
    void lostRepeatedAndDelayedSignalsChangeNothing() {
        for (int seed = 1; seed < 40; seed++) {
            PipelineTester rough = PipelineTester.of(shop());
            rough.cloud()
                    .setFaults(Faults.from(seed)
                            .losingSignals(30)
                            .repeatingSignals(30)
                            .delayingSignals(30));

            TestedRun run = rough.start();
            rough.cloud().setFaults(Faults.none());

            run.assertSucceeded().assertAttempts("backend", 1).child("backend").assertSucceeded();
        }
    }

    @Test
    void aRepetitionRunsAFailedChildAgainAndTakesASuccessfulOneOver() {
        tester.environment("production").failsHealthCheck();
        TestedRun first = tester.start().assertFailed();
        tester.environment("production").isHealthy();

        TestedRun second = first.rerunFromFailed("ada").assertSucceeded();

        second.assertTakenOver("backend", "note");
    }

    private static Pipeline asking() {
        return Pipeline.define("asking", p -> {
            var taste = p.parameter("taste").defaultsTo("plain");
            var probe = p.build(
                    "probe", container("alpine").runs("probe").outputs(Output.text("flavour"), Output.list("all")));
            p.child("backend", backend()).with("flavour", probe.value("flavour"));
            p.child("other", backend()).with("flavour", taste);
        });
    }

    @Test
    void aValueOfAStageAndAParameterOfTheParentAreParametersOfTheChild() {
        PipelineTester tester = PipelineTester.of(asking());
        tester.stage("probe").outputs("flavour", "rich");

        TestedRun run = tester.start().assertSucceeded();

        assertThat(run.child("backend").view().parameters()).containsEntry("flavour", "rich");
        assertThat(run.child("other").view().parameters()).containsEntry("flavour", "plain");
    }

    @Test
    void aValueThatTheChildsParameterCannotBeEndsTheStageBeforeTheChildBegins() {
        PipelineTester tester = PipelineTester.of(asking());
        tester.stage("probe").outputs("flavour", "hot");

        TestedRun run = tester.start().assertEnded(Outcome.ERROR);

        assertThat(verdict(run, "backend"))
                .isEqualTo(Verdict.of(Cause.REFUSED, "parameter 'flavour' cannot be 'hot'; it may be plain or rich"));
    }

    @Test
    void aListIsNoParameterOfAChild() {
        assertThatThrownBy(() -> Pipeline.define("p", p -> {
                    var probe =
                            p.build("probe", container("alpine").runs("probe").outputs(Output.list("all")));
                    p.child("backend", backend()).with("flavour", probe.value(Output.list("all")));
                }))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "parameter 'flavour' of pipeline 'backend' is one line, and value 'all' of stage 'probe' is a list");
    }

    @Test
    void pipelinesThatRunThemselvesOrTooDeepAndWrongParametersAreRefused() {
        Pipeline inner =
                Pipeline.define("a", p -> p.build("x", container("alpine").runs("true")));
        assertThatThrownBy(() -> Pipeline.define("a", p -> p.child("again", inner)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("pipeline 'a' would run itself: a -> a");
        Pipeline deep = inner;
        for (String name : List.of("b", "c", "d", "e", "f")) {
            Pipeline next = deep;
            deep = Pipeline.define(name, p -> p.child("next", next));
        }
        Pipeline deepest = deep;
        assertThatThrownBy(() -> Pipeline.define("g", p -> p.child("next", deepest)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at most 5 levels deep, not: g -> f -> e -> d -> c -> b -> a");
        assertThatThrownBy(
                        () -> Pipeline.define("p", p -> p.child("b", backend()).with("flavor", "rich")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("pipeline 'backend' has no parameter 'flavor'; it has: flavour");
        assertThatThrownBy(
                        () -> Pipeline.define("p", p -> p.child("b", backend()).with("flavour", "hot")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("plain or rich");
        assertThatThrownBy(
                        () -> Pipeline.define("p", p -> p.child("b", backend()).artifact("jar")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("it writes service");
    }
}
