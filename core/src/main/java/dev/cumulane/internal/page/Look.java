// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.page;

import dev.cumulane.internal.html.Attr;
import dev.cumulane.internal.html.Html;
import dev.cumulane.internal.html.Tag;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.RunState;
import dev.cumulane.run.RunView;
import dev.cumulane.run.StageView;
import java.util.Locale;
import java.util.Optional;

/** How a state looks: a word, a sign and a colour, of which the colour is never alone. */
enum Look {
    SUCCEEDED("succeeded", "✓", "M4.6 8.3 7 10.7 11.4 5.6"),
    FAILED("failed", "✗", "M5.4 5.4 10.6 10.6M10.6 5.4 5.4 10.6"),
    ERROR("error", "!", "M8 4.4V8.8M8 11.2V11.5"),
    TIMED_OUT("timed out", "✗", "M8 4.6V8L10.4 9.8"),
    CANCELLED("cancelled", "∅", "M4.9 11.1 11.1 4.9"),
    SKIPPED("skipped", "»", "M5.2 5.4 7.8 8 5.2 10.6M8.6 5.4 11.2 8 8.6 10.6"),
    PENDING("not begun", "·", ""),
    RUNNING("running", "▸", "M8 2.6A5.4 5.4 0 0 1 13.4 8"),
    WAITING("waiting", "‖", "M6.3 5.4V10.6M9.7 5.4V10.6"),
    ENDING("ending", "▪", "M6 6H10V10H6Z");

    private final String word;
    private final String sign;
    private final String path;

    Look(String word, String sign, String path) {
        this.word = word;
        this.sign = sign;
        this.path = path;
    }

    static Look of(Outcome outcome) {
        return switch (outcome) {
            case SUCCESS -> SUCCEEDED;
            case FAILURE -> FAILED;
            case ERROR -> ERROR;
            case TIMEOUT -> TIMED_OUT;
            case CANCELLATION -> CANCELLED;
            case SKIP -> SKIPPED;
        };
    }

    static Look of(RunView run) {
        return of(run.status().state(), run.outcome());
    }

    static Look of(StageView stage) {
        return of(stage.progress().state(), stage.outcome());
    }

    private static Look of(RunState state, Optional<Outcome> outcome) {
        return outcome.map(Look::of).orElseGet(() -> switch (state) {
            case PENDING -> PENDING;
            case WAITING -> WAITING;
            case FINALIZING, FINISHED -> ENDING;
            case EXECUTING -> RUNNING;
        });
    }

    String word() {
        return word;
    }

    /** A sign for a window's title, where there is neither picture nor colour. */
    String sign() {
        return sign;
    }

    /** The class of the style sheet. */
    String cls() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The sign and the word. */
    Html badge() {
        return Tag.SPAN.cls("badge " + cls()).of(icon(), Html.text(word));
    }

    /** The sign alone, for where the word stands beside it. */
    Html icon() {
        return Tag.SVG
                .cls("icon " + cls())
                .with(Attr.VIEWBOX, "0 0 16 16")
                .with(Attr.WIDTH, "16")
                .with(Attr.HEIGHT, "16")
                .with(Attr.ARIA_HIDDEN, "true")
                .of(shape());
    }

    /** What {@link #icon()} shows, in a square of 16. */
    Html shape() {
        return Html.of(
                Tag.CIRCLE.cls("disc").with(Attr.CX, "8").with(Attr.CY, "8").with(Attr.R, "6.9"),
                path.isEmpty() ? Html.nothing() : Tag.PATH.cls("mark").with(Attr.D, path));
    }
}
