// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * A stage while its pipeline is being defined. For use inside {@code Pipeline.define} only.
 *
 * @param <S> the handle's own type
 */
public abstract sealed class StageHandle<S extends StageHandle<S>>
        permits WorkHandle, FunctionHandle, ApprovalHandle, DeployHandle {
    private final PipelineDefinition owner;
    private final String name;
    private final Map<Input, String> reads = new LinkedHashMap<>();
    private final List<String> after = new ArrayList<>();
    private boolean always;

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
        owner.checkOpen();
        always = true;
        return self();
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
            throw new IllegalArgumentException("stage '" + name + "' hands on "
                    + outputs().get(value.name()) + ", not " + value);
        }
        return new ValueHandle<>(owner, name, value);
    }

    private Output<?> checkOutput(String value) {
        Output<?> output = outputs().get(value);
        if (output == null) {
            throw new IllegalArgumentException("stage '" + name + "' hands on no value " + Names.shown(value)
                    + "; it hands on " + (outputs().isEmpty() ? "none" : String.join(", ", outputs().keySet())));
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
            }
        }
        checkPaths();
    }

    final void use(AddressHandle address) {
        owner.checkOpen();
        owner.checkOwns(address.owner(), "the address of stage '" + address.stage() + "'", name);
        comesAfter(address.stage());
    }

    final void use(ValueHandle<?> value) {
        owner.checkOpen();
        owner.checkOwns(
                value.owner(), "value '" + value.output().name() + "' of stage '" + value.stage() + "'", name);
        if (value.stage().equals(name)) {
            throw new IllegalArgumentException("stage '" + name + "' uses its own value '"
                    + value.output().name() + "'");
        }
        comesAfter(value.stage());
    }

    private void comesAfter(String stage) {
        if (!after.contains(stage)) {
            after.add(stage);
        }
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

    final List<String> predecessors() {
        List<String> all = new ArrayList<>(after);
        for (Input input : reads.keySet()) {
            if (input instanceof Artifact artifact && !all.contains(artifact.stage())) {
                all.add(artifact.stage());
            }
        }
        return all;
    }

    final boolean runsAlways() {
        return always;
    }

    final Stage.Needs needs(List<String> implied) {
        List<String> order = new ArrayList<>(after);
        order.addAll(implied);
        return new Stage.Needs(List.copyOf(reads.keySet()), order, always);
    }
}
