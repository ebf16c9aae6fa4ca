// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.cloud.Secrets;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every {@link Secrets} does. Each test begins with none. */
public abstract class SecretsContract {
    /**
     * The port under test.
     *
     * @return a port that knew no secret when the test began
     */
    protected abstract Secrets secrets();

    /**
     * Stores a secret the way a user of that cloud does.
     *
     * @param reference as the pipeline writes it
     * @param value its value
     * @throws Exception if it could not be stored
     */
    protected abstract void store(String reference, String value) throws Exception;

    @Test
    void a_secret_that_was_stored_exists() throws Exception {
        store("npm-token", "hunter2");

        assertThat(secrets().exists("npm-token")).isTrue();
    }

    @Test
    void a_secret_that_was_never_stored_does_not_exist() throws Exception {
        store("npm-token", "hunter2");

        assertThat(secrets().exists("npm")).isFalse();
        assertThat(secrets().exists("npm-token-2")).isFalse();
        assertThat(secrets().exists("NPM-TOKEN")).isFalse();
    }

    @Test
    void the_engine_reads_the_value_that_was_stored() throws Exception {
        store("webhook", "größe\n hunter2");

        assertThat(secrets().read("webhook")).hasValue("größe\n hunter2".getBytes(StandardCharsets.UTF_8));
        assertThat(secrets().read("webhook-2")).isEmpty();
    }

    @Test
    void what_a_reader_does_to_a_value_changes_nothing() throws Exception {
        store("webhook", "hunter2");

        Arrays.fill(secrets().read("webhook").orElseThrow(), (byte) 0);

        assertThat(secrets().read("webhook")).hasValue("hunter2".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void a_value_is_not_shown() throws Exception {
        store("npm-token", "hunter2-canary");

        assertThat(secrets().exists("npm-token")).isTrue();
        assertThat(secrets().toString()).doesNotContain("hunter2-canary");
    }

    @ParameterizedTest
    @MethodSource("hostileReferences")
    void a_hostile_reference_names_no_secret(String reference) throws Exception {
        store("npm-token", "hunter2");

        assertThat(secrets().exists(reference)).isFalse();
        assertThat(secrets().read(reference)).isEmpty();
    }

    static List<String> hostileReferences() {
        return List.of(
                "",
                ".",
                "..",
                "/",
                "../npm-token",
                "./npm-token",
                "x/../npm-token",
                "/etc/passwd",
                "npm-token\u0000",
                "npm-token\n",
                "npm token",
                "$(id)",
                "*",
                "n".repeat(300));
    }
}
