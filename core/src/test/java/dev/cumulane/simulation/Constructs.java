// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.simulation;

import static dev.cumulane.pipeline.Approvers.allOf;
import static dev.cumulane.pipeline.Approvers.anyOf;
import static dev.cumulane.pipeline.Condition.branch;
import static dev.cumulane.pipeline.Condition.changed;
import static dev.cumulane.pipeline.Condition.not;
import static dev.cumulane.pipeline.Condition.tag;
import static dev.cumulane.pipeline.Condition.target;
import static dev.cumulane.pipeline.Environment.environment;
import static dev.cumulane.pipeline.Retry.twice;
import static dev.cumulane.pipeline.Rollout.allAtOnce;
import static dev.cumulane.pipeline.Rollout.blueGreen;
import static dev.cumulane.pipeline.Rollout.canary;
import static dev.cumulane.pipeline.Work.container;
import static dev.cumulane.simulation.RandomPipeline.Fate.FAILS;
import static dev.cumulane.simulation.RandomPipeline.Fate.HANGS;
import static dev.cumulane.simulation.RandomPipeline.Fate.LOSES_A_WORKER;
import static dev.cumulane.simulation.RandomPipeline.Fate.REFUSED;
import static dev.cumulane.simulation.RandomPipeline.Fate.SUCCEEDS;

import dev.cumulane.pipeline.ArtifactHandle;
import dev.cumulane.pipeline.ChildHandle;
import dev.cumulane.pipeline.Concurrency;
import dev.cumulane.pipeline.EverythingPipeline;
import dev.cumulane.pipeline.FanOutHandle;
import dev.cumulane.pipeline.FunctionHandle;
import dev.cumulane.pipeline.GroupHandle;
import dev.cumulane.pipeline.Output;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.pipeline.Policy;
import dev.cumulane.pipeline.ReleaseHandle;
import dev.cumulane.pipeline.Retry;
import dev.cumulane.pipeline.Rollout;
import dev.cumulane.pipeline.StageHandle;
import dev.cumulane.pipeline.Work;
import dev.cumulane.pipeline.WorkHandle;
import dev.cumulane.run.Cause;
import dev.cumulane.simulation.RandomPipeline.Draft;
import dev.cumulane.simulation.RandomPipeline.Fate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** What random pipelines consist of: one method for each construct, which draws a stage, adds it, and says what will become of it. */
final class Constructs {
    static final List<String> ENVIRONMENTS = List.of("production", "staging");

    static final String ALARM = "any-5xx";
    static final String VARIABLE = "VALUE";
    static final String COLLECTED = "VALUES";
    static final Output<String> VALUE = Output.text("value");
    static final Output<String> WORD = Output.text("word");
    static final String SAID = "said";
    static final Output<List<String>> LIST = Output.list("list");

    private static final int MOST_CELLS = 3;

    /** What a build hands on, whatever befalls it: some values stand in the run's record, some are stored. */
    static String value(String stage) {
        String text = stage + "'s \"$(value)\"\n\\\n";
        return stage.hashCode() % 3 == 0 ? text.repeat(100) : text;
    }

    /** What some builds hand on to children: one line. */
    static String word(String stage) {
        return "said by " + stage;
    }

    /** Draws a stage of one kind. */
    @FunctionalInterface
    interface Construct {
        StageHandle<?> add(Draft draft, String name);
    }

    /** As often as each is listed; the first is what a shrunk pipeline is left with. */
    private static final List<Construct> CONSTRUCTS = List.of(
            Constructs::build,
            Constructs::build,
            Constructs::build,
            Constructs::reused,
            Constructs::function,
            Constructs::function,
            Constructs::child,
            Constructs::fanOut,
            Constructs::approval,
            Constructs::approval,
            Constructs::deployment,
            Constructs::deployment);

    private Constructs() {}

    static Construct any(Draft draft) {
        Construct drawn = draft.draw(CONSTRUCTS);
        return draft.builds().isEmpty() ? Constructs::build : drawn;
    }

    private static Cause buildEnds(Fate fate) {
        return switch (fate) {
            case SUCCEEDS, LOSES_A_WORKER -> Cause.COMPLETED;
            case FAILS -> Cause.COMMAND_FAILED;
            case HANGS -> Cause.TIMED_OUT;
            case REFUSED -> Cause.REFUSED;
        };
    }

