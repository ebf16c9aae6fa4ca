// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud.contract;

import dev.cumulane.run.AttemptId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Scripts for builds of a {@link WorkRunnerContract} that are real processes of this machine, and what is known of them: they leave notes in a directory.
 *
 * @param directory where the notes are
 */
public record ShellWork(Path directory) {
    /**
     * Notes that it began, and ends.
     *
     * @param attempt the attempt
     * @return the script
     */
    public String brief(AttemptId attempt) {
        return "echo $$ >>'" + note(attempt, "begun") + "'\n";
    }

    /**
     * Notes that it began, with a helper beside it, and runs until it may end.
     *
     * @param attempt the attempt
     * @return the script
     */
    public String endless(AttemptId attempt) {
        return "sleep 600 & echo $! >>'" + note(attempt, "helpers") + "'\n" + brief(attempt) + "while ! [ -e '"
                + note(attempt, "end") + "' ]; do sleep 0.02; done\n";
    }

    /**
     * Lets endless work end.
     *
     * @param attempt the attempt
     */
    public void letEnd(AttemptId attempt) {
        try {
            Files.createFile(note(attempt, "end"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * How often work of an attempt began.
     *
     * @param attempt the attempt
     * @return the number of notes
     */
    public int begun(AttemptId attempt) {
        return lines(note(attempt, "begun")).size();
    }

    /**
     * Whether anything that the work of an attempt started still runs.
     *
     * @param attempt the attempt
     * @return true if there is any
     */
    public boolean anythingRuns(AttemptId attempt) {
        return Stream.of("begun", "helpers")
                .flatMap(name -> lines(note(attempt, name)).stream())
                .anyMatch(ShellWork::runs);
    }

    private Path note(AttemptId attempt, String name) {
        return directory.resolve(attempt.key().replace('/', '_') + "-" + name);
    }

    /** A process that has ended may stay as a zombie, where nobody asks for its exit code. */
    private static boolean runs(String pid) {
        List<String> stat = lines(Path.of("/proc", pid, "stat"));
        return !stat.isEmpty() && !stat.get(0).contains(") Z ");
    }

    private static List<String> lines(Path file) {
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
