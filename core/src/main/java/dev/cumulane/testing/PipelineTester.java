// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.testing;

import dev.cumulane.cloud.CloudException;
import dev.cumulane.engine.Engine;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.pipeline.Trigger;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.Commit;
import dev.cumulane.run.RunId;
import dev.cumulane.run.RunState;
import dev.cumulane.run.RunView;
import dev.cumulane.run.SourceEvent;
import dev.cumulane.run.StageView;
import dev.cumulane.run.TrustLevel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Tests a pipeline without running its commands: the real engine, on a {@link SimulatedCloud}, in milliseconds and offline.
 *
 * <p>Each action lets the world's time pass until the runs have ended or wait for people only, and returns then; nothing happens between two calls. For one thread.
 *
 * <pre>{@code
 * PipelineTester tester = PipelineTester.of(ShopPipeline.pipeline());
 * tester.stage("build").first().losesItsWorker();
 *
 * TestedRun run = tester.push("main").assertWaitingFor("release");
 * tester.advance(Duration.ofDays(2));
 * run.approve("release", "ada").assertSucceeded();
 * }</pre>
 */
public final class PipelineTester {
    /** Longer than an approval may wait; a run that has not come to rest by then never will. */
    private static final Duration LONGEST = Duration.ofDays(400);

    private static final String PERSON = "tester";

    private final Pipeline pipeline;
    private final SimulatedCloud cloud;
    private final Engine engine;
    private final List<TestedRun> runs = new ArrayList<>();
    private final List<During> during = new ArrayList<>();
    private final SortedMap<String, String> said = new TreeMap<>();
    private int commits;
    private boolean settling;

    private record During(String stage, Consumer<TestedRun> action) {}

    private PipelineTester(Pipeline pipeline) {
        this.pipeline = pipeline;
        this.cloud = SimulatedCloud.of(pipeline);
        this.engine = Engine.on(cloud).register(pipeline).open();
    }

    /**
     * A tester with a world of its own, in which nothing has run yet and everything succeeds unless told otherwise.
     *
     * @param pipeline the pipeline
     * @return the tester
     */
    public static PipelineTester of(Pipeline pipeline) {
        return new PipelineTester(pipeline);
    }

    /**
     * The script of a stage's work.
     *
     * @param name the name of a build, test or function stage
     * @return the script
     * @throws IllegalArgumentException if there is no such stage, or no worker does it; the message names those that can be scripted
     */
    public ScriptedWork stage(String name) {
        return cloud.stage(name);
    }

    /**
     * The script of an environment that the pipeline deploys to.
     *
     * @param name the environment's name
     * @return the script
     * @throws IllegalArgumentException if there is no such environment; the message names those there are
     */
    public ScriptedEnvironment environment(String name) {
        return cloud.environment(name);
    }

    /**
     * Does something once, as soon as the work of a stage is under way; for what must not wait until the run comes to rest, such as cancelling it.
     *
     * @param stage the name of a build, test or function stage
     * @param action what to do with the run
     */
    public void during(String stage, Consumer<TestedRun> action) {
        stage(stage);
        during.add(new During(stage, action));
    }

    /**
     * Pushes a new commit to a protected branch.
     *
     * @param branch the branch's name
     * @return the run that this starts, at rest
     * @throws AssertionError if it starts none; the message names the pipeline's triggers
     */
    public TestedRun push(String branch) {
        return started(
                new SourceEvent.Pushed(commit().at("refs/heads/" + branch), PERSON, TrustLevel.TRUSTED),
                "a push to '" + branch + "'");
    }

    /**
     * Proposes a new commit of another branch of the same repository.
     *
     * @param target the branch that it wants to change
     * @return the run that this starts, at rest
     * @throws AssertionError if it starts none; the message names the pipeline's triggers
     */
    public TestedRun changeRequest(String target) {
        Commit head = commit();
        return started(
                new SourceEvent.ChangeProposed(
                        head.at("refs/heads/change-" + commits),
                        target,
                        Integer.toString(commits),
                        PERSON,
                        TrustLevel.INTERNAL),
                "a change request into '" + target + "'");
    }

    /**
     * Says a parameter of the runs that are started from now on, as a person does; runs that a push or a change request starts have the defaults.
     *
     * @param parameter the parameter's name
     * @param value what it is
     * @return this tester
     */
    public PipelineTester with(String parameter, String value) {
        said.put(parameter, value);
        return this;
    }

    /**
     * Starts a run of a new commit, as a person does.
     *
     * @return the run, at rest
     */
    public TestedRun start() {
        return start(commit());
    }

    /**
     * Starts a run, as a person does.
     *
     * @param commit the commit
     * @return the run, at rest
     */
    public TestedRun start(Commit commit) {
        return atRest(run(engine.start(pipeline.name(), commit, PERSON, said)));
    }

    /**
     * Tells the engine of something in the repository.
     *
     * @param event what happened
     * @return the run that this starts, at rest; empty if no trigger matches
     */
    public Optional<TestedRun> tell(SourceEvent event) {
        List<RunId> started = engine.handle(event);
        return started.stream().findFirst().map(id -> atRest(run(id)));
    }