    private static WorkHandle build(Draft draft, String name) {
        Fate fate = draft.draw(List.of(SUCCEEDS, SUCCEEDS, SUCCEEDS, FAILS, LOSES_A_WORKER, HANGS, REFUSED));
        draft.fate(name, fate, buildEnds(fate));
        var work = container("alpine:" + draft.version())
                .runs("true")
                .writes("out", "out")
                .outputs(VALUE)
                .within(Duration.ofMinutes(39 + draft.version()));
        if (!draft.builds().isEmpty() && draft.tape().nextInt(2) == 1) {
            work = work.reads(draft.draw(draft.builds()).artifact("out"));
        }
        if (!draft.builds().isEmpty() && draft.tape().nextInt(2) == 1) {
            work = work.env(VARIABLE, draft.draw(draft.builds()).value(VALUE));
        }
        boolean isNamed = draft.tape().oneIn(4);
        work = isNamed ? work.writes(name, name).outputs(WORD) : work;
        WorkHandle build = draft.p().build(name, work.retrying(retry(draft)));
        draft.builds().add(build);
        if (isNamed) {
            draft.named().add(build);
        }
        return build;
    }

    /** When an attempt is repeated; the fates count on two repetitions after a lost worker. */
    private static Retry retry(Draft draft) {
        Retry retry = twice().onLostWorker();
        return switch (draft.tape().nextInt(4)) {
            case 2 -> retry.waiting(Duration.ofSeconds(30));
            case 3 -> retry.onFailure().onError().waiting(Duration.ofSeconds(30), Duration.ofMinutes(1));
            default -> retry;
        };
    }

    private static WorkHandle reused(Draft draft, String name) {
        return build(draft, name).reuseWhenUnchanged();
    }

    /** A stage that runs a pipeline of one build, which ends as that does. */
    private static StageHandle<?> child(Draft draft, String name) {
        String only = "c" + name;
        Fate fate = draft.draw(List.of(SUCCEEDS, SUCCEEDS, FAILS, LOSES_A_WORKER, HANGS, REFUSED));
        draft.fate(only, fate, buildEnds(fate));
        draft.fate(
                name,
                fate,
                switch (fate) {
                    case SUCCEEDS, LOSES_A_WORKER -> Cause.COMPLETED;
                    case FAILS -> Cause.CHILD_FAILED;
                    case HANGS -> Cause.TIMED_OUT;
                    case REFUSED -> Cause.CHILD_ERROR;
                });
        Pipeline child = Pipeline.define("child", p -> {
            p.parameter(SAID).defaultsTo("nothing");
            WorkHandle build = p.build(
                    only,
                    container("alpine:" + draft.version())
                            .runs("true")
                            .writes("out", "out")
                            .within(Duration.ofMinutes(39 + draft.version()))
                            .retrying(twice().onLostWorker()));
            p.returns("out", build.artifact("out"));
        });
        ChildHandle stage = draft.p().child(name, child);
        return draft.named().isEmpty()
                ? stage
                : stage.with(SAID, draft.draw(draft.named()).value(WORD));
    }

    /** A build that hands on a list, and a build for each of its items; of one more than it bears, there is none. */
    private static StageHandle<?> fanOut(Draft draft, String name) {
        String list = "l" + name;
        int count = draft.tape().nextInt(MOST_CELLS + 2);
        String padding = draft.tape().nextInt(2) == 0 ? "" : "long".repeat(300);
        List<String> items = IntStream.rangeClosed(1, count)
                .mapToObj(number -> name + "'s \"$(item)\" \\ " + number + padding)
                .toList();
        draft.items(name, list, items);
        draft.fate(list, SUCCEEDS, Cause.COMPLETED);
        draft.fate(name, SUCCEEDS, count > MOST_CELLS ? Cause.TOO_MANY_ITEMS : Cause.COMPLETED);
        for (int number = 1; number <= count; number++) {
            Fate fate = draft.draw(List.of(SUCCEEDS, SUCCEEDS, SUCCEEDS, FAILS, LOSES_A_WORKER, HANGS, REFUSED));
            draft.fate(name + "-" + number, fate, buildEnds(fate));
        }
        boolean reuse = draft.tape().nextInt(2) == 1;
        Policy policy = draft.draw(List.of(
                Policy.all(),
                Policy.failingFast(),
                Policy.atLeast(1),
                Policy.atLeast(1).stoppingTheRest()));
        WorkHandle lists = draft.p()
                .build(list, container("alpine").runs("true").outputs(LIST).retrying(twice().onLostWorker()));
        return draft.p()
                .forEach(name, lists.value(LIST), item -> {
                    WorkHandle cell = draft.p()
                            .build(
                                    name,
                                    container("alpine:" + draft.version())
                                            .env(VARIABLE, item)
                                            .runs("true")
                                            .within(Duration.ofMinutes(39 + draft.version()))
                                            .retrying(retry(draft)));
                    return reuse ? cell.reuseWhenUnchanged() : cell;
                })
                .atMost(MOST_CELLS)
                .policy(policy);
    }

