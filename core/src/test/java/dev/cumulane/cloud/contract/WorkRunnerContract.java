// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.WorkOrder;
import dev.cumulane.cloud.WorkRunner;
import dev.cumulane.cloud.WorkRunner.Phase;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.RunId;
import java.util.Collection;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What every {@link WorkRunner} does, for builds and for functions. Each test begins without any work. */
public abstract class WorkRunnerContract {
    /** An attempt that nothing was started for. */
    protected static final AttemptId ATTEMPT = new AttemptId(new RunId("shop-0k3v9q2m7xw4b1ce"), "unit-tests", 1);

    private static final AttemptId OTHER = new AttemptId(new RunId("shop-0k3v9q2m7xw4b1ce.2"), "unit-tests", 1);

    /**
     * The port under test, the same one until {@link #restart()}.
     *
     * @return the port
     */
    protected abstract WorkRunner runner();

    /** The engine's process ends without notice and another one takes its place. Work goes on. */
    protected abstract void restart();

    /**
     * An order that notes that it began and then ends by itself.
     *
     * @param attempt the attempt
     * @return the order
     */
    protected abstract WorkOrder brief(AttemptId attempt);

    /**
     * An order that notes that it began, starts a helper where it can, and runs until it is stopped.
     *
     * @param attempt the attempt
     * @return the order
     */
    protected abstract WorkOrder endless(AttemptId attempt);

    /**
     * Lets an endless order end by itself.
     *
     * @param attempt the attempt
     */
    protected abstract void letEnd(AttemptId attempt);

    /**
     * An order that the service refuses for good.
     *
     * @param attempt the attempt
     * @return the order
     */
    protected abstract WorkOrder refused(AttemptId attempt);

    /**
     * How many times an order of an attempt began.
     *
     * @param attempt the attempt
     * @return the number of notes
     */
    protected abstract int begun(AttemptId attempt);

    /**
     * Whether anything that an attempt's order started still runs, helpers included.
     *
     * @param attempt the attempt
     * @return true if there is any
     */
    protected abstract boolean anythingRuns(AttemptId attempt);

    /**
     * The attempts whose end was told, in any order and perhaps twice.
     *
     * @return the attempts
     */
    protected abstract Collection<AttemptId> told();

    @Test
    void work_runs_once_and_its_end_is_told() throws Exception {
        String id = runner().start(brief(ATTEMPT));

        Awaiting.until("the end is told", () -> told().contains(ATTEMPT));
        assertThat(id).isNotEmpty().hasSizeLessThanOrEqualTo(500);
        assertThat(begun(ATTEMPT)).isEqualTo(1);
        assertThat(runner().look(ATTEMPT, id)).isEqualTo(Phase.OVER);
        assertThat(anythingRuns(ATTEMPT)).isFalse();
    }

    @Test
    void starting_an_attempt_again_finds_the_work_that_was_started() throws Exception {
        String first = runner().start(endless(ATTEMPT));
        Awaiting.until("it begins", () -> begun(ATTEMPT) == 1);

        assertThat(runner().start(endless(ATTEMPT))).isEqualTo(first);
        assertThat(runner().look(ATTEMPT, first)).isEqualTo(Phase.LIVING);

        letEnd(ATTEMPT);
        Awaiting.until("the end is told", () -> told().contains(ATTEMPT));
        assertThat(runner().start(endless(ATTEMPT))).isEqualTo(first);
        assertThat(begun(ATTEMPT)).isEqualTo(1);
    }

    @Test
    void many_starts_at_the_same_moment_begin_the_work_once() throws Exception {
        WorkOrder order = brief(ATTEMPT);

        ExecutorService threads = Executors.newFixedThreadPool(8);
        Set<String> ids = new TreeSet<>();
        Callable<String> start = () -> runner().start(order);
        for (Future<String> id : threads.invokeAll(Collections.nCopies(8, start))) {
            ids.add(id.get());
        }
        threads.shutdown();

        Awaiting.until("the end is told", () -> told().contains(ATTEMPT));
        assertThat(ids).hasSize(1);
        assertThat(begun(ATTEMPT)).isEqualTo(1);
    }

