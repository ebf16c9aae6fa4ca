// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.machine;

import static dev.cumulane.pipeline.Work.container;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.pipeline.Concurrency;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.pipeline.PipelineDefinition;
import dev.cumulane.pipeline.Work;
import dev.cumulane.run.Cause;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.RunEvent;
import dev.cumulane.run.RunId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The limits of a run itself: of all of it, of its wait for its turn, of its cleaning up. */
class LimitTest {
    private static final Work WORK = container("alpine").runs("true").within(ofHours(10));
    private static final RunId NEWER = new RunId("app-00000000000newer");

    private static Pipeline pipeline(Consumer<PipelineDefinition> more) {
        return Pipeline.define("app", p -> {
            p.cleaningUpWithin(ofMinutes(30));
            more.accept(p);
            p.build("a", WORK);
            p.build("clean-up", WORK).always();
        });
    }

    private static Driver within(Duration time) {
        return Driver.begun(pipeline(p -> p.within(time)));
    }

    private static Instant after(Duration time) {
        return Driver.BEGINNING.plus(time);
    }

    private static boolean reached(Driver run, RunEvent.Limited what) {
        return run.events().contains(new RunEvent.TimeLimitReached(what));
    }

    @Test
    void a_run_that_takes_too_long_stops_what_goes_on_and_cleans_up() {
        Driver run = within(ofHours(2));
        run.accept("a");
        assertThat(run.run().nextDeadline()).contains(after(ofHours(2)));
        assertThat(run.pass(ofHours(2).minusNanos(1))).isEmpty();
        run.pass(Duration.ofNanos(1));
        assertThat(reached(run, RunEvent.Limited.RUN)).isTrue();
        assertThat(run.phase("a")).isEqualTo(Phase.STOPPING);
        run.end("a", Cause.LOST_WORKER);
        assertThat(run.cause("a")).isEqualTo(Cause.TIMED_OUT);
        assertThat(run.verdict("a").detail()).isEqualTo("stopped, since the run's time limit of PT2H was reached");
        run.succeed("clean-up");
        assertThat(run.run().head().outcome()).contains(Outcome.TIMEOUT);
    }

    @Test
    void the_deadline_that_comes_first_is_the_next_one() {
        Driver run = within(ofHours(3));
        assertThat(run.run().nextDeadline()).contains(after(ofHours(1)));
        run.accept("a");
        assertThat(run.run().nextDeadline()).contains(after(ofHours(3)));
        Driver idle = Driver.begun(pipeline(p -> {}));
        idle.accept("a");
        assertThat(idle.run().nextDeadline()).contains(after(ofHours(10)));
    }

    @Test
    void the_time_to_clean_up_begins_when_all_else_has_stopped() {
        Driver run = within(ofHours(2));
        run.accept("a");
        run.pass(ofHours(2));
        assertThat(run.run().nextDeadline()).isEmpty();
        run.pass(ofMinutes(10));
        run.end("a", Cause.LOST_WORKER);
        run.accept("clean-up");
        assertThat(run.run().nextDeadline()).contains(after(ofMinutes(160)));
        run.pass(ofMinutes(30));
        assertThat(reached(run, RunEvent.Limited.CLEAN_UP)).isTrue();
        run.end("clean-up", Cause.LOST_WORKER);
        assertThat(run.verdict("clean-up").detail()).isEqualTo("stopped, since the time of PT30M to clean up was over");
    }

    @Test
    void what_cleans_up_in_a_run_that_nobody_ends_has_its_own_limit_only() {
        Driver run = Driver.begun(pipeline(p -> {}));
        run.succeed("a");
        run.accept("clean-up");
        assertThat(run.run().nextDeadline()).contains(after(ofHours(10)));
    }

    @Test
    void a_run_that_is_cancelled_while_it_cleans_up_has_the_time_to_clean_up_from_then_on() {
        Driver run = Driver.begun(pipeline(p -> {}));
        run.succeed("a");
        run.accept("clean-up");
        run.pass(ofHours(1));
        run.cancel();
        assertThat(run.run().nextDeadline()).contains(after(ofMinutes(90)));
    }