    private static StageHandle<?> function(Draft draft, String name) {
        // Nobody tells of a function that is gone, so a lost one is one that is not in time.
        Fate fate = draft.draw(List.of(SUCCEEDS, SUCCEEDS, FAILS, HANGS, REFUSED));
        draft.fate(
                name,
                fate,
                switch (fate) {
                    case FAILS -> Cause.FUNCTION_FAILED;
                    case HANGS -> Cause.TIMED_OUT;
                    case REFUSED -> Cause.REFUSED;
                    default -> Cause.COMPLETED;
                });
        FunctionHandle function = draft.p()
                .function(name, EverythingPipeline.Inspect.class)
                .reads(draft.draw(draft.builds()).artifact("out"))
                .within(Duration.ofMinutes(19 + draft.version()));
        return draft.tape().nextInt(2) == 0
                ? function
                : function.env(VARIABLE, draft.draw(draft.builds()).value(VALUE));
    }

    private static StageHandle<?> approval(Draft draft, String name) {
        Fate fate = draft.draw(List.of(SUCCEEDS, SUCCEEDS, FAILS, HANGS));
        draft.fate(
                name,
                fate,
                switch (fate) {
                    case FAILS -> Cause.REJECTED;
                    case HANGS -> Cause.EXPIRED;
                    default -> Cause.COMPLETED;
                });
        var approvers = draft.tape().nextInt(2) == 0 ? anyOf("ada", "grace") : allOf("ada", "grace");
        var approval = draft.p().approval(name, approvers).expiresAfter(Duration.ofHours(fate == HANGS ? 1 : 6));
        if (draft.tape().oneIn(4)) {
            approval.approvingOnExpiry();
            if (fate == HANGS) {
                draft.fate(name, fate, Cause.COMPLETED);
            }
        }
        return approval;
    }

    private static StageHandle<?> deployment(Draft draft, String name) {
        String environment = draft.draw(ENVIRONMENTS);
        Rollout rollout = rollout(draft, draft.health(environment));
        switch (draft.health(environment)) {
            case HEALTHY -> draft.fate(name, SUCCEEDS, Cause.COMPLETED);
            case ILL_AT_ONCE, ILL_UNDER_TRAFFIC -> draft.fate(name, FAILS, Cause.UNHEALTHY);
            case SLOW -> draft.fate(name, HANGS, Cause.DEPLOYMENT_FAILED);
            case STUCK -> draft.fate(name, HANGS, Cause.UNHEALTHY);
            case RINGING -> {
                boolean heard = rollout.alarm().isPresent();
                draft.fate(name, heard ? FAILS : SUCCEEDS, heard ? Cause.UNHEALTHY : Cause.COMPLETED);
            }
        }
        return draft.p()
                .deploy(name, release(draft, name), environment(environment))
                .within(Duration.ofMinutes(119 + draft.version()))
                .rollingOut(rollout);
    }

    /** One artifact, or what several builds wrote. */
    private static ReleaseHandle release(Draft draft, String stage) {
        List<ArtifactHandle> artifacts = new ArrayList<>();
        artifacts.add(draft.draw(draft.builds()).artifact("out"));
        for (WorkHandle build : draft.named()) {
            if (draft.tape().nextInt(2) == 1) {
                artifacts.add(build.artifact(build.name()));
            }
        }
        return draft.p().release("r-" + stage, artifacts.toArray(ArtifactHandle[]::new));
    }

