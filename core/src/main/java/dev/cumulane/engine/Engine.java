// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.engine;

import dev.cumulane.cloud.Blueprint;
import dev.cumulane.cloud.Cloud;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.HttpAnswer;
import dev.cumulane.cloud.HttpRequest;
import dev.cumulane.cloud.HttpStream;
import dev.cumulane.cloud.SignalEnvelope;
import dev.cumulane.internal.ingress.Ingress;
import dev.cumulane.internal.ingress.Sources;
import dev.cumulane.internal.page.Pages;
import dev.cumulane.internal.shell.EngineCore;
import dev.cumulane.notify.Notices;
import dev.cumulane.people.People;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.pipeline.Plan;
import dev.cumulane.run.Commit;
import dev.cumulane.run.EnvironmentView;
import dev.cumulane.run.HistoryRecord;
import dev.cumulane.run.RunId;
import dev.cumulane.run.RunView;
import dev.cumulane.run.SourceEvent;
import dev.cumulane.run.Variation;
import dev.cumulane.run.Vote;
import dev.cumulane.run.Voter;
import dev.cumulane.source.KeptAside;
import dev.cumulane.source.Repository;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Starts runs, takes votes, and shows how runs are.
 *
 * <p>On one machine the process that opened an engine does the work; in a cloud the deployed functions do, and this only appends and signals. All methods may be called
 * from any thread. Those that call the cloud throw {@link CloudException} when it does not answer as it should; those that take a run, a stage or a name throw
 * {@link IllegalArgumentException} for one that does not exist, naming those that do.
 */
public final class Engine implements AutoCloseable {
    private final EngineCore core;
    private final Sources sources;
    private final Ingress ingress;
    private final Pages pages;
    private final Watching watching;

    private Engine(Parts parts) {
        core = parts.core();
        sources = parts.sources();
        ingress = parts.ingress();
        pages = parts.pages();
        watching = new Watching(core);
    }

    /**
     * An engine on this cloud; say which pipelines, then open it.
     *
     * @param cloud where to run; the caller closes it after the engine
     * @return a builder
     */
    public static Builder on(Cloud cloud) {
        return new Builder(cloud);
    }

    /** Says what an engine runs. */
    public static final class Builder {
        private final Cloud cloud;
        private final List<Pipeline> pipelines = new ArrayList<>();
        private final List<Repository> repositories = new ArrayList<>();
        private Duration pace = Duration.ofMinutes(3);
        private final Following following = new Following();
        private Consumer<String> refusals = refusal -> {};

        private Builder(Cloud cloud) {
            this.cloud = cloud;
        }

        /**
         * Registers pipelines, too.
         *
         * @param more the pipelines
         * @return this
         */
        public Builder register(Pipeline... more) {
            pipelines.addAll(List.of(more));
            return this;
        }

        /**
         * Tells of runs in the words of the standards, too.
         *
         * @param what what is told, and where
         * @return this
         */
        public Builder telling(Standards what) {
            following.add(what);
            return this;
        }

        /**
         * Takes events of source repositories, too: their webhooks, and what their forges tell when they are asked. A forge to which a repository has a credential is
         * told the status of each run's commit.
         *
         * @param more the repositories
         * @return this
         */
        public Builder repository(Repository... more) {
            repositories.addAll(List.of(more));
            return this;
        }

        /**
         * Notifies people and services of what happens in runs, too. A notice that cannot be delivered is tried again for a day, and shows in the run.
         *
         * @param rules who hears of what
         * @return this
         */
        public Builder notify(Notices... rules) {
            following.add(List.of(rules));
            return this;
        }

        /**
         * Says who the people are that decide: what other services call them, and how a request proves that it comes from one of them. Without this, nobody is known but
         * by what they say themselves.
         *
         * @param people the people
         * @return this
         */
        public Builder people(People people) {
            following.setPeople(people);
            return this;
        }

        /**
         * Lets whoever has one of these tokens see the pages, instead of everybody at this machine. They say themselves who they are when they vote.
         *
         * @param references of secrets that hold a token each, two while one takes the other's place
         * @return this
         */
        public Builder pagesForToken(String... references) {
            following.setPeople(following.people().pagesForToken(references));
            return this;
        }

        /**
         * Says that requests can come from this machine alone, since whoever takes them listens on loopback. Then those who make them may see the pages without further
         * proof. Without this, people need a token or a proxy that knows them, and where neither is configured there are no pages.
         *
         * @return this
         */
        public Builder answeringThisMachineAlone() {
            following.setOnThisMachineAlone();
            return this;
        }

