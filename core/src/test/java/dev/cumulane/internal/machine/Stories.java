// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.machine;

import static dev.cumulane.pipeline.Work.container;

import dev.cumulane.pipeline.EverythingPipeline;
import dev.cumulane.pipeline.Output;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.run.Cause;
import dev.cumulane.run.RunId;
import dev.cumulane.run.Verdict;
import dev.cumulane.run.Vote;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** What can become of a run, told as stories. Together they take every row of the table, in each direction, and record every event. */
final class Stories {
    private static final RunId NEWER = new RunId("everything-00000000000newer");
    private static final Duration HOUR = Duration.ofHours(1);

    private Stories() {}

    /** A story that begins before the run's turn. */
    private interface Waiting extends Consumer<Driver> {}

    /** A story of a run that fans out. */
    private interface Fanned extends Consumer<Driver> {}

    private static final Output<List<String>> MODULES = Output.list("modules");

    /** A list, a build for each of its items, and what comes after them. */
    static Pipeline fanned() {
        return Pipeline.define("fanned", p -> {
            var split = p.build(
                    "split", container("alpine").runs("ls").outputs(MODULES).writes("src", "src"));
            var tests = p.forEach(
                            "test",
                            split.value(MODULES),
                            item -> p.test(
                                            item.name(),
                                            container("alpine")
                                                    .reads(split.artifact("src"))
                                                    .env("MODULE", item)
                                                    .runs("./test.sh \"$MODULE\"")
                                                    .writes("report", "report.xml"))
                                    .reuseWhenUnchanged())
                    .atMost(5);
            p.build(
                    "merge",
                    container("alpine").reads(tests.artifacts("report")).runs("ls test/*"));
            p.build("clean-up", container("alpine").runs("rm -rf x")).always();
        });
    }

    static SortedMap<String, Consumer<Driver>> all() {
        SortedMap<String, Consumer<Driver>> stories = new TreeMap<>();
        stories.put("all-goes-well", Stories::allGoesWell);
        stories.put("workers-are-lost", Stories::workersAreLost);
        stories.put("nothing-is-in-time", Stories::nothingIsInTime);
        stories.put("cancelled-early", Stories::cancelledEarly);
        stories.put("cancelled-while-people-decide", Stories::cancelledWhilePeopleDecide);
        stories.put("cancelled-while-holding", Stories::cancelledWhileHolding);
        stories.put("cancelled-while-asking", Stories::cancelledWhileAsking);
        stories.put("services-refuse", Stories::servicesRefuse);
        stories.put("a-function-rests", Stories::aFunctionRests);
        stories.put("the-run-takes-too-long", Stories::theRunTakesTooLong);
        stories.put("people-say-no", Stories::peopleSayNo);
        stories.put("people-say-nothing", Stories::peopleSayNothing);
        stories.put("an-ill-release", Stories::anIllRelease);
        stories.put("an-alarm-rings", Stories::anAlarmRings);
        stories.put("a-step-hangs", Stories::aStepHangs);
        stories.put("a-slow-provider", Stories::aSlowProvider);
        stories.put("an-environment-is-never-free", Stories::anEnvironmentIsNeverFree);
        stories.put("a-past-success", Stories::aPastSuccess);
        stories.put("nobody-knows-of-a-past-success", Stories::nobodyKnowsOfAPastSuccess);
        stories.put("cancelled-while-it-is-looked-for", Stories::cancelledWhileItIsLookedFor);
        stories.put("skipped-while-it-is-looked-for", Stories::skippedWhileItIsLookedFor);
        stories.put("people-skip", Stories::peopleSkip);
        stories.put("repeated-from-failed", Stories::repeatedFromFailed);
        stories.put("its-turn-never-comes", (Waiting) Stories::itsTurnNeverComes);
        stories.put("too-many-runs", (Waiting) Stories::tooManyRuns);
        stories.put("superseded-while-waiting", (Waiting) Stories::supersededWhileWaiting);
        stories.put("superseded", Stories::superseded);
        stories.put("values-are-handed-on", Stories::allGoesWell);
        stories.put("fanned-out", (Fanned) Stories::fannedOut);
        stories.put("fanned-out-again", (Fanned) Stories::fannedOutAgain);
        stories.put("a-long-list", (Fanned) Stories::aLongList);
        stories.put("too-many-items", (Fanned) Stories::tooManyItems);
        stories.put("nobody-counts", (Fanned) Stories::nobodyCounts);
        stories.put("cancelled-while-counting", (Fanned) Stories::cancelledWhileCounting);
        stories.put("skipped-while-counting", (Fanned) Stories::skippedWhileCounting);
        return stories;
    }

