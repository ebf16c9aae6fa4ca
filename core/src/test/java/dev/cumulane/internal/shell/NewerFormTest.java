// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.shell;

import static dev.cumulane.pipeline.Environment.environment;
import static dev.cumulane.pipeline.Work.container;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.Cloud;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.Journal;
import dev.cumulane.cloud.SignalEnvelope;
import dev.cumulane.cloud.StreamId;
import dev.cumulane.cloud.contract.Twisted;
import dev.cumulane.internal.codec.Codec;
import dev.cumulane.internal.machine.Claimant;
import dev.cumulane.internal.machine.Signal;
import dev.cumulane.internal.machine.Terms;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.run.Commit;
import dev.cumulane.run.RunId;
import dev.cumulane.run.SourceEvent;
import dev.cumulane.run.TrustLevel;
import dev.cumulane.testing.SimulatedCloud;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An old engine beside a new one: what the new one wrote is left alone, and its signals wait for it. */
class NewerFormTest {
    private static final Pipeline SHOP = Pipeline.define("shop", p -> {
        var build = p.build("build", container("alpine").runs("true").writes("jar", "a.jar"));
        p.deploy(build.artifact("jar"), environment("production"));
    });
    private static final String LATER =
            "{\"format\":2,\"writer\":\"new.1\",\"at\":\"2026-01-05T09:00:00Z\",\"events\":%s}";

    private final SimulatedCloud cloud = SimulatedCloud.of(SHOP);
    private final EngineCore engine = new EngineCore(cloud);
    private final List<SignalEnvelope> sent = new ArrayList<>();
    private RunId run = new RunId("shop-0k3v9q2m7xw4b1ce");

