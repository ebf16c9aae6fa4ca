// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.cloud.contract.Awaiting;
import dev.cumulane.engine.Engine;
import dev.cumulane.run.HistoryRecord;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.RunEvent;
import dev.cumulane.run.RunId;
import dev.cumulane.run.RunView;
import dev.cumulane.source.GitHubDelivery;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** One push, and what comes of it. */
public final class Story {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final long BETWEEN_LOOKS_NANOS = 100_000_000;
    private static final String ADA = "U024BE7LH";

    private final OnLoopback cloud;
    private final ShopRepository repository;
    private final Engine engine;
    private final Browser browser;
    private final String commit;
    private final RunId run;

    private Story(OnLoopback cloud, ShopRepository repository, String commit, RunId run) {
        this.cloud = cloud;
        this.repository = repository;
        this.engine = cloud.reader();
        this.browser = new Browser(cloud.ingressAddress());
        this.commit = commit;
        this.run = run;
    }

    /** A signed push to the main branch is delivered, and its run begins. */
    public static Story push(OnLoopback cloud, ShopRepository repository, String message) throws Exception {
        return push(cloud, repository, "main", message);
    }

    /** The same, to a branch. */
    public static Story push(OnLoopback cloud, ShopRepository repository, String branch, String message)
            throws Exception {
        String commit = repository.commit(message);
        GitHubDelivery push = GitHubDelivery.push("d-" + commit.substring(0, 8), "acme/shop", branch, commit, message);
        assertThat(new Browser(cloud.ingressAddress()).deliver(push, cloud.webhookSecret()))
                .isEqualTo(202);
        Engine engine = cloud.reader();
        patiently("the run begins", () -> of(engine, commit).isPresent());
        return new Story(cloud, repository, commit, of(engine, commit).orElseThrow());
    }

    private static Optional<RunId> of(Engine engine, String commit) {
        return engine.list(100).stream()
                .filter(run -> run.source().commit().id().equals(commit))
                .map(RunView::id)
                .findFirst();
    }

    public RunId run() {
        return run;
    }

    public String commit() {
        return commit;
    }

    public RunView view() {
        return engine.find(run).orElseThrow();
    }

    /** All events of the run so far. */
    public List<RunEvent> events() {
        return engine.history(run).stream()
                .map(HistoryRecord::events)
                .flatMap(List::stream)
                .toList();
    }

    /** Events of a kind. */
    public <E extends RunEvent> List<E> events(Class<E> kind) {
        return events().stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** How many records the run has. */
    public int records() {
        return engine.history(run).size();
    }

    /** Waits for an event of a kind. */
    public void await(Class<? extends RunEvent> kind) throws Exception {
        await(kind.getSimpleName(), () -> !events(kind).isEmpty());
    }

    private void await(String what, Callable<Boolean> condition) throws Exception {
        patiently(what + " in " + run, () -> {
            if (condition.call()) {
                return true;
            }
            assertThat(view().outcome())
                    .as("%s has ended before %s: %s", run, what, events())
                    .isEmpty();
            return false;
        });
    }

    /** Each look reads the journal; the machine has other things to do. */
    public static void patiently(String what, Callable<Boolean> condition) throws Exception {
        Awaiting.until(what, PATIENCE, () -> {
            LockSupport.parkNanos(BETWEEN_LOOKS_NANOS);
            return condition.call();
        });
    }

    /** Ada opens the link that she was sent, and approves. */
    public Story approve() throws Exception {
        await(RunEvent.ApprovalRequested.class);
        await(
                "a voting link for ada",
                () -> cloud.neighbours().link(ADA, run.value()).isPresent());
        URI link = cloud.neighbours().link(ADA, run.value()).orElseThrow();
        browser.approve(link, "looks good");
        return this;
    }

    /** The alarm rings while the canary has its share. */
    public Story alarm() throws Exception {
        await(RunEvent.HoldStarted.class);
        cloud.alarm(true);
        await(
                "its rollback",
                () -> events(RunEvent.StepStarted.class).stream()
                        .anyMatch(step -> step.step() == RunEvent.Step.ROLL_BACK));
        cloud.alarm(false);
        return this;
    }

    /** The run ends, and everybody has heard of it. */
    public Story ends(Outcome outcome) throws Exception {
        patiently(run + " ends", () -> view().outcome().isPresent());
        assertThat(view().outcome()).as("%s: %s", run, events()).contains(outcome);
        String told = outcome == Outcome.SUCCESS ? "success" : "failure";
        patiently("GitHub hears of the end of " + run, () -> {
            List<String> statuses = cloud.neighbours().statuses(commit);
            return !statuses.isEmpty() && statuses.get(statuses.size() - 1).equals(told);
        });
        return this;
    }

    /** Nothing was done twice: no attempt, no build, no vote. */
    public void wasDoneOnce() throws Exception {
        assertThat(repository.built(commit))
                .as("effects of the build of %s", run)
                .isEqualTo(1);
        assertThat(events(RunEvent.VoteCounted.class)).hasSize(1);
        assertThat(events(RunEvent.RunFinished.class)).hasSize(1);
        assertThat(events(RunEvent.StageFinished.class))
                .extracting(RunEvent.StageFinished::stage)
                .doesNotHaveDuplicates();
        assertThat(events(RunEvent.WorkStarted.class))
                .extracting(started -> started.stage() + "/" + started.attempt())
                .doesNotHaveDuplicates();
    }
}
