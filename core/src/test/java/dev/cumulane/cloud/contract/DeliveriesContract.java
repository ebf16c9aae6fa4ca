// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cumulane.cloud.Capability;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.Deliveries;
import dev.cumulane.cloud.DeploymentStep;
import dev.cumulane.cloud.DeploymentStep.Completed;
import dev.cumulane.cloud.DeploymentStep.Healthy;
import dev.cumulane.cloud.DeploymentStep.Prepared;
import dev.cumulane.cloud.DeploymentStep.RolledBack;
import dev.cumulane.cloud.DeploymentStep.Shifted;
import dev.cumulane.cloud.DeploymentStep.Wanted;
import dev.cumulane.cloud.StepReport;
import dev.cumulane.cloud.StepState;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.Produced;
import dev.cumulane.run.Release;
import dev.cumulane.run.RunId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What every {@link Deliveries} does. Each test begins with an environment {@code production} that nothing was ever deployed to. */
public abstract class DeliveriesContract {
    /** The one environment. */
    protected static final String ENVIRONMENT = "production";

    private static final RunId RUN = new RunId("shop-0k3v9q2m7xw4b1ce");

    /**
     * The port under test, the same one until {@link #restart()}.
     *
     * @return the port
     */
    protected abstract Deliveries deliveries();

    /** The engine's process ends without notice and another one takes its place. What was deployed goes on. */
    protected abstract void restart();

    /**
     * An artifact in the store whose service becomes healthy and answers a word.
     *
     * @param word what it answers
     * @return its digest
     */
    protected abstract Digest healthy(String word);

    /**
     * An artifact in the store whose service never becomes healthy.
     *
     * @param word what it would answer
     * @return its digest
     */
    protected abstract Digest sick(String word);

    /**
     * How often the service of an artifact was started.
     *
     * @param word what it answers
     * @return the number of starts
     */
    protected abstract int starts(String word);

    /**
     * What the environment answers.
     *
     * @return the word, or empty if nothing answers
     */
    protected abstract Optional<String> answer();

    /**
     * The report that was told of a step, if one was.
     *
     * @param step the step
     * @return the report that was told last
     */
    protected abstract Optional<StepReport> told(DeploymentStep step);

    /**
     * What the environment cannot do, though others can.
     *
     * @return the same that the port says
     */
    protected Set<Capability> lacking() {
        return Set.of();
    }

    /**
     * Whether the environment finds out that a release is sick before it gets traffic, and can be without any release.
     *
     * @return false if a service of the cloud deploys that was handed the release
     */
    protected boolean isOurs() {
        return true;
    }

    /** A step of a deployment; one number for fence and deployment. */
    private static DeploymentStep step(long fence, int index, Wanted wanted) {
        return new DeploymentStep(RUN, "deploy-" + fence, index, ENVIRONMENT, fence, Optional.empty(), wanted);
    }

    /** A release of one artifact, in place. */
    protected static Prepared prepared(Digest artifact) {
        return new Prepared(Release.of(new Produced("app", artifact, 100)));
    }

    private StepReport done(DeploymentStep step) throws Exception {
        deliveries().begin(step);
        Awaiting.until("the report of " + step, () -> told(step).isPresent());
        return told(step).orElseThrow();
    }

    private void deploy(long fence, String word) throws Exception {
        assertThat(done(step(fence, 1, prepared(healthy(word))))).matches(StepReport::succeeded);
        assertThat(done(step(fence, 2, new Shifted(100)))).matches(StepReport::succeeded);
        assertThat(done(step(fence, 3, new Completed()))).matches(StepReport::succeeded);
    }

    @Test
    void a_prepared_release_gets_no_traffic() throws Exception {
        StepReport first = done(step(1, 1, prepared(healthy("one"))));

        assertThat(first.succeeded()).as(first.detail()).isTrue();
        assertThat(starts("one")).isEqualTo(1);
        assertThat(answer()).isEmpty();
    }

