// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.work;

import dev.cumulane.cloud.Journal;
import dev.cumulane.cloud.WorkRunner;
import dev.cumulane.local.process.Trees;
import dev.cumulane.run.RunId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What work leaves on this machine besides its results. The workspaces of open runs and of the latest run stay, to be looked at; those of earlier runs that have ended
 * are removed, with the copies of jars that functions ran from. Logs stay, and so does what says how the processes ended. Used by one thread at a time.
 */
public final class Workspaces {
    private static final Logger LOG = LoggerFactory.getLogger(Workspaces.class);
    private static final List<String> LEFT = List.of("workspace", "code.jar");
    private static final int MOST_OPEN = 10_000;
    // A run is looked at again fifteen minutes ahead at most; a day holds all of them.
    private static final Duration WHENEVER = Duration.ofDays(1);

    private final Path work;
    private final Set<RunId> tidied = new HashSet<>();

    /**
     * The workspaces of a state directory.
     *
     * @param state the state directory
     */
    public Workspaces(Path state) {
        this.work = state.resolve("work");
    }

    /**
     * Removes what is not kept. What cannot be removed stays, and is tried again by the next process.
     *
     * @param journal tells which runs are open, and which is the latest
     * @param now the time
     */
    public void tidy(Journal journal, Instant now) {
        // The directories first: a run that has one was listed as open before, so one that is not listed afterwards has
        // ended.
        List<RunId> found = names(work).stream()
                .flatMap(name -> run(name).stream())
                .filter(run -> !tidied.contains(run))
                .toList();
        if (found.isEmpty()) {
            return;
        }
        Set<RunId> kept = new HashSet<>();
        List<Journal.Listed> open = journal.open(now.plus(WHENEVER), MOST_OPEN);
        open.forEach(listed -> kept.add(listed.run()));
        journal.recent(1).forEach(listed -> kept.add(listed.run()));
        if (open.size() < MOST_OPEN) {
            found.stream().filter(run -> !kept.contains(run)).forEach(this::tidy);
        }
    }

    private void tidy(RunId run) {
        Path place = work.resolve(run.value());
        List<Path> attempts = names(place).stream()
                .flatMap(stage -> names(place.resolve(stage)).stream()
                        .map(attempt -> place.resolve(stage).resolve(attempt)))
                .toList();
        if (attempts.stream().anyMatch(attempt -> WorkProcesses.phase(attempt) == WorkRunner.Phase.LIVING)) {
            return;
        }
        for (Path attempt : attempts) {
            for (String name : LEFT) {
                try {
                    Trees.delete(attempt.resolve(name));
                } catch (IOException e) {
                    LOG.debug("{} of {} stays", name, attempt, e);
                }
            }
        }
        tidied.add(run);
    }

    /** The directories in a directory; none if it is not there. */
    private static List<String> names(Path directory) {
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(one -> Files.isDirectory(one, LinkOption.NOFOLLOW_LINKS))
                    .map(one -> one.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            LOG.debug("{} cannot be looked into", directory, e);
            return List.of();
        }
    }

    private static Optional<RunId> run(String name) {
        try {
            return Optional.of(new RunId(name));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
