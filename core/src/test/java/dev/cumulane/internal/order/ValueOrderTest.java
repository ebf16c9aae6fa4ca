// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.order;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.internal.order.Bench.Ended;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.Cause;
import dev.cumulane.run.StageValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Values that real commands write and read, under every shell. */
class ValueOrderTest extends OnTheBench {
    private static BuildOrder producer(String command, String... values) {
        return Bench.order(new BuildOrder.Work(List.of(command), List.of(), List.of(), List.of(values)));
    }

    private static BuildOrder consumer(SortedMap<String, OrderVariables.Stored> fetched) {
        return new BuildOrder(
                new AttemptId(Bench.ATTEMPT.run(), "unit", 1),
                BuildOrder.Source.none(),
                List.of(),
                Bench.work(List.of("printf %s \"$BIG\" >seen")),
                new OrderVariables(new TreeMap<>(), fetched));
    }

    private static SortedMap<String, OrderVariables.Stored> big(Digest digest, long size) {
        SortedMap<String, OrderVariables.Stored> fetched = new TreeMap<>();
        fetched.put("BIG", new OrderVariables.Stored(digest, size));
        return fetched;
    }

    private byte[] bytes(Bench bench, ResultFile.Handed value) throws IOException {
        return value.hex().isPresent()
                ? HexFormat.of().parseHex(value.hex().get())
                : Files.readAllBytes(bench.object(value.digest().orElseThrow()));
    }