        /**
         * Asks the forges for heads and change requests of which no webhook told, at another pace than every three minutes. A new head is run once two surveys have seen it.
         *
         * @param every at least one second
         * @return this
         */
        public Builder surveying(Duration every) {
            if (every.compareTo(Duration.ofSeconds(1)) < 0) {
                throw new IllegalArgumentException("forges are asked every second at most, not every " + every);
            }
            pace = every;
            return this;
        }

        /**
         * Says where people find the pages of this engine, so that statuses and notices can lead there.
         *
         * @param address an address such as {@code https://ci.example.com}, without a slash at its end
         * @return this
         */
        public Builder pages(String address) {
            following.setPages(address);
            return this;
        }

        /**
         * Lets calls of forges, statuses and notices go to these origins although they are in a private network, or on this machine; plain http will do there. Without this, nothing is sent
         * but by https to the public internet.
         *
         * @param origins scheme, host and port, such as {@code https://git.corp.example:8443}
         * @return this
         */
        public Builder reachingInside(String... origins) {
            following.addInside(List.of(origins));
            return this;
        }

        /**
         * Tells why requests to hooks are not accepted, beside the log.
         *
         * @param listener takes one line for people, on the thread of each such request: anybody who reaches the engine can make many
         * @return this
         */
        public Builder hearingRefusals(Consumer<String> listener) {
            refusals = listener;
            return this;
        }

        /**
         * What this engine needs of its cloud, for an installation there. Calls nothing.
         *
         * @return pipelines, secrets and repositories
         */
        public Blueprint.Demand demand() {
            return Demands.of(pipelines, repositories, following);
        }

        /**
         * Opens an engine that works: it takes the signals that this cloud delivers to a process, and goes on with open runs.
         *
         * @return the engine
         * @throws IllegalArgumentException if a pipeline needs what this cloud cannot do; the message names all of it
         */
        public Engine open() {
            Parts parts = parts();
            Engine engine = new Engine(parts);
            if (cloud.signals().deliverTo(engine::handle)) {
                parts.core().resume();
            }
            parts.sweepWith(cloud);
            return engine;
        }

        /**
         * Opens an engine that only reads and sends signals, while another process or the cloud's functions work.
         *
         * @return the engine
         * @throws IllegalArgumentException if a pipeline needs what this cloud cannot do; the message names all of it
         */
        public Engine attach() {
            return new Engine(parts());
        }

        private Parts parts() {
            Sources.Setup setup = new Sources.Setup(repositories, pace, following.people());
            return Parts.of(cloud, pipelines, setup, following, refusals);
        }
    }

    /**
     * The pipelines that are registered.
     *
     * @return their names, sorted
     */
    public List<String> pipelines() {
        return core.pipelines();
    }

    /**
     * The source repositories that are configured.
     *
     * @return their short names, sorted
     */
    public List<String> repositories() {
        return sources.names();
    }

    /**
     * Starts a run for a commit, as a person who asks for it. Asking again for the same commit and ref gives the same run; for a repetition there is {@link #rerun}.
     *
     * @param pipeline the pipeline's name
     * @param commit the commit
     * @param by who asks
     * @return the run
     */
    public RunId start(String pipeline, Commit commit, String by) {
        return core.start(pipeline, new SourceEvent.Asked(commit, by));
    }

    /**
     * Starts a run for a commit with parameters, as a person who asks for it. Asking again for the same commit, ref and parameters gives the same run; a parameter that
     * is said to be what it would be anyway counts as not said.
     *
     * @param pipeline the pipeline's name
     * @param commit the commit
     * @param by who asks
     * @param parameters what the run is told, by name; those left out have their defaults
     * @return the run
     * @throws IllegalArgumentException if the pipeline does not have such a parameter, it cannot be that, or one without default is missing; the message names all that
     *     is wrong, and there is no run then
     */
    public RunId start(String pipeline, Commit commit, String by, Map<String, String> parameters) {
        return core.start(pipeline, new SourceEvent.Asked(commit, by), parameters);
    }

    /**
     * Starts the run of a pipeline for a source event, whatever the pipeline's triggers say.
     *
     * @param pipeline the pipeline's name
     * @param source what it runs for
     * @return the run, which is the same however often this is called for the same commit, ref and kind of event
     */
    public RunId start(String pipeline, SourceEvent source) {
        return core.start(pipeline, source);
    }

    /**
     * Runs all of a run again, for the same source event and with the pipeline as it is registered now.
     *
     * @param run the run to repeat
     * @param by who asks
     * @return the repetition, a run of its own
     */
    public RunId rerun(RunId run, String by) {
        return core.rerun(run, by);
    }

