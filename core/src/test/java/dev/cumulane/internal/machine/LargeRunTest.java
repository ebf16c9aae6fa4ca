// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.machine;

import static dev.cumulane.pipeline.Work.container;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.cloud.Journal;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.pipeline.Output;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.pipeline.Retry;
import dev.cumulane.pipeline.ValueKind;
import dev.cumulane.pipeline.WorkHandle;
import dev.cumulane.run.Cause;
import dev.cumulane.run.Produced;
import dev.cumulane.run.RunEvent;
import dev.cumulane.run.StageValue;
import dev.cumulane.run.TestSummary;
import dev.cumulane.run.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LargeRunTest {
    private static final int STAGES = 10_000;

    @Test
    void tenThousandIndependentStagesOpenInRecordsOfAtMostTwoHundredThatFitTheJournal() {
        Driver run = Driver.begun(Pipeline.define("wide", p -> {
            for (int i = 0; i < STAGES; i++) {
                p.build(
                        "a-stage-with-quite-a-long-name-" + i,
                        container("alpine").runs("true"));
            }
        }));
        assertThat(run.events().stream().filter(RunEvent.StageScheduled.class::isInstance))
                .hasSize(STAGES);
        assertThat(run.records())
                .allSatisfy(record -> assertThat(record.events()).hasSizeLessThanOrEqualTo(201));
        assertThat(run.journal()).allSatisfy(bytes -> assertThat(bytes).hasSizeLessThan(Journal.LARGEST_RECORD));
    }

    @Test
    void tenThousandStagesThatAreSkippedAtOnceFitTheJournalToo() {
        Driver run = Driver.begun(fan(STAGES - 1));
        run.end("first", largest(Cause.COMMAND_FAILED));
        run.end("first", largest(Cause.COMMAND_FAILED));
        assertThat(run.run().hasEnded()).isTrue();
        assertThat(run.journal()).allSatisfy(bytes -> assertThat(bytes).hasSizeLessThan(Journal.LARGEST_RECORD));
    }

    @Test
    void theLargestResultAndAnotherAttemptFitOneRecord() {
        Driver run = Driver.begun(fan(300));
        run.end("first", largest(Cause.TESTS_FAILED));
        assertThat(run.journal()).allSatisfy(bytes -> assertThat(bytes).hasSizeLessThan(Journal.LARGEST_RECORD));
    }

    @Test
    void theWorkOfAStepDoesNotGrowWithTheRun() {
        long small = allocatedByAChainOf(500);
        long large = allocatedByAChainOf(5_000);
        assertThat(large).as("bytes allocated for each stage of a chain").isLessThan(2 * small);
    }

    /** Bytes allocated for each stage, without those of the first stages, which load classes. */
    private static long allocatedByAChainOf(int length) {
        Driver run = Driver.begun(Pipeline.define("chain", p -> {
            WorkHandle before = p.build("s-0", container("alpine").runs("true"));
            for (int i = 1; i < length; i++) {
                before = p.build("s-" + i, container("alpine").runs("true")).after(before);
            }
        }));
        IntStream.range(0, 200).forEach(i -> step(run, i));
        long before = allocated();
        IntStream.range(200, length).forEach(i -> step(run, i));
        assertThat(run.run().hasEnded()).isTrue();
        return (allocated() - before) / (length - 200);
    }

    /** By reflection: core's module does not read the one that counts, and tests are compiled into it. */
    private static long allocated() {
        try {
            Object threads = Class.forName("java.lang.management.ManagementFactory")
                    .getMethod("getThreadMXBean")
                    .invoke(null);
            return (long) Class.forName("com.sun.management.ThreadMXBean")
                    .getMethod("getThreadAllocatedBytes", long.class)
                    .invoke(threads, Thread.currentThread().getId());
        } catch (ReflectiveOperationException e) {
            throw new AssertionError("this JVM does not count what threads allocate", e);
        }
    }

    private static void step(Driver run, int stage) {
        run.tell(new Signal.WorkAccepted("s-" + stage, 1, "service"));
        run.tell(new Signal.WorkFinished("s-" + stage, 1, Verdict.success()));
    }

    private static Pipeline fan(int stages) {
        return Pipeline.define("fan", p -> {
            var first = p.build(
                    "first",
                    container("alpine").runs("true").retrying(Retry.once().onFailure()));
            for (int i = 0; i < stages; i++) {
                p.build("behind-" + i, container("alpine").runs("true")).after(first);
            }
        });
    }

    private static Verdict largest(Cause cause) {
        List<Produced> artifacts = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            artifacts.add(new Produced(
                    "an-artifact-of-a-very-long-name-indeed" + i % 10,
                    Digest.of(new byte[] {(byte) i}),
                    Long.MAX_VALUE));
        }
        List<TestSummary.Failure> failures = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            failures.add(new TestSummary.Failure("漢".repeat(300), "漢".repeat(400)));
        }
        TestSummary tests = new TestSummary(Integer.MAX_VALUE, 30, 0, failures);
        SortedMap<String, StageValue> values = new TreeMap<>();
        for (int i = 0; i < 4; i++) {
            values.put("a-value-of-a-very-long-name-as-can-be-" + i, inline("\n".repeat(512)));
        }
        while (values.size() < Output.MOST) {
            values.put(
                    "a-value-of-a-very-long-name-as-can-be-" + values.size(),
                    new StageValue.Stored(ValueKind.NUMBER, Digest.of(new byte[0]), StageValue.LARGEST));
        }
        return new Verdict(cause, "漢".repeat(600), artifacts, Optional.of(tests), Optional.empty(), values);
    }

    private static StageValue inline(String text) {
        return new StageValue.Inline(ValueKind.TEXT, text);
    }
}