    @Test
    void stopped_work_ends_with_all_that_it_started_and_its_end_is_told() throws Exception {
        String id = runner().start(endless(ATTEMPT));
        Awaiting.until("it begins", () -> begun(ATTEMPT) == 1);

        runner().stop(ATTEMPT, id);
        runner().stop(ATTEMPT, id);

        Awaiting.until("the end is told", () -> told().contains(ATTEMPT));
        assertThat(runner().look(ATTEMPT, id)).isEqualTo(Phase.OVER);
        Awaiting.until("nothing of it runs", () -> !anythingRuns(ATTEMPT));
    }

    @Test
    void stopping_work_leaves_other_work_alone() throws Exception {
        String id = runner().start(endless(ATTEMPT));
        String other = runner().start(endless(OTHER));
        Awaiting.until("both begin", () -> begun(ATTEMPT) == 1 && begun(OTHER) == 1);

        runner().stop(ATTEMPT, id);

        Awaiting.until("the end is told", () -> told().contains(ATTEMPT));
        assertThat(runner().look(OTHER, other)).isEqualTo(Phase.LIVING);
        assertThat(told()).doesNotContain(OTHER);
    }

    @Test
    void stopping_what_is_over_or_unknown_is_ignored() throws Exception {
        String id = runner().start(brief(ATTEMPT));
        Awaiting.until("the end is told", () -> told().contains(ATTEMPT));

        runner().stop(ATTEMPT, id);
        runner().stop(OTHER, "no such work");

        assertThat(runner().look(ATTEMPT, id)).isEqualTo(Phase.OVER);
    }

    @Test
    void work_that_was_never_started_is_neither_found_nor_known() {
        assertThat(runner().find(ATTEMPT)).isEmpty();
        assertThat(runner().look(ATTEMPT, "no such work")).isEqualTo(Phase.UNKNOWN);
    }

    @Test
    void a_new_engine_finds_living_work_and_is_told_its_end() throws Exception {
        String id = runner().start(endless(ATTEMPT));
        Awaiting.until("it begins", () -> begun(ATTEMPT) == 1);

        restart();

        assertThat(runner().find(ATTEMPT)).contains(id);
        assertThat(runner().look(ATTEMPT, id)).isEqualTo(Phase.LIVING);
        assertThat(told()).isEmpty();
        letEnd(ATTEMPT);
        Awaiting.until("the end is told", () -> told().contains(ATTEMPT));
        assertThat(runner().look(ATTEMPT, id)).isEqualTo(Phase.OVER);
    }

    @Test
    void a_new_engine_finds_work_that_ended_before_it_came() throws Exception {
        String id = runner().start(endless(ATTEMPT));
        Awaiting.until("it begins", () -> begun(ATTEMPT) == 1);
        restart();
        letEnd(ATTEMPT);

        Awaiting.until("it is over", () -> runner().look(ATTEMPT, id) == Phase.OVER);
        assertThat(runner().find(ATTEMPT)).contains(id);
    }

    @Test
    void a_new_engine_can_stop_work_of_the_former_one() throws Exception {
        String id = runner().start(endless(ATTEMPT));
        Awaiting.until("it begins", () -> begun(ATTEMPT) == 1);
        restart();

        runner().stop(ATTEMPT, id);

        Awaiting.until("the end is told", () -> told().contains(ATTEMPT));
        Awaiting.until("nothing of it runs", () -> !anythingRuns(ATTEMPT));
    }

    @Test
    void refused_work_is_a_permanent_failure_and_nothing_is_started() {
        assertThatThrownBy(() -> runner().start(refused(ATTEMPT)))
                .isInstanceOfSatisfying(
                        CloudException.class, e -> assertThat(e.retryable()).isFalse());
        assertThat(runner().find(ATTEMPT)).isEmpty();
        assertThat(begun(ATTEMPT)).isZero();
    }
}