    @Test
    void a_run_that_is_superseded_while_it_cleans_up_has_the_time_to_clean_up_from_then_on() {
        Driver run =
                Driver.begun(pipeline(p -> p.concurrency(Concurrency.group("ci").superseding())));
        run.succeed("a");
        run.accept("clean-up");
        run.tell(new Signal.TurnLost(Optional.of(NEWER)));
        assertThat(run.run().nextDeadline()).contains(after(ofMinutes(30)));
    }

    @Test
    void a_run_whose_limit_is_reached_while_it_cleans_up_has_the_time_to_clean_up_from_then_on() {
        Driver run = within(ofHours(2));
        run.succeed("a");
        run.accept("clean-up");
        run.pass(ofHours(2));
        assertThat(run.run().nextDeadline()).contains(after(ofMinutes(150)));
    }

    private static Driver waiting(Duration within, Duration waiting) {
        return Driver.waiting(pipeline(p -> {
            p.within(within);
            p.concurrency(Concurrency.group("ci").waitingAtMost(waiting));
        }));
    }

    @Test
    void a_run_whose_turn_does_not_come_in_time_runs_nothing_and_says_so() {
        Driver run = waiting(ofHours(3), ofHours(2));
        assertThat(run.run().nextDeadline()).contains(after(ofHours(2)));
        run.pass(ofHours(2));
        assertThat(reached(run, RunEvent.Limited.TURN)).isTrue();
        assertThat(run.cause("a")).isEqualTo(Cause.TIMED_OUT);
        assertThat(run.verdict("clean-up").detail()).isEqualTo("its turn in group 'ci' did not come within PT2H");
        assertThat(run.run().hasEnded()).isTrue();
    }

    @Test
    void a_run_that_waits_for_its_turn_ends_at_its_own_limit_if_that_comes_first() {
        Driver run = waiting(ofHours(1), ofHours(2));
        assertThat(run.run().nextDeadline()).contains(after(ofHours(1)));
        run.pass(ofHours(1));
        assertThat(reached(run, RunEvent.Limited.RUN)).isTrue();
        assertThat(run.verdict("a").detail()).isEqualTo("the run's time limit of PT1H was reached");
        assertThat(run.run().hasEnded()).isTrue();
    }

    @Test
    void waiting_for_its_turn_counts_for_a_run_s_limit() {
        Driver run = waiting(ofHours(3), ofHours(2));
        run.pass(ofHours(1));
        run.tell(new Signal.TurnGranted(1));
        run.accept("a");
        assertThat(run.run().nextDeadline()).contains(after(ofHours(3)));
    }

    @Test
    void a_second_limit_of_a_run_that_is_over_is_its_time_to_clean_up_only() {
        Driver run = within(ofHours(2));
        run.accept("a");
        run.cancel();
        assertThat(run.pass(ofHours(5))).isEmpty();
        run.end("a", Cause.LOST_WORKER);
        assertThat(run.cause("a")).isEqualTo(Cause.CANCELLED);
        assertThat(run.verdict("a").detail()).isEqualTo("stopped, since the run was cancelled");
        run.pass(ofMinutes(30));
        assertThat(run.phase("clean-up")).isEqualTo(Phase.STOPPING);
        assertThat(reached(run, RunEvent.Limited.RUN)).isFalse();
    }

    @Test
    void work_that_is_stopped_for_two_reasons_says_the_first() {
        Driver late = Driver.begun(pipeline(p -> {}));
        late.accept("a");
        late.pass(ofHours(10));
        late.cancel();
        late.end("a", Cause.LOST_WORKER);
        assertThat(late.cause("a")).isEqualTo(Cause.TIMED_OUT);
        assertThat(late.verdict("a").detail()).isEqualTo("stopped at its time limit of PT10H");
        Driver unstarted = Driver.begun(pipeline(p -> {}));
        unstarted.pass(ofHours(1));
        unstarted.end("a", Cause.LOST_WORKER);
        assertThat(unstarted.verdict("a").detail()).isEqualTo("no service started it within PT1H");
    }
}
