// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.testing;

import static dev.cumulane.pipeline.Work.container;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cumulane.pipeline.FunctionStage;
import dev.cumulane.pipeline.Output;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.pipeline.StageContext;
import dev.cumulane.pipeline.ValueKind;
import dev.cumulane.run.Cause;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.StageValue;
import dev.cumulane.run.Verdict;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Values from stage to stage. */
class ValuesTest {
    private static final Output<String> VERSION = Output.text("version");
    private static final Output<BigDecimal> COVERAGE = Output.number("coverage");
    private static final Output<Boolean> CHANGED = Output.flag("changed");
    private static final Output<List<String>> MODULES = Output.list("modules");

    private static final Pipeline PIPELINE = Pipeline.define("shop", p -> {
        var build = p.build(
                "build",
                container("alpine:3.22").runs("make").outputs(VERSION, COVERAGE).outputs(CHANGED, MODULES));
        p.build(
                "publish",
                container("alpine:3.22")
                        .env("VERSION", build.value("version"))
                        .env("MODULES", build.value(MODULES))
                        .runs("./publish.sh"));
        p.function("tag", Tag.class).env("VERSION", build.value(VERSION)).outputs(Output.text("tagged"));
        p.build(
                        "report",
                        container("alpine:3.22")
                                .env("COVERAGE", build.value(COVERAGE))
                                .runs("./report.sh"))
                .always();
    });

    private final PipelineTester tester = PipelineTester.of(PIPELINE);

    /** A function stage; the simulated world does not run it. */
    public static final class Tag implements FunctionStage {
        @Override
        public Result run(StageContext context) {
            context.output("tagged", "v" + context.env("VERSION"));
            return Result.success();
        }
    }

    @Test
    void aValueComesToThoseThatUseItAsItWasWritten() {
        String odd = "1.2'; \"$(touch x)\" `id` \\ \t\n\n${HOME} %b ä 漢 \uD83D\uDE00";
        tester.stage("build").outputs("version", odd).outputs("modules", "core", "web");

        TestedRun run = tester.start().assertSucceeded().assertValue("build", "version", odd);

        assertThat(run.env("publish")).containsEntry("VERSION", odd).containsEntry("MODULES", "core\nweb");
        assertThat(run.env("tag")).containsEntry("VERSION", odd);
        assertThat(run.stage("publish").after()).containsExactly("build");
    }

    @Test
    void aLargeValueIsStoredAndComesToThoseThatUseItAllTheSame() {
        String large = "x".repeat(StageValue.LARGEST);
        tester.stage("build").outputs("version", large);

        TestedRun run = tester.start().assertSucceeded().assertValue("build", "version", large);

        assertThat(value(run, "version")).isInstanceOf(StageValue.Stored.class);
        assertThat(run.env("publish")).containsEntry("VERSION", large);
        assertThat(run.env("tag")).containsEntry("VERSION", large);
    }

    @Test
    void valuesThatTogetherAreTooManyForOneRecordAreStored() {
        Pipeline pipeline = Pipeline.define("many", p -> {
            var work = container("alpine:3.22").runs("make");
            for (int i = 0; i < Output.MOST; i++) {
                work = work.outputs(Output.text("v" + i));
            }
            var build = p.build("build", work);
            p.build(
                    "use",
                    container("alpine:3.22").env("LAST", build.value("v9")).runs("true"));
        });
        PipelineTester many = PipelineTester.of(pipeline);
        for (int i = 0; i < Output.MOST; i++) {
            many.stage("build").outputs("v" + i, "\u0001".repeat(500));
        }

        TestedRun run = many.start().assertSucceeded();

        assertThat(run.env("use")).containsEntry("LAST", "\u0001".repeat(500));
        assertThat(run.stage("build")
                        .progress()
                        .verdict()
                        .orElseThrow()
                        .values()
                        .values())
                .hasSize(Output.MOST)
                .filteredOn(StageValue.Stored.class::isInstance)
                .hasSize(Output.MOST - 1);
    }

    @ParameterizedTest
    @CsvSource({"coverage, 12%", "coverage, 1e3", "coverage, ''", "coverage, 007", "changed, yes", "changed, TRUE"})
    void aValueThatIsNoneOfItsKindIsRefused(String name, String text) {
        tester.stage("build").outputs(name, text);

        TestedRun run = tester.start().assertFailed();

        assertThat(verdict(run).cause()).isEqualTo(Cause.OUTPUT_REFUSED);
        assertThat(verdict(run).detail()).startsWith("value " + name + " is '" + text + "', which is n");
        assertThat(verdict(run).values()).isEmpty();
        run.assertStage("publish", Outcome.SKIP);
    }

    @Test
    void aListWithAnEmptyItemIsRefused() {
        tester.stage("build").outputs("modules", "core", "", "web");

        assertThat(verdict(tester.start()).detail()).isEqualTo("value modules is a list whose item 2 is empty");
    }

    @Test
    void aValueWithANulIsRefused() {
        tester.stage("build").outputs("version", "1.\0");

        assertThat(verdict(tester.start()).detail())
                .isEqualTo("value version holds a NUL, which no environment variable can");
    }

    @Test
    void aValueThatIsTooLargeIsRefused() {
        tester.stage("build").outputs("version", "x".repeat(StageValue.LARGEST + 1));

        assertThat(verdict(tester.start()).detail()).isEqualTo("value version has more than 65536 bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-12", "0", "87.5", "-0.000000001", "999999999999999999"})
    void numbersAreKeptAsTheyWereWritten(String number) {
        tester.stage("build").outputs("coverage", number);

        TestedRun run = tester.start().assertSucceeded();

        assertThat(value(run, "coverage")).isEqualTo(new StageValue.Inline(ValueKind.NUMBER, number));
    }

    @Test
    void oneNewlineAtTheVeryEndDoesNotCount() {
        tester.stage("build").outputs("version", "1.2\n\n").outputs("modules", "core\n");

        tester.start().assertValue("build", "version", "1.2\n").assertValue("build", "modules", "core");
    }

    @Test
    void anEmptyValueAndAnEmptyListAreValues() {
        tester.stage("build").outputs("version", "").outputs("modules");

        assertThat(tester.start().assertSucceeded().env("publish"))
                .containsEntry("VERSION", "")
                .containsEntry("MODULES", "");
    }

    @Test
    void whatWasNotHandedOnIsEmptyForAStageThatAlwaysRuns() {
        tester.stage("build").fails();

        assertThat(tester.start().assertFailed().env("report")).containsEntry("COVERAGE", "");
    }

    @Test
    void aScriptOfAValueThatDoesNotExistIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tester.stage("build").outputs("verison", "1"))
                .withMessage(
                        "stage 'build' hands on no value 'verison'; it hands on changed, coverage, modules, version");
    }

    @Test
    void anAssertionOfAnotherValueShowsTheRun() {
        TestedRun run = tester.start();

        assertThatThrownBy(() -> run.assertEnv("publish", "VERSION", "2"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("was given {MODULES=one\ntwo, VERSION=version of build}");
        assertThatThrownBy(() -> run.assertReturns("version", "2"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("returns no such value");
        assertThatThrownBy(() -> run.assertValue("build", "changed", "false"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("changed=true");
    }

    private static StageValue value(TestedRun run, String name) {
        return verdict(run).values().get(name);
    }

    private static Verdict verdict(TestedRun run) {
        return run.stage("build").progress().verdict().orElseThrow();
    }
}
