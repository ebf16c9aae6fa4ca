// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud;

import dev.cumulane.internal.order.FunctionOrder;
import dev.cumulane.internal.order.OrderInput;
import dev.cumulane.internal.order.OrderVariables;
import dev.cumulane.internal.order.RefusedInputException;
import dev.cumulane.internal.order.ValueText;
import dev.cumulane.internal.trace.Trace;
import dev.cumulane.pipeline.Output;
import dev.cumulane.pipeline.StageContext;
import dev.cumulane.pipeline.ValueKind;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** What an attempt of a function stage is given. Confined to the stage's thread. */
final class FunctionContext implements StageContext {
    private static final long ASK_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final FunctionOrder order;
    private final ArtifactStore store;
    private final Path directory;
    private final SortedMap<String, String> values;
    private final Redactor redactor;
    private final Consumer<String> log;
    private final SortedMap<String, String> handed = new TreeMap<>();
    private final long deadline;
    private long lastAsked;
    private boolean cancelled;

    FunctionContext(
            FunctionOrder order,
            ArtifactStore store,
            Path directory,
            SortedMap<String, String> secrets,
            Consumer<String> log) {
        this.order = order;
        this.store = store;
        this.directory = directory;
        this.values = new TreeMap<>(order.variables().given());
        this.values.putIfAbsent(OrderVariables.TRACE, Trace.parent(order.attempt()));
        this.values.putAll(secrets);
        this.redactor = Redactor.of(secrets);
        this.log = line -> log.accept(redactor.redact(line));
        this.lastAsked = System.nanoTime() - ASK_AGAIN_NANOS;
        this.deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(order.withinSeconds());
    }

    /** Where one input is unpacked. */
    Path unpacked(OrderInput input) {
        return directory.resolve("inputs").resolve(input.stage()).resolve(input.name());
    }

    /** Where the stage writes its outputs, each under its name. */
    Path outputs() {
        return directory.resolve("outputs");
    }

    @Override
    public Path input(String artifact) {
        List<OrderInput> named = order.inputs().stream()
                .filter(input -> input.name().equals(artifact))
                .toList();
        if (named.size() != 1) {
            List<String> all = order.inputs().stream()
                    .map(input -> input.stage() + "/" + input.name())
                    .toList();
            throw new IllegalArgumentException(
                    (named.isEmpty() ? "no input is called '" : "more than one input is called '") + artifact
                            + "'; stage " + order.attempt().stage() + " reads " + all);
        }
        return unpacked(named.get(0)).resolve(named.get(0).path());
    }

    @Override
    public SortedMap<String, Path> inputs(String artifact) {
        SortedMap<String, Path> inputs = new TreeMap<>();
        for (OrderInput input : order.inputs()) {
            if (input.name().equals(artifact)) {
                inputs.put(input.stage(), unpacked(input).resolve(input.path()));
            }
        }
        return inputs;
    }

    @Override
    public Path output(String artifact) {
        if (!order.outputs().contains(artifact)) {
            throw new IllegalArgumentException("no output is called '" + artifact + "'; stage "
                    + order.attempt().stage() + " writes " + order.outputs());
        }
        return outputs().resolve(artifact);
    }

    @Override
    public void output(String value, String text) {
        ValueKind kind = declared(value);
        try {
            ValueText.parse(kind, text);
        } catch (RefusedInputException e) {
            throw new MalformedValueException("value " + value + " " + e.getMessage(), e);
        }
        handed.put(value, text);
    }

    @Override
    public <T> void output(Output<T> value, T content) {
        declared(value.name());
        try {
            StageContext.super.output(value, content);
        } catch (MalformedValueException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new MalformedValueException(String.valueOf(e.getMessage()), e);
        }
    }

    private ValueKind declared(String value) {
        ValueKind kind = order.values().get(value);
        if (kind == null) {
            throw new IllegalArgumentException("no value is called '" + value + "'; stage "
                    + order.attempt().stage() + " hands on " + order.values().keySet());
        }
        return kind;
    }

    /** What the stage has handed on. */
    SortedMap<String, String> handed() {
        return handed;
    }

    /** Knows the secrets that the stage was given. */
    Redactor redactor() {
        return redactor;
    }

    /** The names of what the stage has handed on that holds a secret. */
    List<String> telling() {
        return handed.entrySet().stream()
                .filter(value -> !redactor.redact(value.getValue()).equals(value.getValue()))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Gives the stage a variable that was fetched. */
    void put(String variable, String value) {
        values.put(variable, value);
    }

    @Override
    public String env(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("no variable is called '" + name + "'; stage "
                    + order.attempt().stage() + " has " + values.keySet());
        }
        return value;
    }

    @Override
    public String commit() {
        return order.commit();
    }

    @Override
    public boolean cancelled() {
        long now = System.nanoTime();
        if (!cancelled && now - lastAsked >= ASK_AGAIN_NANOS) {
            lastAsked = now;
            cancelled = now >= deadline
                    || store.read("cancel/" + order.attempt().key()).isPresent();
        }
        return cancelled;
    }

    @Override
    public void log(String line) {
        log.accept(line);
    }
}
