// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.machine;

import static dev.cumulane.pipeline.Environment.environment;
import static dev.cumulane.pipeline.Work.container;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.pipeline.Concurrency;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.pipeline.Work;
import dev.cumulane.run.Cause;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.RunEvent;
import dev.cumulane.run.RunId;
import dev.cumulane.run.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a run asks for: at once, when something is decided, and again, for as long as its state says so. */
class CommandTest {
    private static final Work WORK = container("alpine").runs("true");
    private static final Instant BEGINNING = Driver.BEGINNING;

    static List<String> stories() {
        return List.copyOf(Stories.all().keySet());
    }

    @ParameterizedTest
    @MethodSource("stories")
    void a_step_asks_for_what_the_state_asks_for_more_than_before(String name) {
        Driver told = Stories.told(Stories.all().get(name));
        RunProgress run = RunProgress.before(told.plan());
        for (Driver.Told one : told.told()) {
            List<Command> before = Machine.pending(run);
            Transition transition = Machine.step(run, one.signal(), one.at());
            List<Command> after = Machine.pending(run);
            List<Command> added = new ArrayList<>(after);
            added.removeAll(before);
            assertThat(after).containsAll(transition.commands());
            assertThat(transition.commands()).containsAll(added);
            if (transition.events().isEmpty()) {
                assertThat(transition.commands()).isEmpty();
            }
        }
    }

    private static void asks(Driver run, Command... commands) {
        assertThat(Machine.pending(run.run())).containsExactly(commands);
    }

    private static Command.WakeAt wakeAfter(Duration time) {
        return new Command.WakeAt(BEGINNING.plus(time));
    }

    @Test
    void work_is_asked_for_until_a_service_has_it_and_the_run_is_concluded_until_it_is() {
        Driver run = Driver.begun(Pipeline.define("app", p -> p.build("a", WORK.within(Duration.ofMinutes(10)))));
        asks(run, new Command.StartWork("a", 1), wakeAfter(Duration.ofHours(1)));
        run.accept("a");
        asks(run, wakeAfter(Duration.ofMinutes(10)));
        run.end("a", Cause.COMPLETED);
        assertThat(run.last().commands()).containsExactly(new Command.Conclude(Outcome.SUCCESS, Optional.empty()));
        asks(run, new Command.Conclude(Outcome.SUCCESS, Optional.empty()));
    }

    @Test
    void nobody_is_woken_twice_for_one_deadline() {
        Driver run = Driver.begun(Pipeline.define("app", p -> {
            p.build("a", WORK);
            p.build("b", WORK.within(Duration.ofHours(2)));
        }));
        assertThat(run.records().get(0).commands()).contains(wakeAfter(Duration.ofHours(1)));
        run.accept("b");
        assertThat(run.last().commands()).isEmpty();
        run.pass(Duration.ofMinutes(1));
        run.end("a", Cause.COMPLETED);
        assertThat(run.last().commands()).containsExactly(wakeAfter(Duration.ofHours(2)));
    }

    @Test
    void a_run_that_waits_for_its_turn_asks_for_it_and_gives_it_back_at_its_end() {
        Driver run = Driver.waiting(Pipeline.define("app", p -> {
            p.concurrency(Concurrency.group("ci").parallel(3).waitingAtMost(Duration.ofHours(2)));
            p.build("a", WORK);
        }));
        Command.AskTurn asked = new Command.AskTurn("ci", new Terms(BEGINNING, 3, Concurrency.MOST, false));
        assertThat(run.last().commands()).containsExactly(asked, wakeAfter(Duration.ofHours(2)));
        asks(run, asked, wakeAfter(Duration.ofHours(2)));
        run.tell(new Signal.TurnGranted(4));
        asks(run, new Command.StartWork("a", 1), wakeAfter(Duration.ofHours(1)));
        run.succeed("a");
        asks(run, new Command.Conclude(Outcome.SUCCESS, Optional.of("ci")));
    }

