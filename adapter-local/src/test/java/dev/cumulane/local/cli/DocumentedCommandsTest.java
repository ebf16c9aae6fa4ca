// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.cloud.CloudException;
import dev.cumulane.source.Repositories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The commands and options that the pages name are those that the command line takes. */
final class DocumentedCommandsTest {
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final String PROGRAM = "shop ";

    @TempDir
    static Path scratch;

    @TestFactory
    Stream<DynamicTest> each_command_in_the_pages_is_understood() throws IOException {
        Path repository = Repositories.create(scratch.resolve("repository"));
        return typed().stream()
                .distinct()
                .map(line -> DynamicTest.dynamicTest(line, () -> understood(words(line, repository))));
    }

    @Test
    void there_are_commands_and_options_in_the_pages() throws IOException {
        assertThat(typed()).contains("shop run --branch NAME", "shop environments", "shop redrive --cloud aws");
    }

    /** Each {@code shop …} between ticks, and in a row of a table with each option that the row names after it. */
    private static List<String> typed() throws IOException {
        List<String> typed = new ArrayList<>();
        for (Path page : pages()) {
            for (String line : Files.readAllLines(page)) {
                List<String> codes = CODE.matcher(line)
                        .results()
                        .map(found -> found.group(1).strip())
                        .toList();
                codes.stream().filter(code -> code.startsWith(PROGRAM)).forEach(typed::add);
                String last =
                        codes.stream().filter(code -> code.startsWith(PROGRAM)).reduce("", (one, next) -> next);
                if (line.startsWith("|") && !last.isEmpty()) {
                    codes.stream()
                            .filter(code -> code.startsWith("--"))
                            .forEach(option -> typed.add(
                                    last.replace("[PIPELINE] ", "").replace(" [PIPELINE]", "") + " " + option));
                }
            }
        }
        return typed;
    }

    private static List<Path> pages() throws IOException {
        Path here = Path.of("").toAbsolutePath();
        Path root = Files.exists(here.resolve("README.md")) ? here : here.getParent();
        try (Stream<Path> docs = Files.list(root.resolve("docs"))) {
            return Stream.concat(Stream.of(root.resolve("README.md")), docs.sorted())
                    .filter(page -> page.toString().endsWith(".md"))
                    .toList();
        }
    }

    /** What somebody types who has a pipeline called shop: a value for each word in capitals. */
    private static List<String> words(String line, Path repository) {
        List<String> words = new ArrayList<>();
        for (String word : line.substring(PROGRAM.length()).split(" +")) {
            words.add(
                    switch (word) {
                        case "[PIPELINE]" -> "shop";
                        case "ID" -> Repositories.git(repository, "rev-parse", "HEAD");
                        case "NAME" -> "main";
                        case "DIR" -> repository.toString();
                        case "STAGE/NAME=SHA256" -> "build/jar=" + "0".repeat(64);
                        default -> word.replaceAll("[\\[\\]]", "");
                    });
        }
        if (words.get(0).equals("run") && !words.contains("--repo") && !words.contains("--resume")) {
            words.addAll(List.of("--repo", repository.toString()));
        }
        return words;
    }

    /** It is understood if it comes as far as the cloud, or needs none. */
    private static void understood(List<String> words) {
        Terminal terminal = Terminal.piped();
        CommandLineTool tool = new CommandLineTool(
                terminal.console(),
                wishes -> {
                    throw CloudException.permanent("test", "the words were understood");
                },
                () -> List.of(ShopPipeline.pipeline()),
                engine -> engine);
        assertThat(tool.run(words.toArray(String[]::new))).as(terminal.err()).isIn(ExitCode.SUCCESS, ExitCode.ENGINE);
    }
}
