// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import dev.cumulane.run.Outcome;
import dev.cumulane.run.RunState;
import dev.cumulane.run.StageView;

/**
 * Which signs and colours the reader's terminal can show.
 *
 * @param color whether it takes ANSI colours
 * @param unicode whether it shows more than ASCII
 */
record Style(boolean color, boolean unicode) {
    /** No colour, ASCII alone: what any file and any program can take. */
    static final Style PLAIN = new Style(false, false);

    /** What a piece of text is written in. */
    enum Ink {
        DEFAULT(""),
        BOLD("1"),
        DIM("2"),
        RED("31"),
        GREEN("32"),
        YELLOW("33"),
        CYAN("36");

        private final String code;

        Ink(String code) {
            this.code = code;
        }
    }

    private static final String SPINNER = "\u280b\u2819\u2839\u2838\u283c\u2834\u2826\u2827\u2807\u280f";
    private static final String ASCII_SPINNER = "-\\|/";

    String paint(Ink ink, String text) {
        return color && ink != Ink.DEFAULT && !text.isEmpty() ? "\u001b[" + ink.code + "m" + text + "\u001b[0m" : text;
    }

    /** One character that says where a stage is; {@code tick} turns the spinner. */
    String glyph(StageView stage, int tick) {
        if (stage.outcome().isPresent()) {
            return glyph(stage.outcome().get());
        }
        return switch (stage.progress().state()) {
            case PENDING -> unicode ? "\u25cb" : ".";
            case WAITING -> unicode ? "\u25c6" : "?";
            case EXECUTING, FINALIZING, FINISHED -> spinner(tick);
        };
    }

    String glyph(Outcome outcome) {
        return switch (outcome) {
            case SUCCESS -> unicode ? "\u2714" : "+";
            case FAILURE -> unicode ? "\u2718" : "x";
            case ERROR -> "!";
            case TIMEOUT -> unicode ? "\u29d6" : "T";
            case CANCELLATION -> unicode ? "\u2298" : "c";
            case SKIP -> unicode ? "\u2013" : "-";
        };
    }

    static Ink ink(Outcome outcome) {
        return switch (outcome) {
            case SUCCESS -> Ink.GREEN;
            case FAILURE, ERROR, TIMEOUT -> Ink.RED;
            case CANCELLATION -> Ink.YELLOW;
            case SKIP -> Ink.DIM;
        };
    }

    static Ink ink(StageView stage) {
        if (stage.outcome().isPresent()) {
            return ink(stage.outcome().get());
        }
        RunState state = stage.progress().state();
        return state == RunState.PENDING ? Ink.DIM : state == RunState.WAITING ? Ink.YELLOW : Ink.CYAN;
    }

    /** What stands before a stage that others follow, and before the last. */
    String branch(boolean last) {
        if (!unicode) {
            return last ? "`- " : "|- ";
        }
        return last ? "\u2514\u2500 " : "\u251c\u2500 ";
    }

    /** What stands before a line that belongs to the stage above it. */
    String trunk(boolean last) {
        return last ? "   " : unicode ? "\u2502  " : "|  ";
    }

    String dot() {
        return unicode ? " \u00b7 " : " - ";
    }

    private String spinner(int tick) {
        String frames = unicode ? SPINNER : ASCII_SPINNER;
        return String.valueOf(frames.charAt(Math.floorMod(tick, frames.length())));
    }
}
