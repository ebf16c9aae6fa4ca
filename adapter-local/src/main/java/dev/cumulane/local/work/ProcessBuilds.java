// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.work;

import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.WorkOrder;
import dev.cumulane.cloud.WorkRunner;
import dev.cumulane.run.AttemptId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Runs builds as child processes: {@code sh} with the order, in an empty workspace and a process group of its own.
 *
 * <p>{@link #start} takes some 20 ms; it is accepted when the process has been recorded and let go. There is no queue: every build that is started runs at once. An
 * image is not used; the commands run on this machine itself, and the first use of each image is told in one line.
 */
public final class ProcessBuilds implements WorkRunner, AutoCloseable {
    private final WorkPlace place;
    private final Containers containers;
    private final Function<WorkOrder, String> launcher;
    private final WorkProcesses processes;
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    /** What to do with the image that a build names, where no container can be run. */
    public sealed interface Containers {
        /**
         * Run on this machine itself.
         *
         * @param notices takes one line for people the first time that an image is named
         */
        record OnThisMachine(Consumer<String> notices) implements Containers {}

        /** Refuse the build. */
        record Required() implements Containers {}
    }

    /**
     * A runner of builds.
     *
     * @param place where and how this machine does work
     * @param containers what to do with the image that a build names
     * @param launcher writes the launcher of an order: a POSIX sh script that fetches the order, checks it and runs it
     */
    public ProcessBuilds(WorkPlace place, Containers containers, Function<WorkOrder, String> launcher) {
        this.place = place;
        this.containers = containers;
        this.launcher = launcher;
        this.processes = place.processes();
    }

    @Override
    public String start(WorkOrder order) {
        if (!(order.runs() instanceof WorkOrder.Container container)) {
            throw new IllegalArgumentException("not a build: " + order.attempt() + " is a function stage");
        }
        refusal(container.image(), order.within()).ifPresent(why -> {
            throw CloudException.permanent("processes", why);
        });
        return processes.start(order.attempt(), container.image(), directory -> {
            Path script = directory.resolve("launcher.sh");
            try {
                Files.writeString(script, launcher.apply(order));
            } catch (IOException e) {
                throw CloudException.retryable("disk", "could not write " + script + ": " + e.getMessage(), e);
            }
            announce(List.of(container.image()));
            SortedMap<String, String> environment = place.environment(order);
            if (!order.secrets().isEmpty()) {
                environment.put(
                        FileMask.VARIABLE,
                        FileMask.script(directory, order.secrets().keySet()).toString());
            }
            return new WorkProcesses.Work(
                    LogFilter.over(
                            List.of("/bin/sh", script.toString()),
                            directory,
                            order.secrets().keySet()),
                    environment);
        });
    }

    @Override
    public Optional<String> refusal(String image, Duration within) {
        return containers instanceof Containers.Required
                ? Optional.of("asks for container " + image + ", and this machine runs no containers: without"
                        + " --containers=required its commands run on the machine itself")
                : Optional.empty();
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

    /** Ends the watch. Builds go on, but for those that were told to stop. */
    @Override
    public void close() {
        processes.close();
    }

    /**
     * Says in one line which containers are not used, before their builds say so one by one. Says nothing twice.
     *
     * @param images the images that builds name
     */
    public void announce(Collection<String> images) {
        if (containers instanceof Containers.OnThisMachine here) {
            List<String> news = images.stream().filter(told::add).toList();
            if (!news.isEmpty()) {
                here.notices()
                        .accept((news.size() == 1 ? "container " : "containers ")
                                + String.join(", ", news)
                                + (news.size() == 1 ? " is not used: its" : " are not used: their")
                                + " commands run on this machine itself (--containers=required refuses that)");
            }
        }
    }
}
