// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import dev.cumulane.run.HistoryRecord;
import dev.cumulane.run.RunView;

/** Shows one run while it goes on. Used on one thread. */
interface Display extends AutoCloseable {
    /** Shows what was recorded; called for each record, in order. */
    void record(RunView run, HistoryRecord record);

    /** Shows how it stands; called about ten times a second. */
    void draw(RunView run, Tree.Moment moment);

    /** Says something that is no part of the run's history. */
    void say(String line);

    /** Gives the terminal back as it was. Printing the end is the caller's. */
    @Override
    void close();

    /** What fits the options and the reader. */
    static Display on(Console console, boolean json) {
        if (json) {
            return new JsonDisplay(console);
        }
        return console.screen().live() ? new LiveDisplay(console) : new PlainDisplay(console);
    }
}
