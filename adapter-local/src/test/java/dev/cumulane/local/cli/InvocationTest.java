// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class InvocationTest {
    @Test
    void a_script_says_how_it_is_called() {
        Invocation told = Invocation.current(Map.of(Invocation.VARIABLE, "./greeting"));
        assertThat(told.with("approve", "run-1", "release", "--comment", "it's fine"))
                .isEqualTo("./greeting approve run-1 release --comment 'it'\\''s fine'");
    }

    @Test
    void a_java_command_line_ends_at_its_jar_or_main_class() {
        assertThat(of("-Xmx1g", "-jar", "my shop.jar", "run", "--json"))
                .contains(new Invocation("java -Xmx1g -jar 'my shop.jar'"));
        assertThat(of("-cp", "a.jar:b.jar", "-Dx=y", "com.example.Shop", "run"))
                .contains(new Invocation("java -cp a.jar:b.jar -Dx=y com.example.Shop"));
    }

    @Test
    void what_nobody_would_type_is_not_suggested() {
        assertThat(of("-cp", "a.jar:".repeat(200), "com.example.Shop")).isEmpty();
        assertThat(of("-version")).isEmpty();
    }

    private static Optional<Invocation> of(String... arguments) {
        return Invocation.of(Optional.of("/usr/bin/java"), Optional.of(List.of(arguments)));
    }
}