    @Test
    void a_completed_deployment_answers_at_the_address_that_it_reports() throws Exception {
        done(step(1, 1, prepared(healthy("one"))));
        StepReport shifted = done(step(1, 2, new Shifted(100)));
        StepReport healthy = done(step(1, 3, new Healthy()));
        StepReport completed = done(step(1, 4, new Completed()));

        assertThat(healthy.succeeded()).as(healthy.detail()).isTrue();
        assertThat(completed.address()).isPresent().isEqualTo(shifted.address());
        assertThat(answer()).contains("one");
    }

    @Test
    void traffic_is_shared_between_the_former_release_and_the_new_one() throws Exception {
        deploy(1, "one");
        done(step(2, 1, prepared(healthy("two"))));
        assertThat(answer()).contains("one");

        StepReport quarter = done(step(2, 2, new Shifted(25)));
        assertThat(deliveries().lacking(ENVIRONMENT)).isEqualTo(lacking());
        if (lacking().contains(Capability.TRAFFIC_SHARES)) {
            assertThat(quarter.succeeded()).isFalse();
            assertThat(quarter.detail()).contains("25 percent");
            assertThat(answer()).contains("one");
            return;
        }

        Map<String, Integer> answers = new TreeMap<>();
        for (int i = 0; i < 200; i++) {
            answers.merge(answer().orElse("nothing"), 1, Integer::sum);
        }
        assertThat(answers).containsOnlyKeys("one", "two");
        assertThat(answers.get("two")).isBetween(20, 80);

        done(step(2, 3, new Shifted(100)));
        assertThat(answer()).contains("two");
    }

    @Test
    void a_rollback_gives_the_former_release_all_the_traffic_again() throws Exception {
        deploy(1, "one");
        done(step(2, 1, prepared(healthy("two"))));
        done(step(2, 2, new Shifted(50)));

        StepReport back = done(step(2, 3, new RolledBack()));

        assertThat(back.succeeded()).as(back.detail()).isTrue();
        for (int i = 0; i < 20; i++) {
            assertThat(answer()).contains("one");
        }
    }

    @Test
    void a_rollback_does_not_wait_for_a_step_that_goes_on() throws Exception {
        deploy(1, "one");
        DeploymentStep prepare = step(2, 1, prepared(sick("two")));
        deliveries().begin(prepare);

        StepReport back = done(step(2, 2, new RolledBack()));

        assertThat(back.succeeded()).as(back.detail()).isTrue();
        assertThat(answer()).contains("one");
        deploy(3, "three");
        assertThat(answer()).contains("three");
    }

    @Test
    void a_rollback_after_completion_brings_the_former_release_back() throws Exception {
        deploy(1, "one");
        deploy(2, "two");
        assertThat(answer()).contains("two");

        StepReport back = done(step(2, 4, new RolledBack()));

        assertThat(back.succeeded()).as(back.detail()).isTrue();
        assertThat(answer()).contains("one");
    }

    @Test
    void a_rollback_without_a_former_release_leaves_nothing_live() throws Exception {
        done(step(1, 1, prepared(healthy("one"))));
        done(step(1, 2, new Shifted(100)));
        assertThat(answer()).contains("one");

        StepReport back = done(step(1, 3, new RolledBack()));

        if (!isOurs()) {
            assertThat(back.succeeded()).isFalse();
            assertThat(back.detail()).contains("none to bring back");
            return;
        }
        assertThat(back.succeeded()).as(back.detail()).isTrue();
        assertThat(back.address()).isEmpty();
        assertThat(answer()).isEmpty();
    }

    @Test
    void a_deployment_after_a_rollback_rolls_back_to_what_was_live() throws Exception {
        deploy(1, "one");
        done(step(2, 1, prepared(healthy("two"))));
        done(step(2, 2, new RolledBack()));
        done(step(3, 1, prepared(healthy("three"))));
        done(step(3, 2, new Shifted(100)));
        assertThat(answer()).contains("three");

        done(step(3, 3, new RolledBack()));

        assertThat(answer()).contains("one");
    }

    @Test
    void a_release_that_does_not_become_healthy_is_a_failure_with_its_reason_and_the_live_one_goes_on()
            throws Exception {
        deploy(1, "one");

        StepReport report = done(step(2, 1, prepared(sick("two"))));
        if (!isOurs()) {
            report = done(step(2, 2, new Shifted(100)));
        }

        assertThat(report.succeeded()).isFalse();
        assertThat(report.detail()).isNotBlank();
        assertThat(answer()).contains("one");
        assertThat(done(step(2, 3, new RolledBack()))).matches(StepReport::succeeded);
        assertThat(answer()).contains("one");
    }

