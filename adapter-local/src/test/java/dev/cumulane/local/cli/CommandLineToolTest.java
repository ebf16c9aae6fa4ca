// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.cloud.CloudException;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.pipeline.Work;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CommandLineToolTest {
    private final Terminal terminal = Terminal.piped();

    @Test
    void help_names_every_command_and_opens_nothing() {
        assertThat(run("--help")).isEqualTo(ExitCode.SUCCESS);
        assertThat(terminal.out())
                .contains("run", "plan", "graph", "runs", "show", "logs", "approve", "reject", "cancel", "stop");
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "plan", "graph", "runs", "show", "logs", "approve", "reject", "cancel", "stop"})
    void every_command_has_a_help_with_examples(String command) {
        assertThat(run(command, "--help")).isEqualTo(ExitCode.SUCCESS);
        assertThat(terminal.out()).contains("Examples:", "  " + command, "--state");
    }

    @Test
    void the_version_is_one_line() {
        assertThat(run("--version")).isEqualTo(ExitCode.SUCCESS);
        assertThat(terminal.out().lines()).singleElement().asString().startsWith("cumulane ");
    }

    @Test
    void a_plan_is_printed_as_a_table_or_as_its_own_bytes() {
        assertThat(run("plan")).isEqualTo(ExitCode.SUCCESS);
        assertThat(terminal.out()).contains("fingerprint  ");
        Terminal other = Terminal.piped();
        assertThat(tool(other, ShopPipeline::pipeline).run("plan", "--json", "shop"))
                .isEqualTo(ExitCode.SUCCESS);
        assertThat(other.out()).isEqualTo(ShopPipeline.pipeline().plan().json() + System.lineSeparator());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nonsense                                | error: no command 'nonsense'; the commands are: ",
                "plan nope                               | error: no pipeline 'nope'; there are: shop",
                "graph --format svg                      | error: Invalid value for option '--format': choose mermaid or dot, not 'svg'",
                "runs --limit 0                          | error: --limit 0 is not usable: choose 1 to 1000",
                "runs --limit many                       | error: Invalid value for option '--limit'",
                "show                                    | error: Missing required parameter: 'RUN'; see show --help",
                "approve r release                       | error: Missing required option: '--as=NAME'; see approve --help",
                "run --containers sometimes              | error: Invalid value for option '--containers': choose required or host, not 'sometimes'",
                "run --approve-as mallory                | error: --approve-as 'mallory': may approve nothing; those who may: ada, grace",
                "run --resume --branch main              | error: --resume goes on with the latest open run; leave out ",
                "run --resume --param region=us          | error: --resume goes on with the latest open run; leave out ",
                "run --param region                      | error: Value for option option '--param' (NAME=VALUE) should be in KEY=VALUE format but was region",
                "run --branch --upload-pack=x            | error: branch '--upload-pack=x' starts with a hyphen",
                "run --repo --upload-pack=x              | error: repository '--upload-pack=x' starts with a hyphen",
                "run --repo /no/such/place               | error: repository '/no/such/place' is neither a directory nor a URL",
                "run --branch a --commit b               | error: --commit and --branch name the same thing in two ways",
                "runs --state=                           | error: --state '' names no directory",
                "--unknown                               | error: Unknown option: '--unknown'"
            })
    void a_mistake_is_one_clear_line_and_two(String words, String message) {
        assertThat(run(words.split(" +"))).isEqualTo(ExitCode.USAGE);
        assertThat(terminal.errLines()).singleElement().asString().startsWith(message);
        assertThat(terminal.out()).isEmpty();
    }

    @Test
    void without_a_command_the_commands_are_named() {
        assertThat(run()).isEqualTo(ExitCode.USAGE);
        assertThat(terminal.errLines()).singleElement().asString().contains("run", "approve");
    }

    @Test
    void a_mistake_in_a_definition_is_one_clear_line_and_two() {
        Supplier<Pipeline> wrong = () -> Pipeline.define("shop", p -> {
            var build = p.build("build", Work.container("alpine").runs("true").writes("jar", "x.jar"));
            p.build("other", Work.container("alpine").runs("true").reads(build.artifact("jra")));
        });
        assertThat(tool(terminal, wrong).run("plan")).isEqualTo(ExitCode.USAGE);
        assertThat(terminal.errLines()).singleElement().asString().contains("'jra'", "jar");
    }

    @Test
    void a_cloud_that_does_not_answer_is_three_and_one_line() {
        assertThat(run("runs")).isEqualTo(ExitCode.ENGINE);
        assertThat(terminal.errLines()).containsExactly("error: SQLite: journal.db is damaged");
    }

    @Test
    void verbose_adds_the_stack_trace() {
        assertThat(run("runs", "--verbose")).isEqualTo(ExitCode.ENGINE);
        assertThat(terminal.err()).contains("CloudException", "\tat ");
    }

    @Test
    void outside_text_cannot_steer_the_terminal() {
        assertThat(run("plan", "x\u001b[2J\u0007")).isEqualTo(ExitCode.USAGE);
        assertThat(terminal.err()).doesNotContain("\u001b", "\u0007");
    }

    @Test
    void an_argument_that_looks_like_a_file_of_arguments_is_an_argument() {
        assertThat(run("plan", "@/etc/passwd")).isEqualTo(ExitCode.USAGE);
        assertThat(terminal.errLines()).containsExactly("error: no pipeline '@/etc/passwd'; there are: shop");
    }

    private int run(String... words) {
        return tool(terminal, ShopPipeline::pipeline).run(words);
    }

    private static CommandLineTool tool(Terminal terminal, Supplier<Pipeline> pipeline) {
        return new CommandLineTool(
                terminal.console(),
                wishes -> {
                    throw CloudException.permanent("SQLite", "journal.db is damaged");
                },
                () -> List.of(pipeline.get()),
                engine -> engine);
    }
}
