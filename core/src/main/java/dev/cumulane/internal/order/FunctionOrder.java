// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.order;

import dev.cumulane.internal.json.MalformedJsonException;
import dev.cumulane.internal.json.RecordJson;
import dev.cumulane.pipeline.ValueKind;
import dev.cumulane.run.AttemptId;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The work order of one attempt of a function stage, which a worker carries out in Java.
 *
 * @param attempt the attempt to claim
 * @param className the binary name of the stage's class
 * @param commit the id of the commit that the run is for
 * @param inputs what earlier stages wrote
 * @param outputs the names of the artifacts that the stage may write
 * @param values the values that the stage may hand on, by name
 * @param variables what the stage finds in its context
 * @param withinSeconds how long the stage may take
 */
public record FunctionOrder(
        AttemptId attempt,
        String className,
        String commit,
        List<OrderInput> inputs,
        List<String> outputs,
        SortedMap<String, ValueKind> values,
        OrderVariables variables,
        int withinSeconds) {
    /** The largest order that is read, in bytes. */
    public static final int MOST_BYTES = 1 << 20;

    private static final int FORMAT = 1;
    private static final int MOST_OUTPUTS = 1000;
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");
    private static final Pattern CLASS_NAME = Pattern.compile(
            "\\p{javaJavaIdentifierStart}\\p{javaJavaIdentifierPart}*(\\.\\p{javaJavaIdentifierStart}\\p{javaJavaIdentifierPart}*)*+");

    /** Checks names, counts and the time, and copies the collections. */
    public FunctionOrder {
        Checks.name("stage", attempt.stage());
        if (className.length() > 500 || !CLASS_NAME.matcher(className).matches()) {
            throw new IllegalArgumentException("not the name of a class: '" + ShellText.shown(className) + "'");
        }
        if (!COMMIT.matcher(commit).matches()) {
            throw new IllegalArgumentException("not a commit id: '" + ShellText.shown(commit) + "'");
        }
        inputs = Checks.inputs(inputs);
        outputs = List.copyOf(outputs);
        if (outputs.size() > MOST_OUTPUTS || outputs.stream().distinct().count() != outputs.size()) {
            throw new IllegalArgumentException("the outputs have more than " + MOST_OUTPUTS + " names, or one twice");
        }
        outputs.forEach(output -> Checks.name("artifact", output));
        values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
        values.keySet().forEach(value -> Checks.name("value", value));
        if (withinSeconds < 1) {
            throw new IllegalArgumentException("a time limit of " + withinSeconds + " seconds is too short");
        }
    }

    /** An order of a stage that hands on no values, whose variables all stand in it. */
    public FunctionOrder(
            AttemptId attempt,
            String className,
            String commit,
            List<OrderInput> inputs,
            List<String> outputs,
            SortedMap<String, String> variables,
            int withinSeconds) {
        this(
                attempt,
                className,
                commit,
                inputs,
                outputs,
                Collections.emptySortedMap(),
                OrderVariables.of(variables),
                withinSeconds);
    }

    /**
     * The order as JSON.
     *
     * @return UTF-8 bytes; equal orders give equal bytes
     */
    public byte[] bytes() {
        return RecordJson.write(Wire.class, new Wire(FORMAT, this));
    }

    /**
     * Reads an order.
     *
     * @param bytes what {@link #bytes()} wrote, or anything else
     * @return the order
     * @throws RefusedInputException if it is no order
     */
    public static FunctionOrder parse(byte[] bytes) throws RefusedInputException {
        try {
            Wire wire = RecordJson.read(Wire.class, bytes, MOST_BYTES);
            if (wire.format() != FORMAT) {
                throw new IllegalArgumentException("it has format " + wire.format() + ", not " + FORMAT);
            }
            return wire.order();
        } catch (MalformedJsonException | IllegalArgumentException e) {
            throw new RefusedInputException(
                    "the function order is refused: " + ShellText.shown(String.valueOf(e.getMessage())), e);
        }
    }

    private record Wire(int format, FunctionOrder order) {}
}
