// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.simulation;

import static dev.cumulane.pipeline.Approvers.allOf;
import static dev.cumulane.pipeline.Approvers.anyOf;
import static dev.cumulane.pipeline.Environment.environment;
import static dev.cumulane.pipeline.Retry.twice;
import static dev.cumulane.pipeline.Rollout.allAtOnce;
import static dev.cumulane.pipeline.Rollout.canary;
import static dev.cumulane.pipeline.Work.container;

import dev.cumulane.pipeline.EverythingPipeline;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.pipeline.PipelineDefinition;
import dev.cumulane.pipeline.StageHandle;
import dev.cumulane.pipeline.WorkHandle;
import dev.cumulane.run.Cause;
import dev.cumulane.testing.ScriptedWork;
import dev.cumulane.testing.SimulatedCloud;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/** A small pipeline drawn from a seed, and what each of its stages will do when its turn comes. */
final class RandomPipeline {
    private static final int MOST_STAGES = 8;

    /** What a stage does, if it gets so far. */
    enum Fate {
        /** It succeeds. */
        SUCCEEDS,
        /** It says no. */
        FAILS,
        /** Its first attempt loses its worker; the second succeeds. */
        LOSES_A_WORKER,
        /** It goes on until it is stopped. */
        HANGS,
        /** No service takes it. */
        REFUSED
    }

    private final Random random;
    private final SortedMap<String, Fate> fates = new TreeMap<>();
    private final SortedMap<String, Cause> expected = new TreeMap<>();
    private final Map<String, Boolean> healthy = new TreeMap<>();
    private final Map<String, Boolean> slow = new TreeMap<>();
    private final Pipeline pipeline;

    private RandomPipeline(Random random) {
        this.random = random;
        for (String environment : List.of("production", "staging")) {
            healthy.put(environment, random.nextInt(4) > 0);
            slow.put(environment, random.nextInt(10) == 0);
        }
        this.pipeline = Pipeline.define("any", this::define);
    }

    static RandomPipeline of(Random random) {
        return new RandomPipeline(random);
    }

    Pipeline pipeline() {
        return pipeline;
    }

    /** How a stage ends if its turn comes and nobody cancels. */
    Cause expected(String stage) {
        return expected.get(stage);
    }

    Fate fate(String stage) {
        return fates.get(stage);
    }

    private void define(PipelineDefinition p) {
        List<StageHandle<?>> before = new ArrayList<>();
        List<WorkHandle> builds = new ArrayList<>();
        int stages = 1 + random.nextInt(MOST_STAGES);
        for (int i = 0; i < stages; i++) {
            String name = "s" + i;
            int kind = random.nextInt(10);
            if (kind < 5 || builds.isEmpty()) {
                WorkHandle build = build(p, name, builds);
                builds.add(build);
                before.add(after(build, before));
            } else if (kind < 7) {
                before.add(after(function(p, name, builds), before));
            } else if (kind < 8) {
                before.add(after(approval(p, name), before));
            } else {
                before.add(after(deployment(p, name, builds), before));
            }
        }
        if (random.nextBoolean()) {
            fate("last", Fate.SUCCEEDS, Cause.COMPLETED);
            p.build("last", container("alpine").runs("true")).always();
        }
    }

    private WorkHandle build(PipelineDefinition p, String name, List<WorkHandle> builds) {
        Fate fate = draw(Fate.values());
        fate(
                name,
                fate,
                switch (fate) {
                    case SUCCEEDS, LOSES_A_WORKER -> Cause.COMPLETED;
                    case FAILS -> Cause.COMMAND_FAILED;
                    case HANGS -> Cause.TIMED_OUT;
                    case REFUSED -> Cause.REFUSED;
                });
        var work = container("alpine").runs("true").writes("out", "out").within(Duration.ofMinutes(40));
        if (!builds.isEmpty() && random.nextBoolean()) {
            work = work.reads(draw(builds).artifact("out"));
        }
        return p.build(name, work.retrying(twice().onLostWorker()));
    }

