// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cumulane.examples.MarkdownPage.JavaBlock;
import dev.cumulane.testing.PipelineTester;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every block of Java in README.md and in docs compiles and runs. */
class DocumentationTest {
    private static final Path ROOT = root();
    private static final Duration LONGEST_SECOND_EXECUTION = Duration.ofMillis(100);
    private static final int REPETITIONS = 20;

    @TestFactory
    Stream<DynamicContainer> every_block_compiles_and_runs() throws IOException {
        PageCompiler compiler = new PageCompiler(imports());
        return pages().stream()
                .filter(page -> !page.javaBlocks().isEmpty())
                .map(page -> DynamicContainer.dynamicContainer(page.name(), tests(compiler, page)));
    }

    private static Stream<DynamicTest> tests(PageCompiler compiler, MarkdownPage page) {
        PageRunner runner = new PageRunner(compiler.compile(page));
        return page.javaBlocks().stream()
                .map(block -> DynamicTest.dynamicTest("line " + block.line(), () -> runner.run(block)));
    }

    @Test
    void there_are_blocks_in_the_readme_and_in_the_pages_that_teach() throws IOException {
        List<String> withJava = pages().stream()
                .filter(page -> !page.javaBlocks().isEmpty())
                .map(MarkdownPage::name)
                .toList();

        assertThat(withJava)
                .contains(
                        "README.md",
                        "docs/getting-started.md",
                        "docs/writing-a-pipeline.md",
                        "docs/testing-a-pipeline.md");
    }

    @Test
    void the_dependencies_of_a_project_of_ones_own_have_the_versions_of_this_build() throws IOException {
        String pom = Files.readString(ROOT.resolve("pom.xml"));
        String page = Files.readString(ROOT.resolve("docs/getting-started.md"));

        assertThat(versions(page))
                .containsExactly(
                        found(pom, "<artifactId>cumulane-parent</artifactId>\\s*<version>([^<]+)<"),
                        found(pom, "<slf4j.version>([^<]+)<"),
                        found(pom, "<junit.version>([^<]+)<"));
    }

    private static List<String> versions(String page) {
        return Pattern.compile("<version>([^<]+)</version>")
                .matcher(page)
                .results()
                .map(version -> version.group(1))
                .toList();
    }

    private static String found(String text, String pattern) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(version -> version.group(1))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void links_between_the_pages_lead_somewhere() throws IOException {
        for (MarkdownPage page : pages()) {
            Path directory = ROOT.resolve(page.name()).toAbsolutePath().getParent();
            assertThat(page.links())
                    .as(page.name())
                    .allSatisfy(link -> assertThat(directory.resolve(link)).exists());
        }
    }

    /** The README's test: days of the world's time in less than a tenth of a second. */
    @Test
    void the_readmes_own_test_moves_four_days_in_under_100_ms_when_it_is_run_again() throws Exception {
        MarkdownPage readme = MarkdownPage.read(ROOT, ROOT.resolve("README.md"));
        PageCompiler.Compiled compiled = new PageCompiler(imports()).compile(readme);
        Class<?> type = Class.forName("ShopPipelineTest", true, compiled.classes());

        Duration first = execute(type);
        Duration second = execute(type);
        Duration best = second;
        for (int i = 0; i < REPETITIONS && best.compareTo(LONGEST_SECOND_EXECUTION) >= 0; i++) {
            Duration again = execute(type);
            best = again.compareTo(best) < 0 ? again : best;
        }

        System.out.printf(
                "README's pipeline test, four days of virtual time: first execution %d ms, second %d ms%n",
                first.toMillis(), second.toMillis());
        assertThat(best).isLessThan(LONGEST_SECOND_EXECUTION);
    }

    /** Executes the tests of a class on new instances, checks that each moved its world by four days, and measures them. */
    private static Duration execute(Class<?> type) throws ReflectiveOperationException {
        long nanos = 0;
        for (Method method : type.getDeclaredMethods()) {
            if (!method.isAnnotationPresent(Test.class)) {
                continue;
            }
            method.setAccessible(true);
            long before = System.nanoTime();
            Object test = PageRunner.instance(type);
            PipelineTester tester = tester(test);
            Instant beginning = tester.now();
            method.invoke(test);
            nanos += System.nanoTime() - before;
            assertThat(Duration.between(beginning, tester.now())).isGreaterThanOrEqualTo(Duration.ofDays(4));
        }
        return Duration.ofNanos(nanos);
    }

