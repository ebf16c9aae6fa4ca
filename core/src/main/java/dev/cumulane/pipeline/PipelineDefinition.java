// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

import dev.cumulane.internal.plan.StageGraph;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A pipeline while it is being defined; what the lambda of {@link Pipeline#define} gets. It is of no use after the lambda has returned.
 *
 * <p>Every method throws {@link IllegalArgumentException} for a mistake, with a message that names the value and the valid choices.
 */
public final class PipelineDefinition {
    /** The most stages of a pipeline; what the clouds' journals and a reader can bear. */
    static final int MOST_STAGES = 10_000;

    private final String pipeline;
    private final List<Trigger> triggers = new ArrayList<>();
    private final Map<String, StageHandle<?>> stages = new LinkedHashMap<>();
    private final SortedMap<String, Class<? extends FunctionStage>> functions = new TreeMap<>();
    private RunLimits limits = RunLimits.USUAL;
    private boolean open = true;

    PipelineDefinition(String pipeline) {
        this.pipeline = Names.check("pipeline", pipeline);
    }

    /**
     * Starts runs on these, too. Without any, only people start runs.
     *
     * @param more what starts a run
     */
    public void on(Trigger... more) {
        checkOpen();
        triggers.addAll(List.of(more));
    }

    /**
     * Limits the time of a run: what still goes on then is stopped, what has not begun never does, and the stages that clean up run. Waiting for people counts. Without a
     * limit, the limits of the stages hold.
     *
     * @param time from the run's beginning; more than zero, at most 365 days
     */
    public void within(Duration time) {
        checkOpen();
        limits = new RunLimits(Optional.of(time), limits.cleanUp());
    }

    /**
     * Limits the time that stages which always run, or run on failure, have together in a run that is cancelled or whose time is over, from when all else
     * has stopped; one hour unless said otherwise.
     *
     * @param time more than zero, at most seven days
     */
    public void cleaningUpWithin(Duration time) {
        checkOpen();
        limits = new RunLimits(limits.within(), time);
    }

    /**
     * The repository at the run's commit.
     *
     * @return something to read
     */
    public SourceHandle source() {
        return new SourceHandle(this);
    }

    /**
     * A stage that builds.
     *
     * @param name the stage's name
     * @param work what it runs
     * @return the stage
     */
    public WorkHandle build(String name, Work work) {
        return add(new WorkHandle(this, name, work, false));
    }

    /**
     * A stage that tests: it also fails when its reports name a failed test.
     *
     * @param name the stage's name
     * @param work what it runs
     * @return the stage
     */
    public WorkHandle test(String name, Work work) {
        return add(new WorkHandle(this, name, work, true));
    }

    /**
     * A stage of Java code, run in a function.
     *
     * @param name the stage's name
     * @param type a public class with a public constructor without arguments
     * @return the stage
     */
    public FunctionHandle function(String name, Class<? extends FunctionStage> type) {
        checkFunction(name, type);
        FunctionHandle handle = add(new FunctionHandle(this, name, type));
        functions.put(type.getName(), type);
        return handle;
    }

    /**
     * A stage that waits for people.
     *
     * @param name the stage's name
     * @param approvers who decides
     * @return the stage
     */
    public ApprovalHandle approval(String name, Approvers approvers) {
        return add(new ApprovalHandle(this, name, approvers));
    }

    /**
     * A stage that deploys, called {@code deploy-} and the environment's name.
     *
     * @param artifact what
     * @param environment where to
     * @return the stage
     */
    public DeployHandle deploy(ArtifactHandle artifact, Environment environment) {
        return deploy("deploy-" + environment.name(), artifact, environment);
    }

    /**
     * A stage that deploys.
     *
     * @param name the stage's name
     * @param artifact what
     * @param environment where to
     * @return the stage
     */
    public DeployHandle deploy(String name, ArtifactHandle artifact, Environment environment) {
        return add(new DeployHandle(this, name, artifact, environment));
    }

    private <S extends StageHandle<S>> S add(S stage) {
        checkOpen();
        if (stages.containsKey(stage.name())) {
            throw new IllegalArgumentException("stage name '" + stage.name() + "' is taken; the stages so far are: "
                    + String.join(", ", stages.keySet()));
        }
        if (stages.size() == MOST_STAGES) {
            throw new IllegalArgumentException("a pipeline has at most " + MOST_STAGES + " stages");
        }
        stages.put(stage.name(), stage);
        return stage;
    }

    private static void checkFunction(String name, Class<? extends FunctionStage> type) {
        boolean usable = Modifier.isPublic(type.getModifiers())
                && !Modifier.isAbstract(type.getModifiers())
                && (type.getEnclosingClass() == null || Modifier.isStatic(type.getModifiers()))
                && !type.isSynthetic();
        try {
            usable &= type.getConstructor().getParameterCount() == 0;
        } catch (NoSuchMethodException e) {
            usable = false;
        }
        if (!usable) {
            throw new IllegalArgumentException(
                    "class " + type.getName() + " of function stage " + Names.shown(name)
                            + " is not usable: a public class, top-level or static, with a public constructor without arguments");
        }
    }

    void checkOpen() {
        if (!open) {
            throw new IllegalStateException("pipeline '" + pipeline
                    + "' is defined already; its stages can be changed inside Pipeline.define only");
        }
    }

    void checkOwns(PipelineDefinition other, String what, String user) {
        if (other != this) {
            throw new IllegalArgumentException(what + " belongs to pipeline '" + other.pipeline
                    + "' and cannot be used by stage '" + user + "' of pipeline '" + pipeline + "'");
        }
    }

    /** Ends the definition; the mistakes that only the whole shows are found here. */
    Plan compile() {
        open = false;
        if (stages.isEmpty()) {
            throw new IllegalArgumentException("pipeline '" + pipeline + "' has no stages");
        }
        List<String> last = lastOfTheOrdinary();
        List<Map.Entry<String, List<String>>> edges = new ArrayList<>();
        List<Stage> compiled = new ArrayList<>();
        for (StageHandle<?> stage : stages.values()) {
            List<String> before = stage.predecessors();
            List<String> implied = stage.isCleanUp() && before.isEmpty() ? last : List.of();
            edges.add(Map.entry(stage.name(), implied.isEmpty() ? before : implied));
            compiled.add(stage.compile(stage.needs(implied)));
        }
        StageGraph.of(edges).cycle().ifPresent(cycle -> {
            throw new IllegalArgumentException("the stages of pipeline '" + pipeline
                    + "' wait for each other in a cycle: " + String.join(" -> ", cycle));
        });
        Plan plan = new Plan(Plan.FORMAT, pipeline, triggers, limits, compiled, Optional.empty());
        int size = plan.bytes().length;
        if (size > Plan.LARGEST) {
            throw new IllegalArgumentException("the plan of pipeline '" + pipeline + "' has " + size
                    + " bytes; at most " + Plan.LARGEST + " are kept");
        }
        return plan;
    }

    SortedMap<String, Class<? extends FunctionStage>> functions() {
        return functions;
    }

    private List<String> lastOfTheOrdinary() {
        List<String> last = new ArrayList<>();
        for (StageHandle<?> stage : stages.values()) {
            if (!stage.isCleanUp()) {
                last.add(stage.name());
            }
        }
        for (StageHandle<?> stage : stages.values()) {
            if (!stage.isCleanUp()) {
                last.removeAll(stage.predecessors());
            }
        }
        return last;
    }
}
