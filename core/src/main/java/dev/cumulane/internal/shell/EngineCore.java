// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.shell;

import dev.cumulane.cloud.Cloud;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.SignalEnvelope;
import dev.cumulane.cloud.StreamId;
import dev.cumulane.internal.codec.Coding;
import dev.cumulane.internal.follow.Follower;
import dev.cumulane.internal.follow.Others;
import dev.cumulane.internal.json.MalformedJsonException;
import dev.cumulane.internal.machine.Ballots;
import dev.cumulane.internal.machine.Claimant;
import dev.cumulane.internal.machine.Phase;
import dev.cumulane.internal.machine.Rollouts;
import dev.cumulane.internal.machine.RunProgress;
import dev.cumulane.internal.machine.Signal;
import dev.cumulane.internal.standards.Past;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.pipeline.Plan;
import dev.cumulane.run.EnvironmentView;
import dev.cumulane.run.HistoryRecord;
import dev.cumulane.run.Lineage;
import dev.cumulane.run.RunId;
import dev.cumulane.run.RunView;
import dev.cumulane.run.SourceEvent;
import dev.cumulane.run.Variation;
import dev.cumulane.run.Vote;
import dev.cumulane.run.Voter;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Supplier;

/** What stands behind {@code Engine}: questions and wishes of people on one side, ports on the other. Safe for use by several threads. */
public final class EngineCore {
    private final Cloud cloud;
    private final Coding coding;
    private final Registry registry;
    private final Runs runs;
    private final Locks locks;
    private final Environments environments;
    private final Queries queries;
    private final Wishes wishes;
    private final Repetitions repetitions;
    private final Sweep sweep;
    private final Resending resending;
    private final Followers followers;
    private final Changes changes = new Changes();

    private volatile boolean closed;

    /** An engine core on a cloud. It calls no port yet. */
    public EngineCore(Cloud cloud) {
        this(cloud, Coding.JSON);
    }

    /** The same, with records and signals in another form; all engines on one cloud must be able to read what the others write. */
    public EngineCore(Cloud cloud, Coding coding) {
        this.cloud = cloud;
        this.coding = coding;
        Plans plans = new Plans(cloud.artifacts(), coding);
        Writer writer = new Writer();
        this.followers = new Followers(cloud, coding, writer, new Followed());
        this.registry = new Registry(cloud, plans);
        this.locks = new Locks(cloud, coding, writer, this::due);
        this.environments = new Environments(cloud, locks);
        this.runs = new Runs(cloud, coding, plans, writer, locks, new Everybody());
        this.queries = new Queries(cloud.journal(), coding, runs);
        this.wishes = new Wishes(cloud, coding, queries);
        this.repetitions = new Repetitions(cloud.journal(), plans, runs, this::begin);
        this.sweep = new Sweep(cloud, runs, locks, queries, followers);
        this.resending = new Resending(cloud);
    }

    /** Those who hear that something was recorded of a run: readers in this process, and those who follow it from outside. */
    private final class Everybody implements Audience {
        @Override
        public void hear(RunId run) {
            changes.tell();
            followers.hear(run);
        }

        @Override
        public boolean hasHeardAll(Supplier<RunView> ended) {
            return followers.hasHeardAll(ended);
        }

        @Override
        public void concluded(RunProgress run) {
            Optional<Lineage> lineage = run.head().started().orElseThrow().lineage();
            if (lineage.isEmpty() || !(lineage.get() instanceof Lineage.Child)) {
                handle(followed(run), Optional.empty());
            }
        }
    }

    /** Runs as their followers see them. */
    private final class Followed implements Followers.Runs {
        @Override
        public Optional<RunView> view(RunId run) {
            return queries.find(run);
        }

        @Override
        public List<HistoryRecord> history(RunId run, long from) {
            return queries.history(run, from);
        }

        @Override
        public void concluded(RunId run) {
            runs.look(run, 0);
        }
    }

    /** What those who are told of runs may ask about others. */
    public Others others() {
        return new OtherRuns(cloud.journal(), queries);
    }

    /** Adds those who are told of runs, before the first run. */
    public void follow(List<? extends Follower> more) {
        followers.add(more);
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
        registry.register(registered);
    }

    /** The names of the registered pipelines. */
    public List<String> pipelines() {
        return registry.names();
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
        Plan plan = registry.plan(pipeline);
        SortedMap<String, String> parameters = Parameters.of(plan, said);
        RunId run = RunIds.of(pipeline, source, Parameters.special(plan, parameters));
        begin(
                run,
                new Signal.Begin(
                        run, registry.keep(plan), source, Optional.empty(), parameters, Optional.empty(), unwanted));
        return run;
    }

    /**
     * Starts a run of every registered pipeline that a source event triggers.
     *
     * @param unwanted why the stages of the runs are all skipped, if they are
     */
    public List<RunId> handle(SourceEvent source, Optional<String> unwanted) {
        return triggeredBy(source).stream()
                .map(pipeline -> start(pipeline, source, Map.of(), unwanted))
                .toList();
    }