    static Driver told(Consumer<Driver> story) {
        Pipeline pipeline = story instanceof Fanned ? fanned() : EverythingPipeline.pipeline();
        Driver driver = story instanceof Waiting ? Driver.waiting(pipeline) : Driver.begun(pipeline);
        story.accept(driver);
        return driver;
    }

    private static void upToRelease(Driver run) {
        run.pass(Duration.ofSeconds(1));
        run.succeed("build");
        run.pass(Duration.ofMinutes(2));
        run.succeed("unit", "inspect");
        run.deploy("deploy-staging");
    }

    private static void upToGoLive(Driver run) {
        upToRelease(run);
        run.pass(HOUR);
        run.approve("release", "ada");
        run.approve("release", "grace");
    }

    private static void cleanUp(Driver run) {
        if (run.phase("report") == Phase.SCHEDULED) {
            run.succeed("report");
        }
        run.succeed("clean-up");
    }

    private static void allGoesWell(Driver run) {
        upToGoLive(run);
        run.deploy("go-live");
        run.approve("keep", "ada");
        run.approve("keep", "linus");
        run.succeed("smoke");
        cleanUp(run);
    }

    private static void workersAreLost(Driver run) {
        run.accept("build");
        run.end("build", Cause.LOST_WORKER);
        // The second is over before anybody knew that it had begun, the third fails.
        run.end("build", Cause.LOST_WORKER);
        run.accept("build");
        run.end("build", Cause.COMMAND_FAILED);
        cleanUp(run);
    }

    private static void nothingIsInTime(Driver run) {
        run.accept("build");
        run.pass(Duration.ofMinutes(15));
        run.end("build", Cause.LOST_WORKER);
        run.pass(HOUR);
        // The service had it all the time.
        run.accept("build");
        run.end("build", Verdict.of(Cause.COMMAND_FAILED, "too late, but a result"));
        run.succeed("report");
        run.end("clean-up", Cause.COMPLETED);
    }

    private static void cancelledEarly(Driver run) {
        run.succeed("build");
        run.accept("unit");
        run.cancel();
        run.end("unit", Cause.LOST_WORKER);
        run.end("inspect", Cause.LOST_WORKER);
        cleanUp(run);
    }

    private static void cancelledWhilePeopleDecide(Driver run) {
        upToRelease(run);
        run.approve("release", "ada");
        run.cancel();
        cleanUp(run);
    }

    private static void cancelledWhileHolding(Driver run) {
        upToGoLive(run);
        run.grant("go-live", 7);
        run.over("go-live", true);
        run.over("go-live", true);
        run.cancel();
        run.over("go-live", true);
        cleanUp(run);
    }

    private static void cancelledWhileAsking(Driver run) {
        upToGoLive(run);
        run.cancel();
        cleanUp(run);
    }

    private static void servicesRefuse(Driver run) {
        run.succeed("build");
        run.tell(new Signal.WorkRefused("inspect", 1, "no such function"));
        run.pass(Duration.ofSeconds(10));
        run.tell(new Signal.WorkRefused("inspect", 2, "still no such function"));
        run.pass(Duration.ofSeconds(20));
        run.end("inspect", Cause.FUNCTION_FAILED);
        run.pass(Duration.ofSeconds(40));
        run.tell(new Signal.WorkRefused("inspect", 4, "never heard of it"));
        run.recall("unit", Optional.empty());
        run.tell(new Signal.WorkRefused("unit", 1, "no room"));
        run.succeed("unit");
        run.deploy("deploy-staging");
        cleanUp(run);
    }