    private static Rollout rollout(Draft draft, RandomPipeline.Health health) {
        int way = draft.tape().nextInt(4);
        boolean rare = draft.tape().oneIn(4);
        boolean rings = health == RandomPipeline.Health.RINGING;
        boolean watched = rings ? !rare : rare;
        // Clocks that differ by a quarter of an hour must not make a hold too short for the alarm.
        Duration hold = Duration.ofMinutes(rings && watched ? 20 : 5);
        if (way == 0) {
            return allAtOnce();
        }
        if (way == 3) {
            Rollout.BlueGreen blueGreen = blueGreen().keepingFormer(hold);
            return watched ? blueGreen.rollingBackOnAlarm(ALARM) : blueGreen;
        }
        Rollout.Canary canary = way == 1 ? canary(20) : canary(5).then(25).then(50);
        return watched ? canary.holding(hold).rollingBackOnAlarm(ALARM) : canary.holding(hold);
    }

    /** A stage that only runs when another, earlier one ended in one way. */
    static void condition(Draft draft, StageHandle<?> stage, StageHandle<?> other) {
        switch (draft.tape().nextInt(7)) {
            case 4 -> stage.onlyWhen(branch().is("ma*").and(changed("src/**")));
            case 5 -> {
                stage.onlyWhen(target().is("main").or(tag().is("*")));
                draft.leavesOut(stage.name());
            }
            case 6 -> {
                stage.onlyWhen(changed("docs/**", "*.md"));
                draft.leavesOut(stage.name());
            }
            case 0 -> {
                stage.onlyWhen(other.failed());
                draft.asks(stage.name(), other.name(), cause -> isFailure(cause));
            }
            case 1 -> {
                stage.onlyWhen(other.leftOut().or(other.succeeded()));
                draft.asks(stage.name(), other.name(), cause -> !isFailure(cause));
            }
            case 2 -> {
                stage.onlyWhen(not(other.succeeded()));
                draft.asks(stage.name(), other.name(), cause -> cause != Cause.COMPLETED);
            }
            default -> {
                stage.onlyWhen(other.succeeded().and(not(branch().is("other"))));
                draft.asks(stage.name(), other.name(), cause -> cause == Cause.COMPLETED);
            }
        }
    }

    private static boolean isFailure(Cause cause) {
        return switch (cause.outcome()) {
            case FAILURE, ERROR, TIMEOUT -> true;
            case SUCCESS, CANCELLATION, SKIP -> false;
        };
    }

    /** Some of the stages so far become a group, and one more comes after it. */
    static void gather(Draft draft) {
        StageHandle<?>[] members = draft.stages().stream()
                .filter(stage -> !(stage instanceof FanOutHandle))
                .filter(stage -> draft.tape().nextInt(2) == 1)
                .toArray(StageHandle<?>[]::new);
        if (members.length == 0) {
            return;
        }
        int enough = draft.tape().nextInt(members.length + 1);
        Policy policy = switch (draft.tape().nextInt(4)) {
            case 0 -> Policy.all();
            case 1 -> Policy.failingFast();
            case 2 -> Policy.atLeast(enough);
            default -> Policy.atLeast(enough).stoppingTheRest();
        };
        draft.fate("group", SUCCEEDS, Cause.COMPLETED);
        draft.fate("behind", SUCCEEDS, Cause.COMPLETED);
        GroupHandle group = draft.p().group("group", policy, members);
        Work work = container("alpine").runs("true").retrying(twice().onLostWorker());
        boolean say = Arrays.stream(members).allMatch(draft.builds()::contains);
        draft.p()
                .build("behind", say ? work.env(COLLECTED, group.values(VALUE.name())) : work)
                .after(group);
    }

    /** Runs take turns. */
    static void group(Draft draft) {
        Concurrency group = Concurrency.group("turns").waitingAtMost(Duration.ofHours(10));
        draft.p()
                .concurrency(
                        switch (draft.tape().nextInt(5)) {
                            case 0 -> group.queueing(2);
                            case 1 -> group.parallel(2);
                            case 2 -> group.rejecting();
                            case 3 -> group.superseding();
                            default -> group.perBranch().superseding();
                        });
    }

    static void onFailure(Draft draft, String name) {
        draft.fate(name, SUCCEEDS, Cause.COMPLETED);
        draft.p()
                .build(name, container("alpine").runs("true").retrying(twice().onLostWorker()))
                .onFailure();
    }

    static void always(Draft draft, String name) {
        draft.fate(name, SUCCEEDS, Cause.COMPLETED);
        draft.p()
                .build(name, container("alpine").runs("true").retrying(twice().onLostWorker()))
                .always();
    }
}