    /** The pipelines that a source event triggers. */
    public List<String> triggeredBy(SourceEvent source) {
        return registry.triggeredBy(source);
    }

    /** The run that a source event starts of a pipeline, whether it exists or not. */
    public RunId named(String pipeline, SourceEvent source) {
        return RunIds.of(pipeline, source, Collections.emptySortedMap());
    }

    /** The plans of the registered pipelines, by name. */
    public SortedMap<String, Plan> plans() {
        return registry.plans();
    }

    /** Gives a repository, by its clone URL, the short name by which triggers know it. */
    public void name(String url, String repository) {
        registry.name(url, repository);
    }

    /** Runs all of a run again, with the pipeline as it is registered now. */
    public RunId rerun(RunId run, String by) {
        RunProgress of = queries.existing(run);
        Plan plan = registry.plan(of.plan().plan().pipeline());
        registry.keep(plan);
        return repetitions.rerun(of, plan, by);
    }

    /** Runs again what did not succeed. */
    public RunId rerunFromFailed(RunId run, String by) {
        return repetitions.rerunFromFailed(queries.existing(run), by);
    }

    /** Runs a stage again, and what comes behind it. */
    public RunId fork(RunId run, String from, String by, Variation changes) {
        return repetitions.fork(queries.existing(run), from, by, changes);
    }

    private static SourceEvent followed(RunProgress run) {
        return new SourceEvent.Followed(
                run.source().commit(),
                run.run(),
                run.plan().plan().pipeline(),
                run.head().outcome().orElseThrow(),
                List.copyOf(Returns.of(run).artifacts().keySet()),
                Ballots.authors(run),
                run.source().trust());
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
        } else if (signal instanceof Signal.Watch watch) {
            runs.watch(run, watch);
        } else if (signal instanceof Signal.Tell) {
            followers.tell(run);
        } else if (signal instanceof Signal.Drain) {
            runs.drain(run);
        }
    }

    /** Finds what no signal told: open runs to look at, inboxes that nobody emptied, locks that nobody needs. */
    public void sweep() {
        if (!closed) {
            sweep.due();
        }
    }

    /** Looks at every open run, due or not: what an engine does that takes over from one that is gone. */
    public void resume() {
        sweep.all();
    }

    /** How somebody who needs a lock no longer gives it back; empty for who does. */
    private Optional<Signal.Release> due(Claimant who) {
        if (who.isRun()) {
            // A run that asks exists: its question follows its first record.
            return queries.hasEnded(who.run()).filter(ended -> ended).map(ended -> new Signal.Release(who));
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
        return environments.names();
    }

    /** An environment as it is now. */
    public EnvironmentView environment(String name) {
        return environments.view(name, queries::find);
    }

    /** Casts a vote, after the checks that can be told to the voter at once. */
    public void vote(RunId run, String stage, Voter by, Vote.Decision decision, String comment) {
        wishes.vote(run, stage, by, decision, comment);
    }

    /** Asks to cancel a run. */
    public void cancel(RunId run, String by, String reason) {
        wishes.cancel(run, by, reason);
    }

    /** Asks to skip a stage. */
    public void skip(RunId run, String stage, String by, String reason) {
        wishes.skip(run, stage, by, reason);
    }

    /** A run as it is now, with those who could not be told of it. */
    public Optional<RunView> find(RunId run) {
        return queries.find(run).map(view -> view.withUntold(followers.untold(run)));
    }

    /** Whether a run has ended; empty if there is no such run. Unlike {@link #find}, it costs what was recorded since it was last asked, not what the run has of stages. */
    public Optional<Boolean> hasEnded(RunId run) {
        return queries.hasEnded(run);
    }

    /** The latest runs. */
    public List<RunView> list(int limit) {
        return queries.list(limit);
    }

    /** A run's records from one on. */
    public List<HistoryRecord> history(RunId run, long from) {
        return queries.history(run, from);
    }

    /** The number of a run's last record; empty if there is no such run. It costs what was recorded since it was last asked. */
    public Optional<Long> records(RunId run) {
        return queries.records(run);
    }

    /** The references of the secrets that a stage's work is given; none if there is no such stage. */
    public List<String> secrets(RunId run, String stage) {
        return queries.existing(run, progress -> {
            int number = progress.number(stage);
            return number < 0 ? List.of() : Results.secrets(progress.stage(number));
        });
    }

    /** What followers read of a run beside what they are told. */
    public Past past() {
        return new Past() {
            @Override
            public Plan plan(RunId run) {
                return EngineCore.this.plan(run);
            }

            @Override
            public List<HistoryRecord> history(RunId run, long from) {
                return EngineCore.this.history(run, from);
            }
        };
    }

    /** The plan that a run follows. */
    public Plan plan(RunId run) {
        return queries.existing(run, progress -> progress.plan().plan());
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
        if (!closed) {
            followers.flush();
        }
        closed = true;
    }
}