    /**
     * Runs again what went wrong in a run, and all that comes behind it, with the plan that the run followed. The other stages are not run: what they did in that run
     * holds, with their artifacts and votes.
     *
     * @param run the run, which has ended
     * @param by who asks
     * @return the repetition, a run of its own
     * @throws IllegalStateException if the run has not ended, or nothing in it failed
     */
    public RunId rerunFromFailed(RunId run, String by) {
        return core.rerunFromFailed(run, by);
    }

    /**
     * Runs a stage of a run again, and all that comes behind it, with the plan that the run followed. Of the other stages those in which nothing went wrong are
     * not run: what they did in that run holds.
     *
     * @param run the run, which may still be open
     * @param from the name of the stage
     * @param by who asks
     * @return the fork, a run of its own
     * @throws IllegalArgumentException if there is no such stage; the message names those there are
     */
    public RunId fork(RunId run, String from, String by) {
        return core.fork(run, from, by, Variation.none());
    }

    /**
     * Forks a run with other parameters.
     *
     * @param run the run, which may still be open
     * @param from the name of the stage
     * @param by who asks
     * @param parameters those that change; the others stay as they were
     * @return the fork, a run of its own
     * @throws IllegalArgumentException also if a parameter cannot have this value, or a stage that would not run again knows it
     */
    public RunId fork(RunId run, String from, String by, Map<String, String> parameters) {
        return core.fork(run, from, by, new Variation(new TreeMap<>(parameters), List.of()));
    }

    /**
     * Forks a run with other parameters or with other artifacts in the place of some that its stages wrote; the fork's history says which.
     *
     * @param run the run, which may still be open
     * @param from the name of the stage
     * @param by who asks
     * @param changes what is different
     * @return the fork, a run of its own
     * @throws IllegalArgumentException also if an artifact is not there, or a stage that would not run again knew the former one
     */
    public RunId fork(RunId run, String from, String by, Variation changes) {
        return core.fork(run, from, by, changes);
    }

    /**
     * Starts a run of every registered pipeline whose triggers match.
     *
     * @param source what happened
     * @return the runs
     */
    public List<RunId> handle(SourceEvent source) {
        return core.handle(source, Optional.empty());
    }

    /**
     * Handles one message of the queue; for the engine function of a cloud. When it returns, the message is done with; after an exception it must be delivered again.
     *
     * @param signal the message
     */
    public void handle(SignalEnvelope signal) {
        if (signal.stream().isRepository()) {
            core.requireOpen();
            sources.handle(signal);
        } else {
            core.handle(signal);
        }
    }

    /**
     * Whether people can see pages: somebody could prove that they may.
     *
     * @return false if requests may come from elsewhere, and neither a token nor a proxy is configured
     */
    public boolean hasPages() {
        return pages.isOpen();
    }

    /**
     * Answers a request to the engine's HTTP endpoint; for whatever server or function a cloud has for that. What a webhook tells is put into the queue before it is
     * answered, and nothing else is done in the request. Other requests are answered with pages. Never throws.
     *
     * @param request the request
     * @return what to answer
     */
    public HttpAnswer answer(HttpRequest request) {
        return ingress.answer(request);
    }

    /**
     * The answer that a request gets whatever its body is, for a server that reads bodies itself: strangers cannot make it wait for them then. Never throws.
     *
     * @param head the request, with an empty body
     * @return the answer; empty if the body has to be read
     */
    public Optional<HttpAnswer> refusal(HttpRequest head) {
        return ingress.refusal(head);
    }

    /**
     * The answer to a request that comes bit by bit, for a server that can keep connections open. Never throws.
     *
     * @param request the request
     * @return the answer; empty if the request is one for {@link #answer}
     */
    public Optional<HttpStream> stream(HttpRequest request) {
        return pages.stream(request);
    }

    /**
     * The latest deliveries of a repository that were authentic and could not be read. Each has raised an alarm in the log.
     *
     * @param repository the repository's short name
     * @return at most 100 deliveries, the oldest first
     * @throws IllegalArgumentException if no repository of that name is configured; the message names those that are
     */
    public List<KeptAside> keptAside(String repository) {
        return sources.keptAside(repository);
    }

    /**
     * Approves.
     *
     * @param run the run
     * @param stage the approval
     * @param by who
     * @param comment why; may be empty
     * @throws IllegalArgumentException if there is no such approval, or this person may not vote
     * @throws IllegalStateException if it takes no votes yet or any more
     */
    public void approve(RunId run, String stage, String by, String comment) {
        vote(run, stage, new Voter(by, Vote.Via.JAVA), Vote.Decision.APPROVE, comment);
    }

