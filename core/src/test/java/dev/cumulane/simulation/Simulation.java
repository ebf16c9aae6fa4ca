// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.simulation;

import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.SignalEnvelope;
import dev.cumulane.internal.codec.Coding;
import dev.cumulane.internal.machine.Phase;
import dev.cumulane.internal.machine.StageSlot;
import dev.cumulane.internal.shell.EngineCore;
import dev.cumulane.pipeline.Artifact;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.Commit;
import dev.cumulane.run.RunId;
import dev.cumulane.run.SourceEvent;
import dev.cumulane.run.TrustLevel;
import dev.cumulane.run.Variation;
import dev.cumulane.run.Vote;
import dev.cumulane.run.Voter;
import dev.cumulane.testing.Backstage;
import dev.cumulane.testing.Faults;
import dev.cumulane.testing.SimulatedCloud;
import dev.cumulane.testing.SimulatedCrash;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One life: one or two runs of a random pipeline, two engines that take turns on the signals, people who vote and cancel, ports that fail, processes that die and are
 * held up. First with faults; after some hours without, when everything has to come to its end.
 */
final class Simulation {
    private static final Duration LONGEST = Duration.ofDays(2);

    /** How long what was lost may go unnoticed in a calm world: two sweeps, the longest delay of a repeated signal, and a clock that is five minutes slow. */
    private static final Duration PATIENCE = Duration.ofMinutes(16);

    private static final Duration LATEST_SIGNAL = Duration.ofDays(4);
    private static final Duration SWEEPS = Duration.ofMinutes(5);
    private static final Duration RARE_SWEEPS = Duration.ofHours(6);
    private static final Duration MOST_SKEW = Duration.ofMinutes(5);

    /** Less than the longest wait of a signal that is sent again, or one would come again at once while its repetitions add up. */
    private static final Duration SLOWEST = Duration.ofMinutes(4);

    /** Nobody whom an approval names. */
    static final String STRANGER = "mallory";

    /** The comment of votes on something else. */
    static final String MISTAKEN = "mistaken";

    private static final Digest NOTHING = Digest.of(new byte[0]);
    private static final int ENGINES = 2;
    private static final int LONG_WILD = 180;
    private static final int SHORT_WILD = 45;
    private static final List<SourceEvent> HEADS = List.of(
            pushed(0, TrustLevel.TRUSTED),
            pushed(1, TrustLevel.TRUSTED),
            pushed(2, TrustLevel.TRUSTED),
            pushed(3, TrustLevel.TRUSTED));
    /** In the place of the second head, where somebody else may push: drawn with the pipeline, so that it takes nothing from the tapes. */
    private static final SourceEvent OF_A_FORK = pushed(1, TrustLevel.UNTRUSTED);

    private final Profile profile;
    private final Tape tape;
    private final RandomPipeline pipeline;
    private final SimulatedCloud cloud;
    private final Backstage backstage;
    private final Coding coding;
    private final Coverage coverage;
    private final Invariants invariants;
    private final Instant calmFrom;
    private final Faults faults;
    private final boolean crashes;
    private final boolean pauses;
    private final boolean skewed;
    private final boolean olderCode;
    private final boolean redeploys;
    private final boolean repeats;
    private final int pushes;
    private final boolean isOpenToForks;
    private final SortedMap<Integer, RunId> acknowledged = new TreeMap<>();
    private final Set<RunId> toCancel = new LinkedHashSet<>();
    private final List<EngineCore> engines = new ArrayList<>();
    private boolean repeated;
    private int version;
    private int process;
    private int handling = -1;
    private boolean within;
    private boolean slow;

    Simulation(RandomPipeline pipeline, Tapes tapes, Profile profile, boolean json, Coverage coverage) {
        this.profile = profile;
        this.tape = tapes.life();
        this.pipeline = pipeline;
        this.cloud = pipeline.world(tape);
        this.coding = json ? Coding.JSON : new KeptObjects(pipeline.plans());
        this.coverage = coverage;
        this.backstage = new Backstage(cloud);
        backstage.draw(tapes.faults());
        this.invariants = new Invariants(pipeline, backstage, cloud.clock(), coding, coverage);
        backstage.watch(invariants);
        this.calmFrom = now().plus(Duration.ofMinutes(tape.nextInt(pipeline.isLarge() ? LONG_WILD : SHORT_WILD)));
        this.faults = drawFaults();
        this.crashes = profile.losses() && isOn();
        this.pauses = isOn();
        this.skewed = isOn() && profile.sweeps();
        this.olderCode = !json && isOn() && tape.oneIn(3) && profile.sweeps();
        this.redeploys = isOn();
        this.repeats = tape.oneIn(pipeline.isLarge() ? 4 : 12);
        this.pushes = drawPushes();
        this.isOpenToForks = isOpenToForks(pipeline);
        backstage.meanwhile(this::meanwhile);
        if (json) {
            coverage.add(Coverage.Mishap.JSON);
        }
    }