    private static void aFunctionRests(Driver run) {
        run.succeed("build");
        run.accept("inspect");
        run.end("inspect", Cause.FUNCTION_FAILED);
        run.pass(Duration.ofSeconds(10));
        run.accept("inspect");
        run.pass(Duration.ofMinutes(5));
        run.end("inspect", Cause.LOST_WORKER);
        run.accept("unit");
        run.cancel();
        run.end("unit", Cause.LOST_WORKER);
        cleanUp(run);
    }

    private static void theRunTakesTooLong(Driver run) {
        upToGoLive(run);
        run.deploy("go-live");
        run.succeed("smoke");
        run.pass(Duration.ofDays(5));
        run.accept("report");
        run.pass(HOUR);
        run.end("report", Cause.LOST_WORKER);
        run.end("clean-up", Cause.LOST_WORKER);
    }

    private static void peopleSayNo(Driver run) {
        upToRelease(run);
        run.approve("release", "ada");
        run.vote("release", new Vote("mallory", Vote.Decision.APPROVE, "let me", run.now(), Vote.Via.PAGE));
        run.vote("release", new Vote("grace", Vote.Decision.REJECT, "on a Friday? \"no\"", run.now()));
        cleanUp(run);
    }

    private static void peopleSayNothing(Driver run) {
        upToRelease(run);
        run.pass(Duration.ofDays(3));
        cleanUp(run);
    }

    private static void anIllRelease(Driver run) {
        upToGoLive(run);
        run.grant("go-live", 7);
        run.over("go-live", true);
        run.over("go-live", false);
        run.over("go-live", true);
        cleanUp(run);
    }

    private static void anAlarmRings(Driver run) {
        upToGoLive(run);
        run.grant("go-live", 7);
        run.over("go-live", true);
        run.over("go-live", true);
        run.tell(new Signal.AlarmRang("go-live", 2, "app-5xx"));
        run.over("go-live", true);
        cleanUp(run);
    }

    private static void aStepHangs(Driver run) {
        upToGoLive(run);
        run.grant("go-live", 7);
        run.pass(HOUR);
        run.lose("go-live", false);
        run.pass(HOUR);
        run.lose("go-live", true);
        // The rollback hangs as well.
        run.pass(HOUR);
        run.lose("go-live", true);
        cleanUp(run);
    }

    private static void aSlowProvider(Driver run) {
        upToGoLive(run);
        run.grant("go-live", 7);
        run.pass(HOUR);
        run.over("go-live", true);
        run.pass(HOUR);
        run.over("go-live", true);
        // Held; then a check that comes out late, and badly, and a rollback that is late as well.
        run.pass(HOUR);
        run.pass(HOUR);
        run.over("go-live", false);
        run.pass(HOUR);
        run.over("go-live", true);
        cleanUp(run);
    }

    private static void aPastSuccess(Driver run) {
        run.succeed("build");
        TakenOver.Taken past = new TakenOver.Taken(
                new RunId("everything-0123456789abcdee"), Verdict.of(Cause.COMPLETED, "all well, last week"));
        run.recall("unit", Optional.of(past));
        run.cancel();
        run.end("inspect", Cause.LOST_WORKER);
        cleanUp(run);
    }

    private static void nobodyKnowsOfAPastSuccess(Driver run) {
        run.succeed("build");
        run.accept("inspect");
        run.pass(Duration.ofMinutes(15));
        run.accept("unit");
        run.cancel();
        run.end("unit", Cause.LOST_WORKER);
        run.end("inspect", Cause.LOST_WORKER);
        cleanUp(run);
    }

    private static void cancelledWhileItIsLookedFor(Driver run) {
        run.succeed("build");
        run.cancel();
        run.end("inspect", Cause.LOST_WORKER);
        cleanUp(run);
    }

