// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/**
 * A stage while its pipeline is being defined. For use inside {@code Pipeline.define} only.
 *
 * @param <S> the handle's own type
 */
public abstract sealed class StageHandle<S extends StageHandle<S>>
        permits WorkHandle, FunctionHandle, ApprovalHandle, DeployHandle, GroupHandle, ChildHandle, FanOutHandle {
    private final PipelineDefinition owner;
    private final String name;
    private final Map<Input, String> reads = new LinkedHashMap<>();
    private final Set<String> after = new LinkedHashSet<>();
    private Stage.When when = Stage.When.SUCCESS;
    private Optional<Condition> only = Optional.empty();
    private Optional<String> caretaker = Optional.empty();

    StageHandle(PipelineDefinition owner, String name) {
        this.owner = owner;
        this.name = Names.check("stage", name);
    }

    /**
     * Comes after these, without reading anything of theirs.
     *
     * @param stages stages of the same pipeline
     * @return this stage
     */
    public S after(StageHandle<?>... stages) {
        owner.checkOpen();
        for (StageHandle<?> stage : stages) {
            owner.checkOwns(stage.owner, "stage '" + stage.name + "'", name);
            comesAfter(stage.name);
        }
        return self();
    }

    /**
     * Runs however the stages before it end, once they have, also when the run is cancelled. Without stages before it, it comes after all others. Inputs that were
     * not written are absent.
     *
     * @return this stage
     */
    public S always() {
        return when(Stage.When.ALWAYS);
    }

    /**
     * Runs if at least one of the stages before it did not succeed, once all have ended, also when the run is cancelled. Without stages before it, it comes after all
     * others. Inputs that were not written are absent.
     *
     * @return this stage
     */
    public S onFailure() {
        return when(Stage.When.FAILURE);
    }

    private S when(Stage.When next) {
        owner.checkOpen();
        if (when != Stage.When.SUCCESS && when != next) {
            throw new IllegalArgumentException(
                    "stage '" + name + "' cannot be both always() and onFailure(): always() includes failures");
        }
        when = next;
        return self();
    }

    /**
     * Runs only when this is true as well; otherwise it is skipped, and so are those that read what it writes, while those that only come after it go on. Further
     * conditions add up: all must be true.
     *
     * @param condition what must be true; a stage that it is about comes first, however it ends
     * @return this stage
     */
    public S onlyWhen(Condition condition) {
        owner.checkOpen();
        for (StageHandle<?> stage : condition.stages()) {
            owner.checkOwns(stage.owner, "stage '" + stage.name + "'", name);
        }
        condition.values().forEach(this::use);
        condition
                .parameters()
                .forEach(parameter -> owner.checkOwns(parameter.owner(), "parameter '" + parameter.name() + "'", name));
        only = Optional.of(only.map(earlier -> earlier.and(condition)).orElse(condition));
        return self();
    }

    /**
     * Somebody looks after this stage: notices of it name the owner, and can be kept to owners.
     *
     * @param team who, such as {@code team-shop}: 1 to 100 characters of one line
     * @return this stage
     */
    public S owner(String team) {
        owner.checkOpen();
        if (team.isBlank() || team.length() > 100 || team.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(
                    "the owner of stage '" + name + "' has 1 to 100 characters of one line, such as 'team-shop'");
        }
        caretaker = Optional.of(team);
        return self();
    }

    /**
     * This stage succeeded, as a condition for others.
     *
     * @return the condition
     */
    public Condition succeeded() {
        return Condition.ended(this, Guard.Ending.SUCCEEDED);
    }

    /**
     * This stage failed, was in error or took too long, as a condition for others.
     *
     * @return the condition
     */
    public Condition failed() {
        return Condition.ended(this, Guard.Ending.FAILED);
    }

    /**
     * This stage was left out or cancelled, as a condition for others.
     *
     * @return the condition
     */
    public Condition leftOut() {
        return Condition.ended(this, Guard.Ending.LEFT_OUT);
    }

    /**
     * The stage's name.
     *
     * @return the name
     */
    public String name() {
        return name;
    }

    abstract S self();

    abstract Stage compile(Stage.Needs needs);

    /** What the stage writes, in order; names for messages. */
    List<Artifact.File> writes() {
        return List.of();
    }

    /**
     * An artifact of this stage, for others to read.
     *
     * @param artifact the name that it was given
     * @return the artifact
     * @throws IllegalArgumentException if the stage writes none of that name; the message names those it writes
     */
    public ArtifactHandle artifact(String artifact) {
        for (Artifact.File written : writes()) {
            if (written.name().equals(artifact)) {
                return new ArtifactHandle(owner, written);
            }
        }
        List<String> names = writes().stream().map(Artifact.File::name).toList();
        throw new IllegalArgumentException("stage '" + name + "' writes no artifact " + Names.shown(artifact)
                + "; it writes " + (names.isEmpty() ? "none" : String.join(", ", names)));
    }

    /** The values that the stage hands on, by name. */
    SortedMap<String, Output<?>> outputs() {
        return Collections.emptySortedMap();
    }

    /**
     * A value of this stage as text, whatever it is, for others to use.
     *
     * @param value the name that it was given
     * @return the value
     * @throws IllegalArgumentException if the stage hands on none of that name; the message names those it hands on
     */
    public ValueHandle<String> value(String value) {
        checkOutput(value);
        return new ValueHandle<>(owner, name, Output.text(value));
    }

    /**
     * A value of this stage, for others to use.
     *
     * @param <T> what it is in Java
     * @param value what the stage was given
     * @return the value
     * @throws IllegalArgumentException if the stage hands on none of that name and kind; the message names those it hands on
     */
    public <T> ValueHandle<T> value(Output<T> value) {
        if (checkOutput(value.name()).kind() != value.kind()) {
            throw new IllegalArgumentException(
                    "stage '" + name + "' hands on " + outputs().get(value.name()) + ", not " + value);
        }
        return new ValueHandle<>(owner, name, value);
    }

    private Output<?> checkOutput(String value) {
        Output<?> output = outputs().get(value);
        if (output == null) {
            throw new IllegalArgumentException(
                    "stage '" + name + "' hands on no value " + Names.shown(value) + "; it hands on "
                            + (outputs().isEmpty()
                                    ? "none"
                                    : String.join(", ", outputs().keySet())));
        }
        return output;
    }

    final PipelineDefinition owner() {
        return owner;
    }

    final void read(List<? extends Readable> inputs) {
        owner.checkOpen();
        for (Readable input : inputs) {
            if (input instanceof SourceHandle source) {
                owner.checkOwns(source.owner(), "the source", name);
                reads.put(new Input.Source(), name);
            } else if (input instanceof ArtifactHandle handle) {
                Artifact.File artifact = handle.artifact();
                owner.checkOwns(
                        handle.owner(), "artifact '" + artifact.name() + "' of stage '" + artifact.stage() + "'", name);
                if (artifact.stage().equals(name)) {
                    throw new IllegalArgumentException(
                            "stage '" + name + "' reads its own artifact '" + artifact.name() + "'");
                }
                reads.put(artifact, name);
            } else if (input instanceof CollectedHandle collected) {
                owner.checkOwns(collected.owner(), "group '" + collected.input().group() + "'", name);
                reads.put(collected.input(), name);
            }
        }
        checkPaths();
    }

    static Value inPlan(Provided provided) {
        if (provided instanceof AddressHandle address) {
            return new Value.Address(address.stage());
        }
        if (provided instanceof ItemHandle item) {
            return item.inPlan();
        }
        if (provided instanceof CollectedValuesHandle collected) {
            return collected.value();
        }
        return provided instanceof ValueHandle<?> value
                ? new Value.Handed(value.stage(), value.output().name())
                : new Value.Said(((ParameterHandle) provided).name());
    }

    final void use(Provided provided) {
        owner.checkOpen();
        if (provided instanceof AddressHandle address) {
            owner.checkOwns(address.owner(), "the address of stage '" + address.stage() + "'", name);
            comesAfter(address.stage());
        } else if (provided instanceof ValueHandle<?> value) {
            String what = value.output().name();
            owner.checkOwns(value.owner(), "value '" + what + "' of stage '" + value.stage() + "'", name);
            if (value.stage().equals(name)) {
                throw new IllegalArgumentException("stage '" + name + "' uses its own value '" + what + "'");
            }
            reads.put(new Input.Handed(value.stage(), what), name);
        } else if (provided instanceof CollectedValuesHandle collected) {
            owner.checkOwns(collected.owner(), "group '" + collected.value().group() + "'", name);
            comesAfter(collected.value().group());
        } else if (provided instanceof ItemHandle item) {
            owner.checkOwns(item.owner(), item.toString(), name);
            if (!item.name().equals(name)) {
                throw new IllegalArgumentException(item + " is known to stage '" + item.name()
                        + "' alone, which runs for each, not to stage '" + name + "'");
            }
            reads.put(item.list(), name);
        } else if (provided instanceof ParameterHandle parameter) {
            owner.checkOwns(parameter.owner(), "parameter '" + parameter.name() + "'", name);
        }
    }

    private void comesAfter(String stage) {
        after.add(stage);
    }

    private void checkPaths() {
        Map<String, Artifact.File> places = new LinkedHashMap<>();
        for (Input input : reads.keySet()) {
            if (input instanceof Artifact.File file) {
                Artifact.File other = places.putIfAbsent(file.path(), file);
                if (other != null) {
                    throw new IllegalArgumentException(
                            "stage '" + name + "' reads '" + other.name() + "' of '" + other.stage() + "' and '"
                                    + file.name() + "' of '" + file.stage() + "', which both lie at " + file.path());
                }
            }
        }
    }

    List<String> predecessors() {
        Set<String> all = new LinkedHashSet<>(after);
        for (Input input : reads.keySet()) {
            input.from().ifPresent(all::add);
        }
        only.ifPresent(condition -> condition.stages().forEach(stage -> all.add(stage.name())));
        return List.copyOf(all);
    }

    final boolean isCleanUp() {
        return when != Stage.When.SUCCESS;
    }

    final Stage.Needs needs(List<String> implied) {
        List<String> order = new ArrayList<>(after);
        order.addAll(implied);
        return new Stage.Needs(List.copyOf(reads.keySet()), order, when, only.map(Condition::guard), caretaker);
    }
}