    @Test
    void a_step_that_was_carried_out_is_reported_again_and_not_done_twice() throws Exception {
        DeploymentStep prepare = step(1, 1, prepared(healthy("one")));
        StepReport first = done(prepare);

        deliveries().begin(prepare);
        deliveries().begin(prepare);
        restart();

        assertThat(done(prepare)).isEqualTo(first);
        assertThat(starts("one")).isEqualTo(1);
    }

    @Test
    void a_step_of_an_older_deployment_is_refused() throws Exception {
        deploy(7, "one");

        DeploymentStep late = step(6, 1, prepared(healthy("two")));
        StepReport report = done(late);

        assertThat(report.succeeded()).isFalse();
        assertThat(report.detail()).contains("6", "7");
        assertThat(deliveries().look(late)).isEqualTo(new StepState.Ended(report));
        assertThat(starts("two")).isZero();
        assertThat(answer()).contains("one");
    }

    @Test
    void a_step_that_comes_after_a_later_one_of_its_deployment_is_refused() throws Exception {
        deploy(1, "one");
        done(step(2, 1, prepared(healthy("two"))));
        done(step(2, 3, new RolledBack()));

        DeploymentStep late = step(2, 2, new Shifted(100));
        StepReport report = done(late);

        assertThat(report.succeeded()).isFalse();
        assertThat(report.detail()).contains("2", "3");
        assertThat(deliveries().look(late)).isEqualTo(new StepState.Ended(report));
        assertThat(answer()).contains("one");
    }

    @Test
    void a_report_is_found_after_a_restart_and_the_service_goes_on() throws Exception {
        deploy(1, "one");
        DeploymentStep last = step(1, 3, new Completed());
        StepReport report = told(last).orElseThrow();

        restart();

        assertThat(deliveries().look(last)).isEqualTo(new StepState.Ended(report));
        assertThat(answer()).contains("one");
        deploy(2, "two");
        assertThat(answer()).contains("two");
    }

    @Test
    void a_step_that_was_never_begun_is_unknown() {
        assertThat(deliveries().look(step(1, 1, new Healthy()))).isEqualTo(new StepState.Unknown());
    }

    @Test
    void traffic_for_a_release_that_was_never_prepared_is_a_failure() throws Exception {
        assertThat(done(step(1, 1, new Shifted(100))).succeeded()).isFalse();
    }

    @Test
    void an_artifact_that_is_not_there_is_a_failure_that_names_it() throws Exception {
        Digest absent = Digest.of("absent".getBytes(java.nio.charset.StandardCharsets.UTF_8));

        StepReport report = done(step(1, 1, prepared(absent)));

        assertThat(report.succeeded()).isFalse();
        assertThat(report.detail()).contains(absent.hex());
    }

    @Test
    void a_release_of_which_an_artifact_is_not_there_is_a_failure_that_names_it() throws Exception {
        Digest absent = Digest.of("absent".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        Release incomplete = new Release(
                "shop", List.of(new Produced("app", healthy("one"), 100), new Produced("pages", absent, 100)));

        StepReport report = done(step(1, 1, new Prepared(incomplete)));

        assertThat(report.succeeded()).isFalse();
        assertThat(report.detail()).contains(absent.hex());
        assertThat(starts("one")).isZero();
    }

    @Test
    void an_environment_without_a_binding_is_refused_by_its_name() {
        DeploymentStep elsewhere =
                new DeploymentStep(RUN, "deploy", 1, "staging", 1, Optional.empty(), prepared(healthy("one")));

        assertThat(deliveries().environments()).containsExactly(ENVIRONMENT);
        assertThatThrownBy(() -> deliveries().begin(elsewhere))
                .isInstanceOfSatisfying(
                        CloudException.class, e -> assertThat(e.retryable()).isFalse())
                .hasMessageContaining("staging")
                .hasMessageContaining(ENVIRONMENT);
    }
}