    private static void skippedWhileItIsLookedFor(Driver run) {
        run.succeed("build");
        run.skip("unit", "ada");
        run.cancel();
        run.end("inspect", Cause.LOST_WORKER);
        cleanUp(run);
    }

    private static void peopleSkip(Driver run) {
        run.accept("build");
        run.pass(Duration.ofMinutes(15));
        // Told to stop already, and done all the same: there is nothing left to skip.
        run.skip("build", "ada");
        run.succeed("build");
        run.skip("smoke", "ada");
        run.accept("unit");
        run.skip("unit", "ada");
        run.end("unit", Cause.LOST_WORKER);
        run.skip("deploy-staging", "ada");
        run.accept("inspect");
        run.end("inspect", Cause.FUNCTION_FAILED);
        run.skip("inspect", "grace");
        run.approve("release", "ada");
        run.skip("release", "grace");
        run.deploy("go-live");
        run.approve("keep", "ada");
        run.approve("keep", "linus");
        run.skip("clean-up", "ada");
        run.end("clean-up", Cause.LOST_WORKER);
    }

    private static void repeatedFromFailed(Driver run) {
        upToRelease(run);
        run.vote("release", new Vote("grace", Vote.Decision.REJECT, "not yet", run.now()));
        cleanUp(run);
        run.repeatFailed();
        run.approve("release", "ada");
        run.approve("release", "grace");
        run.deploy("go-live");
        run.succeed("smoke");
        run.approve("keep", "ada");
        run.approve("keep", "linus");
        cleanUp(run);
    }

    private static void fannedOut(Driver run) {
        run.list("split", "modules", "core", "web \"$(x)\"");
        run.succeed("test-2", "test-1", "merge", "clean-up");
    }

    private static void fannedOutAgain(Driver run) {
        run.list("split", "modules", "core", "web");
        run.succeed("test-1");
        run.accept("test-2");
        run.end("test-2", Cause.COMMAND_FAILED);
        run.succeed("clean-up");
        run.repeatFailed();
        run.succeed("test-2", "merge", "clean-up");
    }

    private static void aLongList(Driver run) {
        run.list("split", "modules", "x".repeat(1000), "y".repeat(1000));
        run.count("test", 2);
        run.cancel();
        run.succeed("clean-up");
    }

    private static void tooManyItems(Driver run) {
        run.list("split", "modules", "x".repeat(1000), "y".repeat(1000));
        run.count("test", 6);
        run.succeed("clean-up");
    }

    private static void nobodyCounts(Driver run) {
        run.list("split", "modules", "x".repeat(1000), "y".repeat(1000));
        run.pass(HOUR);
        run.succeed("clean-up");
    }

    private static void cancelledWhileCounting(Driver run) {
        run.list("split", "modules", "x".repeat(1000), "y".repeat(1000));
        run.cancel();
        run.succeed("clean-up");
    }

    private static void skippedWhileCounting(Driver run) {
        run.list("split", "modules", "x".repeat(1000), "y".repeat(1000));
        run.skip("test", "ada");
        run.succeed("clean-up");
    }

    private static void itsTurnNeverComes(Driver run) {
        run.pass(Duration.ofHours(12));
    }

    private static void tooManyRuns(Driver run) {
        run.tell(new Signal.TurnLost(Optional.empty()));
    }

    private static void supersededWhileWaiting(Driver run) {
        run.tell(new Signal.TurnLost(Optional.of(NEWER)));
    }

    private static void superseded(Driver run) {
        run.succeed("build");
        run.accept("unit");
        run.tell(new Signal.TurnLost(Optional.of(NEWER)));
        run.end("unit", Cause.LOST_WORKER);
        run.end("inspect", Cause.LOST_WORKER);
        cleanUp(run);
    }

    private static void anEnvironmentIsNeverFree(Driver run) {
        upToGoLive(run);
        run.pass(Duration.ofDays(1));
        cleanUp(run);
    }
}