    @Test
    void an_environment_is_asked_for_and_given_back() {
        Driver run = Driver.begun(Pipeline.define("app", p -> {
            var jar = p.build("a", WORK.writes("jar", "app.jar"));
            p.deploy("go-live", jar.artifact("jar"), environment("production"));
            p.build("after", WORK).always();
        }));
        run.succeed("a");
        assertThat(run.last().commands())
                .containsExactly(new Command.AskEnvironment("go-live", "production"), wakeAfter(Duration.ofDays(1)));
        run.deploy("go-live");
        assertThat(run.last().commands()).contains(new Command.ReleaseEnvironment("go-live", "production"));
        assertThat(Machine.pending(run.run())).contains(new Command.ReleaseEnvironment("go-live", "production"));
    }

    private static Driver reusing() {
        return Driver.begun(Pipeline.define("app", p -> {
            p.build("a", WORK).reuseWhenUnchanged();
            p.build("last", WORK).always();
        }));
    }

    @Test
    void a_past_success_is_looked_for_and_a_new_one_remembered() {
        Driver run = reusing();
        Digest key = run.slot("a").reuse().orElseThrow();
        asks(run, new Command.Recall("a", key), wakeAfter(Duration.ofMinutes(15)));
        run.succeed("a");
        assertThat(Machine.pending(run.run())).contains(new Command.Remember("a", key));
    }

    @Test
    void neither_a_failure_nor_what_was_taken_over_is_remembered() {
        Driver failed = reusing();
        failed.recall("a", Optional.empty());
        failed.end("a", Cause.COMMAND_FAILED);
        Driver taken = reusing();
        taken.recall("a", Optional.of(new TakenOver.Taken(new RunId("app-0123456789abcdee"), Verdict.success())));
        assertThat(taken.slot("a").from()).contains(new RunId("app-0123456789abcdee"));
        for (Driver run : List.of(failed, taken)) {
            assertThat(run.phase("a")).isEqualTo(Phase.FINISHED);
            assertThat(Machine.pending(run.run())).noneMatch(Command.Remember.class::isInstance);
        }
    }

    @Test
    void a_past_success_under_another_key_is_none_of_this_stage() {
        Driver run = reusing();
        TakenOver.Taken other = new TakenOver.Taken(new RunId("app-0123456789abcdee"), Verdict.success());
        assertThat(run.tell(new Signal.Recalled("a", Digest.of(new byte[] {1}), Optional.of(other))))
                .isEmpty();
        assertThat(run.phase("a")).isEqualTo(Phase.RECALLING);
    }

    @Test
    void a_run_that_is_cancelled_before_it_begins_does_nothing_but_clean_up() {
        RunPlan plan = RunPlan.of(Pipeline.define("app", p -> {
                    p.build("a", WORK);
                    p.build("clean-up", WORK).always();
                })
                .plan());
        RunProgress run = RunProgress.before(plan);
        Signal.Begin begin = Driver.begin(plan, Optional.of(new Signal.CancelRequested("grace", "not today")));
        assertThat(Machine.step(run, begin, BEGINNING).events())
                .contains(new RunEvent.CancellationRequested("grace", "not today"));
        assertThat(run.slot("a").orElseThrow().verdict().orElseThrow().cause()).isEqualTo(Cause.CANCELLED);
        assertThat(run.slot("clean-up").orElseThrow().phase()).isEqualTo(Phase.SCHEDULED);
        assertThat(Machine.step(run, begin, BEGINNING).events()).isEmpty();
    }

    @Test
    void a_run_that_has_begun_is_cancelled_by_a_beginning_that_somebody_cancelled() {
        Driver run = Driver.begun(Pipeline.define("app", p -> p.build("a", WORK)));
        Signal.CancelRequested cancel = new Signal.CancelRequested("grace", "not today");
        assertThat(run.tell(Driver.begin(run.plan(), Optional.empty()))).isEmpty();
        run.tell(Driver.begin(run.plan(), Optional.of(cancel)));
        assertThat(run.phase("a")).isEqualTo(Phase.STOPPING);
    }
}