    /** A life that a seed draws. */
    static Simulation of(long seed, Profile profile, Coverage coverage) {
        Tapes tapes = Tapes.of(seed);
        return new Simulation(RandomPipeline.of(tapes.pipeline()), tapes, profile, isJson(seed, profile), coverage);
    }

    /** One life in twenty goes through the real codec. */
    static boolean isJson(long seed, Profile profile) {
        return profile.json() || seed % 20 == 0;
    }

    Invariants invariants() {
        return invariants;
    }

    /** Each fault is off in one of three lives. */
    private boolean isOn() {
        return tape.nextInt(3) != 0;
    }

    private int percent(int most) {
        return isOn() ? 1 + tape.nextInt(most) : 0;
    }

    private int loss(int most) {
        int percent = percent(most);
        return profile.losses() ? percent : 0;
    }

    private Faults drawFaults() {
        Faults drawn = Faults.from(0)
                .losingSignals(loss(10))
                .repeatingSignals(percent(20))
                .delayingSignals(percent(50))
                .belatingSignals(loss(4))
                .refusingCalls(loss(4))
                .losingAnswers(loss(4))
                .readingStale(loss(4));
        return drawn.disturbingWork(
                new Faults.OfWork(percent(20), percent(20), percent(15), loss(20), percent(10), loss(20)));
    }

    /** One pipeline in four. */
    private static boolean isOpenToForks(RandomPipeline pipeline) {
        return pipeline.versions().get(0).plan().fingerprint().hex().charAt(0) < '4';
    }

    private int drawPushes() {
        boolean takesTurns = pipeline.versions().get(0).plan().concurrency().isPresent();
        if (takesTurns) {
            return 2 + tape.nextInt(pipeline.isLarge() ? 3 : 2);
        }
        return tape.oneIn(pipeline.isLarge() ? 2 : 6) ? 2 : 1;
    }

    private Instant now() {
        return cloud.clock().instant();
    }

    private boolean isWild() {
        return now().isBefore(calmFrom);
    }

    /** Lives on until all runs have ended, and then until nothing is on its way any more. */
    void live() {
        coverage.life();
        open(true);
        Instant end = now().plus(repeats ? LONGEST.multipliedBy(2) : LONGEST);
        boolean wild = true;
        cloud.setFaults(faults);
        kthCall();
        while (!ended()) {
            if (wild && !isWild()) {
                wild = false;
                calmDown();
            }
            invariants.check("I4", now().isBefore(end), "runs have not ended after %s", LONGEST);
            if (cloud.crashed()) {
                reopen(true);
            }
            if (wild && crashes && tape.oneIn(6)) {
                cloud.crashAt(tape.nextInt(120));
            }
            act(wild);
            cloud.advance(wild ? wildPause() : Duration.ofMinutes(8));
            look(wild);
        }
        quieten();
    }

    private Duration wildPause() {
        return Duration.ofSeconds(tape.nextInt(3) == 0 ? 1200 - tape.nextInt(1200) : 30 - tape.nextInt(30));
    }

    private void kthCall() {
        if (profile.losses() && tape.oneIn(4)) {
            cloud.crashAt(tape.nextInt(400));
            coverage.add(Coverage.Mishap.CRASH_AT_KTH_CALL);
        }
    }

    /**
     * From now on nothing goes wrong; a process that was to die is replaced, and so is older code. A new process looks at every open run; without the sweep's net none
     * comes that nobody needs, or it would find what was lost.
     */
    private void calmDown() {
        cloud.setFaults(Faults.none());
        if (profile.sweeps()) {
            reopen(true);
        }
    }

    /** Lets arrive what is still on its way. It must change nothing any more. */
    private void quieten() {
        cloud.setFaults(Faults.none());
        reopen(true);
        cloud.advance(PATIENCE);
        reopen(false);
        cloud.advance(LATEST_SIGNAL);
        // A belated question is answered with a lock that nobody needs; the sweep takes it back, and gives it to the
        // next.
        for (int i = 0; i < 4; i++) {
            engines.get(0).sweep();
        }
        cloud.advance(PATIENCE);
        look(false);
        invariants.atTheEnd(acknowledged.values());
        invariants.check(
                "I12", cloud.journal().open(now().plus(LONGEST), 10).isEmpty(), "an ended run is listed as open");
    }

    private void look(boolean wild) {
        invariants.rethrow();
        engines.forEach(invariants::memory);
        invariants.failure(cloud.lastFailure());
        if (!wild && calmFrom.plus(PATIENCE).isBefore(now())) {
            invariants.mustExist(acknowledged.values());
            invariants.runs().forEach(run -> run.calm(now(), PATIENCE, profile.sweeps()));
        }
    }