    @ParameterizedTest
    @EnumSource
    void aValueThatHoldsASecretLeavesTheWorkerInNoForm(Shell shell) throws Exception {
        Bench bench = new Bench(home, shell).with("KEY", "a*b[c]'\"\\d").with("PIN", "123");
        BuildOrder.Work work = new BuildOrder.Work(
                List.of(
                        "printf 'plain 123' >$CUMULANE_VALUES/plain; printf 'with %s in it' \"$KEY\" >$CUMULANE_VALUES/telling"),
                List.of(),
                List.of(),
                List.of("plain", "telling"),
                List.of(),
                List.of("KEY", "PIN"));

        bench.run(Bench.order(work));

        ResultFile result = bench.result();
        assertThat(result.verdict().cause()).isEqualTo(Cause.OUTPUT_REFUSED);
        assertThat(result.verdict().detail())
                .isEqualTo("value telling holds the secret KEY, and values are recorded for all to read");
        assertThat(result.values()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void everyByteOfAValueIsKept(Shell shell) throws IOException {
        Bench bench = new Bench(home, shell);
        byte[] hostile = new byte[256];
        for (int i = 0; i < hostile.length; i++) {
            hostile[i] = (byte) i;
        }
        Path bytes = Files.write(home.resolve("bytes"), hostile);
        String quoted = "two\nlines \"and\" 'quotes' \\ \\0101 %b $(touch hurt) `touch hurt` \u00e4\ud83d\ude00\n\n";
        Path text = Files.writeString(home.resolve("text"), quoted);

        Ended ended = bench.run(producer(
                "cat '" + bytes + "' >$CUMULANE_VALUES/bytes; cat '" + text
                        + "' >\"$CUMULANE_VALUES/text\"; : >\"$CUMULANE_VALUES/empty\"; echo 1 >$CUMULANE_VALUES/undeclared",
                "empty",
                "bytes",
                "text"));

        assertThat(ended.exitCode()).as(ended.log()).isZero();
        List<ResultFile.Handed> values = bench.result().values();
        assertThat(values).extracting(ResultFile.Handed::name).containsExactly("empty", "bytes", "text");
        assertThat(bytes(bench, values.get(0))).isEmpty();
        assertThat(bytes(bench, values.get(1))).isEqualTo(hostile);
        assertThat(bytes(bench, values.get(2))).isEqualTo(quoted.getBytes(StandardCharsets.UTF_8));
        assertThat(values).allMatch(value -> value.hex().isPresent());
        assertThat(home.resolve("hurt")).doesNotExist();
        assertThat(ended.workspace().resolve("hurt")).doesNotExist();
    }

    @ParameterizedTest
    @EnumSource
    void aLargeValueIsStoredAndItsConsumerFindsItInItsEnvironment(Shell shell) throws IOException {
        Bench bench = new Bench(home, shell);
        String large = "\u00e4'$(x)\n".repeat(StageValue.LARGEST / 8 - 1);
        Path text = Files.writeString(home.resolve("text"), large);

        bench.run(producer("cat '" + text + "' >\"$CUMULANE_VALUES/big\"", "big"));

        ResultFile.Handed value = bench.result().values().get(0);
        assertThat(value.hex()).isEmpty();
        Digest digest = value.digest().orElseThrow();
        assertThat(digest).isEqualTo(Digest.of(large.getBytes(StandardCharsets.UTF_8)));

        Ended ended = bench.run(consumer(big(digest, large.getBytes(StandardCharsets.UTF_8).length)));

        assertThat(ended.exitCode()).as(ended.log()).isZero();
        assertThat(Files.readString(ended.workspace().resolve("seen"))).isEqualTo(large);
    }

    @ParameterizedTest
    @EnumSource
    void theLargestValueFitsIntoTheEnvironmentOfACommand(Shell shell) throws IOException {
        Bench bench = new Bench(home, shell);
        String largest = "x".repeat(StageValue.LARGEST);
        Digest digest = bench.put(largest.getBytes(StandardCharsets.UTF_8));
        BuildOrder order = new BuildOrder(
                Bench.ATTEMPT,
                BuildOrder.Source.none(),
                List.of(),
                Bench.work(List.of("env | grep -c ^BIG=xxx")),
                new OrderVariables(new TreeMap<>(), big(digest, largest.length())));

        Ended ended = bench.run(order);

        assertThat(ended.exitCode()).as(ended.log()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void aValueWhoseObjectHasOtherBytesIsNeverSeen(Shell shell) throws IOException {
        Bench bench = new Bench(home, shell);
        Digest digest = bench.put("good".getBytes(StandardCharsets.UTF_8));
        Files.writeString(bench.object(digest), "evil");

        Ended ended = bench.run(consumer(big(digest, 4)));

        assertThat(ended.log())
                .contains("INPUT_CORRUPT, the value of BIG does not have the bytes that its digest names")
                .doesNotContain("step 1 of 1");
    }

    @ParameterizedTest
    @EnumSource
    void aValueThatWasNotWrittenIsNamed(Shell shell) throws IOException {
        Bench bench = new Bench(home, shell);

        bench.run(producer("echo 1.2 >$CUMULANE_VALUES/version", "changed", "version", "size"));

        assertThat(bench.result().verdict().cause()).isEqualTo(Cause.OUTPUT_MISSING);
        assertThat(bench.result().verdict().detail()).isEqualTo("not written: value changed, value size");
        assertThat(bench.result().values()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aValueThatIsNoOrdinaryFileOrTooLargeIsRefused(Shell shell) throws IOException {
        List<String> bad = List.of(
                "echo 1 >one; ln -s \"$PWD/one\" \"$CUMULANE_VALUES/big\"",
                "mkfifo \"$CUMULANE_VALUES/big\"",
                "mkdir \"$CUMULANE_VALUES/big\"",
                "rmdir \"$CUMULANE_VALUES\"; echo 1 >big; ln -s \"$PWD\" \"$CUMULANE_VALUES\"",
                "awk 'BEGIN { for (i = 0; i < 300; i++) printf \"%1024s\", \"\" }' >\"$CUMULANE_VALUES/big\"");
        Bench bench = new Bench(home, shell);
        for (String command : bad) {
            Ended ended = bench.run(producer(command, "big"));

            assertThat(ended.log()).as(command).contains("== ended: OUTPUT_REFUSED");
            assertThat(bench.result().verdict().cause()).as(command).isEqualTo(Cause.OUTPUT_REFUSED);
            assertThat(bench.result().verdict().detail()).startsWith("value big ");
            bench.forget();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aStepThatFailsHandsNothingOn(Shell shell) throws IOException {
        Bench bench = new Bench(home, shell);

        bench.run(producer("echo 1.2 >$CUMULANE_VALUES/version; exit 3", "version"));

        assertThat(bench.result().verdict().cause()).isEqualTo(Cause.COMMAND_FAILED);
        assertThat(bench.result().values()).isEmpty();
    }
}
