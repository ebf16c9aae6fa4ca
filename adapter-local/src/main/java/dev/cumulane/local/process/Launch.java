// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.process;

import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A command to start as a process that outlives us.
 *
 * @param command the program and its arguments
 * @param environment the whole environment of the process
 * @param directory the directory that it starts in
 * @param log the file that the operating system appends its output to
 * @param begun an empty file that exists once the command has been let go
 */
public record Launch(
        List<String> command, SortedMap<String, String> environment, Path directory, Path log, Path begun) {
    /** Copies the list and the map. */
    public Launch {
        command = List.copyOf(command);
        environment = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(environment));
        if (command.isEmpty()) {
            throw new IllegalArgumentException("a command has at least one word: the program");
        }
    }
}
