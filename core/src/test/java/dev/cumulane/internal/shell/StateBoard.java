// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.shell;

import dev.cumulane.internal.follow.Follower;
import dev.cumulane.run.RunView;

/** A follower that shows one word about each run, and remembers it. */
abstract class StateBoard implements Follower.OfState {
    @Override
    public String name() {
        return "board";
    }

    @Override
    public boolean follows(RunView run) {
        return true;
    }

    @Override
    public boolean isNews(RunView run, String memo) {
        return !memo.equals(shown(run));
    }

    /** The word: its state, unless said otherwise. */
    String shown(RunView run) {
        return run.status().state().name();
    }
}
