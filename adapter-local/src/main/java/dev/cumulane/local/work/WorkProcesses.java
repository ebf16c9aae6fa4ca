// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.work;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.WorkRunner;
import dev.cumulane.local.process.Launch;
import dev.cumulane.local.process.ProcessGroup;
import dev.cumulane.local.process.ProcessIdentity;
import dev.cumulane.local.process.Starter;
import dev.cumulane.local.process.StateFile;
import dev.cumulane.local.process.Trees;
import dev.cumulane.run.AttemptId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The processes that do the work of attempts: one directory each, {@code work/<run>/<stage>/<attempt>/}, with {@code workspace/}, {@code log.txt} and
 * {@code process.json}.
 *
 * <p>An attempt's process is started once, however often it is asked for: a process that has begun is found by its record and given back. Work is over when the
 * process that we started has ended; what it left running in its group is killed first, so that nothing of it can write a result any more.
 *
 * <p>The processes outlive this object. One that a former engine started is taken up again when it is looked at.
 *
 * <p>Safe for use by several threads.
 */
final class WorkProcesses implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WorkProcesses.class);
    private static final Pattern STAGE = Pattern.compile("[a-z][a-z0-9-]{0,63}");
    private static final Duration GLANCE = Duration.ofMillis(50);

    private final Path state;
    private final Duration grace;
    private final Starter starter;
    private final Consumer<AttemptId> over;
    private final ScheduledThreadPoolExecutor watcher = new ScheduledThreadPoolExecutor(2, WorkProcesses::daemon);
    private final Map<AttemptId, ProcessGroup> watched = new ConcurrentHashMap<>();
    private final Map<AttemptId, Ending> ending = new ConcurrentHashMap<>();
    private final Map<AttemptId, Set<ProcessHandle>> companions = new ConcurrentHashMap<>();
    private final Object[] locks = new Object[64];

    /** A group that was told to end, and when it is killed if it does not. */
    private record Ending(ProcessGroup group, long deadline) {
        boolean isDue() {
            return System.nanoTime() - deadline >= 0;
        }
    }

    /** What {@code process.json} says. */
    private record Entry(String id, ProcessGroup group) {}

    /**
     * @param state the state directory
     * @param grace how long a group that was told to end may take before it is killed
     * @param starter starts processes
     * @param over is called, on a thread of ours, when work is over; at least once in this process for work that was started or looked at in it
     */
    WorkProcesses(Path state, Duration grace, Starter starter, Consumer<AttemptId> over) {
        this.state = state;
        this.grace = grace;
        this.starter = starter;
        this.over = over;
        java.util.Arrays.setAll(locks, i -> new Object());
        watcher.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        ScheduledFuture<?> unused =
                watcher.scheduleWithFixedDelay(this::round, 0, GLANCE.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * The directory of an attempt.
     *
     * @param state the state directory
     * @param attempt the attempt
     * @return its directory, which may not exist
     */
    static Path directory(Path state, AttemptId attempt) {
        if (!STAGE.matcher(attempt.stage()).matches()) {
            throw new IllegalArgumentException(
                    "a stage of this name cannot have a directory: '" + attempt.stage() + "'");
        }
        return state.resolve("work")
                .resolve(attempt.run().value())
                .resolve(attempt.stage())
                .resolve(Integer.toString(attempt.number()));
    }

    /** Tells whether an attempt's process lives, and does nothing else. */
    static WorkRunner.Phase phase(Path state, AttemptId attempt) {
        return phase(directory(state, attempt));
    }

    /** The same, for an attempt's directory. */
    static WorkRunner.Phase phase(Path directory) {
        Optional<Entry> entry = entry(directory);
        if (entry.isEmpty()) {
            return WorkRunner.Phase.UNKNOWN;
        }
        boolean living =
                !Files.exists(directory.resolve("over")) && entry.get().group().alive();
        return living ? WorkRunner.Phase.LIVING : WorkRunner.Phase.OVER;
    }

    /** What to run for an attempt. */
    record Work(List<String> command, SortedMap<String, String> environment) {}

    /**
     * Starts an attempt's process, unless it has begun before.
     *
     * @param attempt the attempt
     * @param runs what it runs on, for people
     * @param work is asked for the command when a process must be started; its argument is the attempt's directory, where it may write
     * @return the service id
     */
    String start(AttemptId attempt, String runs, Function<Path, Work> work) {
        Path directory = directory(state, attempt);
        synchronized (lock(attempt)) {
            Optional<String> begun = find(attempt);
            if (begun.isPresent()) {
                if (look(attempt, begun.get()) == WorkRunner.Phase.OVER) {
                    watcher.execute(() -> tell(attempt)); // whoever starts it has not heard of its end
                }
                return begun.get();
            }
            entry(attempt).ifPresent(neverBegan -> neverBegan.group().send(ProcessGroup.Message.KILL));
            Path workspace = directory.resolve("workspace");
            try {
                Trees.delete(workspace);
                Files.createDirectories(workspace);
            } catch (IOException e) {
                throw CloudException.retryable(
                        "disk", "could not make the workspace " + workspace + ": " + e.getMessage(), e);
            }
            Work asked = work.apply(directory);
            Launch launch = new Launch(
                    asked.command(),
                    asked.environment(),
                    workspace,
                    directory.resolve("log.txt"),
                    directory.resolve("begun"));
            String[] id = new String[1];
            Starter.Started started = starter.start(launch, group -> {
                id[0] = "local:" + group.leader().pid() + ":" + System.currentTimeMillis();
                StateFile.write(directory.resolve("process.json"), json(id[0], attempt, runs, group));
                return id[0];
            });
            watched.put(attempt, started.group());
            CompletableFuture<Void> unused =
                    started.process().onExit().thenRunAsync(() -> glance(attempt, started.group()), watcher);
            return id[0];
        }
    }

    /** Looks for a process that has begun. */
    Optional<String> find(AttemptId attempt) {
        Path directory = directory(state, attempt);
        Optional<Entry> entry = entry(attempt);
        // Between its record and its beginning lie milliseconds: a process whose engine died there ends at the gate.
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        while (entry.isPresent() && !Files.exists(directory.resolve("begun"))) {
            if (!entry.get().group().alive() || System.nanoTime() > deadline || !pause()) {
                return Files.exists(directory.resolve("begun"))
                        ? Optional.of(entry.get().id())
                        : Optional.empty();
            }
        }
        return entry.map(Entry::id);
    }

    /** Tells whether an attempt's process lives, and watches over it from now on. */
    WorkRunner.Phase look(AttemptId attempt, String serviceId) {
        Optional<Entry> entry = entry(attempt).filter(found -> found.id().equals(serviceId));
        if (entry.isEmpty()) {
            return WorkRunner.Phase.UNKNOWN;
        }
        if (isOver(attempt)) {
            return WorkRunner.Phase.OVER;
        }
        ProcessGroup group = entry.get().group();
        watched.putIfAbsent(attempt, group);
        if (group.alive()) {
            return WorkRunner.Phase.LIVING;
        }
        glance(attempt, group);
        return WorkRunner.Phase.OVER;
    }

    /** Tells a group to end, and kills it after the grace. Returns at once. */
    void stop(AttemptId attempt, String serviceId) {
        Optional<Entry> entry = entry(attempt).filter(found -> found.id().equals(serviceId));
        if (entry.isEmpty() || isOver(attempt)) {
            return;
        }
        ProcessGroup group = entry.get().group();
        watched.putIfAbsent(attempt, group);
        if (ending.putIfAbsent(attempt, new Ending(group, System.nanoTime() + grace.toNanos())) != null) {
            return;
        }
        try {
            watcher.execute(() -> group.send(ProcessGroup.Message.TERM));
        } catch (RejectedExecutionException e) {
            group.send(ProcessGroup.Message.KILL); // we are being closed
        }
    }

    /** Waits, at most for the grace, for the groups that were told to end; the others go on. */
    @Override
    public void close() {
        ending.values().forEach(told -> {
            boolean waiting = true;
            while (waiting && told.group().alive() && !told.isDue()) {
                waiting = pause();
            }
            told.group().send(ProcessGroup.Message.KILL);
        });
        watcher.shutdown(); // what is due later is dropped, what is being told now is told
        try {
            if (!watcher.awaitTermination(5, TimeUnit.SECONDS)) {
                watcher.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One look at everything that is watched; nothing that goes wrong may end the watch. */
    private void round() {
        try {
            watched.forEach(this::glance);
            ending.values().stream()
                    .filter(Ending::isDue)
                    .forEach(told -> told.group().send(ProcessGroup.Message.KILL));
        } catch (RuntimeException e) {
            LOG.warn("looking after running work failed and is tried again", e);
        }
    }

    /** Sees whether a group that is watched lives; the first to see its end tells it. */
    private void glance(AttemptId attempt, ProcessGroup group) {
        if (group.alive()) {
            if (!group.own()) {
                companions
                        .computeIfAbsent(attempt, a -> ConcurrentHashMap.newKeySet())
                        .addAll(group.descendants());
            }
            return;
        }
        boolean first;
        synchronized (lock(attempt)) { // whoever comes second returns when the rest of the group is gone, too
            first = watched.remove(attempt, group);
            if (first) {
                end(attempt, group);
            }
        }
        if (first) {
            tell(attempt);
        }
    }

    /** Ends what the leader left behind, and notes that the work is over. */
    private void end(AttemptId attempt, ProcessGroup group) {
        group.send(ProcessGroup.Message.KILL);
        Optional.ofNullable(companions.remove(attempt)).ifPresent(left -> left.forEach(ProcessHandle::destroyForcibly));
        ending.remove(attempt);
        try {
            Files.write(directory(state, attempt).resolve("over"), new byte[0]);
        } catch (IOException e) {
            LOG.debug("{} is over, which could not be noted and will be found out again", attempt, e);
        }
    }

    private void tell(AttemptId attempt) {
        try {
            over.accept(attempt);
        } catch (RuntimeException e) {
            LOG.warn("the end of {} could not be told; the sweep will find it", attempt, e);
        }
    }

    private Object lock(AttemptId attempt) {
        return locks[Math.floorMod(attempt.hashCode(), locks.length)];
    }

    private boolean isOver(AttemptId attempt) {
        return Files.exists(directory(state, attempt).resolve("over"));
    }

    private Optional<Entry> entry(AttemptId attempt) {
        return entry(directory(state, attempt));
    }

    private static Optional<Entry> entry(Path directory) {
        return StateFile.read(directory.resolve("process.json")).map(json -> {
            try {
                ProcessIdentity leader = new ProcessIdentity(
                        json.path("pid").asLong(), json.path("mark").asText());
                return new Entry(
                        json.path("id").asText(),
                        new ProcessGroup(leader, json.path("session").asBoolean()));
            } catch (IllegalArgumentException e) {
                throw CloudException.permanent(
                        "disk", directory.resolve("process.json") + " is damaged: " + e.getMessage(), e);
            }
        });
    }

    private static JsonNode json(String id, AttemptId attempt, String runs, ProcessGroup group) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("format", 1);
        json.put("id", id);
        json.put("attempt", attempt.key());
        json.put("runs", runs);
        json.put("pid", group.leader().pid());
        json.put("mark", group.leader().mark());
        json.put("session", group.own());
        return json;
    }

    private static boolean pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(10);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "cumulane-work-watcher");
        thread.setDaemon(true);
        return thread;
    }
}
