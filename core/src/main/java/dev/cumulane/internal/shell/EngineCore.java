// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.shell;

import dev.cumulane.cloud.Capability;
import dev.cumulane.cloud.Cloud;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.Journal;
import dev.cumulane.cloud.SignalEnvelope;
import dev.cumulane.cloud.StreamId;
import dev.cumulane.internal.codec.Codec;
import dev.cumulane.internal.codec.Coding;
import dev.cumulane.internal.codec.NewerFormException;
import dev.cumulane.internal.json.MalformedJsonException;
import dev.cumulane.internal.machine.Ballots;
import dev.cumulane.internal.machine.Claimant;
import dev.cumulane.internal.machine.LockProgress;
import dev.cumulane.internal.machine.Phase;
import dev.cumulane.internal.machine.Rollouts;
import dev.cumulane.internal.machine.RunProgress;
import dev.cumulane.internal.machine.Signal;
import dev.cumulane.internal.machine.Skips;
import dev.cumulane.internal.machine.StageSlot;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.pipeline.Plan;
import dev.cumulane.pipeline.Stage;
import dev.cumulane.run.EnvironmentView;
import dev.cumulane.run.HistoryRecord;
import dev.cumulane.run.Lineage;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.RunEvent;
import dev.cumulane.run.RunId;
import dev.cumulane.run.RunView;
import dev.cumulane.run.SourceEvent;
import dev.cumulane.run.Vote;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What stands behind {@code Engine}: questions and wishes of people on one side, ports on the other. Safe for use by several threads. */
public final class EngineCore {
    private static final Logger LOG = LoggerFactory.getLogger(EngineCore.class);
    private static final Duration SWEEP_AGAIN = Duration.ofMinutes(1);
    private static final Duration ABANDONED = Duration.ofMinutes(15);
    private static final int SWEEP_PAGE = 200;

    private final Cloud cloud;
    private final Coding coding;
    private final Plans plans;
    private final Runs runs;
    private final Repetitions repetitions;
    private final Locks locks;
    private final Resending resending;
    private final Changes changes = new Changes();
    private final SortedMap<String, Plan> pipelines = new TreeMap<>();

    /** By the name of a pipeline, the plans of those that it runs, and that they run. */
    private final SortedMap<String, List<Plan>> children = new TreeMap<>();

    /** By a repository's clone URL, its short name. */
    private final Map<String, String> repositories = new TreeMap<>();

    private volatile boolean closed;

    /** An engine core on a cloud. It calls no port yet. */
    public EngineCore(Cloud cloud) {
        this(cloud, Coding.JSON);
    }

    /** The same, with records and signals in another form; all engines on one cloud must be able to read what the others write. */
    public EngineCore(Cloud cloud, Coding coding) {
        this.cloud = cloud;
        this.coding = coding;
        this.plans = new Plans(cloud.artifacts(), coding);
        Writer writer = new Writer();
        this.locks = new Locks(cloud, coding, writer, this::due);
        this.runs = new Runs(cloud, coding, plans, writer, locks, changes::tell, this::concluded);
        this.repetitions = new Repetitions(cloud.journal(), plans, runs, this::begin);
        this.resending = new Resending(cloud);
    }

    /** Tells waiting readers that something was recorded here. */
    public Changes changes() {
        return changes;
    }

