// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.cumulane.cloud.contract.Twisted;
import dev.cumulane.internal.order.FunctionOrder;
import dev.cumulane.internal.order.OrderKeys;
import dev.cumulane.internal.order.RefusedInputException;
import dev.cumulane.internal.order.ResultFile;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.pipeline.FunctionStage;
import dev.cumulane.pipeline.StageContext;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.Cause;
import dev.cumulane.run.RunId;
import dev.cumulane.testing.SimulatedCloud;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An order may come twice, and a claim's answer may be lost: one worker does the work, once. */
class FunctionWorkerTest {
    private static final AttemptId ATTEMPT = new AttemptId(new RunId("shop-0k3v9q2m7xw4b1ce"), "inspect", 1);
    private static int ran;

    @TempDir
    Path directory;

    private final SimulatedCloud cloud = SimulatedCloud.of();
    private final ArtifactStore store = cloud.artifacts();
    private final List<String> log = new ArrayList<>();
    private final Digest order = store.put(new FunctionOrder(
                    ATTEMPT, Counting.class.getName(), "4f1c2ab0".repeat(5), List.of(), List.of(), new TreeMap<>(), 60)
            .bytes());

    /** Counts how often it runs. */
    public static final class Counting implements FunctionStage {
        @Override
        public Result run(StageContext context) {
            ran++;
            return Result.success();
        }
    }

    @BeforeEach
    void countFromZero() {
        ran = 0;
    }

    @Test
    void ofTwoWorkersThatWereStartedForOneAttemptTheOneWithTheClaimWorksAndTheOtherStopsQuietly() throws Exception {
        // The second is told to begin before the first has its result: only the claim stands between them.
        ArtifactStore slow = Twisted.of(ArtifactStore.class, store, "create/2", (right, given) -> {
            if (given[0].equals(OrderKeys.result(ATTEMPT))) {
                assertThat(worker(store).run(order, "second", directory.resolve("b")))
                        .isFalse();
            }
            right.create((String) given[0], (byte[]) given[1]);
            return Twisted.NOTHING;
        });

        assertThat(worker(slow).run(order, "first", directory.resolve("a"))).isTrue();

        assertThat(ran).isEqualTo(1);
        assertThat(log).contains("== attempt " + ATTEMPT + " is somebody else's or over; nothing to do");
        assertThat(result().token()).startsWith("first.").isEqualTo(claim());
    }

    @Test
    void theWorkerOfAnAttemptThatTheEngineHasClaimedDoesNothing() {
        store.create(OrderKeys.claim(ATTEMPT), "engine".getBytes(UTF_8));

        assertThat(worker(store).run(order, "first", directory)).isFalse();

        assertThat(ran).isZero();
        assertThat(store.read(OrderKeys.result(ATTEMPT))).isEmpty();
    }

    @Test
    void theWorkerOfAnAttemptThatIsOverDoesNothing() {
        store.create(OrderKeys.result(ATTEMPT), ResultFile.lost(ATTEMPT, "gone"));

        assertThat(worker(store).run(order, "first", directory)).isFalse();

        assertThat(ran).isZero();
        assertThat(store.read(OrderKeys.claim(ATTEMPT))).isEmpty();
    }

    @Test
    void aClaimWhoseAnswerWasLostIsRecognisedAsOnesOwn() throws Exception {
        assertThat(worker(losing("create/2", 2, true)).run(order, "first", directory))
                .isTrue();

        assertThat(ran).isEqualTo(1);
        assertThat(result().token()).isEqualTo(claim());
    }

    @Test
    void aClaimThatWasRefusedForTheMomentIsMadeAgain() throws Exception {
        assertThat(worker(losing("create/2", 2, false)).run(order, "first", directory))
                .isTrue();

        assertThat(ran).isEqualTo(1);
        assertThat(result().verdict().cause()).isEqualTo(Cause.COMPLETED);
    }

    @Test
    void aStoreThatAnswersNothingForLongEndsTheWorkerBeforeItWorks() {
        assertThatExceptionOfType(CloudException.class)
                .isThrownBy(() -> worker(losing("create/2", 1000, true)).run(order, "first", directory))
                .satisfies(e -> assertThat(e.retryable()).isTrue());

        assertThat(ran).isZero();
        assertThat(store.read(OrderKeys.result(ATTEMPT))).isEmpty();
    }

    /** A store whose method fails for the first times, with or without effect. */
    private ArtifactStore losing(String method, int times, boolean withEffect) {
        int[] left = {times};
        return Twisted.of(ArtifactStore.class, store, method, (right, given) -> {
            boolean fails = left[0]-- > 0;
            if (!fails || withEffect) {
                right.create((String) given[0], (byte[]) given[1]);
            }
            if (fails) {
                throw CloudException.retryable("store", "no answer", new IOException("reset"));
            }
            return Twisted.NOTHING;
        });
    }

    private FunctionWorker worker(ArtifactStore through) {
        return new FunctionWorker(through, Counting.class.getClassLoader(), new TreeMap<>(), log::add, cloud.clock());
    }

    private String claim() {
        return new String(store.read(OrderKeys.claim(ATTEMPT)).orElseThrow(), UTF_8);
    }

    private ResultFile result() throws RefusedInputException {
        return ResultFile.parse(ATTEMPT, store.read(OrderKeys.result(ATTEMPT)).orElseThrow());
    }
}
