// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.work;

import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.WorkOrder;
import dev.cumulane.cloud.WorkRunner;
import dev.cumulane.local.process.Jvm;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.AttemptId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Stream;

/**
 * Runs function stages, each in a JVM of its own, whose class path is the pinned jar first and then the engine's.
 *
 * <p>The process is started, watched and stopped as a build's is. {@link #start} copies the jar and checks its digest while doing so, so the bytes that run are the
 * bytes that were checked.
 */
public final class JvmFunctions implements WorkRunner, AutoCloseable {
    private final WorkPlace place;
    private final ArtifactStore artifacts;
    private final List<Path> classPath;
    private final WorkProcesses processes;

    /**
     * A runner of function stages.
     *
     * @param place where and how this machine does work
     * @param artifacts holds orders and jars
     * @param classPath the engine's class path
     */
    public JvmFunctions(WorkPlace place, ArtifactStore artifacts, List<Path> classPath) {
        this.place = place;
        this.artifacts = artifacts;
        this.classPath = List.copyOf(classPath);
        this.processes = place.processes();
    }

    @Override
    public String start(WorkOrder order) {
        if (!(order.runs() instanceof WorkOrder.Function function)) {
            throw new IllegalArgumentException("not a function stage: " + order.attempt() + " is a build");
        }
        return processes.start(order.attempt(), function.className(), directory -> {
            List<Path> path = new ArrayList<>(classPath);
            function.code().ifPresent(code -> {
                Path jar = directory.resolve("code.jar");
                copy(code, jar);
                path.add(0, jar);
            });
            SortedMap<String, String> environment = place.environment(order);
            // These steer every JVM; what they hold was meant for the developer's own tools.
            environment.keySet().removeAll(List.of("MAVEN_OPTS", "MAVEN_ARGS", "GRADLE_OPTS"));
            List<String> command = Jvm.command(
                    directory.resolve("java.args"),
                    path,
                    List.of(
                            "-XX:TieredStopAtLevel=1",
                            "-XX:+UseSerialGC",
                            "-Xshare:auto",
                            "-Dfile.encoding=UTF-8",
                            "-Dstdout.encoding=UTF-8"),
                    FunctionMain.class.getName(),
                    Stream.concat(
                                    Stream.of(
                                            place.state().toString(),
                                            order.order().hex()),
                                    order.secrets().keySet().stream())
                            .toList());
            return new WorkProcesses.Work(
                    LogFilter.over(command, directory, order.secrets().keySet()), environment);
        });
    }

    @Override
    public void stop(AttemptId attempt, String serviceId) {
        processes.stop(attempt, serviceId);
    }

    @Override
    public Phase look(AttemptId attempt, String serviceId) {
        return processes.look(attempt, serviceId);
    }

    @Override
    public Optional<String> find(AttemptId attempt) {
        return processes.find(attempt);
    }

    /** Ends the watch. Functions go on, but for those that were told to stop. */
    @Override
    public void close() {
        processes.close();
    }

    private void copy(Digest code, Path jar) {
        Optional<InputStream> opened = artifacts.open(code);
        if (opened.isEmpty()) {
            throw CloudException.permanent("artifact store", "the jar " + code + " of a function stage is not there");
        }
        MessageDigest sha256 = Digest.sha256();
        try (InputStream in = new DigestInputStream(opened.get(), sha256)) {
            Files.copy(in, jar, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw CloudException.retryable(
                    "disk", "could not copy a function stage's jar to " + jar + ": " + e.getMessage(), e);
        }
        Digest found = Digest.of(sha256);
        if (!found.equals(code)) {
            throw CloudException.permanent(
                    "artifact store",
                    "the jar " + code + " of a function stage is damaged: its bytes have the digest " + found);
        }
    }
}
