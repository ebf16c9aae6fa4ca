// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.testing;

import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.SignalEnvelope;
import dev.cumulane.cloud.WorkOrder;
import dev.cumulane.cloud.WorkRunner;
import dev.cumulane.internal.order.OrderKeys;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.AttemptId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A service that runs work, and its workers. They do on the ports what real ones do: claim, result, signal. A build service tells when work is over, however it
 * ended, and can be asked; a function tells it itself, last, and nobody can be asked.
 */
final class SimulatedWork implements WorkRunner {
    private static final Duration UNTIL_IT_BEGINS = Duration.ofSeconds(1);
    private static final Duration UNTIL_IT_STOPS = Duration.ofSeconds(2);

    private final World world;
    private final SimulatedArtifacts artifacts;
    private final SimulatedSignals signals;
    private final SimulatedLogs logs;
    private final boolean functions;
    private final Function<AttemptId, Task> tasks;
    private final Map<AttemptId, Worker> workers = new HashMap<>();

    private SimulatedWork(
            World world,
            SimulatedArtifacts artifacts,
            SimulatedSignals signals,
            SimulatedLogs logs,
            boolean functions,
            Function<AttemptId, Task> tasks) {
        this.world = world;
        this.artifacts = artifacts;
        this.signals = signals;
        this.logs = logs;
        this.functions = functions;
        this.tasks = tasks;
    }

    static SimulatedWork builds(
            World world,
            SimulatedArtifacts artifacts,
            SimulatedSignals signals,
            SimulatedLogs logs,
            Function<AttemptId, Task> tasks) {
        return new SimulatedWork(world, artifacts, signals, logs, false, tasks);
    }

    static SimulatedWork functions(
            World world,
            SimulatedArtifacts artifacts,
            SimulatedSignals signals,
            SimulatedLogs logs,
            Function<AttemptId, Task> tasks) {
        return new SimulatedWork(world, artifacts, signals, logs, true, tasks);
    }

    /** What an attempt is expected to leave, and what it does. */
    record Task(Declared declared, ScriptedWork.Behaviour behaviour) {}

    private static final class Worker {
        private final AttemptId attempt;
        private final String serviceId;
        private final Digest order;
        private boolean living = true;

        Worker(AttemptId attempt, String serviceId, Digest order) {
            this.attempt = attempt;
            this.serviceId = serviceId;
            this.order = order;
        }
    }

    @Override
    public String start(WorkOrder order) {
        return world.call("start of " + order.attempt(), () -> startNow(order));
    }

    private synchronized String startNow(WorkOrder order) {
        AttemptId attempt = order.attempt();
        Worker known = workers.get(attempt);
        if (known != null) {
            return known.serviceId;
        }
        Task task = tasks.apply(attempt);
        if (task.behaviour().ending() instanceof ScriptedWork.Refused refused) {
            throw CloudException.permanent(service(), refused.why());
        }
        Worker worker = new Worker(attempt, (functions ? "function-" : "build-") + (workers.size() + 1), order.order());
        workers.put(attempt, worker);
        world.planIn(UNTIL_IT_BEGINS, () -> begin(worker, task));
        return worker.serviceId;
    }

    private synchronized void begin(Worker worker, Task task) {
        if (!worker.living) {
            return;
        }
        byte[] token = worker.serviceId.getBytes(StandardCharsets.UTF_8);
        String claim = OrderKeys.claim(worker.attempt);
        artifacts.createNow(claim, token);
        if (!Arrays.equals(artifacts.readNow(claim).orElse(token), token)) {
            logs.print(worker.attempt, "the attempt is claimed by another; nothing to do");
            over(worker, true);
            return;
        }
        task.declared().commands().forEach(command -> logs.print(worker.attempt, "== " + command.strip()));
        if (!(task.behaviour().ending() instanceof ScriptedWork.Hangs)) {
            world.planIn(task.behaviour().takes(), () -> end(worker, task));
        }
    }

    private synchronized void end(Worker worker, Task task) {
        if (!worker.living) {
            return;
        }
        if (task.behaviour().ending() instanceof ScriptedWork.LosesWorker) {
            over(worker, !functions);
            return;
        }
        SimulatedOutput output = new SimulatedOutput(artifacts, worker.attempt, worker.serviceId);
        artifacts.createNow(
                OrderKeys.result(worker.attempt), output.result(task.declared(), task.behaviour(), functions));
        over(worker, true);
    }

    private void over(Worker worker, boolean told) {
        worker.living = false;
        logs.end(worker.attempt);
        if (told) {
            signals.sendFromService(SignalEnvelope.workOver(worker.attempt), world.instant());
        }
    }

    @Override
    public void stop(AttemptId attempt, String serviceId) {
        world.run("stop of " + attempt, () -> {
            synchronized (this) {
                Worker worker = workers.get(attempt);
                if (worker != null && worker.living) {
                    world.planIn(UNTIL_IT_STOPS, () -> stopped(worker));
                }
            }
        });
    }

    private synchronized void stopped(Worker worker) {
        if (worker.living) {
            logs.print(worker.attempt, "stopped");
            over(worker, !functions);
        }
    }

    @Override
    public Phase look(AttemptId attempt, String serviceId) {
        return world.call("look at " + attempt, () -> {
            synchronized (this) {
                Worker worker = workers.get(attempt);
                if (functions || worker == null) {
                    return Phase.UNKNOWN;
                }
                return worker.living ? Phase.LIVING : Phase.OVER;
            }
        });
    }

    @Override
    public Optional<String> find(AttemptId attempt) {
        return world.call("search for " + attempt, () -> {
            synchronized (this) {
                return functions
                        ? Optional.empty()
                        : Optional.ofNullable(workers.get(attempt)).map(worker -> worker.serviceId);
            }
        });
    }

    /** The order that an attempt's work was started with. */
    synchronized Optional<Digest> order(AttemptId attempt) {
        return Optional.ofNullable(workers.get(attempt)).map(worker -> worker.order);
    }

    private String service() {
        return functions ? "simulated functions" : "simulated builds";
    }
}
