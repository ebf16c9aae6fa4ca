// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cumulane.pipeline.Concurrency;
import dev.cumulane.run.RunId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LockProgressTest {
    private static final RunId FIRST = new RunId("shop-0000000000000001");
    private static final RunId SECOND = new RunId("shop-0000000000000002");
    private static final RunId THIRD = new RunId("shop-0000000000000003");

    private static final Terms ALONE = Terms.alone(Instant.EPOCH);

    private final LockProgress lock = LockProgress.unused();

    @Test
    void whoAsksFirstIsGrantedFirstAndFencesGrow() {
        assertThat(lock.step(ask(FIRST, "deploy")))
                .containsExactly(
                        new LockEvent.Asked(new Claimant(FIRST, "deploy"), ALONE),
                        new LockEvent.Granted(new Claimant(FIRST, "deploy"), 1));
        lock.step(ask(SECOND, "deploy"));
        lock.step(ask(THIRD, "deploy"));
        assertThat(lock.step(new Signal.Release(new Claimant(FIRST, "deploy"))))
                .containsExactly(
                        new LockEvent.Released(new Claimant(FIRST, "deploy")),
                        new LockEvent.Granted(new Claimant(SECOND, "deploy"), 2));
        assertThat(lock.step(new Signal.Release(new Claimant(SECOND, "deploy"))))
                .endsWith(new LockEvent.Granted(new Claimant(THIRD, "deploy"), 3));
    }

    @Test
    void askingAgainChangesNothing() {
        lock.step(ask(FIRST, "deploy"));
        lock.step(ask(SECOND, "deploy"));
        assertThat(lock.step(ask(FIRST, "deploy"))).isEmpty();
        assertThat(lock.step(ask(SECOND, "deploy"))).isEmpty();
        assertThat(holder()).contains(new Claimant(FIRST, "deploy"));
    }

    @Test
    void whoGoesBeforeTheirQuestionHasArrivedIsNotLetInByIt() {
        lock.step(ask(FIRST, "deploy"));
        Claimant gone = new Claimant(FIRST, "another");
        assertThat(lock.step(new Signal.Release(gone))).containsExactly(new LockEvent.Released(gone));
        assertThat(lock.step(new Signal.Release(gone))).isEmpty();
        assertThat(lock.step(ask(FIRST, "another"))).isEmpty();
        assertThat(holder()).contains(new Claimant(FIRST, "deploy"));
    }

    @Test
    void whoNoLongerWaitsIsPassedOver() {
        lock.step(ask(FIRST, "deploy"));
        lock.step(ask(SECOND, "deploy"));
        lock.step(ask(THIRD, "deploy"));
        lock.step(new Signal.Release(new Claimant(SECOND, "deploy")));
        lock.step(new Signal.Release(new Claimant(FIRST, "deploy")));
        assertThat(holder()).contains(new Claimant(THIRD, "deploy"));
        assertThat(lock.waiting()).isEmpty();
    }

    @Test
    void aSnapshotGoesOnWhereTheLockWas() {
        lock.step(ask(FIRST, "deploy"));
        lock.step(ask(SECOND, "deploy"));
        LockProgress again = LockProgress.of(lock.memo());
        assertThat(again.step(new Signal.Release(new Claimant(FIRST, "deploy"))))
                .endsWith(new LockEvent.Granted(new Claimant(SECOND, "deploy"), 2));
    }

    @Test
    void aGrantThatCannotBeIsRefused() {
        assertThatThrownBy(() -> lock.fold(new LockEvent.Granted(new Claimant(FIRST, "deploy"), 1)))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aNewerRunTakesTheTurnWhenTheOlderOneHasStopped() {
        turn(FIRST, 1, NEWEST_ALONE);
        assertThat(turn(SECOND, 2, NEWEST_ALONE)).endsWith(new LockEvent.Superseded(run(FIRST), SECOND));
        assertThat(turn(THIRD, 3, NEWEST_ALONE)).endsWith(new LockEvent.Superseded(run(SECOND), THIRD));
        assertThat(holder()).contains(run(FIRST));
        assertThat(lock.isDismissed(run(SECOND))).isTrue();
        assertThat(lock.step(new Signal.Release(run(FIRST)))).endsWith(new LockEvent.Granted(run(THIRD), 2));
    }

    @Test
    void anOlderRunWhoseQuestionComesLateNeverTakesTheTurn() {
        turn(SECOND, 2, NEWEST_ALONE);
        assertThat(turn(FIRST, 1, NEWEST_ALONE)).endsWith(new LockEvent.Superseded(run(FIRST), SECOND));
        lock.step(new Signal.Release(run(SECOND)));
        assertThat(lock.holders()).isEmpty();
    }

    @Test
    void aRunThatWentIsNotLetInByAQuestionThatComesLate() {
        lock.step(new Signal.Release(run(FIRST)));
        assertThat(turn(FIRST, 1, NEWEST_ALONE)).isEmpty();
        assertThat(lock.step(new Signal.Release(run(FIRST)))).isEmpty();
    }

    @Test
    void moreThanMayWaitAreRefused() {
        turn(FIRST, 1, new Concurrency.Policy.Queue(1));
        turn(SECOND, 2, new Concurrency.Policy.Queue(1));
        assertThat(turn(THIRD, 3, new Concurrency.Policy.Queue(1))).endsWith(new LockEvent.Refused(run(THIRD)));
        assertThat(turn(THIRD, 3, new Concurrency.Policy.Queue(1))).isEmpty();
        assertThat(LockProgress.of(lock.memo()).memo()).isEqualTo(lock.memo());
    }

    private static final Concurrency.Policy NEWEST_ALONE = new Concurrency.Policy.Supersede();

    private List<LockEvent> turn(RunId run, int second, Concurrency.Policy policy) {
        Concurrency which = new Concurrency("ci", Concurrency.Scope.ALL, policy, Duration.ofHours(1));
        return lock.step(new Signal.Ask(run(run), Terms.of(which, Instant.ofEpochSecond(second))));
    }

    private static Claimant run(RunId run) {
        return Claimant.of(run);
    }

    private static Signal.Ask ask(RunId run, String stage) {
        return new Signal.Ask(new Claimant(run, stage), ALONE);
    }

    private Optional<Claimant> holder() {
        return lock.holders().stream().map(LockProgress.Place::who).findFirst();
    }
}