    // Processes

    private void reopen(boolean sweeping) {
        cloud.restart();
        open(sweeping);
    }

    private void open(boolean sweeping) {
        process++;
        handling = -1;
        within = false;
        if (redeploys && version == 0 && process > 1) {
            version = 1;
            coverage.add(Coverage.Mishap.REDEPLOYMENT);
        }
        engines.clear();
        for (int i = 0; i < ENGINES; i++) {
            EngineCore engine = new EngineCore(skew(i), coding(i));
            engine.register(List.of(pipeline.versions().get(version)));
            engines.add(engine);
        }
        cloud.signals().deliverTo(this::deliver);
        if (sweeping) {
            planSweep(process);
        }
        // What was taken from the queue by a process that died is in nobody's hands but the sweep's.
        trying(0, engine -> {
            engine.resume();
            return true;
        });
    }

    private void planSweep(int started) {
        backstage.plan(now().plus(profile.sweeps() ? SWEEPS : RARE_SWEEPS), () -> {
            if (started == process && !cloud.crashed()) {
                planSweep(started);
                trying(pick(), engine -> {
                    engine.sweep();
                    return true;
                });
            }
        });
    }

    private dev.cumulane.cloud.Cloud skew(int engine) {
        if (!skewed || !isWild()) {
            return cloud;
        }
        coverage.add(Coverage.Mishap.SKEWED_CLOCK);
        long most = MOST_SKEW.toSeconds();
        long skew = tape.nextInt((int) (2 * most)) - (engine == 0 ? 0 : most);
        Duration wrong = Duration.ofSeconds(Math.max(-SLOWEST.toSeconds(), skew));
        return new OtherClock(cloud, () -> cloud.clock().instant().plus(wrong));
    }

    private Coding coding(int engine) {
        if (!olderCode || !isWild() || !(coding instanceof KeptObjects kept)) {
            return coding;
        }
        return engine == 0 ? kept.newer() : kept.older(() -> coverage.add(Coverage.Mishap.OLDER_CODE));
    }

    /** The engine that does the next thing: any, but not one that is held up in the middle of something. */
    private int pick() {
        return within ? 1 - handling : tape.nextInt(ENGINES);
    }

    private void deliver(SignalEnvelope signal) {
        use(pick(), engine -> {
            engine.handle(signal);
            return true;
        });
    }

    private <T> T use(int number, java.util.function.Function<EngineCore, T> deed) {
        int before = handling;
        handling = number;
        try {
            return deed.apply(engines.get(number));
        } finally {
            handling = before;
        }
    }

    /** Between two calls of one engine, now and then, time passes and the other goes on. Who is held up once is often held up again at the next call. */
    private void meanwhile() {
        if (!pauses || within || handling < 0 || !isWild()) {
            return;
        }
        int rarity = profile.sweeps() ? 250 : 15;
        slow = tape.oneIn(slow ? 2 : rarity);
        if (!slow) {
            return;
        }
        within = true;
        coverage.add(Coverage.Mishap.PAUSE);
        int held = handling;
        try {
            cloud.advance(Duration.ofSeconds(tape.nextInt(4) == 3 ? tape.nextInt(900) : tape.nextInt(10)));
        } finally {
            within = false;
            handling = held;
        }
    }

    /** Tries; empty if a port failed, the process died, or the run went on between a look at it and the deed. */
    private <T> Optional<T> trying(int number, java.util.function.Function<EngineCore, T> deed) {
        try {
            return Optional.of(use(number, deed));
        } catch (CloudException | IllegalStateException | SimulatedCrash e) {
            return Optional.empty();
        }
    }

    // People and forges

    private void act(boolean wild) {
        push(wild);
        if (repeats && !repeated && allEnded()) {
            repeat();
        }
        for (SeenRun run : List.copyOf(invariants.runs())) {
            if (run.progress().hasEnded()) {
                continue;
            }
            if (wild && tape.oneIn(60)) {
                toCancel.add(run.id());
            }
            if (toCancel.contains(run.id()) && !run.progress().isEnding()) {
                trying(pick(), engine -> {
                    engine.cancel(run.id(), "grace", "");
                    return true;
                });
            }
            if (wild && tape.oneIn(40)) {
                skip(run, run.plan().graph().key(tape.nextInt(run.plan().size())));
            }
            for (int stage = 0; stage < run.plan().size(); stage++) {
                if (run.progress().slot(stage).phase() == Phase.VOTING && (!wild || tape.nextInt(3) == 0)) {
                    vote(run, stage);
                }
            }
        }
    }

