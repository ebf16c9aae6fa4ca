// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.shell;

import static dev.cumulane.pipeline.Approvers.allOf;
import static dev.cumulane.pipeline.Environment.environment;
import static dev.cumulane.pipeline.Work.container;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.cloud.SignalEnvelope;
import dev.cumulane.cloud.StreamId;
import dev.cumulane.internal.codec.Codec;
import dev.cumulane.internal.machine.Signal;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.run.Commit;
import dev.cumulane.run.HistoryRecord;
import dev.cumulane.run.RunEvent;
import dev.cumulane.run.RunId;
import dev.cumulane.run.SourceEvent;
import dev.cumulane.run.TrustLevel;
import dev.cumulane.run.Vote;
import dev.cumulane.run.Voter;
import dev.cumulane.testing.SimulatedCloud;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A vote is about what its voter saw, and counts once however often it is delivered. */
class VoteTest {
    private static final Pipeline SHOP = Pipeline.define("shop", p -> {
        var build = p.build("build", container("alpine").runs("true").writes("jar", "a.jar"));
        p.deploy(build.artifact("jar"), environment("production"))
                .after(p.approval("release", allOf("ada", "grace")).after(build));
        p.deploy(build.artifact("jar"), environment("registry"))
                .after(p.approval("publish", allOf("ada", "grace")).after(build));
    });

    private final SimulatedCloud cloud = SimulatedCloud.of(SHOP);
    private final EngineCore engine = new EngineCore(cloud);
    private final List<SignalEnvelope> votes = new ArrayList<>();
    private RunId run = new RunId("shop-0k3v9q2m7xw4b1ce");

    @BeforeEach
    void upToTheApprovals() {
        engine.register(List.of(SHOP));
        cloud.signals().deliverTo(engine::handle);
        run = started("a");
        cloud.signals().deliverTo(votes::add);
    }

    @Test
    void aVoteCarriesTheDigestOfWhatWasSeen() {
        engine.vote(run, "release", by("ada"), Vote.Decision.APPROVE, "");
        cloud.settle();

        assertThat(subjectOf(votes.get(0))).isEqualTo(asked(run, "release").subject());
        assertThat(subjectOf(votes.get(0)))
                .as("the subject of another run, whose artifacts differ")
                .isNotEqualTo(asked(started("b"), "release").subject());
    }

    @Test
    void votesThatDifferInAnythingAreSignalsOfTheirOwnAndTheSameVoteIsTheSameSignal() {
        engine.vote(run, "release", by("ada"), Vote.Decision.APPROVE, "");
        engine.vote(run, "release", by("ada"), Vote.Decision.APPROVE, "looks good");
        engine.vote(run, "release", by("ada"), Vote.Decision.REJECT, "");
        engine.vote(run, "release", by("grace"), Vote.Decision.APPROVE, "");
        engine.vote(run, "publish", by("ada"), Vote.Decision.APPROVE, "");
        engine.vote(run, "release", by("ada"), Vote.Decision.APPROVE, "");
        cloud.settle();

        assertThat(votes).hasSize(6);
        assertThat(votes.stream().map(SignalEnvelope::id).distinct()).hasSize(5);
        assertThat(votes.get(5).id()).isEqualTo(votes.get(0).id());
        assertThat(votes)
                .allSatisfy(vote ->
                        assertThat(vote.id()).endsWith(Digest.of(vote.bytes()).hex()));
    }

    @Test
    void votesOfTwoPeopleInOneMomentBothCount() {
        engine.vote(run, "release", by("ada"), Vote.Decision.APPROVE, "");
        engine.vote(run, "release", by("grace"), Vote.Decision.APPROVE, "");
        deliverVotes(1);

        assertThat(counted(run)).containsExactlyInAnyOrder("ada", "grace");
    }

    @Test
    void aVoteThatIsDeliveredManyTimesCountsOnceAndIsOneRecord() {
        engine.vote(run, "release", by("ada"), Vote.Decision.APPROVE, "");
        long before = engine.history(run, 1).size();
        deliverVotes(5);

        assertThat(counted(run)).containsExactly("ada");
        assertThat(engine.history(run, 1)).hasSize((int) before + 1);
    }

    @Test
    void aVoteOnWhatAnotherRunAskedDoesNotCountHere() {
        RunId other = started("b");
        votes.clear();
        engine.vote(other, "release", by("ada"), Vote.Decision.APPROVE, "");
        cloud.settle();
        engine.handle(new SignalEnvelope(
                votes.get(0).id(), StreamId.of(run), votes.get(0).bytes()));

        assertThat(counted(run)).isEmpty();
        assertThat(counted(other)).isEmpty();
    }

    private static Voter by(String name) {
        return new Voter(name, Vote.Via.JAVA);
    }

    private void deliverVotes(int times) {
        cloud.settle();
        for (int i = 0; i < times; i++) {
            votes.forEach(engine::handle);
        }
    }

    private RunId started(String commit) {
        Commit head = new Commit("https://example.com/shop.git", "refs/heads/main", commit.repeat(40));
        cloud.signals().deliverTo(engine::handle);
        RunId begun = engine.start("shop", new SourceEvent.Pushed(head, "ada", TrustLevel.TRUSTED));
        cloud.settle();
        cloud.signals().deliverTo(votes::add);
        return begun;
    }

    private static Digest subjectOf(SignalEnvelope vote) {
        return ((Signal.VoteCast) Codec.signal(vote.bytes())).subject();
    }

    private RunEvent.ApprovalRequested asked(RunId of, String stage) {
        return events(of).stream()
                .filter(RunEvent.ApprovalRequested.class::isInstance)
                .map(RunEvent.ApprovalRequested.class::cast)
                .filter(asked -> asked.stage().equals(stage))
                .findFirst()
                .orElseThrow();
    }

    private List<String> counted(RunId of) {
        return events(of).stream()
                .filter(RunEvent.VoteCounted.class::isInstance)
                .map(event -> ((RunEvent.VoteCounted) event).vote().by())
                .toList();
    }

    private List<RunEvent> events(RunId of) {
        return engine.history(of, 1).stream()
                .map(HistoryRecord::events)
                .flatMap(List::stream)
                .toList();
    }
}
