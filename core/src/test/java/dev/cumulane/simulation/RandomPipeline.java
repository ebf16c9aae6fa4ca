// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.simulation;

import dev.cumulane.internal.machine.RunPlan;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.pipeline.PipelineDefinition;
import dev.cumulane.pipeline.Stage;
import dev.cumulane.pipeline.StageHandle;
import dev.cumulane.pipeline.WorkHandle;
import dev.cumulane.run.Cause;
import dev.cumulane.testing.ScriptedWork;
import dev.cumulane.testing.SimulatedCloud;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A small pipeline drawn from a tape, in the versions that are deployed one after the other, and what each of its stages will do when its turn comes. What a
 * pipeline may consist of are the {@link Constructs}.
 */
final class RandomPipeline {
    private static final int MOST_STAGES = 6;
    private static final int FEW_STAGES = 3;
    private static final int HEALTHS = Health.values().length;

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

    /** What is in an environment. */
    enum Health {
        HEALTHY,
        ILL_AT_ONCE,
        ILL_UNDER_TRAFFIC,
        /** Each step takes longer than it may. */
        SLOW,
        /** No step ends but a rollback. */
        STUCK,
        /** It looks healthy, and an alarm rings after two minutes under traffic. */
        RINGING
    }

    private final boolean isLarge;
    private final Map<String, Fate> fates = new LinkedHashMap<>();
    private final Map<String, Cause> expected = new LinkedHashMap<>();
    private final Map<String, Health> environments = new LinkedHashMap<>();
    private final Map<String, List<String>> items = new LinkedHashMap<>();
    private final Set<String> leftOut = new LinkedHashSet<>();
    private final Map<String, Question> questions = new LinkedHashMap<>();
    private final List<Pipeline> versions;
    private final List<RunPlan> plans;

    private RandomPipeline(Tape tape) {
        this.isLarge = tape.oneIn(8);
        for (String environment : Constructs.ENVIRONMENTS) {
            environments.put(environment, Health.values()[Math.max(0, tape.nextInt(2 * HEALTHS - 1) - HEALTHS + 1)]);
        }
        Pipeline first = Pipeline.define("any", p -> define(p, tape, 1));
        Tape again = Tape.played(tape.choices());
        again.oneIn(8);
        Constructs.ENVIRONMENTS.forEach(environment -> again.nextInt(2 * HEALTHS - 1));
        this.versions = List.of(first, Pipeline.define("any", p -> define(p, again, 2)));
        this.plans = versions.stream()
                .flatMap(version -> Stream.concat(Stream.of(version), version.children().values().stream()))
                .map(version -> RunPlan.of(version.plan()))
                .toList();
    }

    static RandomPipeline of(Tape tape) {
        return new RandomPipeline(tape);
    }

    /** Whether it and its lives may have more of everything. Most races need little room, so most worlds are small, and there are more of them. */
    boolean isLarge() {
        return isLarge;
    }

    /** The pipeline and, of the same name, what a later deployment of the team's code makes of it. */
    List<Pipeline> versions() {
        return versions;
    }

    List<RunPlan> plans() {
        return plans;
    }

    /** How a stage ends if its turn comes, nobody cancels and no worker is lost. */
    Cause expected(String stage) {
        return expected.get(stage);
    }

    Health health(String environment) {
        return environments.get(environment);
    }

    Fate fate(String stage) {
        return fates.get(stage);
    }

    /** The items of a list, by the name of the stage that hands it on or of the one that runs for each. */
    List<String> items(String stage) {
        return items.getOrDefault(stage, List.of());
    }

    /** What a cell runs for. */
    String item(String cell) {
        int hyphen = cell.lastIndexOf('-');
        return items(cell.substring(0, hyphen)).get(Integer.parseInt(cell.substring(hyphen + 1)) - 1);
    }

    /** What a stage's condition asks another stage's end for. */
    record Question(String stage, Predicate<Cause> isMet) {}

    /** The stages whose end a stage's condition asks for. */
    List<String> asksFor(String stage) {
        Question question = questions.get(stage);
        return question == null ? List.of() : List.of(question.stage());
    }

    /** Whether a stage's condition is not met. */
    boolean isUnmet(String stage, Function<String, Cause> ends) {
        Question question = questions.get(stage);
        return leftOut.contains(stage) || question != null && !question.isMet().test(ends.apply(question.stage()));
    }

    /** A stage's name, the part of the pipeline it is drawn into, and the tape it is drawn from. */
    final class Draft {
        private final PipelineDefinition p;
        private final Tape tape;
        private final int version;
        private final List<WorkHandle> builds = new ArrayList<>();
        private final List<WorkHandle> named = new ArrayList<>();
        private final List<StageHandle<?>> stages = new ArrayList<>();

        private Draft(PipelineDefinition p, Tape tape, int version) {
            this.p = p;
            this.tape = tape;
            this.version = version;
        }

        PipelineDefinition p() {
            return p;
        }

        Tape tape() {
            return tape;
        }

        /** The version of the team's code; the second changes images and time limits, and adds a stage. */
        int version() {
            return version;
        }

        /** The stages so far. */
        List<StageHandle<?>> stages() {
            return stages;
        }

        /** The builds so far; each writes {@code out}. */
        List<WorkHandle> builds() {
            return builds;
        }