    /**
     * Rejects; one such vote decides.
     *
     * @param run the run
     * @param stage the approval
     * @param by who
     * @param comment why; may be empty
     * @throws IllegalArgumentException if there is no such approval, or this person may not vote
     * @throws IllegalStateException if it takes no votes yet or any more
     */
    public void reject(RunId run, String stage, String by, String comment) {
        vote(run, stage, new Voter(by, Vote.Via.JAVA), Vote.Decision.REJECT, comment);
    }

    /**
     * Votes. A vote that is refused while the approval waits is recorded in the run's history, too.
     *
     * @param run the run
     * @param stage the approval
     * @param by who, how that is known, and what they saw
     * @param decision yes or no; one no decides
     * @param comment why; may be empty
     * @throws IllegalArgumentException if there is no such approval, or this vote does not count; the message says why
     * @throws IllegalStateException if it takes no votes yet or any more
     */
    public void vote(RunId run, String stage, Voter by, Vote.Decision decision, String comment) {
        core.vote(run, stage, by, decision, comment);
    }

    /**
     * Cancels: nothing new starts but stages that always run, and what runs is stopped. The run ends when its work really has.
     *
     * @param run the run
     * @param by who
     * @param reason why; may be empty
     * @throws IllegalStateException if it has ended
     */
    public void cancel(RunId run, String by, String reason) {
        core.cancel(run, by, reason);
    }

    /**
     * Skips a stage. One whose turn has not come is skipped when it comes, if what it needs goes well; one that waits, at once; work that runs is stopped first. What
     * only comes after the stage goes on, what reads from it is skipped, too. Anybody who can use this engine can skip a stage, and is recorded; an approval only
     * somebody whose vote would be the last that it needs.
     *
     * @param run the run
     * @param stage the stage
     * @param by who
     * @param reason why; may be empty
     * @throws IllegalArgumentException if there is no such stage; the message names those there are
     * @throws IllegalStateException if it cannot be skipped now, or not by this person; the message says why
     */
    public void skip(RunId run, String stage, String by, String reason) {
        core.skip(run, stage, by, reason);
    }

    /**
     * A run as it is now.
     *
     * @param run the run
     * @return the run, or empty if there is none
     */
    public Optional<RunView> find(RunId run) {
        return core.find(run);
    }

    /**
     * The latest runs, open and finished.
     *
     * @param limit how many at most, 1 to 1,000
     * @return the runs, the latest first
     */
    public List<RunView> list(int limit) {
        return core.list(limit);
    }

    /**
     * The environments that this cloud deploys to.
     *
     * @return their names, sorted
     */
    public List<String> environments() {
        return core.environments();
    }

    /**
     * An environment as it is now: who deploys, what is live, and what was deployed before.
     *
     * @param name the environment's name
     * @return the environment
     * @throws IllegalArgumentException if there is none of that name; the message names those there are
     */
    public EnvironmentView environment(String name) {
        return core.environment(name);
    }

    /**
     * What happened in a run.
     *
     * @param run the run
     * @return its records in order; none if there is no such run
     */
    public List<HistoryRecord> history(RunId run) {
        return core.history(run, 1);
    }

    /**
     * The plan that a run follows, whatever is registered now.
     *
     * @param run the run
     * @return the plan
     */
    public Plan plan(RunId run) {
        return core.plan(run);
    }

    /**
     * Follows a run's history by reading, from its first record to its end. It misses nothing and triggers nothing.
     *
     * @param run the run
     * @param listener gets each record once, in order, on a thread of its own
     * @return ends the listening when closed; it ends by itself after the run's last record
     */
    public Listening listen(RunId run, Consumer<HistoryRecord> listener) {
        return watching.listen(run, listener);
    }

    /**
     * Waits for a run's end.
     *
     * @param run the run
     * @param atMost how long
     * @return the run as it is at its end, or when the time is up
     * @throws InterruptedException if the thread is interrupted
     */
    public RunView await(RunId run, Duration atMost) throws InterruptedException {
        return watching.await(run, atMost);
    }

    /** Looks after open runs: what no signal told is asked for, what was not done is done. A working engine does so by itself. */
    public void sweep() {
        core.sweep();
        sources.sweep();
    }

    /** Ends this engine. What it started goes on; closing the cloud ends the deliveries to this process. */
    @Override
    public void close() {
        core.close();
    }
}
