// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud;

import static dev.cumulane.pipeline.Work.container;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.internal.order.FunctionOrder;
import dev.cumulane.internal.order.OrderKeys;
import dev.cumulane.internal.order.OrderVariables;
import dev.cumulane.internal.order.ResultFile;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.pipeline.FunctionStage;
import dev.cumulane.pipeline.Output;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.pipeline.StageContext;
import dev.cumulane.pipeline.ValueKind;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.Cause;
import dev.cumulane.run.RunId;
import dev.cumulane.run.StageValue;
import dev.cumulane.run.Verdict;
import dev.cumulane.testing.SimulatedCloud;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Values of function stages, by the worker that carries them out. */
class FunctionValuesTest {
    private static final AttemptId ATTEMPT = new AttemptId(new RunId("shop-0k3v9q2m7xw4b1ce"), "size", 1);
    private static final Output<String> VERSION = Output.text("version");
    private static final Output<BigDecimal> COUNT = Output.number("count");
    private static final Output<Boolean> CHANGED = Output.flag("changed");
    private static final Output<List<String>> MODULES = Output.list("modules");

    @TempDir
    Path home;

    private final ArtifactStore store = SimulatedCloud.of(Pipeline.define(
                    "shop", p -> p.build("build", container("alpine:3.22").runs("true"))))
            .artifacts();
    private final List<String> log = new ArrayList<>();

    /** Hands on one value of each kind; the text is what a variable holds. */
    public static final class Speaks implements FunctionStage {
        @Override
        public Result run(StageContext context) {
            context.output(VERSION, "first");
            context.output(VERSION, context.env("VERSION"));
            context.output(COUNT, new BigDecimal("1E+3"));
            context.output(CHANGED, true);
            context.output(MODULES, List.of("core", "web"));
            return Result.success();
        }
    }

    /** Hands on a list whose item has two lines. */
    public static final class Errs implements FunctionStage {
        @Override
        public Result run(StageContext context) {
            context.output(MODULES, List.of("core\nweb"));
            return Result.success();
        }
    }

    /** Hands on a value of the wrong kind. */
    public static final class Misspeaks implements FunctionStage {
        @Override
        public Result run(StageContext context) {
            context.output("count", "many");
            return Result.success();
        }
    }

    /** Hands on a value that nobody declared. */
    public static final class Babbles implements FunctionStage {
        @Override
        public Result run(StageContext context) {
            context.output("size", "1");
            return Result.success();
        }
    }

    private ResultFile run(Class<? extends FunctionStage> stage, OrderVariables variables) throws Exception {
        TreeMap<String, ValueKind> values = new TreeMap<>();
        for (Output<?> output : List.of(VERSION, COUNT, CHANGED, MODULES)) {
            values.put(output.name(), output.kind());
        }
        FunctionOrder order = new FunctionOrder(
                ATTEMPT, stage.getName(), "a".repeat(40), List.of(), List.of(), values, variables, 60);
        FunctionWorker worker = new FunctionWorker(
                store, getClass().getClassLoader(), new TreeMap<>(), log::add, InstantSource.system());
        assertThat(worker.run(store.put(order.bytes()), "function-1", home.resolve("work")))
                .isTrue();
        return ResultFile.parse(ATTEMPT, store.read(OrderKeys.result(ATTEMPT)).orElseThrow());
    }

    private static OrderVariables version(String text) {
        TreeMap<String, String> given = new TreeMap<>();
        given.put("VERSION", text);
        return OrderVariables.of(given);
    }

    @Test
    void valuesOfEveryKindAreInTheResultAsTexts() throws Exception {
        ResultFile result = run(Speaks.class, version("1.2\n$(x)"));

        assertThat(result.verdict().cause()).as(log.toString()).isEqualTo(Cause.COMPLETED);
        assertThat(result.values())
                .containsExactly(
                        ResultFile.Handed.inline("changed", utf8("true")),
                        ResultFile.Handed.inline("count", utf8("1000")),
                        ResultFile.Handed.inline("modules", utf8("core\nweb")),
                        ResultFile.Handed.inline("version", utf8("1.2\n$(x)")));
    }

    @Test
    void aLargeValueIsFetchedOnOneSideAndStoredOnTheOther() throws Exception {
        byte[] large = utf8("\u00e4".repeat(StageValue.LARGEST / 2));
        Digest digest = store.put(large);
        TreeMap<String, OrderVariables.Stored> fetched = new TreeMap<>();
        fetched.put("VERSION", new OrderVariables.Stored(digest, large.length));

        ResultFile result = run(Speaks.class, new OrderVariables(new TreeMap<>(), fetched));

        assertThat(result.values()).contains(ResultFile.Handed.stored("version", digest));
    }

    @Test
    void aLargeValueThatIsNotInTheStoreKeepsTheStageFromRunning() throws Exception {
        TreeMap<String, OrderVariables.Stored> fetched = new TreeMap<>();
        fetched.put("VERSION", new OrderVariables.Stored(Digest.of(utf8("gone")), 4));

        ResultFile result = run(Speaks.class, new OrderVariables(new TreeMap<>(), fetched));

        assertThat(result.verdict().cause()).isEqualTo(Cause.INPUT_CORRUPT);
        assertThat(result.verdict().detail()).contains("the value of VERSION").contains("is not there");
    }

    @Test
    void aValueOfAnotherKindIsRefused() throws Exception {
        ResultFile result = run(Misspeaks.class, version("1"));

        assertThat(result.verdict().cause()).isEqualTo(Cause.OUTPUT_REFUSED);
        assertThat(result.verdict().detail()).startsWith("value count is 'many', which is no number");
    }

    @Test
    void anItemOfTwoLinesIsRefused() throws Exception {
        assertThat(run(Errs.class, version("1")).verdict())
                .isEqualTo(Verdict.of(Cause.OUTPUT_REFUSED, "item 1 of value modules is empty or has several lines"));
    }

    @Test
    void aValueThatIsNotDeclaredIsAMistakeOfTheStage() throws Exception {
        ResultFile result = run(Babbles.class, version("1"));

        assertThat(result.verdict().cause()).isEqualTo(Cause.FUNCTION_FAILED);
        assertThat(result.verdict().detail())
                .contains("no value is called 'size'; stage size hands on [changed, count, modules, version]");
    }

    @Test
    void aStageThatLeavesAValueOutHasNotSucceeded() throws Exception {
        ResultFile result = run(Silent.class, version("1"));

        assertThat(result.verdict().cause()).isEqualTo(Cause.OUTPUT_MISSING);
        assertThat(result.verdict().detail())
                .isEqualTo("the stage did not hand on the values [changed, count, modules]");
        assertThat(result.values()).isEmpty();
    }

    /** Hands on one value of four. */
    public static final class Silent implements FunctionStage {
        @Override
        public Result run(StageContext context) {
            context.output(VERSION, "1");
            return Result.success();
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