    /** A forge tells of a head until somebody says that it was heard, and sometimes again. */
    private void push(boolean wild) {
        for (int number = 0; number < pushes; number++) {
            int heard = number;
            SourceEvent head = number == 1 && isOpenToForks ? OF_A_FORK : HEADS.get(number);
            boolean again = acknowledged.containsKey(number);
            if (again ? wild && tape.oneIn(20) : !wild || tape.nextInt(4) == 0) {
                if (again) {
                    coverage.add(Coverage.Mishap.TOLD_AGAIN);
                }
                trying(pick(), engine -> engine.start("any", head)).ifPresent(run -> acknowledged.put(heard, run));
                return;
            }
        }
    }

    private static SourceEvent pushed(int number, TrustLevel trust) {
        Commit head = Commit.commit(
                "https://example.com/any.git", Integer.toString(number).repeat(40));
        return new SourceEvent.Pushed(head.at("refs/heads/main"), "ada", trust, Optional.of(List.of("src/Shop.java")));
    }

    private void vote(SeenRun run, int number) {
        String stage = run.plan().graph().key(number);
        RandomPipeline.Fate fate = pipeline.fate(stage);
        if (fate == RandomPipeline.Fate.HANGS) {
            return;
        }
        String by = tape.nextInt(2) == 0 ? "ada" : "grace";
        Vote.Decision decision = fate == RandomPipeline.Fate.SUCCEEDS ? Vote.Decision.APPROVE : Vote.Decision.REJECT;
        StageSlot.Ballot ballot = run.progress().slot(number).ballot().orElseThrow();
        if (ballot.votes().stream().anyMatch(vote -> vote.by().equals(by))) {
            coverage.add(Coverage.Mishap.VOTED_AGAIN);
        }
        cast(run, stage, new Voter(by, Vote.Via.JAVA), decision, "");
        if (tape.oneIn(8)) {
            coverage.add(Coverage.Mishap.VOTED_IN_VAIN);
            if (tape.nextInt(2) == 0) {
                cast(run, stage, new Voter(STRANGER, Vote.Via.PAGE), decision, "");
            } else {
                cast(run, stage, new Voter(by, Vote.Via.LINK, Optional.of(NOTHING)), decision, MISTAKEN);
            }
        }
    }

    private void cast(SeenRun run, String stage, Voter by, Vote.Decision decision, String comment) {
        boolean isInVain = by.name().equals(STRANGER) || comment.equals(MISTAKEN);
        invariants.votes(run.id(), stage, by.name(), decision);
        trying(pick(), engine -> {
            try {
                engine.vote(run.id(), stage, by, decision, comment);
            } catch (IllegalArgumentException e) {
                invariants.check("I5", isInVain, "a vote of %s is refused: %s", by.name(), e.getMessage());
            }
            return true;
        });
    }

    private void skip(SeenRun run, String stage) {
        String by = tape.nextInt(2) == 0 ? "ada" : "grace";
        invariants.skips(run.id(), stage, by);
        trying(pick(), engine -> {
            engine.skip(run.id(), stage, by, "in the way");
            return true;
        });
    }

    /** Somebody wants the first run again, or a part of it, when all have ended. */
    private RunId fork(EngineCore engine, SeenRun run, String from) {
        try {
            return engine.fork(run.id(), from, "ada", changes(run, from));
        } catch (IllegalArgumentException e) {
            // Some other stage knew what was to be replaced.
            return engine.fork(run.id(), from, "ada", Variation.none());
        }
    }

    /** Another artifact in the place of one that the stage reads, if that can be. */
    private Variation changes(SeenRun run, String from) {
        List<Artifact> read = run.plan().stage(run.plan().graph().number(from)).needs().reads().stream()
                .filter(Artifact.class::isInstance)
                .map(Artifact.class::cast)
                .toList();
        if (read.isEmpty() || tape.nextInt(2) == 0) {
            return Variation.none();
        }
        Artifact artifact = read.get(0);
        Digest other = cloud.artifacts().put("another".getBytes(StandardCharsets.UTF_8));
        return Variation.none().artifact(artifact.stage(), artifact.name(), other);
    }

    private void repeat() {
        SeenRun run = invariants.runs().iterator().next();
        boolean failed = run.memo().stages().stream()
                .anyMatch(slot -> !slot.verdict().orElseThrow().cause().letsOthersGoOn());
        String from = run.plan().graph().key(tape.nextInt(run.plan().size()));
        int kind = tape.nextInt(3);
        repeated = trying(pick(), engine -> switch (kind) {
                    case 0 -> engine.rerun(run.id(), "ada");
                    case 1 -> fork(engine, run, from);
                    default -> failed ? engine.rerunFromFailed(run.id(), "ada") : engine.rerun(run.id(), "ada");
                })
                .isPresent();
    }

    private boolean ended() {
        return allEnded() && (repeated || !repeats);
    }

    private boolean allEnded() {
        return acknowledged.size() == pushes
                && invariants.runs().size() >= pushes
                && invariants.runs().stream().allMatch(run -> run.progress().hasEnded());
    }
}
