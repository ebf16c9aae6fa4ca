// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.local.cli.ExitCode;
import dev.cumulane.local.cli.Terminal;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clouds that adapters on the class path offer by name. */
class NamedCloudTest {
    @TempDir
    Path directory;

    private final Terminal terminal = Terminal.piped();

    @Test
    void a_cloud_of_another_adapter_is_found_by_its_name() {
        assertThat(type("runs", "--cloud", "simulated", "--set", "region=here")).isEqualTo(ExitCode.SUCCESS);
        assertThat(terminal.out().lines()).containsExactly("no runs in cloud 'simulated'");
    }

    @Test
    void this_machine_is_a_cloud_with_a_name_too() {
        Path state = directory.resolve("elsewhere");
        assertThat(type("--cloud=local", "--set=state=" + state, "runs")).isEqualTo(ExitCode.SUCCESS);
        assertThat(terminal.out().lines()).containsExactly("no runs in state directory " + state);
        assertThat(state).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--cloud gcp                                   | no cloud 'gcp' on the class path; there are: local, simulated",
                "--cloud $(x)                                  | no cloud '$(x)' on the class path; there are: local, simulated",
                "--cloud simulated                             | setting 'region' is one of here, down",
                "--cloud simulated --set zone=1                | cloud 'simulated' has no setting 'zone'; it has: namespace (where its names begin; cumulane if left out), region (where it is; necessary)",
                "--cloud local --set state=                    | setting 'state' is empty; name a directory",
                "--cloud simulated --set region                | Value for option option '--set' (SETTING=VALUE) should be in KEY=VALUE format but was region; see runs --help",
                "--cloud simulated --set region=here --state x | --state and --containers are for this machine; cloud 'simulated' has neither choice"
            })
    void a_mistake_is_one_clear_line_and_two(String words, String message) {
        assertThat(type(("runs " + words).split(" +"))).isEqualTo(ExitCode.USAGE);
        assertThat(terminal.errLines()).containsExactly("error: " + message);
        assertThat(terminal.out()).isEmpty();
    }

    @Test
    void a_setting_without_a_named_cloud_has_nothing_to_set() {
        assertThat(type("runs", "--set", "region=here")).isEqualTo(ExitCode.USAGE);
        assertThat(terminal.errLines())
                .containsExactly(
                        "error: --set is for a cloud that --cloud names; the program's own is set up in the program");
    }

    @Test
    void a_cloud_that_does_not_answer_is_one_clear_line_and_three() {
        assertThat(type("runs", "--cloud", "simulated", "--set", "region=down")).isEqualTo(ExitCode.ENGINE);
        assertThat(terminal.errLines()).containsExactly("error: simulated: region down does not answer");
    }

    private int type(String... words) {
        return type(terminal, words);
    }

    private static int type(Terminal on, String... words) {
        return Cumulane.run(
                on.console(),
                words,
                () -> {
                    throw new AssertionError("the program's own cloud was made");
                },
                () -> List.of(ShopProgram.pipeline()),
                engine -> engine);
    }
}
