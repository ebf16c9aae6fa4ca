// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.cloud.CloudException;
import dev.cumulane.examples.failing.FailingExample;
import dev.cumulane.examples.greeting.GreetingExample;
import dev.cumulane.examples.greeting.GreetingPipeline;
import dev.cumulane.examples.greeting.SampleRepository;
import dev.cumulane.examples.greeting.SampleRepository.Version;
import dev.cumulane.examples.push.PushExample;
import dev.cumulane.local.cli.CommandLineTool;
import dev.cumulane.local.cli.Console;
import dev.cumulane.run.Commit;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** What the pages tell the reader to type is what the examples take. */
class DocumentedExamplesTest {
    private static final Pattern TYPED = Pattern.compile("examples/run ([a-z][^`\\n]*)");
    /** How a command ends that was understood and then found no cloud. */
    private static final int UNDERSTOOD = 3;

    @TempDir
    static Path scratch;

    @TestFactory
    Stream<DynamicTest> each_example_in_the_pages_is_understood() throws IOException {
        return typed().stream()
                .map(line -> DynamicTest.dynamicTest(
                        "examples/run " + line, () -> check(List.of(line.strip().split(" +")))));
    }

    @Test
    void there_are_examples_of_each_kind_in_the_pages() throws IOException {
        assertThat(typed().stream().map(line -> line.split(" ")[0]).distinct())
                .containsExactlyInAnyOrder("greeting", "failing", "push");
    }

    private static List<String> typed() throws IOException {
        return DocumentationTest.pages().stream()
                .flatMap(page -> TYPED.matcher(page.text()).results().map(found -> found.group(1)))
                .distinct()
                .toList();
    }

    private static void check(List<String> typed) {
        List<String> rest = typed.subList(1, typed.size());
        switch (typed.get(0)) {
            case "push" ->
                assertThat(PushExample.approver(rest.toArray(String[]::new))).isPresent();
            case "failing" -> {
                if (rest.get(0).equals("--help")) {
                    return;
                }
                assertThat(FailingExample.VARIANTS).contains(rest.get(0));
                Commit commit = SampleRepository.at(scratch.resolve("failing")).commit(Version.BROKEN_TEST);
                understood(FailingExample.words(commit, rest.subList(1, rest.size())));
            }
            default ->
                understood(Arrays.asList(GreetingExample.words(scratch.resolve("state"), rest.toArray(String[]::new))));
        }
    }

    private static void understood(List<String> words) {
        CommandLineTool tool = new CommandLineTool(
                Console.system(),
                wishes -> {
                    throw CloudException.permanent("test", "the words were understood");
                },
                () -> List.of(GreetingPipeline.pipeline()),
                engine -> engine);
        assertThat(tool.run(words.toArray(String[]::new))).as("%s", words).isEqualTo(UNDERSTOOD);
    }
}
