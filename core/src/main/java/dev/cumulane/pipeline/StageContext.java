// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

import java.nio.file.Path;
import java.util.SortedMap;

/** What a function stage is given. For use on the stage's own thread, until it returns. */
public interface StageContext {
    /**
     * Where an input lies: the file or directory at the path that the producing stage declared.
     *
     * @param artifact the artifact's name, if only one input has it
     * @return an existing path
     * @throws IllegalArgumentException if the stage reads no artifact of that name; the message names those it reads
     */
    Path input(String artifact);

    /**
     * Where the inputs of this name lie: what a group of stages wrote.
     *
     * @param artifact the artifact's name
     * @return for each stage that wrote it an existing path; empty if none did
     */
    SortedMap<String, Path> inputs(String artifact);

    /**
     * Where to write an output: a path that does not exist yet, to be made a file or a directory.
     *
     * @param artifact a name that the stage declared with {@code writes}
     * @return the path
     * @throws IllegalArgumentException if the stage declares no such output; the message names those it declares
     */
    Path output(String artifact);

    /**
     * Hands on a value, as text: {@code 87.5} for a number, {@code true} or {@code false} for a flag, one item a line for a list. What is said last holds.
     *
     * @param value a name that the stage declared with {@code outputs}
     * @param text the value; at most 64 KiB in UTF-8
     * @throws IllegalArgumentException if the stage declares no such value, or this is none of its kind
     */
    void output(String value, String text);

    /**
     * Hands on a value. What is said last holds.
     *
     * @param <T> what it is in Java
     * @param value what the stage declared with {@code outputs}
     * @param content the value; at most 64 KiB in UTF-8
     * @throws IllegalArgumentException if the stage declares no such value, or it cannot be written
     */
    default <T> void output(Output<T> value, T content) {
        output(value.name(), value.write(content));
    }

    /**
     * The value of a variable that the stage declared with {@code env}.
     *
     * @param name the variable's name
     * @return its value
     * @throws IllegalArgumentException if the stage declares no such variable; the message names those it declares
     */
    String env(String name);

    /**
     * The commit that the run is for.
     *
     * @return the full commit id
     */
    String commit();

    /**
     * Whether the stage should stop: the run was cancelled or the time limit has passed. Long work asks now and then.
     *
     * @return true once it should
     */
    boolean cancelled();

    /**
     * Writes a line to the stage's log.
     *
     * @param line the line
     */
    void log(String line);
}