    private static PipelineTester tester(Object test) throws ReflectiveOperationException {
        Field field = test.getClass().getDeclaredField("tester");
        field.setAccessible(true);
        return (PipelineTester) field.get(test);
    }

    @Test
    void a_block_that_does_not_compile_is_refused_with_its_page_and_line() {
        MarkdownPage page = page("Text.", "", "```java", "int days = 4;", "String text = days;", "```");

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> run(page))
                .withMessageContaining("docs/page.md:5: incompatible types");
    }

    @Test
    void a_class_that_does_not_compile_is_refused_with_its_page_and_line() {
        MarkdownPage page = page(
                "```java",
                "final class Shop {",
                "    static Pipeline pipeline() {",
                "        return null",
                "    }",
                "}",
                "```");

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> run(page))
                .withMessageContaining("docs/page.md:4: ';' expected");
    }

    @Test
    void a_piece_of_a_pipeline_with_a_mistake_is_refused() {
        MarkdownPage page = page(
                "```java",
                "var build = p.build(\"build\", container(\"alpine:3.22\").runs(\"make\").writes(\"jar\", \"shop.jar\"));",
                "p.deploy(build.artifact(\"war\"), environment(\"production\"));",
                "```");

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> run(page))
                .withMessageContaining("docs/page.md:2: the block fails")
                .withMessageContaining("writes no artifact 'war'; it writes jar");
    }

    @Test
    void a_test_that_fails_is_refused() {
        MarkdownPage page = page(
                "```java",
                "class ShopTest {",
                "    @Test",
                "    void is_wrong() {",
                "        var pipeline = Pipeline.define(\"shop\", p -> p.build(\"build\", container(\"alpine:3.22\").runs(\"make\")));",
                "        PipelineTester.of(pipeline).start().assertFailed();",
                "    }",
                "}",
                "```");

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> run(page))
                .withMessageContaining("docs/page.md:2: the block fails")
                .withMessageContaining("expected the run to have ended with FAILURE, but it ended with SUCCESS");
    }

    @Test
    void a_block_that_is_not_closed_is_refused() {
        MarkdownPage page = page("Text.", "```java", "int days = 4;");

        assertThatIllegalArgumentException()
                .isThrownBy(page::javaBlocks)
                .withMessage("docs/page.md:2: the block of Java is not closed");
    }

    @Test
    void a_block_uses_the_types_of_the_page_and_the_setup_before_it() {
        run(page(
                "```java",
                "record Days(int count) {}",
                "```",
                "<!-- setup: int more = 3; -->",
                "```java",
                "if (new Days(1).count() + more != 4) {",
                "    throw new IllegalStateException();",
                "}",
                "```"));
    }

    private static MarkdownPage page(String... lines) {
        return new MarkdownPage("docs/page.md", String.join("\n", lines) + "\n");
    }

    private static void run(MarkdownPage page) {
        PageRunner runner = new PageRunner(new PageCompiler(imports()).compile(page));
        page.javaBlocks().forEach(runner::run);
    }

    /** The imports that docs/writing-a-pipeline.md tells. */
    private static List<String> imports() {
        try {
            MarkdownPage page = MarkdownPage.read(ROOT, ROOT.resolve("docs/writing-a-pipeline.md"));
            JavaBlock block = page.javaBlocks().stream()
                    .filter(JavaBlock::isImports)
                    .findFirst()
                    .orElseThrow();
            return block.code().lines().toList();
        } catch (IOException e) {
            throw new IllegalStateException("docs/writing-a-pipeline.md cannot be read", e);
        }
    }

    static List<MarkdownPage> pages() throws IOException {
        List<MarkdownPage> pages = new ArrayList<>();
        pages.add(MarkdownPage.read(ROOT, ROOT.resolve("README.md")));
        try (Stream<Path> files = Files.walk(ROOT.resolve("docs"))) {
            for (Path file : files.filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList()) {
                pages.add(MarkdownPage.read(ROOT, file));
            }
        }
        return pages;
    }

    /** The directory that holds the documentation, seen from this module or from the project's root. */
    private static Path root() {
        Path here = Path.of("").toAbsolutePath();
        Path parent = here.getParent();
        return parent == null || Files.exists(here.resolve("README.md")) ? here : parent;
    }
}