    /**
     * Registers pipelines.
     *
     * @throws IllegalArgumentException with all the reasons why they cannot run here
     */
    public void register(List<Pipeline> registered) {
        List<String> problems = new ArrayList<>();
        for (Pipeline pipeline : registered) {
            PlanCheck.problems(pipeline, cloud)
                    .forEach(problem -> problems.add("pipeline '" + pipeline.name() + "': " + problem));
            if (pipelines.containsKey(pipeline.name())) {
                problems.add("two pipelines are called '" + pipeline.name() + "'");
            }
            pipelines.put(pipeline.name(), pipeline.plan());
        }
        problems.addAll(Triggers.problems(pipelines));
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join(System.lineSeparator(), problems));
        }
        for (String missing : Triggers.missing(pipelines)) {
            LOG.warn("A pipeline is to run after '{}', which is not registered here; there are: {}", missing, pipelines());
        }
        for (Pipeline pipeline : registered) {
            List<Plan> below = new ArrayList<>();
            pipelines.put(pipeline.name(), pinned(pipeline, below));
            children.put(pipeline.name(), below);
        }
    }

    /** A pipeline's plan with the digest of its code, and with the fingerprints that the plans of its children have in this cloud. */
    private Plan pinned(Pipeline pipeline, List<Plan> below) {
        boolean hasCode =
                !pipeline.functions().isEmpty() && cloud.capabilities().contains(Capability.CODE_BY_DIGEST);
        Plan plan = hasCode
                ? pipeline.plan()
                        .withCode(CodeArchive.keep(
                                cloud.artifacts(), pipeline.functions().values()))
                : pipeline.plan();
        if (pipeline.children().isEmpty()) {
            return plan;
        }
        List<Stage> stages = new ArrayList<>();
        for (Stage stage : plan.stages()) {
            if (stage instanceof Stage.Child child) {
                Plan called = pinned(Objects.requireNonNull(pipeline.children().get(child.name())), below);
                below.add(called);
                stages.add(new Stage.Child(
                        child.name(), child.needs(), child.called().following(called.fingerprint()), child.limits()));
            } else {
                stages.add(stage);
            }
        }
        return plan.withStages(stages);
    }

    /** Gives a repository, by its clone URL, the short name by which triggers know it. */
    public void name(String url, String repository) {
        repositories.put(url, repository);
    }

    /** The names of the registered pipelines. */
    public List<String> pipelines() {
        return List.copyOf(pipelines.keySet());
    }

    /** Starts the run of this source event, unless it exists. */
    public RunId start(String pipeline, SourceEvent source) {
        return start(pipeline, source, Map.of());
    }

    /** Starts the run of this source event and these parameters, unless it exists. */
    public RunId start(String pipeline, SourceEvent source, Map<String, String> said) {
        return start(pipeline, source, said, Optional.empty());
    }

    private RunId start(String pipeline, SourceEvent source, Map<String, String> said, Optional<String> unwanted) {
        Plan plan = registered(pipeline);
        SortedMap<String, String> parameters = Parameters.of(plan, said);
        RunId run = RunIds.of(pipeline, source, Parameters.special(plan, parameters));
        begin(run, new Signal.Begin(run, keep(plan), source, Optional.empty(), parameters, Optional.empty(), unwanted));
        return run;
    }

    /**
     * Starts a run of every registered pipeline that a source event triggers.
     *
     * @param unwanted why the stages of the runs are all skipped, if they are
     */
    public List<RunId> handle(SourceEvent source, Optional<String> unwanted) {
        return triggered(source).stream()
                .map(pipeline -> start(pipeline, source, Map.of(), unwanted))
                .toList();
    }

    /** The pipelines that a source event triggers. */
    public List<String> triggered(SourceEvent source) {
        Optional<String> repository =
                Optional.ofNullable(repositories.get(source.commit().repository()));
        return pipelines.entrySet().stream()
                .filter(each -> Triggers.match(each.getValue(), source, repository))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** The run that a source event starts of a pipeline, whether it exists or not. */
    public RunId named(String pipeline, SourceEvent source) {
        return RunIds.of(pipeline, source, Collections.emptySortedMap());
    }

    /** The plans of the registered pipelines, by name. */
    public SortedMap<String, Plan> plans() {
        return Collections.unmodifiableSortedMap(pipelines);
    }

    /** What a run's end sets off. It is done again until it has been done once to its end. */
    private void concluded(RunProgress run) {
        Optional<Lineage> lineage = run.head().started().orElseThrow().lineage();
        if (lineage.isEmpty() || !(lineage.get() instanceof Lineage.Child)) {
            List<String> artifacts = List.copyOf(Returns.of(run).artifacts().keySet());
            SourceEvent source = run.source();
            handle(
                    new SourceEvent.Followed(
                            source.commit(),
                            run.run(),
                            run.plan().plan().pipeline(),
                            run.head().outcome().orElseThrow(),
                            artifacts,
                            source.trust()),
                    Optional.empty());
        }
    }

    /** Runs all of a run again, with the pipeline as it is registered now. */
    public RunId rerun(RunId run, String by) {
        RunProgress of = existing(run);
        Plan plan = registered(of.plan().plan().pipeline());
        keep(plan);
        return repetitions.rerun(of, plan, by);
    }

    /** Runs again what did not succeed. */
    public RunId rerunFromFailed(RunId run, String by) {
        return repetitions.rerunFromFailed(existing(run), by);
    }

    /** Runs a stage again, and what comes behind it. */
    public RunId fork(RunId run, String from, String by, Map<String, String> said) {
        return repetitions.fork(existing(run), from, by, said);
    }

    /** Stores a pipeline's plan, after those that it names. */
    private Digest keep(Plan plan) {
        children.getOrDefault(plan.pipeline(), List.of()).forEach(plans::keep);
        return plans.keep(plan);
    }

    private Plan registered(String pipeline) {
        Plan plan = pipelines.get(pipeline);
        if (plan == null) {
            throw new IllegalArgumentException("there is no pipeline '" + pipeline.replaceAll("\\p{Cntrl}", "?")
                    + "'; there are: " + (pipelines.isEmpty() ? "none" : String.join(", ", pipelines.keySet())));
        }
        return plan;
    }

    private void begin(RunId run, Signal.Begin begin) {
        runs.signal(run, begin);
    }

    /** Handles one message of the queue. What meets a later version's record leaves it alone and is sent again. */
    public void handle(SignalEnvelope envelope) {
        requireOpen();
        try {
            carry(envelope);
        } catch (CloudException e) {
            if (!Resending.concerns(e)) {
                throw e;
            }
            resending.sendAgain(envelope, e);
        }
    }

    /** Refuses what comes after the end. */
    public void requireOpen() {
        if (closed) {
            throw new IllegalStateException("this engine is closed");
        }
    }

    private void carry(SignalEnvelope envelope) {
        Signal signal;
        try {
            signal = coding.signal(envelope.bytes());
        } catch (MalformedJsonException e) {
            throw CloudException.permanent(
                    "signals", "signal " + envelope.id() + " cannot be read by this version: " + e.getMessage(), e);
        }
        StreamId stream = envelope.stream();
        if (!stream.isRun()) {
            if (signal instanceof Signal.ToLock toLock) {
                locks.signal(stream, toLock);
            } else if (signal instanceof Signal.Drain) {
                locks.drain(stream);
            }
            return;
        }
        RunId run = new RunId(stream.name());
        if (signal instanceof Signal.ToRun toRun) {
            runs.signal(run, toRun);
        } else if (signal instanceof Signal.WorkOver over) {
            runs.workOver(run, over);
        } else if (signal instanceof Signal.Look look) {
            runs.look(run, look.tries());
        } else if (signal instanceof Signal.Drain) {
            runs.drain(run);
        }
    }

    /** Finds what no signal told: open runs to look at, inboxes that nobody emptied, locks that nobody needs. */
    public void sweep() {
        if (closed) {
            return;
        }
        Instant now = cloud.clock().instant();
        for (Journal.Listed listed : cloud.journal().open(now, SWEEP_PAGE)) {
            sweep(listed, now);
        }
        for (StreamId stream : cloud.journal().inboxes(SWEEP_PAGE)) {
            if (stream.isRun()) {
                runs.drain(new RunId(stream.name()));
            } else {
                locks.drain(stream);
            }
        }
        for (String environment :
                cloud.deliveries().environments().stream().sorted().toList()) {
            locks.look(StreamId.environment(environment));
        }
    }

    /** One run that cannot be read must not keep the others from being looked at. */
    private void sweep(Journal.Listed listed, Instant now) {
        try {
            sweepOne(listed, now);
        } catch (RuntimeException e) {
            LOG.error("Run {} could not be looked at and is tried again: {}", listed.run(), e.getMessage());
            cloud.journal().lookAgain(listed.run(), now.plus(SWEEP_AGAIN));
        }
    }

    private void sweepOne(Journal.Listed listed, Instant now) {
        runs.look(listed.run(), 0);
        // Of the groups only those matter that an open run waits for: one that nobody waits for is in nobody's way.
        runs.read(
                        listed.run(),
                        cell -> cell.progress()
                                .filter(RunProgress::waitsForTurn)
                                .flatMap(progress -> progress.head().turn()))
                .ifPresent(turn -> locks.look(StreamId.group(turn.group())));
        Optional<Boolean> ended = knowsEnd(listed.run());
        boolean abandoned =
                ended.isEmpty() && listed.startedAt().plus(ABANDONED).isBefore(now);
        if (!abandoned) {
            // A run that has ended is taken off when its last command has been done, which the look above has tried:
            // not
            // here, or what it holds would stay held if that failed.
            cloud.journal().lookAgain(listed.run(), now.plus(SWEEP_AGAIN));
            return;
        }
        cloud.journal().unlist(listed.run());
        if (hasEnded(listed.run()).equals(Optional.of(false))) {
            // Somebody listed it, which changed nothing, and began it while this took it off.
            cloud.journal().list(new Journal.Listed(listed.run(), now, now));
        }
    }

    private Optional<Boolean> knowsEnd(RunId run) {
        return runs.read(run, cell -> cell.progress().map(RunProgress::hasEnded));
    }

    /** Looks at every open run, due or not: what an engine does that takes over from one that is gone. */
    public void resume() {
        Instant now = cloud.clock().instant();
        for (Journal.Listed listed : cloud.journal().open(now.plus(Duration.ofDays(1)), SWEEP_PAGE)) {
            sweep(listed, now);
        }
        sweep();
    }

    /** How somebody who needs a lock no longer gives it back; empty for who does. */
    private Optional<Signal.Release> due(Claimant who) {
        if (who.isRun()) {
            // A run that asks exists: its question follows its first record.
            return hasEnded(who.run()).filter(ended -> ended).map(ended -> new Signal.Release(who));
        }
        Optional<Signal.Release> gone = Optional.of(new Signal.Release(who));
        return runs.read(who.run(), cell -> {
                    cell.refresh();
                    return cell.progress().filter(progress -> progress.number(who.stage()) >= 0);
                })
                .map(progress -> {
                    int stage = progress.number(who.stage());
                    return progress.slot(stage).phase() == Phase.FINISHED
                            ? Optional.of(new Signal.Release(who, Rollouts.deployed(progress, stage)))
                            : Optional.<Signal.Release>empty();
                })
                .orElse(gone);
    }

    /** The environments of this cloud, sorted. */
    public List<String> environments() {
        return cloud.deliveries().environments().stream().sorted().toList();
    }

    /** An environment as it is now. */
    public EnvironmentView environment(String name) {
        LockProgress lock = environments().contains(name) || StreamId.isName(name)
                ? locks.find(StreamId.environment(name))
                : LockProgress.unused();
        if (!environments().contains(name) && lock.fence() == 0) {
            throw new IllegalArgumentException("there is no environment '" + name.replaceAll("\\p{Cntrl}", "?")
                    + "'; there are: " + (environments().isEmpty() ? "none" : String.join(", ", environments())));
        }
        return Views.of(name, lock);
    }

    /** Casts a vote, after the checks that can be told to the voter at once. */
    public void vote(RunId run, String stage, String by, Vote.Decision decision, String comment) {
        Instant now = cloud.clock().instant();
        Vote vote = new Vote(by, decision, comment, now);
        Optional<Signal.VoteCast> cast = fresh(run, progress -> Optional.of(check(progress, stage, vote)));
        Signal signal = cast.orElseThrow(() -> unknown(run));
        byte[] bytes = coding.bytes(signal);
        // All of the vote is in its id: two votes of one moment are two signals.
        String id = "vote/" + stage + "/" + Digest.of(bytes).hex();
        cloud.signals().send(new SignalEnvelope(id, StreamId.of(run), bytes));
    }

    private Signal.VoteCast check(RunProgress progress, String name, Vote vote) {
        int number = progress.plan().graph().number(name);
        if (number < 0 || !(progress.plan().stage(number) instanceof Stage.Approval approval)) {
            List<String> approvals = progress.plan().plan().stages().stream()
                    .filter(Stage.Approval.class::isInstance)
                    .map(Stage::name)
                    .toList();
            throw new IllegalArgumentException(
                    "run " + progress.run() + " has no approval '" + name.replaceAll("\\p{Cntrl}", "?") + "'; it has: "
                            + (approvals.isEmpty() ? "none" : String.join(", ", approvals)));
        }
        Ballots.refusal(progress, approval, vote.by()).ifPresent(why -> {
            throw new IllegalArgumentException(
                    "'" + vote.by().replaceAll("\\p{Cntrl}", "?") + "' may not vote on '" + name + "'" + why);
        });
        if (approval.rules().contains(Stage.VotingRule.COMMENTED)
                && vote.comment().isBlank()) {
            throw new IllegalArgumentException("a vote on '" + name + "' needs a comment that says why");
        }
        StageSlot slot = progress.slot(number);
        if (slot.phase() == Phase.FINISHED) {
            throw new IllegalStateException(
                    "'" + name + "' of run " + progress.run() + " takes no votes any more: it ended in "
                            + slot.verdict().orElseThrow().outcome() + ", "
                            + slot.verdict().orElseThrow().detail());
        }
        if (slot.phase() != Phase.VOTING) {
            throw new IllegalStateException(
                    "'" + name + "' of run " + progress.run() + " takes no votes yet: stages before it have not ended");
        }
        if (vote.at().isAfter(slot.deadline().orElseThrow())) {
            throw new IllegalStateException("the vote on '" + name + "' of run " + progress.run()
                    + " is too late: it expired at " + slot.deadline().orElseThrow());
        }
        return new Signal.VoteCast(name, vote, slot.ballot().orElseThrow().subject());
    }

    /** Asks to cancel a run. */
    public void cancel(RunId run, String by, String reason) {
        RunEvent.CancellationRequested wanted = new RunEvent.CancellationRequested(by, reason);
        Optional<Outcome> outcome = view(run).outcome();
        if (outcome.isPresent()) {
            throw new IllegalStateException(
                    "run " + run + " has ended in " + outcome.get() + " and cannot be cancelled");
        }
        cloud.signals()
                .send(new SignalEnvelope(
                        "cancel",
                        StreamId.of(run),
                        coding.bytes(new Signal.CancelRequested(wanted.by(), wanted.reason()))));
    }

    /** Asks to skip a stage. */
    public void skip(RunId run, String stage, String by, String reason) {
        RunEvent.SkipRequested wanted = new RunEvent.SkipRequested(stage, by, reason);
        RunProgress progress = existing(run);
        int number = progress.number(stage);
        if (number < 0) {
            throw new IllegalArgumentException("run " + run + " has no stage '" + stage.replaceAll("\\p{Cntrl}", "?")
                    + "'; it has: " + String.join(", ", progress.plan().graph().keys()));
        }
        Skips.refusal(progress, number, by, reason).ifPresent(why -> {
            throw new IllegalStateException("'" + stage + "' of run " + run + " cannot be skipped: " + why);
        });
        byte[] bytes = coding.bytes(new Signal.SkipAsked(wanted.stage(), wanted.by(), wanted.reason()));
        String id = "skip/" + stage + "/" + Digest.of(bytes).hex();
        cloud.signals().send(new SignalEnvelope(id, StreamId.of(run), bytes));
    }

    /** A run as it is now. */
    public Optional<RunView> find(RunId run) {
        return runs.read(run, cell -> {
            cell.refresh();
            return cell.progress().map(progress -> Views.of(progress, cell.sequence()));
        });
    }

    /** Whether a run has ended; empty if there is no such run. Unlike {@link #find}, it costs what was recorded since it was last asked, not what the run has of stages. */
    public Optional<Boolean> hasEnded(RunId run) {
        return runs.read(run, cell -> {
            cell.refresh();
            return cell.progress().map(RunProgress::hasEnded);
        });
    }

    /** The latest runs. */
    public List<RunView> list(int limit) {
        List<RunView> views = new ArrayList<>();
        for (Journal.Listed listed : cloud.journal().recent(limit)) {
            find(listed.run()).ifPresent(views::add);
        }
        return views;
    }

    /** A run's records from one on. */
    public List<HistoryRecord> history(RunId run, long from) {
        List<HistoryRecord> history = new ArrayList<>();
        Stream.read(cloud.journal(), StreamId.of(run), from, entry -> {
            try {
                Codec.RunRecord record = coding.runRecord(entry.bytes());
                history.add(new HistoryRecord(entry.sequence(), record.at(), record.events()));
            } catch (MalformedJsonException | NewerFormException e) {
                throw CloudException.permanent(
                        "journal",
                        "record " + entry.sequence() + " of run " + run + " cannot be read: " + e.getMessage(),
                        e);
            }
        });
        return history;
    }

    /** The plan that a run follows. */
    public Plan plan(RunId run) {
        return fresh(run, progress -> Optional.of(progress.plan().plan())).orElseThrow(() -> unknown(run));
    }

    /**
     * What this engine has in memory of a run, for comparison with what its history says.
     *
     * @param sequence the number of the last record in it
     * @param state the state
     */
    public record Remembered(long sequence, RunProgress.Memo state) {}

    /** What this engine has in memory of a run; empty if it has nothing. Calls no port. */
    public Optional<Remembered> remembered(RunId run) {
        return runs.peek(run, cell -> cell.loaded().map(state -> new Remembered(cell.sequence(), state.memo())));
    }

    /** Handles nothing more: signals that are delivered from now on are refused, and so delivered again to the next engine. */
    public void close() {
        closed = true;
    }

    private RunView view(RunId run) {
        return find(run).orElseThrow(() -> unknown(run));
    }

    /** A copy of a run's state as it is now. */
    private RunProgress existing(RunId run) {
        return runs.copy(run).orElseThrow(() -> unknown(run));
    }

    private IllegalArgumentException unknown(RunId run) {
        List<String> latest = cloud.journal().recent(5).stream()
                .map(listed -> listed.run().value())
                .toList();
        return new IllegalArgumentException("there is no run " + run + "; the latest are: "
                + (latest.isEmpty() ? "none" : String.join(", ", latest)));
    }

    private <T> Optional<T> fresh(RunId run, java.util.function.Function<RunProgress, Optional<T>> reader) {
        return runs.read(run, cell -> {
            cell.refresh();
            return cell.progress().flatMap(reader);
        });
    }
}
