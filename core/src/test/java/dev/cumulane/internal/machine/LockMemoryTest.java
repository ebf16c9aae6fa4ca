// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.cumulane.pipeline.Concurrency;
import dev.cumulane.pipeline.Concurrency.Policy;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.Cause;
import dev.cumulane.run.Deployment;
import dev.cumulane.run.EnvironmentView;
import dev.cumulane.run.Produced;
import dev.cumulane.run.Release;
import dev.cumulane.run.RunId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a lock remembers: who has it and may have it, what was deployed, who went. */
class LockMemoryTest {
    private final LockProgress lock = LockProgress.unused();

    private static Claimant deployer(int number) {
        return new Claimant(run(number), "live");
    }

    private static RunId run(int number) {
        return new RunId("app-%016d".formatted(number));
    }

    private static Deployment deployment(int number, Cause cause) {
        Produced jar = new Produced("jar", Digest.of(new byte[] {(byte) number}), number);
        return new Deployment(
                run(number),
                "live",
                Deployment.Kind.RELEASE,
                Release.of(jar),
                cause,
                "says " + number,
                "ada",
                at(number));
    }

    private static Instant at(int second) {
        return Instant.ofEpochSecond(second);
    }

    private List<LockEvent> deploys(int number, Cause cause, boolean rolledBack) {
        lock.step(new Signal.Ask(deployer(number), Terms.alone(at(number))));
        return lock.step(new Signal.Release(
                deployer(number), Optional.of(new Signal.Deployed(deployment(number, cause), rolledBack))));
    }

    private List<LockEvent> asks(int number, Policy policy) {
        Concurrency which = new Concurrency("ci", Concurrency.Scope.ALL, policy, Duration.ofHours(1));
        return lock.step(new Signal.Ask(Claimant.of(run(number)), Terms.of(which, at(number))));
    }

    @Test
    void a_good_deployment_is_what_is_live_and_a_bad_one_is_history_only() {
        assertThat(deploys(1, Cause.COMPLETED, false))
                .containsExactly(
                        new LockEvent.Deployed(deployer(1), deployment(1, Cause.COMPLETED)),
                        new LockEvent.Released(deployer(1)));
        deploys(2, Cause.DEPLOYMENT_FAILED, false);
        assertThat(lock.live()).contains(deployment(1, Cause.COMPLETED));
        assertThat(lock.history())
                .containsExactly(deployment(1, Cause.COMPLETED), deployment(2, Cause.DEPLOYMENT_FAILED));
        assertThat(lock.fence()).isEqualTo(2);
    }

    @Test
    void a_rollback_gives_the_last_good_release_back() {
        deploys(1, Cause.COMPLETED, false);
        deploys(2, Cause.UNHEALTHY, true);
        Deployment back = deployment(1, Cause.COMPLETED).givenBackBy(deployment(2, Cause.UNHEALTHY));
        assertThat(lock.history()).endsWith(deployment(2, Cause.UNHEALTHY), back);
        assertThat(lock.live()).contains(back);
    }

    @Test
    void there_is_nothing_to_give_back_before_the_first_good_release() {
        deploys(1, Cause.UNHEALTHY, true);
        assertThat(lock.history()).containsExactly(deployment(1, Cause.UNHEALTHY));
        assertThat(lock.live()).isEmpty();
    }

    @Test
    void only_who_has_the_environment_deploys_to_it() {
        lock.step(new Signal.Ask(deployer(1), Terms.alone(at(1))));
        assertThat(deploys(2, Cause.COMPLETED, false)).containsExactly(new LockEvent.Released(deployer(2)));
        assertThat(lock.live()).isEmpty();
        assertThat(lock.holder(deployer(1))).isPresent();
        assertThat(lock.holder(deployer(2))).isEmpty();
    }

    @Test
    void history_is_not_kept_for_ever() {
        for (int number = 1; number <= EnvironmentView.MOST + 1; number++) {
            deploys(number, Cause.COMPLETED, false);
            assertThat(lock.history()).hasSize(Math.min(number, EnvironmentView.MOST));
        }
        assertThat(lock.history()).startsWith(deployment(2, Cause.COMPLETED));
    }

    @Test
    void who_went_is_not_remembered_for_ever() {
        for (int number = 1; number <= 51; number++) {
            lock.step(new Signal.Release(Claimant.of(run(number))));
        }
        assertThat(asks(2, new Policy.Queue(1))).isEmpty();
        assertThat(asks(1, new Policy.Queue(1))).endsWith(new LockEvent.Granted(Claimant.of(run(1)), 1));
        assertThat(lock.memo().past()).hasSize(50);
    }

    @Test
    void as_many_have_it_at_once_as_the_group_says() {
        Policy two = new Policy.Parallel(2);
        assertThat(asks(1, two)).endsWith(new LockEvent.Granted(Claimant.of(run(1)), 1));
        assertThat(asks(2, two)).endsWith(new LockEvent.Granted(Claimant.of(run(2)), 2));
        assertThat(asks(3, two)).hasSize(1);
        assertThat(lock.holders()).hasSize(2);
        assertThat(lock.step(new Signal.Release(Claimant.of(run(1)))))
                .endsWith(new LockEvent.Granted(Claimant.of(run(3)), 3));
    }

    @Test
    void who_asked_in_vain_is_remembered_until_it_goes() {
        asks(1, new Policy.Reject());
        assertThat(asks(2, new Policy.Reject())).endsWith(new LockEvent.Refused(Claimant.of(run(2))));
        assertThat(lock.isDismissed(Claimant.of(run(2)))).isTrue();
        assertThat(lock.isDismissed(Claimant.of(run(1)))).isFalse();
        assertThat(lock.dismissed()).hasSize(1);
        lock.step(new Signal.Release(Claimant.of(run(2))));
        assertThat(lock.dismissed()).isEmpty();
    }

    @Test
    void of_two_that_began_at_the_same_time_one_is_the_newer_for_all() {
        Policy newest = new Policy.Supersede();
        Concurrency which = new Concurrency("ci", Concurrency.Scope.ALL, newest, Duration.ofHours(1));
        lock.step(new Signal.Ask(Claimant.of(run(2)), Terms.of(which, at(1))));
        assertThat(lock.step(new Signal.Ask(Claimant.of(run(1)), Terms.of(which, at(1)))))
                .endsWith(new LockEvent.Superseded(Claimant.of(run(1)), run(2)));
    }

    @Test
    void an_event_that_cannot_be_is_refused() {
        LockEvent.Granted first = new LockEvent.Granted(deployer(1), 1);
        lock.fold(new LockEvent.Asked(deployer(1), Terms.alone(at(1))));
        lock.fold(first);
        lock.fold(new LockEvent.Asked(deployer(2), Terms.alone(at(2))));
        impossible(new LockEvent.Granted(deployer(2), 2));
        lock.fold(new LockEvent.Released(deployer(1)));
        lock.fold(new LockEvent.Asked(deployer(2), Terms.alone(at(2))));
        impossible(new LockEvent.Granted(deployer(2), 1));
        impossible(new LockEvent.Refused(deployer(3)));
        impossible(new LockEvent.Superseded(deployer(3), run(4)));
    }

    private void impossible(LockEvent event) {
        assertThatIllegalStateException()
                .isThrownBy(() -> LockProgress.of(lock.memo()).fold(event))
                .withMessageStartingWith("an event that cannot be: " + event);
    }
}
