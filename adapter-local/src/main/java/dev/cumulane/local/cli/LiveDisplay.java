// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import dev.cumulane.run.HistoryRecord;
import dev.cumulane.run.RunView;
import java.util.List;

/** The tree, drawn over itself; what is said stays above it. */
final class LiveDisplay implements Display {
    private static final String ESC = "\u001b[";
    private static final String HIDE_CURSOR = ESC + "?25l";
    private static final String WRAP_OFF = ESC + "?7l";
    private static final String WRAP_ON = ESC + "?7h";
    private static final String CLEAR_BELOW = ESC + "J";
    private static final String CLEAR_LINE = ESC + "2K";

    private final Console console;
    private final Tree tree;
    private int drawn;

    LiveDisplay(Console console) {
        this.console = console;
        this.tree = new Tree(console.style());
    }

    @Override
    public void record(RunView run, HistoryRecord record) {
        // The next picture shows it.
    }

    @Override
    public void draw(RunView run, Tree.Moment moment) {
        Screen.Size size = console.screen().size().get();
        // One row stays free for the cursor, so that the terminal never scrolls by itself.
        List<Line> lines = tree.lines(run, moment, Math.max(4, size.rows() - 1));
        StringBuilder frame = new StringBuilder(HIDE_CURSOR).append(WRAP_OFF).append(home());
        for (Line line : lines) {
            frame.append(CLEAR_LINE)
                    .append(line.painted(console.style(), size.columns() - 1))
                    .append('\n');
        }
        print(frame.append(CLEAR_BELOW).append(WRAP_ON));
        drawn = lines.size();
    }

    @Override
    public void say(String line) {
        erase();
        console.print(line);
    }

    /** Takes the picture away; its last form is printed by the caller, for good. */
    @Override
    public void close() {
        erase();
        print(new StringBuilder(console.screen().restored()));
    }

    private void erase() {
        print(new StringBuilder(home()).append(CLEAR_BELOW));
        drawn = 0;
    }

    private String home() {
        return drawn == 0 ? "\r" : "\r" + ESC + drawn + "A";
    }

    private void print(StringBuilder text) {
        console.out().print(text);
        console.out().flush();
    }
}
