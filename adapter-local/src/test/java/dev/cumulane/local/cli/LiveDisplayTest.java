// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.run.Outcome;
import dev.cumulane.run.Verdict;
import org.junit.jupiter.api.Test;

final class LiveDisplayTest {
    private final Terminal terminal = Terminal.live(24, 40);
    private final LiveDisplay display = new LiveDisplay(terminal.console());
    private final Tree.Moment moment = Tree.Moment.still(Samples.START);

    @Test
    void a_picture_is_drawn_over_the_one_before() {
        display.draw(Samples.open(Samples.running("build", 0)), moment);
        String first = terminal.out();
        display.draw(Samples.ended(Outcome.SUCCESS, 1, Samples.ended("build", 0, 1, Verdict.success())), moment);

        assertThat(first).doesNotContain("\u001b[2A").contains("running");
        assertThat(terminal.out().substring(first.length()))
                .contains("\u001b[2A")
                .contains("succeeded");
    }

    @Test
    void what_is_said_stays_above_the_picture() {
        display.draw(Samples.open(Samples.running("build", 0)), moment);
        display.say("a notice");
        int said = terminal.out().length();
        display.draw(Samples.open(Samples.running("build", 0)), moment);

        assertThat(terminal.out()).contains("\u001b[2A\u001b[Ja notice\n");
        assertThat(terminal.out().substring(said)).doesNotContain("A\u001b[2K");
    }

    @Test
    void the_terminal_gets_its_cursor_and_its_wrapping_back() {
        display.draw(Samples.open(Samples.running("build", 0)), moment);
        display.close();

        assertThat(terminal.out()).endsWith("\u001b[?25h");
        assertThat(terminal.out().lastIndexOf("\u001b[?7h"))
                .isGreaterThan(terminal.out().lastIndexOf("\u001b[?7l"));
    }
}
