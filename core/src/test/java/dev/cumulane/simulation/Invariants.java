// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.DeploymentStep;
import dev.cumulane.cloud.StreamId;
import dev.cumulane.cloud.WorkOrder;
import dev.cumulane.internal.codec.Codec;
import dev.cumulane.internal.codec.Coding;
import dev.cumulane.internal.json.RecordJson;
import dev.cumulane.internal.machine.Phase;
import dev.cumulane.internal.machine.RunPlan;
import dev.cumulane.internal.machine.StageSlot;
import dev.cumulane.internal.order.OrderVariables;
import dev.cumulane.internal.order.RefusedInputException;
import dev.cumulane.internal.shell.EngineCore;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.pipeline.Input;
import dev.cumulane.pipeline.Limits;
import dev.cumulane.pipeline.Plan;
import dev.cumulane.pipeline.Stage;
import dev.cumulane.pipeline.Value;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.Cause;
import dev.cumulane.run.RunEvent;
import dev.cumulane.run.RunId;
import dev.cumulane.run.Vote;
import dev.cumulane.testing.Backstage;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** What must hold in every life, by the names I1 to I21 that {@code docs/proof.md} explains: watches the world from behind the scenes. */
final class Invariants implements Backstage.Watcher {
    private final RandomPipeline pipeline;
    private final Backstage backstage;
    private final InstantSource clock;
    private final Coding coding;
    private final Coverage coverage;
    private final Map<Digest, RunPlan> plans = new LinkedHashMap<>();
    private final Map<RunId, SeenRun> runs = new LinkedHashMap<>();
    private final Set<String> cast = new HashSet<>();
    private final Set<String> skipped = new HashSet<>();
    private final Facts facts = new Facts(this);
    private final SeenLocks locks = new SeenLocks(this);
    private final SeenReleases releases;
    private Consumer<String> trace = line -> {};
    private boolean isTraced;
    private Optional<Violation> violation = Optional.empty();
    private boolean wereFaults;
    private long hash = 17;

    Invariants(RandomPipeline pipeline, Backstage backstage, InstantSource clock, Coding coding, Coverage coverage) {
        this.pipeline = pipeline;
        this.backstage = backstage;
        this.releases = new SeenReleases(this, backstage);
        this.clock = clock;
        this.coding = coding;
        this.coverage = coverage;
        pipeline.plans().forEach(plan -> plans.put(plan.fingerprint(), plan));
    }

    void trace(Consumer<String> lines) {
        trace = lines;
        isTraced = true;
    }

    RandomPipeline pipeline() {
        return pipeline;
    }

    Coverage coverage() {
        return coverage;
    }

    Facts facts() {
        return facts;
    }

    SeenLocks locks() {
        return locks;
    }

    SeenReleases releases() {
        return releases;
    }

    Instant now() {
        return clock.instant();
    }

    Collection<SeenRun> runs() {
        return runs.values();
    }

    Optional<SeenRun> run(RunId run) {
        return Optional.ofNullable(runs.get(run));
    }

    boolean wereFaults() {
        return wereFaults;
    }

    /** A number that two lives with the same choices share. */
    long hash() {
        return hash;
    }

    /** Keeps the first violation, since the engine under test may swallow what is thrown. */
    Violation broken(String invariant, String what) {
        Violation found = new Violation(invariant, what);
        if (violation.isEmpty()) {
            violation = Optional.of(found);
        }
        return found;
    }

    void rethrow() {
        violation.ifPresent(found -> {
            throw found;
        });
    }

    void check(String invariant, boolean holds, String what, Object... about) {
        if (!holds) {
            throw broken(invariant, String.format(what, about));
        }
    }

    void votes(RunId run, String stage, String by, Vote.Decision decision) {
        cast.add(run + "/" + stage + "/" + by + "/" + decision);
    }

    boolean wasCast(RunId run, String stage, Vote vote) {
        return cast.contains(run + "/" + stage + "/" + vote.by() + "/" + vote.decision());
    }

    void skips(RunId run, String stage, String by) {
        skipped.add(run + "/" + stage + "/" + by);
    }

    boolean wasSkipped(RunId run, String stage, String by) {
        return skipped.contains(run + "/" + stage + "/" + by);
    }

    boolean hasResult(AttemptId attempt) {
        return backstage.result(attempt).isPresent();
    }

    boolean resultSays(AttemptId attempt, Cause cause) {
        return backstage
                .result(attempt)
                .filter(json -> json.contains('"' + cause.name() + '"'))
                .isPresent();
    }

    // What happens, as it happens

    @Override
    public void befell(String fault) {
        coverage.add(fault);
        wereFaults = true;
    }

