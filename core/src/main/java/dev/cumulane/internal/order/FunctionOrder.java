// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.order;

import dev.cumulane.internal.json.MalformedJsonException;
import dev.cumulane.internal.json.RecordJson;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.Commit;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.regex.Pattern;

/**
 * The work order of one attempt of a function stage, which a worker carries out in Java.
 *
 * @param attempt the attempt to claim
 * @param commit the commit that the run is for, if it has one
 * @param inputs what earlier stages wrote
 * @param work what to run
 * @param withinSeconds how long the stage may take
 */
public record FunctionOrder(AttemptId attempt, Optional<Commit> commit, List<Input> inputs, Work work, int withinSeconds) {
    /** The largest order that is read, in bytes. */
    public static final int MOST_BYTES = 1 << 20;

    private static final int FORMAT = 1;
    private static final int MOST_OUTPUTS = 1000;
    private static final Pattern CLASS_NAME = Pattern.compile(
            "\\p{javaJavaIdentifierStart}\\p{javaJavaIdentifierPart}*(\\.\\p{javaJavaIdentifierStart}\\p{javaJavaIdentifierPart}*)*+");

    /** Checks the stage's name, the inputs and the time, and copies the list. */
    public FunctionOrder {
        Checks.name("stage", attempt.stage());
        Checks.inputs(inputs.stream().map(Input::artifact).toList());
        inputs = List.copyOf(inputs);
        if (withinSeconds < 1) {
            throw new IllegalArgumentException("a time limit of " + withinSeconds + " seconds is too short");
        }
    }

    /**
     * An artifact that an earlier stage wrote.
     *
     * @param artifact the artifact
     * @param path the file or directory that it holds, relative to the workspace that it was written in
     */
    public record Input(OrderInput artifact, String path) {
        /** Checks the path. */
        public Input {
            RelativePath.check("input path", path);
        }
    }

    /**
     * What to run.
     *
     * @param className the binary name of the stage's class
     * @param outputs the names of the artifacts that the stage writes, each at the path of its name
     * @param variables what the stage finds in its context, by name; the values may come from anywhere
     */
    public record Work(String className, List<String> outputs, SortedMap<String, String> variables) {
        /** Checks names and counts, and copies the collections. */
        public Work {
            if (className.length() > 500 || !CLASS_NAME.matcher(className).matches()) {
                throw new IllegalArgumentException("not the name of a class: '" + ShellText.shown(className) + "'");
            }
            outputs = List.copyOf(outputs);
            if (outputs.size() > MOST_OUTPUTS || outputs.stream().distinct().count() != outputs.size()) {
                throw new IllegalArgumentException("the outputs have more than " + MOST_OUTPUTS + " names, or one twice");
            }
            outputs.forEach(output -> Checks.name("artifact", output));
            variables = Checks.variables(variables);
        }
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
