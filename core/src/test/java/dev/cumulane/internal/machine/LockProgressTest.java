// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cumulane.run.RunId;
import java.time.Instant;
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
                .containsExactly(new LockEvent.Asked(new Claimant(FIRST, "deploy"), ALONE), new LockEvent.Granted(new Claimant(FIRST, "deploy"), 1));
        lock.step(ask(SECOND, "deploy"));
        lock.step(ask(THIRD, "deploy"));
        assertThat(lock.step(new Signal.Release(new Claimant(FIRST, "deploy"))))
                .containsExactly(new LockEvent.Released(new Claimant(FIRST, "deploy")), new LockEvent.Granted(new Claimant(SECOND, "deploy"), 2));
        assertThat(lock.step(new Signal.Release(new Claimant(SECOND, "deploy")))).endsWith(new LockEvent.Granted(new Claimant(THIRD, "deploy"), 3));
    }

    @Test
    void askingAgainAndTheReleaseOfAStrangerChangeNothing() {
        lock.step(ask(FIRST, "deploy"));
        lock.step(ask(SECOND, "deploy"));
        assertThat(lock.step(ask(FIRST, "deploy"))).isEmpty();
        assertThat(lock.step(ask(SECOND, "deploy"))).isEmpty();
        assertThat(lock.step(new Signal.Release(new Claimant(THIRD, "deploy")))).isEmpty();
        assertThat(lock.step(new Signal.Release(new Claimant(FIRST, "another")))).isEmpty();
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

    private static Signal.Ask ask(RunId run, String stage) {
        return new Signal.Ask(new Claimant(run, stage), ALONE);
    }

    private Optional<Claimant> holder() {
        return lock.holders().stream().map(LockProgress.Place::who).findFirst();
    }
}