    private StageHandle<?> function(PipelineDefinition p, String name, List<WorkHandle> builds) {
        // Nobody tells of a function that is gone, so a lost one is one that is not in time.
        Fate fate = draw(Fate.SUCCEEDS, Fate.SUCCEEDS, Fate.FAILS, Fate.HANGS, Fate.REFUSED);
        fate(
                name,
                fate,
                switch (fate) {
                    case FAILS -> Cause.FUNCTION_FAILED;
                    case HANGS -> Cause.TIMED_OUT;
                    case REFUSED -> Cause.REFUSED;
                    default -> Cause.COMPLETED;
                });
        return p.function(name, EverythingPipeline.Inspect.class)
                .reads(draw(builds).artifact("out"))
                .within(Duration.ofMinutes(20));
    }

    private StageHandle<?> approval(PipelineDefinition p, String name) {
        Fate fate = draw(Fate.SUCCEEDS, Fate.SUCCEEDS, Fate.FAILS, Fate.HANGS);
        fate(
                name,
                fate,
                switch (fate) {
                    case FAILS -> Cause.REJECTED;
                    case HANGS -> Cause.EXPIRED;
                    default -> Cause.COMPLETED;
                });
        return p.approval(name, random.nextBoolean() ? allOf("ada", "grace") : anyOf("ada", "grace"))
                .expiresAfter(Duration.ofHours(4));
    }

    private StageHandle<?> deployment(PipelineDefinition p, String name, List<WorkHandle> builds) {
        String environment = draw("production", "staging");
        boolean well = healthy.get(environment);
        if (slow.get(environment)) {
            fate(name, Fate.HANGS, Cause.DEPLOYMENT_FAILED);
        } else {
            fate(name, well ? Fate.SUCCEEDS : Fate.FAILS, well ? Cause.COMPLETED : Cause.UNHEALTHY);
        }
        return p.deploy(name, draw(builds).artifact("out"), environment(environment))
                .within(Duration.ofHours(2))
                .rollingOut(random.nextBoolean() ? allAtOnce() : canary(20).holding(Duration.ofMinutes(5)));
    }

    private StageHandle<?> after(StageHandle<?> stage, List<StageHandle<?>> before) {
        for (StageHandle<?> earlier : before) {
            if (random.nextInt(4) == 0) {
                stage.after(earlier);
            }
        }
        return stage;
    }

    private void fate(String stage, Fate fate, Cause cause) {
        fates.put(stage, fate);
        expected.put(stage, cause);
    }

    @SafeVarargs
    private <T> T draw(T... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private <T> T draw(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** A world in which these fates come true. */
    SimulatedCloud world() {
        SimulatedCloud cloud = SimulatedCloud.of(pipeline);
        pipeline.plan().stages().forEach(stage -> {
            switch (stage.getClass().getSimpleName()) {
                case "Build", "Function" -> script(cloud.stage(stage.name()), fates.get(stage.name()));
                default -> {}
            }
        });
        pipeline.plan().stages().stream()
                .filter(dev.cumulane.pipeline.Stage.Deploy.class::isInstance)
                .map(stage -> ((dev.cumulane.pipeline.Stage.Deploy) stage)
                        .delivery()
                        .environment()
                        .name())
                .forEach(environment -> {
                    if (slow.get(environment)) {
                        cloud.environment(environment).takes(Duration.ofHours(3));
                    } else if (healthy.get(environment)) {
                        cloud.environment(environment).isHealthy();
                    } else if (random.nextBoolean()) {
                        cloud.environment(environment).failsHealthCheck();
                    } else {
                        cloud.environment(environment).fallsIllUnderTraffic();
                    }
                });
        return cloud;
    }

    private static void script(ScriptedWork work, Fate fate) {
        switch (fate) {
            case SUCCEEDS -> work.succeeds();
            case FAILS -> work.fails();
            case LOSES_A_WORKER -> work.first().losesItsWorker();
            case HANGS -> work.hangs();
            case REFUSED -> work.isRefused("no room");
        }
    }

    @Override
    public String toString() {
        return fates + " with environments " + healthy + " in "
                + pipeline.plan().json();
    }
}
