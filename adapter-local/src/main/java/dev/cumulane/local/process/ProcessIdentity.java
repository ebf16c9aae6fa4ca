// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One process of this machine, told apart from a later one that was given the same number.
 *
 * @param pid the process's number
 * @param mark when it started: on Linux in clock ticks since a named boot, which a changed wall clock does not move; elsewhere in milliseconds since 1970
 */
public record ProcessIdentity(long pid, String mark) {
    private static final Path PROC = Path.of("/proc");
    private static final boolean LINUX = Files.isReadable(PROC.resolve("self/stat"));
    private static final String BOOT = LINUX ? boot() : "";

    /** Refuses the numbers that stand for the system or for a whole group, and a mark that no process of ours has. */
    public ProcessIdentity {
        if (pid < 2) {
            throw new IllegalArgumentException("process " + pid + " is not one that we started");
        }
        if (mark.isEmpty() || mark.length() > 100) {
            throw new IllegalArgumentException("a process's mark has 1 to 100 characters, not " + mark.length());
        }
    }

    /**
     * The process that has this number now.
     *
     * @param pid the number
     * @return the process; empty if there is none, or only one that has ended and that nobody has asked for its exit code
     */
    public static Optional<ProcessIdentity> of(long pid) {
        if (!LINUX) {
            return ProcessHandle.of(pid)
                    .filter(ProcessHandle::isAlive)
                    .flatMap(handle -> handle.info().startInstant())
                    .map(started -> new ProcessIdentity(pid, Long.toString(started.toEpochMilli())));
        }
        try {
            String stat = Files.readString(PROC.resolve(pid + "/stat"), java.nio.charset.StandardCharsets.ISO_8859_1);
            // The command stands in parentheses and may hold any character, so count from the last one: state is the
            // 3rd field, start the 22nd.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            boolean ended = fields[0].equals("Z") || fields[0].equals("X");
            return ended ? Optional.empty() : Optional.of(new ProcessIdentity(pid, fields[19] + "@" + BOOT));
        } catch (IOException e) {
            return Optional.empty(); // no such process, or it ended while we read
        }
    }

    /**
     * Whether this very process is there and has not ended.
     *
     * @return false also if another process has its number now
     */
    public boolean alive() {
        return of(pid).equals(Optional.of(this));
    }

    /**
     * Whether the machine has been started anew since: then the number means nothing any more.
     *
     * @return false also where boots have no names
     */
    boolean isOfEarlierBoot() {
        return LINUX && !mark.endsWith("@" + BOOT);
    }

    private static String boot() {
        try {
            return Files.readString(PROC.resolve("sys/kernel/random/boot_id")).strip();
        } catch (IOException e) {
            return "unnamed boot";
        }
    }
}
