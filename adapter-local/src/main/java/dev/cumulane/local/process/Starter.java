// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.process;

import dev.cumulane.cloud.CloudException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Starts processes that outlive us, so that a crash of ours never leaves one that nobody knows of.
 *
 * <p>The process first waits at a gate: it reads one line from a pipe of ours. We note down who it is, durably, and only then write that line, which is its service
 * id. If we die before, the pipe is closed, the read fails and the process ends without having done anything.
 *
 * <p>Safe for use by several threads.
 */
public final class Starter {
    private static final String GATE =
            "IFS= read -r CUMULANE_SERVICE_ID && export CUMULANE_SERVICE_ID && : >\"$1\" && shift && exec \"$@\" </dev/null";
    // Without a session of its own the process would get the terminal's Ctrl-C and hang-up.
    private static final String GATE_IN_OUR_SESSION = "trap '' HUP INT; " + GATE;

    private final Optional<Path> setsid;

    private Starter(Optional<Path> setsid) {
        this.setsid = setsid;
    }

    /**
     * A starter that gives each process a session of its own if this machine has {@code setsid} on its path.
     *
     * @return the starter
     */
    public static Starter ofThisMachine() {
        return new Starter(onPath("setsid"));
    }

    /**
     * A starter that does without {@code setsid}, as on a machine that lacks it.
     *
     * @return the starter
     */
    public static Starter withoutSessions() {
        return new Starter(Optional.empty());
    }

    /**
     * Starts a command.
     *
     * @param launch the command
     * @param record is called before the command begins; it notes down the group, durably, and gives the line to let it go with
     * @return the process, which is a child of ours as long as we live
     * @throws CloudException retryable, if the operating system starts no process now; what {@code record} threw, and the command did not begin
     */
    public Started start(Launch launch, Function<ProcessGroup, String> record) {
        List<String> words = new ArrayList<>();
        setsid.ifPresent(path -> words.add(path.toString()));
        words.addAll(List.of(
                "/bin/sh",
                "-c",
                setsid.isPresent() ? GATE : GATE_IN_OUR_SESSION,
                "sh",
                launch.begun().toString()));
        words.addAll(launch.command());
        Process process = spawn(words, launch);
        try {
            ProcessIdentity leader = ProcessIdentity.of(process.pid())
                    .orElseThrow(() -> CloudException.retryable(
                            "processes",
                            "the process for '" + launch.command().get(0) + "' ended before it began",
                            new IOException("no such process")));
            ProcessGroup group = new ProcessGroup(leader, setsid.isPresent());
            String line = record.apply(group);
            try (OutputStream gate = process.getOutputStream()) {
                gate.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            }
            return new Started(group, process);
        } catch (IOException e) {
            process.destroyForcibly();
            throw CloudException.retryable(
                    "processes", "could not let '" + launch.command().get(0) + "' begin: " + e.getMessage(), e);
        } catch (RuntimeException | Error e) {
            process.destroyForcibly();
            throw e;
        }
    }

    /**
     * A process that was started.
     *
     * @param group the process and all that it will start
     * @param process the handle that tells its end without delay
     */
    public record Started(ProcessGroup group, Process process) {}

    private static Process spawn(List<String> words, Launch launch) {
        ProcessBuilder builder = new ProcessBuilder(words)
                .directory(launch.directory().toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(launch.log().toFile()));
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.putAll(launch.environment());
        try {
            Files.deleteIfExists(launch.begun()); // of an earlier start
            return builder.start();
        } catch (IOException e) {
            throw CloudException.retryable(
                    "processes", "could not start '" + launch.command().get(0) + "': " + e.getMessage(), e);
        }
    }

    private static Optional<Path> onPath(String program) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("/usr/bin:/bin");
        for (String directory : path.split(":", -1)) {
            Path file = Path.of(directory.isEmpty() ? "." : directory, program).toAbsolutePath();
            if (Files.isExecutable(file) && Files.isRegularFile(file)) {
                return Optional.of(file);
            }
        }
        return Optional.empty();
    }
}
