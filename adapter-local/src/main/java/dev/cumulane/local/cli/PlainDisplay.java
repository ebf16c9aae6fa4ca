// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import dev.cumulane.run.HistoryRecord;
import dev.cumulane.run.RunView;

/** One line for each event that a person wants to know of: for files, pipes and terminals that cannot be drawn on. */
final class PlainDisplay implements Display {
    private final Console console;
    private final PlainLines lines = new PlainLines();

    PlainDisplay(Console console) {
        this.console = console;
    }

    @Override
    public void record(RunView run, HistoryRecord record) {
        lines.of(record).forEach(console::print);
        console.out().flush();
    }

    @Override
    public void draw(RunView run, Tree.Moment moment) {
        // What is printed stays.
    }

    @Override
    public void say(String line) {
        console.print(line);
        console.out().flush();
    }

    @Override
    public void close() {
        console.out().flush();
    }
}
