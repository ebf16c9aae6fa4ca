// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.testing;

import dev.cumulane.engine.Engine;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.HistoryRecord;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.RunId;
import dev.cumulane.run.RunState;
import dev.cumulane.run.RunView;
import dev.cumulane.run.StageValue;
import dev.cumulane.run.StageView;
import dev.cumulane.run.Variation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * A run of a {@link PipelineTester}. What people do to it lets the world's time pass until it has come to rest again; what is asserted of it throws an
 * {@link AssertionError} that shows the whole run.
 */
public final class TestedRun {
    private final PipelineTester tester;
    private final RunId id;
    // A run that has ended never changes again.
    private Optional<RunView> last = Optional.empty();

    TestedRun(PipelineTester tester, RunId id) {
        this.tester = tester;
        this.id = id;
    }

    /**
     * The run's id.
     *
     * @return the id
     */
    public RunId id() {
        return id;
    }

    /**
     * The run, as it is now.
     *
     * @return the view
     */
    public RunView view() {
        return find().orElseThrow(() -> new AssertionError("run " + id + " has not begun"));
    }

    /**
     * A stage, as it is now.
     *
     * @param name the stage's name
     * @return the stage
     * @throws IllegalArgumentException if there is none; the message names those there are
     */
    public StageView stage(String name) {
        return view().stage(name);
    }

    /**
     * The environment variables that the last attempt of a stage was given: constants, addresses, and values of other stages, as its commands see them.
     *
     * @param stage the name of a build, test or function stage
     * @return name and value, without secrets and the standard ones
     * @throws AssertionError if it was never started
     */
    public SortedMap<String, String> env(String stage) {
        AttemptId attempt =
                new AttemptId(id, stage, Math.max(1, stage(stage).progress().attempt()));
        return tester.cloud()
                .variables(attempt)
                .orElseThrow(() -> failure("expected stage '" + stage + "' to have been started"));
    }

    /**
     * Asserts an environment variable that the last attempt of a stage was given.
     *
     * @param stage the name of a build, test or function stage
     * @param variable the variable's name
     * @param value the wanted value
     * @return this run
     */
    public TestedRun assertEnv(String stage, String variable, String value) {
        SortedMap<String, String> is = env(stage);
        if (!value.equals(is.get(variable))) {
            throw failure("expected stage '" + stage + "' to be given " + variable + "='" + value
                    + "', but it was given " + is);
        }
        return this;
    }

    /**
     * Asserts a value that the run returns.
     *
     * @param name what the pipeline calls it
     * @param text the wanted value; one item a line, for a list
     * @return this run
     */
    public TestedRun assertReturns(String name, String text) {
        Optional<StageValue> is = Optional.ofNullable(view().returned().values().get(name));
        if (!is.map(one -> one.is(text)).orElse(false)) {
            throw failure("expected the run to return '" + text + "' as " + name + ", but it "
                    + is.map(other -> "returns " + other).orElse("returns no such value"));
        }
        return this;
    }

    /**
     * Asserts what a stage has handed on.
     *
     * @param stage the stage's name
     * @param value the name of a value that it declares
     * @param text the wanted value; one item a line, for a list
     * @return this run
     */
    public TestedRun assertValue(String stage, String value, String text) {
        Optional<StageValue> is = stage(stage)
                .progress()
                .verdict()
                .map(verdict -> verdict.values().get(value));
        if (!is.map(one -> one.is(text)).orElse(false)) {
            throw failure("expected stage '" + stage + "' to have handed on '" + text + "' as " + value + ", but it "
                    + is.map(other -> "is " + other).orElse("did not"));
        }
        return this;
    }

    /**
     * What happened so far.
     *
     * @return the records, in order
     */
    public List<HistoryRecord> history() {
        return engine().history(id);
    }

    /**
     * Approves.
     *
     * @param stage the approval
     * @param by who votes
     * @return this run, at rest again
     * @throws IllegalArgumentException if there is no such approval, or that person may not vote on it
     * @throws IllegalStateException if it does not wait for votes
     */
    public TestedRun approve(String stage, String by) {
        engine().approve(id, stage, by, "");
        return settled();
    }

    /**
     * Rejects.
     *
     * @param stage the approval
     * @param by who votes
     * @param comment why
     * @return this run, at rest again
     * @throws IllegalArgumentException if there is no such approval, or that person may not vote on it
     * @throws IllegalStateException if it does not wait for votes
     */
    public TestedRun reject(String stage, String by, String comment) {
        engine().reject(id, stage, by, comment);
        return settled();
    }

    /**
     * Cancels.
     *
     * @param by who asks
     * @param reason why; may be empty
     * @return this run, at rest again
     * @throws IllegalStateException if it has ended
     */
    public TestedRun cancel(String by, String reason) {
        engine().cancel(id, by, reason);
        return settled();
    }

    /**
     * Skips a stage.
     *
     * @param stage the stage's name
     * @param by who asks
     * @param reason why; may be empty
     * @return this run, at rest again
     * @throws IllegalStateException if it cannot be skipped now, or not by this person
     */
    public TestedRun skip(String stage, String by, String reason) {
        engine().skip(id, stage, by, reason);
        return settled();
    }

    /**
     * Runs all of it again.
     *
     * @param by who asks
     * @return the repetition, at rest
     */
    public TestedRun rerun(String by) {
        return tester.next(engine().rerun(id, by));
    }

    /**
     * Runs again what did not succeed, and what comes behind it.
     *
     * @param by who asks
     * @return the repetition, at rest
     * @throws IllegalStateException if it has not ended, or everything in it succeeded
     */
    public TestedRun rerunFromFailed(String by) {
        return tester.next(engine().rerunFromFailed(id, by));
    }