    @Override
    public void appended(StreamId stream, long sequence, byte[] record) {
        if (!stream.isRun()) {
            Codec.LockRecord lock = coding.lockRecord(record);
            note(stream, lock.events());
            locks.record(stream.name(), lock);
            return;
        }
        Codec.RunRecord read = coding.runRecord(record);
        note(stream, read.events());
        if (coding == Coding.JSON) {
            byte[] again = coding.record(read.writer(), read.at(), read.events());
            check(
                    "I14",
                    Arrays.equals(again, record),
                    "record %d of %s reads and writes as %s",
                    sequence,
                    stream,
                    read);
        }
        RunId run = new RunId(stream.name());
        if (sequence == 1) {
            RunEvent first = read.events().get(0);
            check("I6", first instanceof RunEvent.RunStarted, "%s begins with %s", run, first);
            RunPlan plan = plans.get(((RunEvent.RunStarted) first).plan());
            check("I6", plan != null, "%s follows a plan that nobody deployed", run);
            runs.put(run, new SeenRun(this, run, plan));
        }
        runs.get(run).record(sequence, read);
    }

    @Override
    public void conflicted(StreamId stream) {
        coverage.add(Coverage.Mishap.CONFLICT);
    }

    private void note(Object who, Object what) {
        hash = 31 * hash + 17L * who.hashCode() + what.hashCode();
        hash = 31 * hash + now().hashCode();
        if (isTraced) {
            trace.accept(now() + " " + who + " " + what);
        }
    }

    @Override
    public void started(WorkOrder order) {
        AttemptId attempt = order.attempt();
        Optional<SeenRun> run = run(attempt.run());
        Optional<StageSlot> slot = run.flatMap(one -> one.slot(attempt));
        check(
                "I3",
                slot.isPresent()
                        && slot.get().phase() != Phase.PENDING
                        && slot.get().attempt() >= attempt.number(),
                "%s is started, and no record says so",
                attempt);
        Stage stage = run.get().plan().stage(run.get().plan().graph().number(attempt.stage()));
        check("I6", order.within().equals(limits(stage).within()), "%s is not the work of the run's plan", order);
        if (stage instanceof Stage.Build build) {
            check(
                    "I6",
                    order.runs().equals(new WorkOrder.Container(build.commands().image())),
                    "%s is not the work of the run's plan",
                    order);
        }
    }

    private static Limits limits(Stage stage) {
        if (stage instanceof Stage.Build build) {
            return build.limits();
        }
        return stage instanceof Stage.Test test ? test.limits() : ((Stage.Function) stage).limits();
    }

    @Override
    public void worked(AttemptId attempt, String service) {
        note(service, attempt);
        Facts.Attempt of = facts.of(attempt);
        of.works(service);
        check("I1", of.effects() == 1, "%s takes effect %d times", attempt, of.effects());
        SeenRun run = runs.get(attempt.run());
        StageSlot slot = run.slot(attempt).orElseThrow();
        boolean over = slot.attempt() > attempt.number() || slot.phase() == Phase.FINISHED;
        check(run.progress().isEnding() ? "I2" : "I1", !over, "%s begins after its end", attempt);
        collected(run, attempt);
        for (Input input : run.plan()
                .stage(run.plan().graph().number(attempt.stage()))
                .needs()
                .reads()) {
            if (input instanceof Input.Handed handed && handed.name().equals(Constructs.LIST.name())) {
                String item = variable(attempt, Constructs.VARIABLE);
                check(
                        "I22",
                        pipeline.item(attempt.stage()).equals(item),
                        "%s is given '%s' as its item",
                        attempt,
                        item);
            } else if (input instanceof Input.Handed handed) {
                String value = variable(attempt, Constructs.VARIABLE);
                check(
                        "I6",
                        Constructs.value(handed.stage()).equals(value),
                        "%s is given '%s' as the value of %s",
                        attempt,
                        value,
                        handed.stage());
            }
        }
    }

    /** What a group collects is what those of its members handed on that had succeeded when it ended. */
    private void collected(SeenRun run, AttemptId attempt) {
        Stage stage = run.plan().stage(run.plan().graph().number(attempt.stage()));
        if (!(stage instanceof Stage.Build build)
                || !(build.commands().env().get(Constructs.COLLECTED) instanceof Value.Collected values)) {
            return;
        }
        Instant end =
                run.progress().slot(values.group()).flatMap(StageSlot::ended).orElseThrow();
        JsonNode given =
                RecordJson.tree(variable(attempt, Constructs.COLLECTED).getBytes(StandardCharsets.UTF_8), Plan.LARGEST);
        Stage.Group group = (Stage.Group) run.plan().stage(run.plan().graph().number(values.group()));
        for (Stage.Member member : group.members()) {
            StageSlot slot = run.progress().slot(member.stage()).orElseThrow();
            boolean succeeded = slot.verdict()
                    .filter(verdict -> verdict.cause() == Cause.COMPLETED)
                    .isPresent();
            // What ended at the very instant of the group's end may have ended after it.
            boolean may = succeeded && !slot.ended().orElseThrow().isAfter(end);
            boolean must = succeeded && slot.ended().orElseThrow().isBefore(end);
            String value = given.path(member.stage()).asText("");
            boolean right = value.isEmpty() ? !must : may && value.equals(Constructs.value(member.stage()));
            check("I6", right, "%s is given %s of %s", attempt, given, member);
        }
    }