    @BeforeEach
    void begin() {
        engine.register(List.of(SHOP));
        cloud.signals().deliverTo(sent::add);
        Commit head = new Commit("https://example.com/shop.git", "refs/heads/main", "4f1c2ab0".repeat(5));
        run = engine.start("shop", new SourceEvent.Pushed(head, "ada", TrustLevel.TRUSTED));
        cloud.settle();
        sent.clear();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "[{\"type\":\"StageTeleported\",\"stage\":\"build\"}]", "{\"of\":\"another shape\"}"})
    void aRunWithARecordOfALaterFormIsLeftAloneAndTheSignalIsSentAgain(String events) {
        later(StreamId.of(run), events);
        long records = records(StreamId.of(run));
        SignalEnvelope over = over("over/build/1");

        engine.handle(over);
        new EngineCore(cloud).handle(over);

        assertThat(records(StreamId.of(run))).isEqualTo(records);
        assertThat(cloud.journal().inboxes(10)).isEmpty();
        cloud.advance(Duration.ofSeconds(5));
        assertThat(sent).hasSize(2).allSatisfy(again -> {
            assertThat(again.id()).isEqualTo("newer/1/over/build/1");
            assertThat(again.stream()).isEqualTo(over.stream());
            assertThat(again.bytes()).isEqualTo(over.bytes());
        });
    }

    @Test
    void theSignalIsSentAgainAfterAGrowingTimeAsANewMessageEachTime() {
        later(StreamId.of(run), "[]");
        List<Long> waited = new ArrayList<>();
        List<String> ids = new ArrayList<>();
        SignalEnvelope signal = over("x".repeat(200));
        for (int i = 0; i < 9; i++) {
            sent.clear();
            Instant before = cloud.clock().instant();
            engine.handle(signal);
            cloud.moveUntil(() -> !sent.isEmpty(), Duration.ofHours(1));
            waited.add(Duration.between(before, cloud.clock().instant()).toSeconds());
            signal = sent.get(0);
            ids.add(signal.id());
        }

        assertThat(waited).containsExactly(5L, 10L, 20L, 40L, 80L, 160L, 300L, 300L, 300L);
        assertThat(ids).doesNotHaveDuplicates().allSatisfy(id -> assertThat(id).hasSizeLessThanOrEqualTo(200));
        assertThat(ids.get(8)).isEqualTo("newer/9/" + Digest.of("x".repeat(200).getBytes(UTF_8)));
    }

    @Test
    void aSnapshotOfALaterVersionIsNotTakenForTheWholeTruth() {
        later(StreamId.of(run), "[]");
        byte[] state = Codec.bytes(engine.remembered(run).orElseThrow().state());
        cloud.journal().putSnapshot(StreamId.of(run), new Journal.Snapshot(records(StreamId.of(run)), state));
        long records = records(StreamId.of(run));

        new EngineCore(cloud).handle(over("over/build/1"));

        assertThat(records(StreamId.of(run))).isEqualTo(records);
        cloud.advance(Duration.ofSeconds(5));
        assertThat(sent)
                .singleElement()
                .satisfies(again -> assertThat(again.id()).startsWith("newer/1/"));
    }

    @Test
    void aLockWithARecordOfALaterFormIsLeftAloneToo() {
        StreamId lock = StreamId.environment("production");
        later(lock, "[{\"type\":\"Lent\"}]");

        engine.handle(new SignalEnvelope(
                "ask/1",
                lock,
                Codec.bytes(new Signal.Ask(new Claimant(run, "deploy-production"), Terms.alone(Instant.EPOCH)))));

        assertThat(records(lock)).isEqualTo(1);
        cloud.advance(Duration.ofSeconds(5));
        assertThat(sent)
                .singleElement()
                .satisfies(again -> assertThat(again.id()).isEqualTo("newer/1/ask/1"));
    }

    @Test
    void whoAsksForItsStateIsToldWhichRecordAndWhichForms() {
        later(StreamId.of(run), "[]");
        long last = records(StreamId.of(run));

        assertThatExceptionOfType(CloudException.class)
                .isThrownBy(() -> engine.find(run))
                .withMessage("record " + last + " of run " + run
                        + " cannot be read by this version: the record has form 2; this version reads form 1")
                .satisfies(e -> assertThat(e.retryable()).isFalse());
        assertThatExceptionOfType(CloudException.class)
                .isThrownBy(() -> engine.history(run, 1))
                .withMessageContaining("has form 2");
    }

    @Test
    void theSweepGoesOnWithTheOtherRuns() {
        later(StreamId.of(run), "[]");
        Commit other = new Commit("https://example.com/shop.git", "refs/heads/main", "0".repeat(40));
        RunId second = engine.start("shop", new SourceEvent.Pushed(other, "ada", TrustLevel.TRUSTED));
        cloud.advance(Duration.ofMinutes(5));
        long records = records(StreamId.of(run));

        engine.sweep();

        assertThat(records(StreamId.of(run))).isEqualTo(records);
        assertThat(engine.find(second).orElseThrow().stages().get(0).progress().verdict())
                .isPresent();
    }

    @Test
    void aRunWhosePlanHasALaterFormIsLeftAlone() {
        byte[] later =
                SHOP.plan().json().replace("{\"format\":1", "{\"format\":2").getBytes(UTF_8);
        ArtifactStore newer = Twisted.of(
                ArtifactStore.class,
                cloud.artifacts(),
                "read/2",
                (right, given) -> given[0].equals(SHOP.plan().fingerprint())
                        ? Optional.of(later)
                        : right.read((Digest) given[0], (int) given[1]));
        EngineCore old = new EngineCore(Twisted.of(Cloud.class, cloud, "artifacts/0", (right, given) -> newer));
        long records = records(StreamId.of(run));

        old.handle(over("over/build/1"));

        assertThat(records(StreamId.of(run))).isEqualTo(records);
        cloud.advance(Duration.ofSeconds(5));
        assertThat(sent)
                .singleElement()
                .satisfies(again -> assertThat(again.id()).startsWith("newer/1/"));
        assertThatExceptionOfType(CloudException.class)
                .isThrownBy(() -> old.find(run))
                .withMessageContaining("cannot be read by this version: the plan has form 2");
    }

    @Test
    void anotherFailureIsNotSentAgainButDeliveredAgain() {
        cloud.journal().append(StreamId.of(run), records(StreamId.of(run)) + 1, "no record".getBytes(UTF_8));

        assertThatExceptionOfType(CloudException.class)
                .isThrownBy(() -> new EngineCore(cloud).handle(over("over/build/1")));

        cloud.advance(Duration.ofMinutes(1));
        assertThat(sent).isEmpty();
    }

    private SignalEnvelope over(String id) {
        return new SignalEnvelope(id, StreamId.of(run), Codec.bytes(new Signal.WorkOver("build", 1)));
    }

    private void later(StreamId stream, String events) {
        cloud.journal()
                .append(stream, records(stream) + 1, LATER.formatted(events).getBytes(UTF_8));
    }

    private long records(StreamId stream) {
        return cloud.journal().read(stream, 1, 1000).size();
    }
}
