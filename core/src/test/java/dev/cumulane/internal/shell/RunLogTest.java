// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cumulane.internal.machine.Command;
import dev.cumulane.run.RunId;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;
import org.slf4j.helpers.BasicMDCAdapter;
import org.slf4j.spi.MDCAdapter;

/** The context that a logging system sees. */
class RunLogTest {
    private static final RunId RUN = new RunId("shop-0k3v9q2m7xw4b1ce");

    private @Nullable MDCAdapter before;

    @BeforeEach
    void watch() throws ReflectiveOperationException {
        before = swap(new BasicMDCAdapter());
    }

    @AfterEach
    void unwatch() throws ReflectiveOperationException {
        swap(before);
    }

    private static MDCAdapter swap(@Nullable MDCAdapter adapter) throws ReflectiveOperationException {
        var field = MDC.class.getDeclaredField("MDC_ADAPTER");
        field.setAccessible(true);
        MDCAdapter old = (MDCAdapter) field.get(null);
        field.set(null, adapter);
        return old;
    }

    @Test
    void what_is_logged_for_a_command_has_run_stage_and_attempt() {
        Map<String, String> seen = RunLog.in(
                RUN,
                () -> RunLog.in(new Command.StartWork("build", 2), () -> new HashMap<>(MDC.getCopyOfContextMap())));

        assertThat(seen)
                .containsOnly(Map.entry("run", RUN.value()), Map.entry("stage", "build"), Map.entry("attempt", "2"));
    }

    @Test
    void what_stood_there_before_stands_there_again_even_after_a_failure() {
        MDC.put("run", "of somebody else");

        assertThatThrownBy(() -> RunLog.in(RUN, () -> {
                    throw new IllegalStateException("lost");
                }))
                .hasMessage("lost");

        assertThat(MDC.getCopyOfContextMap()).containsOnly(Map.entry("run", "of somebody else"));
    }
}
