// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cumulane.run.RunId;
import org.junit.jupiter.api.Test;

class LockProgressTest {
    private static final RunId FIRST = new RunId("shop-0000000000000001");
    private static final RunId SECOND = new RunId("shop-0000000000000002");
    private static final RunId THIRD = new RunId("shop-0000000000000003");

    private final LockProgress lock = LockProgress.unused();

    @Test
    void whoAsksFirstIsGrantedFirstAndFencesGrow() {
        assertThat(lock.step(new Signal.Ask(FIRST, "deploy")))
                .containsExactly(new LockEvent.Asked(FIRST, "deploy"), new LockEvent.Granted(FIRST, "deploy", 1));
        lock.step(new Signal.Ask(SECOND, "deploy"));
        lock.step(new Signal.Ask(THIRD, "deploy"));
        assertThat(lock.step(new Signal.Release(FIRST, "deploy")))
                .containsExactly(new LockEvent.Released(FIRST, "deploy"), new LockEvent.Granted(SECOND, "deploy", 2));
        assertThat(lock.step(new Signal.Release(SECOND, "deploy"))).endsWith(new LockEvent.Granted(THIRD, "deploy", 3));
    }

    @Test
    void askingAgainAndTheReleaseOfAStrangerChangeNothing() {
        lock.step(new Signal.Ask(FIRST, "deploy"));
        lock.step(new Signal.Ask(SECOND, "deploy"));
        assertThat(lock.step(new Signal.Ask(FIRST, "deploy"))).isEmpty();
        assertThat(lock.step(new Signal.Ask(SECOND, "deploy"))).isEmpty();
        assertThat(lock.step(new Signal.Release(THIRD, "deploy"))).isEmpty();
        assertThat(lock.step(new Signal.Release(FIRST, "another"))).isEmpty();
        assertThat(lock.holder()).contains(new LockProgress.Claimant(FIRST, "deploy"));
    }

    @Test
    void whoNoLongerWaitsIsPassedOver() {
        lock.step(new Signal.Ask(FIRST, "deploy"));
        lock.step(new Signal.Ask(SECOND, "deploy"));
        lock.step(new Signal.Ask(THIRD, "deploy"));
        lock.step(new Signal.Release(SECOND, "deploy"));
        lock.step(new Signal.Release(FIRST, "deploy"));
        assertThat(lock.holder()).contains(new LockProgress.Claimant(THIRD, "deploy"));
        assertThat(lock.waiting()).isEmpty();
    }

    @Test
    void aSnapshotGoesOnWhereTheLockWas() {
        lock.step(new Signal.Ask(FIRST, "deploy"));
        lock.step(new Signal.Ask(SECOND, "deploy"));
        LockProgress again = LockProgress.of(lock.memo());
        assertThat(again.step(new Signal.Release(FIRST, "deploy")))
                .endsWith(new LockEvent.Granted(SECOND, "deploy", 2));
    }

    @Test
    void aGrantThatCannotBeIsRefused() {
        assertThatThrownBy(() -> lock.fold(new LockEvent.Granted(FIRST, "deploy", 1)))
                .isInstanceOf(IllegalStateException.class);
    }
}
