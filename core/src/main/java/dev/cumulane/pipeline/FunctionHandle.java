// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** A function stage while its pipeline is being defined. */
public final class FunctionHandle extends StageHandle<FunctionHandle> {
    private final Class<? extends FunctionStage> type;
    private final List<Artifact.File> writes = new ArrayList<>();
    private final SortedMap<String, Value> env = new TreeMap<>();
    private final SortedMap<String, Output<?>> outputs = new TreeMap<>();
    private Duration within = Duration.ofMinutes(10);
    private boolean reuse;
    private Retry retry = Retry.never();

    FunctionHandle(PipelineDefinition owner, String name, Class<? extends FunctionStage> type) {
        super(owner, name);
        this.type = type;
    }

    /**
     * Reads these, too.
     *
     * @param inputs the source or artifacts of other stages
     * @return this stage
     */
    public FunctionHandle reads(Readable... inputs) {
        for (Readable input : inputs) {
            if (input instanceof SourceHandle) {
                throw new IllegalArgumentException(
                        "function stage '" + name()
                                + "' cannot read the source: a function has no git; let a build write what it needs as an artifact");
            }
        }
        read(List.of(inputs));
        return this;
    }

    /**
     * Writes an artifact, at the path that {@link StageContext#output} gives.
     *
     * @param artifact what to call it
     * @return this stage
     */
    public FunctionHandle writes(String artifact) {
        owner().checkOpen();
        Names.check("artifact", artifact);
        if (writes.stream().anyMatch(written -> written.name().equals(artifact))) {
            throw new IllegalArgumentException("artifact '" + artifact + "' is written twice");
        }
        Limits.checkArtifacts(writes.size() + 1);
        writes.add(new Artifact.File(name(), artifact, artifact));
        return this;
    }

    /**
     * Hands on values, if it succeeds: it gives each to {@link StageContext#output(String, String)}.
     *
     * @param values what they are
     * @return this stage
     */
    public FunctionHandle outputs(Output<?>... values) {
        owner().checkOpen();
        for (Output<?> value : values) {
            Limits.addOutput(outputs, value);
        }
        return this;
    }

    /**
     * Gives it a variable, for {@link StageContext#env}.
     *
     * @param variable upper-case letters, digits and underscores
     * @param value its value; not a secret
     * @return this stage
     */
    public FunctionHandle env(String variable, String value) {
        return with(variable, new Value.Constant(Names.checkValue(variable, value)));
    }

    /**
     * Gives it a secret, for {@link StageContext#env}.
     *
     * @param variable upper-case letters, digits and underscores
     * @param secret the secret's reference
     * @return this stage
     */
    public FunctionHandle env(String variable, Value.Secret secret) {
        return with(variable, secret);
    }

    /**
     * Gives it what only a run knows, for {@link StageContext#env}: the address of a deployment, a value that another stage hands on, a parameter. A list has one item a
     * line.
     *
     * @param variable upper-case letters, digits and underscores
     * @param provided what to give
     * @return this stage, which runs after the stage that it comes from, if it comes from one
     */
    public FunctionHandle env(String variable, Provided provided) {
        use(provided);
        return with(variable, inPlan(provided));
    }

    /**
     * Limits the time of one attempt.
     *
     * @param time more than zero, at most 30 minutes; more than ten are refused by clouds that cannot
     * @return this stage
     */
    public FunctionHandle within(Duration time) {
        owner().checkOpen();
        within = Limits.check("a function stage's time limit", time, Limits.LONGEST_FUNCTION);
        return this;
    }

    /**
     * Tries again.
     *
     * @param policy how often and after what
     * @return this stage
     */
    public FunctionHandle retrying(Retry policy) {
        owner().checkOpen();
        retry = policy;
        return this;
    }

    private FunctionHandle with(String variable, Value value) {
        owner().checkOpen();
        Names.checkVariable(variable);
        if (env.put(variable, value) != null) {
            throw new IllegalArgumentException("environment variable " + variable + " is set twice");
        }
        return this;
    }

    /**
     * Does not run if it succeeded before, in any run of this pipeline, with the same entry in the plan, the same inputs and the same values of its variables: what it
     * wrote and handed on then is taken. Secrets count by their references. The commit counts only if the stage reads the source.
     *
     * @return this stage
     */
    public FunctionHandle reuseWhenUnchanged() {
        owner().checkOpen();
        reuse = true;
        return this;
    }

    @Override
    FunctionHandle self() {
        return this;
    }

    @Override
    List<Artifact.File> writes() {
        return writes;
    }

    @Override
    SortedMap<String, Output<?>> outputs() {
        return outputs;
    }

    @Override
    Stage compile(Stage.Needs needs) {
        return new Stage.Function(
                name(),
                needs,
                new Stage.Code(type.getName(), List.copyOf(writes), new TreeMap<>(env), Limits.kinds(outputs)),
                new Limits(within, retry, reuse));
    }

    /** Refuses a class that nobody could make an instance of. */
    static void check(String name, Class<? extends FunctionStage> type) {
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
}
