// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** A stage that runs another pipeline, while its own is being defined. What that pipeline returns are this stage's artifacts and values. */
public final class ChildHandle extends StageHandle<ChildHandle> {
    /** How deep pipelines run each other. */
    private static final int MOST_DEPTH = 5;

    private final Pipeline child;
    private final SortedMap<String, Value> parameters = new TreeMap<>();
    private Duration within = Duration.ofDays(7);
    private Retry retry = Retry.never();

    ChildHandle(PipelineDefinition owner, String name, Pipeline child) {
        super(owner, name);
        this.child = child;
    }

    /**
     * Says a parameter of the other pipeline; the others have their defaults.
     *
     * @param parameter its name
     * @param value its value
     * @return this stage
     * @throws IllegalArgumentException if the other pipeline has no such parameter, or it cannot have this value; the message names what there is
     */
    public ChildHandle with(String parameter, String value) {
        owner().checkOpen();
        known(parameter).problem(value).ifPresent(problem -> {
            throw new IllegalArgumentException(
                    "parameter '" + parameter + "' of pipeline '" + child.name() + "' cannot be " + problem);
        });
        return say(parameter, new Value.Constant(value));
    }

    /**
     * Says a parameter of the other pipeline by what only a run knows: a value that another stage hands on, a parameter of this pipeline, the address of a deployment.
     * What the other pipeline's parameter cannot be ends this stage in ERROR with {@code REFUSED}, before the other pipeline begins.
     *
     * @param parameter its name
     * @param provided what to say; one line
     * @return this stage, which runs after the stage that it comes from, if it comes from one
     * @throws IllegalArgumentException if the other pipeline has no such parameter, or the value is a list; the message names what there is
     */
    public ChildHandle with(String parameter, Provided provided) {
        owner().checkOpen();
        known(parameter);
        if (provided instanceof ValueHandle<?> value && value.output().kind() == ValueKind.LIST) {
            throw new IllegalArgumentException("parameter '" + parameter + "' of pipeline '" + child.name()
                    + "' is one line, and value '" + value.output().name() + "' of stage '" + value.stage()
                    + "' is a list");
        }
        if (provided instanceof CollectedValuesHandle collected) {
            throw new IllegalArgumentException("parameter '" + parameter + "' of pipeline '" + child.name()
                    + "' is one line, and group '" + collected.value().group() + "' hands on many");
        }
        use(provided);
        return say(parameter, inPlan(provided));
    }

    private Parameter known(String parameter) {
        return child.plan().parameters().stream()
                .filter(one -> one.name().equals(parameter))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "pipeline '" + child.name() + "' has no parameter " + Names.shown(parameter) + "; it has: "
                                + names(child.plan().parameters())));
    }

    private ChildHandle say(String parameter, Value value) {
        if (parameters.put(parameter, value) != null) {
            throw new IllegalArgumentException("parameter '" + parameter + "' of stage '" + name() + "' is said twice");
        }
        return this;
    }

    /**
     * Limits the time of one attempt, with all that the other pipeline waits for; a week unless said otherwise.
     *
     * @param time more than zero, at most 365 days
     * @return this stage
     */
    public ChildHandle within(Duration time) {
        owner().checkOpen();
        within = Limits.check("the time limit of a child", time, Limits.LONGEST_APPROVAL);
        return this;
    }

    /**
     * Tries again, with another run of the other pipeline.
     *
     * @param policy how often and after what
     * @return this stage
     */
    public ChildHandle retrying(Retry policy) {
        owner().checkOpen();
        retry = policy;
        return this;
    }

    private static String names(List<Parameter> parameters) {
        return parameters.isEmpty()
                ? "none"
                : String.join(", ", parameters.stream().map(Parameter::name).toList());
    }

    @Override
    ChildHandle self() {
        return this;
    }

    Pipeline child() {
        return child;
    }

    /** An artifact lies where the stage that wrote it in the other pipeline had it. */
    @Override
    List<Artifact.File> writes() {
        List<Artifact.File> writes = new ArrayList<>();
        child.plan().returns().forEach((name, what) -> {
            if (what instanceof Artifact.File file) {
                writes.add(new Artifact.File(name(), name, file.path()));
            }
        });
        return writes;
    }

    @Override
    SortedMap<String, Output<?>> outputs() {
        SortedMap<String, Output<?>> outputs = new TreeMap<>();
        child.plan().returns().forEach((name, what) -> {
            if (what instanceof Input.Handed handed) {
                ValueKind kind = child.plan().stages().stream()
                        .filter(stage -> stage.name().equals(handed.stage()))
                        .findFirst()
                        .orElseThrow()
                        .outputs()
                        .get(handed.name());
                outputs.put(name, Output.of(name, Objects.requireNonNull(kind)));
            }
        });
        return outputs;
    }

    @Override
    Stage compile(Stage.Needs needs) {
        for (Parameter parameter : child.plan().parameters()) {
            Optional<String> fallback = parameter.fallback();
            if (fallback.isEmpty() && !parameters.containsKey(parameter.name())) {
                throw new IllegalArgumentException("stage '" + name() + "' has to say parameter '" + parameter.name()
                        + "' of pipeline '" + child.name() + "'; it may be " + parameter.allowed());
            }
            fallback.ifPresent(value -> parameters.putIfAbsent(parameter.name(), new Value.Constant(value)));
        }
        return new Stage.Child(
                name(),
                needs,
                new Stage.Called(
                        child.name(), child.plan().fingerprint(), parameters, writes(), Limits.kinds(outputs())),
                new Limits(within, retry));
    }

    /** Refuses a pipeline that would run itself, or run others too deep. */
    static void checkDepth(Pipeline child, String parent) {
        checkDepth(child, 1, List.of(parent));
    }

    private static void checkDepth(Pipeline child, int depth, List<String> above) {
        List<String> path = new ArrayList<>(above);
        path.add(child.name());
        if (above.contains(child.name())) {
            throw new IllegalArgumentException(
                    "pipeline '" + child.name() + "' would run itself: " + String.join(" -> ", path));
        }
        if (depth > MOST_DEPTH) {
            throw new IllegalArgumentException("pipelines run each other at most " + MOST_DEPTH + " levels deep, not: "
                    + String.join(" -> ", path));
        }
        child.children().values().forEach(next -> checkDepth(next, depth + 1, path));
    }
}
