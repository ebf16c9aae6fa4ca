// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.machine;

import static dev.cumulane.pipeline.Policy.failingFast;
import static dev.cumulane.pipeline.Retry.times;
import static dev.cumulane.pipeline.Work.container;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.pipeline.Concurrency;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.pipeline.Work;
import dev.cumulane.run.Cause;
import dev.cumulane.run.RunEvent;
import dev.cumulane.run.RunId;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What becomes of attempts: their pauses, their limits, and what is said of those that were stopped. */
class AttemptTest {
    private static final Work WORK = container("alpine").runs("true");

    @Test
    void the_pause_before_another_attempt_doubles_and_is_shortened_by_up_to_half() {
        Driver run = Driver.begun(Pipeline.define(
                "app", p -> p.build("a", WORK.retrying(times(3).onFailure().waiting(ofMinutes(1))))));
        Duration whole = ofMinutes(1);
        for (int attempt = 1; attempt <= 3; attempt++) {
            run.end("a", Cause.COMMAND_FAILED);
            RunEvent last = run.last().events().get(run.last().events().size() - 1);
            assertThat(last)
                    .isEqualTo(new RunEvent.RetryDelayed(
                            "a", attempt + 1, run.slot("a").deadline().orElseThrow()));
            Duration pause =
                    Duration.between(run.now(), run.slot("a").deadline().orElseThrow());
            assertThat(pause).isBetween(whole.dividedBy(2), whole);
            assertThat(run.pass(pause.minusNanos(1))).isEmpty();
            run.pass(Duration.ofNanos(1));
            assertThat(run.slot("a").attempt()).isEqualTo(attempt + 1);
            whole = whole.multipliedBy(2);
        }
        run.end("a", Cause.COMMAND_FAILED);
        assertThat(run.cause("a")).isEqualTo(Cause.COMMAND_FAILED);
    }

    @Test
    void the_pauses_of_two_stages_are_not_the_same() {
        Driver run = Driver.begun(Pipeline.define("app", p -> {
            p.build("a", WORK.retrying(times(1).onFailure().waiting(ofMinutes(10))));
            p.build("b", WORK.retrying(times(1).onFailure().waiting(ofMinutes(10))));
        }));
        run.end("a", Cause.COMMAND_FAILED);
        run.end("b", Cause.COMMAND_FAILED);
        assertThat(run.slot("a").deadline()).isNotEqualTo(run.slot("b").deadline());
    }

    @Test
    void a_pipeline_that_a_stage_runs_has_that_stage_s_time_limit() {
        Pipeline child = Pipeline.define("child", p -> p.build("a", WORK));
        Driver run =
                Driver.begun(Pipeline.define("app", p -> p.child("it", child).within(ofMinutes(7))));
        run.accept("it");
        assertThat(run.slot("it").deadline()).contains(run.now().plus(ofMinutes(7)));
        run.pass(ofMinutes(7));
        run.end("it", Cause.LOST_WORKER);
        assertThat(run.verdict("it").detail()).isEqualTo("stopped at its time limit of PT7M");
    }

    @Test
    void work_that_stops_for_one_reason_is_not_said_to_have_stopped_for_a_later_one() {
        Driver run = Driver.begun(Pipeline.define("app", p -> {
            p.concurrency(Concurrency.group("ci").superseding());
            p.group("both", failingFast(), p.build("a", WORK), p.build("b", WORK));
        }));
        run.accept("a", "b");
        run.tell(new Signal.TurnLost(Optional.of(new RunId("app-00000000000newer"))));
        run.end("a", Cause.COMMAND_FAILED);
        run.end("b", Cause.LOST_WORKER);
        assertThat(run.cause("b")).isEqualTo(Cause.SUPERSEDED);
        assertThat(run.verdict("b").detail()).isEqualTo("stopped, since the run was to end");
    }

    @Test
    void a_service_that_accepts_after_the_stop_is_remembered_so_that_it_can_be_stopped() {
        Driver run = Driver.begun(Pipeline.define("app", p -> p.build("a", WORK)));
        run.cancel();
        run.pass(ofSeconds(1));
        run.accept("a");
        assertThat(run.last().commands())
                .containsExactly(new Command.StopWork("a", 1, Optional.of("service-a"), Cause.CANCELLED));
        assertThat(run.slot("a").deadline()).isEmpty();
    }

    @Test
    void a_cancelled_run_does_not_try_again() {
        Driver run = Driver.begun(Pipeline.define(
                "app", p -> p.build("a", WORK.retrying(times(5).onLostWorker().onFailure()))));
        run.accept("a");
        run.cancel();
        run.end("a", Cause.COMMAND_FAILED);
        assertThat(run.cause("a")).isEqualTo(Cause.COMMAND_FAILED);
        assertThat(run.run().hasEnded()).isTrue();
    }
}
