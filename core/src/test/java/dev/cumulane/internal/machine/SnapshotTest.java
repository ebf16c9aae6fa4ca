// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.machine;

import static dev.cumulane.pipeline.Policy.all;
import static dev.cumulane.pipeline.Policy.atLeast;
import static dev.cumulane.pipeline.Policy.failingFast;
import static dev.cumulane.pipeline.Work.container;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cumulane.pipeline.EverythingPipeline;
import dev.cumulane.pipeline.GroupHandle;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.pipeline.Policy;
import dev.cumulane.pipeline.Work;
import dev.cumulane.run.Cause;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a run remembers is all of it: between any two signals it can be read from a snapshot and goes on as if nothing had been. */
class SnapshotTest {
    private static final Work WORK = container("alpine").runs("true");

    static List<String> stories() {
        return List.copyOf(Stories.all().keySet());
    }

    @ParameterizedTest
    @MethodSource("stories")
    void a_story_goes_on_from_a_snapshot_at_any_point(String name) {
        Stories.told(Stories.all().get(name)).goesOnFromAnySnapshot();
    }

    /** Three members, what follows, and what cleans up. */
    private static Driver gathering(Policy policy) {
        return Driver.begun(Pipeline.define("scans", p -> {
            p.cleaningUpWithin(Duration.ofMinutes(20));
            GroupHandle scans = p.group("scans", policy, p.build("a", WORK), p.build("b", WORK), p.build("c", WORK));
            p.build("publish", WORK).after(scans);
            p.build("alarm", WORK).onFailure();
            p.build("clean-up", WORK).always();
        }));
    }

    @Test
    void a_group_is_counted_again_from_the_ends_of_its_members() {
        Driver run = gathering(all());
        run.succeed("a", "b", "c", "publish", "clean-up");
        run.goesOnFromAnySnapshot();
    }

    @Test
    void a_group_whose_rest_is_being_stopped_goes_on_stopping_it() {
        Driver run = gathering(failingFast());
        run.accept("a", "b");
        run.end("a", Cause.COMMAND_FAILED);
        run.end("b", Cause.LOST_WORKER);
        run.end("c", Cause.LOST_WORKER);
        run.succeed("alarm", "clean-up");
        run.goesOnFromAnySnapshot();
    }

    @Test
    void a_group_that_has_enough_lets_its_rest_end_behind_it() {
        Driver run = gathering(atLeast(1));
        run.succeed("a", "publish");
        run.end("b", Cause.COMMAND_FAILED);
        run.end("c", Cause.COMMAND_FAILED);
        run.succeed("clean-up");
        run.goesOnFromAnySnapshot();
    }

    @Test
    void the_time_to_clean_up_is_not_begun_anew() {
        Driver run = gathering(all());
        run.accept("a");
        run.cancel();
        run.end("a", Cause.LOST_WORKER);
        run.end("b", Cause.LOST_WORKER);
        run.pass(Duration.ofMinutes(1));
        run.end("c", Cause.LOST_WORKER);
        run.accept("alarm");
        run.pass(Duration.ofMinutes(20));
        run.end("alarm", Cause.LOST_WORKER);
        run.end("clean-up", Cause.LOST_WORKER);
        run.goesOnFromAnySnapshot();
    }

    @Test
    void a_snapshot_of_another_plan_is_refused() {
        RunProgress.Memo scans = gathering(all()).run().memo();
        RunPlan everything = RunPlan.of(EverythingPipeline.pipeline().plan());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RunProgress.of(everything, scans))
                .withMessage("the snapshot has 7 stages, the plan " + everything.size());
    }
}
