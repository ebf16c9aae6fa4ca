// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.examples.failing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.examples.greeting.Workshop;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The example as its reader runs it: a process, and what it printed and left. */
@Execution(ExecutionMode.CONCURRENT)
@Timeout(300)
class FailingExampleTest {
    @TempDir
    Path directory;

    private Workshop shop;

    @BeforeEach
    void open() throws IOException {
        shop = new Workshop(directory, "failing", FailingExample.class);
    }

    @AfterEach
    void close() {
        shop.close();
    }

    @Test
    void a_broken_test_is_named_and_nothing_is_asked() throws Exception {
        assertThat(shop.run("broken-test")).as(shop.output()).isEqualTo(1);

        assertThat(shop.output()).contains("failed", "run failed").doesNotContain("A vote of", "\tat ");
        assertThat(shop.processes().stream().map(Workshop::describe)).isEmpty();
    }

    @Test
    void a_release_that_is_not_healthy_gives_way_to_the_one_before_it() throws Exception {
        assertThat(shop.run("broken-health", "--approve-as", "grace"))
                .as(shop.output())
                .isEqualTo(1);

        assertThat(shop.output())
                .containsSubsequence(
                        "grace approves",
                        "run succeeded",
                        "Now the same with a release that is not healthy.",
                        "grace approves",
                        "run failed",
                        "After the rollback, http://127.0.0.1:")
                .doesNotContain("ada approves");
        assertThat(shop.run("stop", "production")).as(shop.output()).isZero();
        assertThat(shop.processes().stream().map(Workshop::describe)).isEmpty();
    }

    @Test
    void what_it_does_not_know_is_refused_with_what_it_knows_and_leaves_nothing() throws Exception {
        assertThat(shop.run("nope")).isEqualTo(2);
        assertThat(shop.run()).isEqualTo(2);
        assertThat(shop.run("broken-test", "--approve-as", "mallory")).isEqualTo(2);
        assertThat(shop.output())
                .contains(
                        "error: there is no 'nope'; the variants are: broken-test, broken-health; the commands are: run, ")
                .contains("error: say what to run; the variants are: ")
                .contains("error: --approve-as 'mallory': may approve nothing; those who may: ada, grace");
        assertThat(directory.resolve(".cumulane/failing/journal.db")).doesNotExist();
    }

    @Test
    void its_help_says_what_the_variants_do() throws Exception {
        assertThat(shop.run("--help")).isZero();

        assertThat(shop.output()).contains("broken-test    a unit test fails", "broken-health", "--approve-as ada");
    }
}