        /** The builds so far that write an artifact of their own name, too. */
        List<WorkHandle> named() {
            return named;
        }

        <T> T draw(List<T> choices) {
            return choices.get(tape.nextInt(choices.size()));
        }

        Health health(String environment) {
            return environments.get(environment);
        }

        void asks(String stage, String other, Predicate<Cause> isMet) {
            questions.put(stage, new Question(other, isMet));
        }

        /** Its condition is never met. */
        void leavesOut(String stage) {
            leftOut.add(stage);
        }

        /** What a list holds that one stage hands on and another runs for. */
        void items(String stage, String list, List<String> all) {
            items.put(stage, all);
            items.put(list, all);
        }

        void fate(String stage, Fate fate, Cause end) {
            fates.put(stage, fate);
            expected.put(stage, end);
        }
    }

    private void define(PipelineDefinition p, Tape tape, int version) {
        Draft draft = new Draft(p, tape, version);
        int count = 1 + tape.nextInt(isLarge ? MOST_STAGES : FEW_STAGES);
        for (int i = 0; i < count; i++) {
            StageHandle<?> stage = Constructs.any(draft).add(draft, "s" + i);
            if (!draft.stages.isEmpty() && tape.oneIn(8)) {
                Constructs.condition(draft, stage, draft.draw(draft.stages));
            }
            for (StageHandle<?> earlier : draft.stages) {
                if (tape.oneIn(4)) {
                    stage.after(earlier);
                }
            }
            draft.stages.add(stage);
        }
        if (tape.oneIn(rarely(3))) {
            Constructs.gather(draft);
        }
        if (tape.oneIn(rarely(2))) {
            Constructs.always(draft, "last");
        }
        if (tape.oneIn(rarely(4))) {
            Constructs.onFailure(draft, "report");
        }
        if (tape.oneIn(rarely(8))) {
            p.within(Duration.ofMinutes(30 + tape.nextInt(300)));
            if (tape.nextInt(2) == 1) {
                p.cleaningUpWithin(Duration.ofMinutes(2));
            }
        }
        if (tape.oneIn(rarely(3))) {
            Constructs.group(draft);
        }
        if (version > 1) {
            Constructs.always(draft, "new");
        }
    }

    private int rarely(int inLarge) {
        return isLarge ? inLarge : 2 * inLarge;
    }

    /** A world in which these fates come true; how long work takes is drawn. */
    SimulatedCloud world(Tape tape) {
        SimulatedCloud cloud = SimulatedCloud.of(versions.toArray(Pipeline[]::new));
        // In every other life all work takes as long as its neighbours, so that its ends meet.
        boolean alike = tape.nextInt(2) == 1;
        List<Stage> stages = new ArrayList<>(versions.get(1).plan().stages());
        versions.get(1)
                .children()
                .values()
                .forEach(child -> stages.addAll(child.plan().stages()));
        for (Stage stage : stages) {
            if (stage instanceof Stage.Build || stage instanceof Stage.Function || stage instanceof Stage.Test) {
                script(cloud.stage(stage.name()), fates.get(stage.name()));
                if (items.containsKey(stage.name())) {
                    cloud.stage(stage.name())
                            .outputs(Constructs.LIST.name(), items(stage.name()).toArray(String[]::new));
                } else if (!stage.outputs().isEmpty()) {
                    cloud.stage(stage.name()).outputs(Constructs.VALUE.name(), Constructs.value(stage.name()) + "\n");
                    if (stage.outputs().containsKey(Constructs.WORD.name())) {
                        cloud.stage(stage.name()).outputs(Constructs.WORD.name(), Constructs.word(stage.name()));
                    }
                }
                cloud.stage(stage.name()).takes(Duration.ofSeconds(alike ? 10 : tape.nextInt(170)));
            } else if (stage instanceof Stage.FanOut whole) {
                for (int cell = 1;
                        cell <= Math.min(whole.atMost(), items(whole.name()).size());
                        cell++) {
                    ScriptedWork work = cloud.stage(whole.cell(cell).name());
                    script(work, fates.get(whole.cell(cell).name()));
                    work.takes(Duration.ofSeconds(alike ? 10 : tape.nextInt(170)));
                }
            } else if (stage instanceof Stage.Deploy deploy) {
                String environment = deploy.delivery().environment().name();
                switch (environments.get(environment)) {
                    case HEALTHY -> cloud.environment(environment).isHealthy();
                    case ILL_AT_ONCE -> cloud.environment(environment).failsHealthCheck();
                    case SLOW -> cloud.environment(environment).takes(Duration.ofHours(3));
                    case RINGING -> cloud.environment(environment).rings(Constructs.ALARM, Duration.ofMinutes(2));
                    case STUCK -> cloud.environment(environment).hangs();
                    case ILL_UNDER_TRAFFIC -> cloud.environment(environment).fallsIllUnderTraffic();
                }
            }
        }
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
        StringBuilder text = new StringBuilder();
        for (Stage stage : versions.get(0).plan().stages()) {
            text.append(String.format(
                    "    %-8s %-9s after %s; %s%n",
                    stage.name(), stage.getClass().getSimpleName(), RunPlan.before(stage), fates.get(stage.name())));
        }
        return text + "    environments " + environments + System.lineSeparator();
    }
}