    /**
     * Lets time pass, and then what it set off come to rest.
     *
     * @param time zero or more
     */
    public void advance(Duration time) {
        cloud.advance(time);
        settle();
    }

    /**
     * The world's time.
     *
     * @return now
     */
    public Instant now() {
        return cloud.clock().instant();
    }

    /**
     * The world, for its faults and crashes.
     *
     * @return the cloud on which the engine works
     */
    public SimulatedCloud cloud() {
        return cloud;
    }

    /**
     * The engine under test. After using it, call {@link #advance} with no time to let things happen.
     *
     * @return the engine
     */
    public Engine engine() {
        return engine;
    }

    private Commit commit() {
        String id = Digest.of(("commit " + ++commits).getBytes(StandardCharsets.UTF_8))
                .hex()
                .substring(0, 40);
        return Commit.commit("https://example.com/" + pipeline.name() + ".git", id);
    }

    private TestedRun started(SourceEvent event, String what) {
        return tell(event)
                .orElseThrow(() -> new AssertionError(what + " starts no run of pipeline '" + pipeline.name()
                        + "', which starts on "
                        + (pipeline.plan().triggers().isEmpty()
                                ? "a person's word alone"
                                : pipeline.plan().triggers().stream()
                                        .map(Trigger::words)
                                        .collect(Collectors.joining("; ")))));
    }

    /** A run that another one was made of. */
    TestedRun next(RunId id) {
        return atRest(run(id));
    }

    /** The run of this id, the same object each time. */
    private TestedRun run(RunId id) {
        for (TestedRun known : runs) {
            if (known.id().equals(id)) {
                return known;
            }
        }
        TestedRun run = new TestedRun(this, id);
        runs.add(run);
        return run;
    }

    private TestedRun atRest(TestedRun run) {
        settle();
        return run;
    }

    /** Lets things happen until every run has ended or waits for people only. */
    void settle() {
        if (settling) {
            return;
        }
        settling = true;
        try {
            Instant until = now().plus(LONGEST);
            while (!atRest()) {
                if (!cloud.step(during.isEmpty(), until) || cloud.hopeless().isPresent()) {
                    throw stuck();
                }
                intervene();
            }
        } finally {
            settling = false;
        }
    }

    private boolean atRest() {
        return !cloud.busy() && List.copyOf(runs).stream().allMatch(run -> atRest(look(run)));
    }

    private boolean atRest(Optional<RunView> run) {
        return run.isPresent() && run.get().stages().stream().allMatch(stage -> restsOnPeople(run.get(), stage));
    }

    private boolean restsOnPeople(RunView run, StageView stage) {
        RunState state = stage.progress().state();
        return run.status().state() == RunState.FINISHED
                || state == RunState.FINISHED
                || state == RunState.PENDING
                || TestedRun.waitsForPeople(stage)
                || child(stage)
                        .flatMap(PipelineTester::look)
                        .filter(this::waitsForPeople)
                        .isPresent();
    }

    private boolean waitsForPeople(RunView child) {
        return child.status().state() != RunState.FINISHED && atRest(Optional.of(child));
    }

    /** The run that a stage runs, if it does. */
    private Optional<TestedRun> child(StageView stage) {
        return stage.kind() == StageView.Kind.CHILD
                ? stage.progress().service().map(id -> run(new RunId(id)))
                : Optional.empty();
    }

    /** The run, as far as the world lets us see it: a fault may be in the way, and then it is looked at again later. */
    private static Optional<RunView> look(TestedRun run) {
        try {
            return run.find();
        } catch (CloudException e) {
            if (e.retryable()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private void intervene() {
        for (During planned : List.copyOf(during)) {
            for (TestedRun run : List.copyOf(runs)) {
                Optional<StageView> stage = look(run).stream()
                        .flatMap(view -> view.stages().stream())
                        .filter(one -> one.name().equals(planned.stage()))
                        .findFirst();
                if (stage.filter(one -> isWorking(run.id(), one)).isPresent() && during.remove(planned)) {
                    planned.action().accept(run);
                }
            }
        }
    }

    private boolean isWorking(RunId run, StageView stage) {
        StageView.Progress progress = stage.progress();
        return progress.service().isPresent()
                && progress.state() == RunState.EXECUTING
                && cloud.isClaimed(new AttemptId(run, stage.name(), progress.attempt()));
    }

    private AssertionError stuck() {
        StringBuilder text = new StringBuilder(cloud.hopeless()
                .map(signal -> "the engine cannot handle signal " + signal.id() + " of " + signal.stream())
                .orElse("a run does not come to rest by " + now()));
        runs.forEach(run -> text.append("\n").append(look(run).map(RunTree::of).orElse("run " + run.id())));
        AssertionError error = new AssertionError(text.toString());
        cloud.lastFailure().ifPresent(error::initCause);
        return error;
    }
}
