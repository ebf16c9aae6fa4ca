// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import dev.cumulane.run.HistoryRecord;
import dev.cumulane.run.RunView;

/** One JSON object on a line for each event; words for people go to the other stream. */
final class JsonDisplay implements Display {
    private final Console console;

    JsonDisplay(Console console) {
        this.console = console;
    }

    @Override
    public void record(RunView run, HistoryRecord record) {
        Json.lines(run.id(), record).forEach(console::print);
        console.out().flush();
    }

    @Override
    public void draw(RunView run, Tree.Moment moment) {
        // A program draws for itself.
    }

    @Override
    public void say(String line) {
        console.err().println(line);
    }

    @Override
    public void close() {
        console.out().flush();
    }
}
