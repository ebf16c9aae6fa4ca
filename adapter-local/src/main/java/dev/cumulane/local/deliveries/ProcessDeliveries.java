// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.deliveries;

import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.Deliveries;
import dev.cumulane.cloud.DeploymentStep;
import dev.cumulane.cloud.StepReport;
import dev.cumulane.cloud.StepState;
import dev.cumulane.local.process.Starter;
import dev.cumulane.run.EnvironmentView;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deploys to processes of this machine: each release is a process with a port of its own, and a switch on the environment's stable port hands it the traffic.
 *
 * <p>A step runs on a thread of ours, one at a time per environment, also among several processes. Its report is kept in {@code environment.json} before it is
 * told. Releases and switch outlive this object and the engine.
 *
 * <p>Everything listens on 127.0.0.1 alone. Connections that are open when the traffic moves stay with their release until it ends.
 */
public final class ProcessDeliveries implements Deliveries, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessDeliveries.class);
    private static final Map<Path, ReentrantLock> LOCKS = new ConcurrentHashMap<>();
    private static final int MOST_TRIES = 5;

    private final Path root;
    private final SortedMap<String, ProcessEnvironment> environments;
    private final Layout layout;
    private final BiConsumer<DeploymentStep, StepReport> over;
    private final Starter starter;
    private final Duration grace;
    private final ExecutorService steps = Executors.newCachedThreadPool(ProcessDeliveries::daemon);
    private final Map<String, UnderWay> underWay = new ConcurrentHashMap<>();

    /**
     * Deliveries on this machine.
     *
     * @param state the state directory; an environment's files are in {@code environments/<name>/}
     * @param environments the bindings by environment name
     * @param unpacking makes files of an artifact
     * @param over is told a step's report, on a thread of ours
     * @param starter starts processes
     * @param grace how long a release that is told to end may take before it is killed
     */
    public ProcessDeliveries(
            Path state,
            Map<String, ProcessEnvironment> environments,
            Unpacking unpacking,
            BiConsumer<DeploymentStep, StepReport> over,
            Starter starter,
            Duration grace) {
        this.root = state.toAbsolutePath().normalize().resolve("environments");
        this.environments = Collections.unmodifiableSortedMap(new TreeMap<>(environments));
        this.layout = new Layout(unpacking);
        this.over = over;
        this.starter = starter;
        this.grace = grace;
    }

    @Override
    public Set<String> environments() {
        return environments.keySet();
    }

    @Override
    public void begin(DeploymentStep step) {
        Target target = target(step.environment());
        String key = key(step);
        FutureTask<Void> task = new FutureTask<>(() -> carryOut(target, step), null);
        if (underWay.putIfAbsent(key, new UnderWay(step, task)) != null) {
            return;
        }
        if (step.wanted() instanceof DeploymentStep.RolledBack) {
            giveUpBefore(step);
        }
        try {
            steps.execute(() -> {
                try {
                    task.run();
                } finally {
                    underWay.remove(key);
                }
            });
        } catch (RejectedExecutionException e) {
            underWay.remove(key);
            throw CloudException.retryable("deliveries", "the local cloud is being closed", e);
        }
    }

    /** A step that this process works on. */
    private record UnderWay(DeploymentStep step, Future<Void> task) {}

    /** A rollback must not wait for what it is to undo, such as a check that never ends. */
    private void giveUpBefore(DeploymentStep rollback) {
        underWay.values().stream()
                .filter(other -> other.step().environment().equals(rollback.environment())
                        && other.step().fence() <= rollback.fence()
                        && !(other.step().wanted() instanceof DeploymentStep.RolledBack))
                .forEach(other -> other.task().cancel(true));
    }

    private static String key(DeploymentStep step) {
        return step.environment() + "/" + EnvironmentState.key(step);
    }

    @Override
    public StepState look(DeploymentStep step) {
        EnvironmentState state = EnvironmentState.read(root.resolve(step.environment()));
        Optional<StepReport> report = state.report(step);
        if (report.isEmpty()) {
            report = state.stale(step).map(StepReport::failure);
        }
        if (report.isPresent()) {
            return new StepState.Ended(report.get());
        }
        return underWay.containsKey(key(step)) ? new StepState.UnderWay() : new StepState.Unknown();
    }

    /**
     * What an environment is now.
     *
     * @param environment the environment's name
     * @return its status, or empty if nothing was ever deployed to it
     */
    public Optional<EnvironmentStatus> status(String environment) {
        EnvironmentState state = EnvironmentState.read(root.resolve(environment));
        return state.release(state.live())
                .map(live -> new EnvironmentStatus(
                        "http://127.0.0.1:" + state.port().orElse(0),
                        live.release(),
                        live.process().map(group -> group.leader().pid()).orElse(0L),
                        live.alive()
                                && state.portSwitch()
                                        .map(group -> group.alive())
                                        .orElse(false)));
    }

    @Override
    public EnvironmentView.Service service(String environment) {
        return status(environment)
                .map(now -> new EnvironmentView.Service(
                        now.running() ? EnvironmentView.Standing.RUNNING : EnvironmentView.Standing.STOPPED,
                        Optional.of(now.address())))
                .orElse(new EnvironmentView.Service(EnvironmentView.Standing.STOPPED, Optional.empty()));
    }

    /**
     * Ends an environment's service and its switch. Nothing is live afterwards.
     *
     * @param environment the environment's name
     * @return whether anything was running
     * @throws InterruptedException if the thread is interrupted while a step is under way or the service is ending
     */
    public boolean stop(String environment) throws InterruptedException {
        Path directory = root.resolve(environment);
        if (!Files.isDirectory(directory)) {
            return false;
        }
        return locked(directory, () -> {
            EnvironmentState state = EnvironmentState.read(directory);
            boolean running = state.portSwitch().map(group -> group.alive()).orElse(false)
                    || state.releases().stream().anyMatch(EnvironmentState.Instance::alive);
            ProcessEnvironment unused = ProcessEnvironment.Choice.OF_KIND.process("none");
            new Rollout(directory, unused, state, layout, starter, grace).stopAll();
            return running;
        });
    }

    /** Gives up the steps under way; they are begun again. What was deployed goes on. */
    @Override
    public void close() {
        steps.shutdownNow();
        try {
            if (!steps.awaitTermination(5, TimeUnit.SECONDS)) {
                LOG.warn("a deployment step did not end within 5 s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private record Target(Path directory, ProcessEnvironment binding) {}

    private Target target(String environment) {
        ProcessEnvironment binding = environments.get(environment);
        if (binding == null) {
            throw CloudException.permanent(
                    "deliveries",
                    "no environment '" + environment + "' is bound on this machine; there are "
                            + environments.keySet());
        }
        return new Target(root.resolve(environment), binding);
    }

    private void carryOut(Target target, DeploymentStep step) {
        StepReport report;
        try {
            report = insistently(target, step);
        } catch (InterruptedException e) {
            Thread.currentThread()
                    .interrupt(); // we are being closed, and the step is begun again; or it is given up for a rollback
            return;
        } catch (CloudException e) {
            report = StepReport.failure(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            LOG.error("step {} of the deployment to {} failed unexpectedly", step.index(), step.environment(), e);
            report = StepReport.failure("the local cloud failed: " + e);
        }
        try {
            over.accept(step, report);
        } catch (RuntimeException e) {
            LOG.warn(
                    "the end of step {} of {} could not be told; the sweep will find it",
                    step.index(),
                    step.environment(),
                    e);
        }
    }

    private StepReport insistently(Target target, DeploymentStep step) throws InterruptedException {
        for (int tried = 1; ; tried++) {
            try {
                return locked(target.directory(), () -> carryOutAlone(target, step));
            } catch (CloudException e) {
                if (!e.retryable() || tried == MOST_TRIES) {
                    throw e;
                }
                LOG.debug("step {} of {} is tried again", step.index(), step.environment(), e);
                TimeUnit.MILLISECONDS.sleep(200L * tried);
            }
        }
    }

    private StepReport carryOutAlone(Target target, DeploymentStep step) throws InterruptedException {
        EnvironmentState state = EnvironmentState.read(target.directory());
        Optional<StepReport> before = state.report(step);
        if (before.isPresent()) {
            return before.get();
        }
        Optional<String> stale = state.stale(step);
        if (stale.isPresent()) {
            return StepReport.failure(stale.get());
        }
        state.enter(step);
        Rollout rollout = new Rollout(target.directory(), target.binding(), state, layout, starter, grace);
        DeploymentStep.Wanted wanted = step.wanted();
        StepReport report;
        if (wanted instanceof DeploymentStep.Prepared prepared) {
            report = rollout.prepare(prepared.release());
        } else if (wanted instanceof DeploymentStep.Shifted shifted) {
            report = rollout.shift(shifted.percent());
        } else if (wanted instanceof DeploymentStep.Healthy) {
            report = rollout.probe();
        } else if (wanted instanceof DeploymentStep.Completed) {
            report = rollout.complete();
        } else {
            report = rollout.rollBack();
        }
        state.report(step, report);
        state.write();
        return report;
    }

    @FunctionalInterface
    private interface Action<T> {
        T run() throws InterruptedException;
    }

    /** One thread of one process at a time: a file lock keeps out other processes, and only a lock of ours keeps out our own threads. */
    private static <T> T locked(Path directory, Action<T> action) throws InterruptedException {
        Rollout.makeDirectory(directory);
        ReentrantLock lock = LOCKS.computeIfAbsent(directory, path -> new ReentrantLock());
        lock.lockInterruptibly();
        try (FileChannel channel = FileChannel.open(
                        directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = channel.lock()) {
            if (!held.isValid()) {
                throw new IOException("the lock was lost");
            }
            return action.run();
        } catch (java.nio.channels.ClosedByInterruptException | java.nio.channels.FileLockInterruptionException e) {
            InterruptedException interrupted =
                    new InterruptedException("interrupted while waiting for " + directory.getFileName());
            interrupted.initCause(e);
            throw interrupted;
        } catch (IOException e) {
            throw CloudException.retryable("disk", "could not lock " + directory + ": " + e.getMessage(), e);
        } finally {
            lock.unlock();
        }
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "cumulane-deployment");
        thread.setDaemon(true);
        return thread;
    }
}
