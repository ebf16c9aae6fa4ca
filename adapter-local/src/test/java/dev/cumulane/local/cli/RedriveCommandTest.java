// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.cloud.Cloud;
import dev.cumulane.cloud.Signals;
import dev.cumulane.cloud.contract.Twisted;
import dev.cumulane.testing.SimulatedCloud;
import java.lang.reflect.Proxy;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedriveCommandTest {
    private final Terminal terminal = Terminal.piped();

    /** A place in whose cloud so many signals were put aside. */
    private int run(int aside, String... words) {
        SimulatedCloud right = SimulatedCloud.of();
        Signals signals = Twisted.of(
                Signals.class, right.signals(), "redrive/1", (port, given) -> Math.min(aside, (Integer) given[0]));
        Cloud cloud = Twisted.of(Cloud.class, right, "signals/0", (port, given) -> signals);
        return new CommandLineTool(terminal.console(), wishes -> site(cloud), List::of, engine -> engine).run(words);
    }

    /** A place of which nothing is asked but its cloud, and that it is closed. */
    private static Site site(Cloud cloud) {
        return (Site) Proxy.newProxyInstance(
                Site.class.getClassLoader(),
                new Class<?>[] {Site.class},
                (place, asked, given) -> switch (asked.getName()) {
                    case "cloud" -> cloud;
                    case "close" -> null;
                    default -> throw new AssertionError("nobody needs " + asked);
                });
    }

    @ParameterizedTest
    @CsvSource({"0, nothing was put aside", "1, 1 signal comes again", "12, 12 signals come again"})
    void it_says_how_many_signals_come_again(int aside, String told) {
        assertThat(run(aside, "redrive")).isEqualTo(ExitCode.SUCCESS);
        assertThat(terminal.out().strip()).isEqualTo(told);
    }

    @Test
    void it_takes_no_more_than_was_said_and_tells_programs_the_number() {
        assertThat(run(12, "redrive", "--most", "5", "--json")).isEqualTo(ExitCode.SUCCESS);
        assertThat(terminal.out().strip()).isEqualTo("{\"sentAgain\":5}");
    }

    @ParameterizedTest
    @CsvSource({"0", "10001"})
    void a_number_that_is_none_is_a_mistake(String most) {
        assertThat(run(1, "redrive", "--most", most)).isEqualTo(ExitCode.USAGE);
        assertThat(terminal.err()).contains("--most is 1 to 10000, not " + most);
    }
}