    /**
     * Runs a stage again, and what comes behind it.
     *
     * @param from the stage's name
     * @param by who asks
     * @return the fork, at rest
     * @throws IllegalArgumentException if there is no such stage; the message names those there are
     */
    public TestedRun fork(String from, String by) {
        return tester.next(engine().fork(id, from, by));
    }

    /**
     * Forks with other parameters.
     *
     * @param from the stage's name
     * @param by who asks
     * @param parameters those that change
     * @return the fork, at rest
     * @throws IllegalArgumentException also if a parameter cannot have this value, or a stage that would not run again knows it
     */
    public TestedRun fork(String from, String by, Map<String, String> parameters) {
        return tester.next(engine().fork(id, from, by, parameters));
    }

    /**
     * Forks this run with other parameters or artifacts.
     *
     * @param from the stage
     * @param by who asks
     * @param changes what is different
     * @return the fork, at rest
     */
    public TestedRun fork(String from, String by, Variation changes) {
        return tester.next(engine().fork(id, from, by, changes));
    }

    /**
     * The run of another pipeline that a stage runs.
     *
     * @param stage the stage's name
     * @return that run
     * @throws AssertionError if the stage runs none, or not yet
     */
    public TestedRun child(String stage) {
        StageView view = stage(stage);
        return Optional.of(view)
                .filter(one -> one.kind() == StageView.Kind.CHILD)
                .flatMap(one -> one.progress().service())
                .map(id -> tester.next(new RunId(id)))
                .orElseThrow(() -> failure("stage '" + stage + "' runs no other pipeline now"));
    }

    /**
     * Asserts which stages did not run, since what they did in another run holds.
     *
     * @param stages the names of all of them, in the order of the definition
     * @return this run
     */
    public TestedRun assertTakenOver(String... stages) {
        List<String> are = view().stages().stream()
                .filter(stage -> stage.progress().from().isPresent())
                .map(StageView::name)
                .toList();
        if (!are.equals(Arrays.asList(stages))) {
            throw failure("expected the stages taken over to be " + Arrays.asList(stages) + ", but they are " + are);
        }
        return this;
    }

    /**
     * Asserts that it has succeeded.
     *
     * @return this run
     */
    public TestedRun assertSucceeded() {
        return assertEnded(Outcome.SUCCESS);
    }

    /**
     * Asserts that it has failed: its work said no.
     *
     * @return this run
     */
    public TestedRun assertFailed() {
        return assertEnded(Outcome.FAILURE);
    }

    /**
     * Asserts how it has ended.
     *
     * @param outcome the wanted outcome
     * @return this run
     */
    public TestedRun assertEnded(Outcome outcome) {
        Optional<Outcome> is = view().outcome();
        if (!is.equals(Optional.of(outcome))) {
            throw failure("expected the run to have ended with " + outcome + ", but it "
                    + is.map(other -> "ended with " + other).orElse("has not ended"));
        }
        return this;
    }

    /**
     * Asserts how a stage has ended.
     *
     * @param stage the stage's name
     * @param outcome the wanted outcome
     * @return this run
     */
    public TestedRun assertStage(String stage, Outcome outcome) {
        Optional<Outcome> is = stage(stage).outcome();
        if (!is.equals(Optional.of(outcome))) {
            throw failure("expected stage '" + stage + "' to have ended with " + outcome + ", but it "
                    + is.map(other -> "ended with " + other)
                            .orElseGet(() -> "is " + stage(stage).progress().state()));
        }
        return this;
    }

    /**
     * Asserts that an approval waits for votes.
     *
     * @param approval the stage's name
     * @return this run
     */
    public TestedRun assertWaitingFor(String approval) {
        if (!waitsForPeople(stage(approval))) {
            throw failure("expected the run to wait for votes on '" + approval + "', but that stage is "
                    + RunTree.state(stage(approval)));
        }
        return this;
    }

    /**
     * Asserts where all stages are.
     *
     * @param lines for each stage, in the order of the definition, its name and its outcome or, before it has one, its state, such as {@code build SUCCESS}
     * @return this run
     */
    public TestedRun assertStages(String... lines) {
        List<String> are = new ArrayList<>();
        view().stages().forEach(stage -> are.add(stage.name() + " " + RunTree.state(stage)));
        if (!are.equals(Arrays.asList(lines))) {
            throw failure("expected the stages to be " + Arrays.asList(lines) + ", but they are " + are);
        }
        return this;
    }

    /**
     * Asserts how many attempts a stage took.
     *
     * @param stage the stage's name
     * @param attempts the wanted number; 0 if it was never tried
     * @return this run
     */
    public TestedRun assertAttempts(String stage, int attempts) {
        int is = stage(stage).progress().attempt();
        if (is != attempts) {
            throw failure("expected stage '" + stage + "' to have taken " + attempts + " attempts, but it took " + is);
        }
        return this;
    }

    /**
     * The run and its stages, for people.
     *
     * @return some lines of text
     */
    public String tree() {
        return find().map(RunTree::of).orElseGet(() -> "run " + id + " has not begun\n");
    }

    @Override
    public String toString() {
        return tree();
    }

    Optional<RunView> find() {
        if (last.flatMap(RunView::outcome).isEmpty()) {
            last = engine().find(id);
        }
        return last;
    }

    static boolean waitsForPeople(StageView stage) {
        return stage.progress().state() == RunState.WAITING
                && stage.progress()
                        .waiting()
                        .flatMap(StageView.Waiting::question)
                        .isPresent();
    }

    private Engine engine() {
        return tester.engine();
    }

    private TestedRun settled() {
        tester.settle();
        return this;
    }

    private AssertionError failure(String what) {
        return new AssertionError(what + ":\n" + tree());
    }
}