    /** The value that an attempt's worker sees of a variable. */
    private String variable(AttemptId attempt, String name) {
        try {
            byte[] order = backstage.order(attempt);
            OrderVariables variables =
                    coding instanceof KeptObjects kept ? kept.variables(order) : OrderVariables.of(order);
            OrderVariables.Stored stored = variables.fetched().get(name);
            return stored != null
                    ? new String(backstage.object(stored.digest()), StandardCharsets.UTF_8)
                    : variables.given().getOrDefault(name, "");
        } catch (RefusedInputException e) {
            throw broken("I6", "the order of " + attempt + " cannot be read: " + e.getMessage());
        }
    }

    @Override
    public void left(AttemptId attempt, String service, boolean died) {
        note(service, died ? "dies" : "leaves");
        facts.of(attempt).leaves(service, died, now());
    }

    @Override
    public void began(DeploymentStep step) {
        SeenRun run = runs.get(step.run());
        check("I3", run != null && run.sequence() > 0, "%s is begun, and no record says so", step);
        StageSlot.Rolling rolling =
                run.progress().slot(step.stage()).flatMap(StageSlot::rollout).orElseThrow();
        check("I3", rolling.index() >= step.index(), "%s is begun, and no record says so", step);
        check("I15", rolling.fence() == step.fence(), "%s has another fence than its grant", step);
        locks.begun(step);
        releases.began(step, rolling);
    }

    @Override
    public void stepped(DeploymentStep step, Optional<String> refusal) {
        note(step, refusal);
        if (refusal.isEmpty()) {
            locks.mustBeCurrent(step);
            if (step.wanted() instanceof DeploymentStep.Completed) {
                facts.completed(step);
            }
        }
    }

    // Now and then

    boolean isListed(RunId run) {
        return backstage.isListed(run);
    }

    /** Memory and journal agree. */
    void memory(EngineCore engine) {
        for (SeenRun run : runs.values()) {
            engine.remembered(run.id()).ifPresent(memory -> {
                check("I14", memory.sequence() <= run.sequence(), "%s has records that are nowhere", run);
                check(
                        "I14",
                        memory.sequence() < run.sequence() || memory.state().equals(run.memo()),
                        "%s is %s in memory and %s in its journal",
                        run,
                        memory.state(),
                        run.memo());
            });
        }
    }

    /** Nothing but ports fails, and they only for the moment. */
    void failure(Optional<RuntimeException> last) {
        last.filter(e -> !(e instanceof CloudException)).ifPresent(e -> {
            Violation found = broken("ERROR", String.valueOf(e));
            found.initCause(e);
            throw found;
        });
    }

    /** What was acknowledged is not lost. */
    void mustExist(Collection<RunId> acknowledged) {
        for (RunId run : acknowledged) {
            check("I7", runs.containsKey(run), "%s was acknowledged, and does not exist", run);
        }
    }

    /** At the end: every push has its run, all have ended, nothing is held, and stages that always run did so. */
    void atTheEnd(Collection<RunId> acknowledged) {
        mustExist(acknowledged);
        for (SeenRun run : runs.values()) {
            check("I4", run.progress().hasEnded(), "%s has not ended: %s", run, run.memo());
            for (Stage stage : run.plan().plan().stages()) {
                StageSlot slot = run.progress().slot(stage.name()).orElseThrow();
                boolean needed = slot.verdict().orElseThrow().cause() != Cause.NOT_NEEDED;
                if (stage.needs().isCleanUp() && needed && slot.from().isEmpty()) {
                    boolean ran = slot.attempt() > 0
                            && facts.of(new AttemptId(run.id(), stage.name(), slot.attempt()))
                                            .effects()
                                    == 1;
                    boolean well = slot.verdict().orElseThrow().cause() == Cause.COMPLETED;
                    check("I9", ran || !well, "%s of %s always runs, and did not", stage.name(), run);
                }
            }
        }
        locks.atTheEnd();
    }
}
