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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
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
    private static final Duration LONGEST_QUEUE = Duration.ofMinutes(5);
    private static final Duration LONGEST_CONTRADICTION = Duration.ofMinutes(5);

    private final World world;
    private final SimulatedArtifacts artifacts;
    private final SimulatedSignals signals;
    private final SimulatedLogs logs;
    private final boolean functions;
    private final Function<AttemptId, Task> tasks;
    private final Map<AttemptId, List<Worker>> workers = new HashMap<>();
    private int started;

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
        private final Optional<Fault> death;
        private final Digest order;
        private boolean living = true;

        Worker(AttemptId attempt, String serviceId, Digest order, Optional<Fault> death) {
            this.attempt = attempt;
            this.serviceId = serviceId;
            this.order = order;
            this.death = death;
        }

        boolean diesOf(Fault how) {
            return death.equals(Optional.of(how));
        }
    }

    @Override
    public String start(WorkOrder order) {
        return world.call("start of", order.attempt(), () -> startNow(order));
    }

    private synchronized String startNow(WorkOrder order) {
        world.witness().started(order);
        AttemptId attempt = order.attempt();
        List<Worker> known = workers.computeIfAbsent(attempt, any -> new ArrayList<>());
        boolean again = world.befalls(Fault.DOUBLE_START, world.faults().work().doubled());
        if (!known.isEmpty() && !again) {
            return known.get(0).serviceId;
        }
        Task task = tasks.apply(attempt);
        if (task.behaviour().ending() instanceof ScriptedWork.Refused refused) {
            throw CloudException.permanent(service(), refused.why());
        }
        String first = employ(order, task);
        if (again && known.size() == 1) {
            employ(order, task);
        }
        return first;
    }

    private String employ(WorkOrder order, Task task) {
        Faults.OfWork faults = world.faults().work();
        Worker worker = new Worker(
                order.attempt(), (functions ? "function-" : "build-") + ++started, order.order(), death(faults));
        workers.computeIfAbsent(order.attempt(), any -> new ArrayList<>()).add(worker);
        Duration wait = world.befalls(Fault.LATE_START, faults.late()) ? world.delay(LONGEST_QUEUE) : Duration.ZERO;
        world.planIn(UNTIL_IT_BEGINS.plus(wait), () -> begin(worker, task));
        if (functions) {
            // Its service ends a function at its time limit, and tells nobody.
            world.plan(
                    world.instant().plus(UNTIL_IT_BEGINS).plus(wait).plus(order.within()),
                    World.Sort.TIMER,
                    () -> endAtLimit(worker));
        }
        return worker.serviceId;
    }

    private Optional<Fault> death(Faults.OfWork faults) {
        if (faults.dying() == 0) {
            return Optional.empty();
        }
        Fault how = switch (world.way(3)) {
            case 0 -> Fault.DEATH_BEFORE_CLAIM;
            case 1 -> Fault.DEATH_AFTER_CLAIM;
            default -> Fault.DEATH_AFTER_OUTPUTS;
        };
        return world.befalls(how, faults.dying()) ? Optional.of(how) : Optional.empty();
    }

    private synchronized void begin(Worker worker, Task task) {
        if (!worker.living) {
            return;
        }
        if (worker.diesOf(Fault.DEATH_BEFORE_CLAIM)) {
            over(worker, !functions, true);
            return;
        }
        byte[] token = worker.serviceId.getBytes(StandardCharsets.UTF_8);
        String claim = OrderKeys.claim(worker.attempt);
        artifacts.createNow(claim, token);
        if (!Arrays.equals(artifacts.readNow(claim).orElse(token), token)) {
            logs.print(worker.attempt, "the attempt is claimed by another; nothing to do");
            over(worker, true, false);
            return;
        }
        world.witness().worked(worker.attempt, worker.serviceId);
        task.declared().commands().forEach(command -> logs.print(worker.attempt, "== " + command.strip()));
        if (world.befalls(Fault.FALSE_END, world.faults().work().contradicted())) {
            signals.sendFromService(
                    SignalEnvelope.workOver(worker.attempt), world.instant().plus(world.delay(LONGEST_CONTRADICTION)));
        }
        if (!(task.behaviour().ending() instanceof ScriptedWork.Hangs)) {
            world.planIn(task.behaviour().takes(), () -> end(worker, task));
        }
    }

    private synchronized void end(Worker worker, Task task) {
        if (!worker.living) {
            return;
        }
        if (worker.diesOf(Fault.DEATH_AFTER_CLAIM) || task.behaviour().ending() instanceof ScriptedWork.LosesWorker) {
            over(worker, !functions, true);
            return;
        }
        SimulatedOutput output = new SimulatedOutput(artifacts, worker.attempt, worker.serviceId);
        byte[] result = output.result(task.declared(), task.behaviour(), functions);
        if (worker.diesOf(Fault.DEATH_AFTER_OUTPUTS)) {
            over(worker, !functions, true);
            return;
        }
        artifacts.createNow(OrderKeys.result(worker.attempt), result);
        over(worker, true, false);
    }

    private synchronized void endAtLimit(Worker worker) {
        if (worker.living) {
            over(worker, false, false);
        }
    }

    private void over(Worker worker, boolean told, boolean died) {
        worker.living = false;
        logs.end(worker.attempt);
        world.witness().left(worker.attempt, worker.serviceId, died);
        if (told && !world.befalls(Fault.UNTOLD_END, world.faults().work().untold())) {
            signals.sendFromService(SignalEnvelope.workOver(worker.attempt), world.instant());
        }
    }

    @Override
    public void stop(AttemptId attempt, String serviceId) {
        world.run("stop of", attempt, () -> stopNow(attempt, serviceId));
    }

    private synchronized void stopNow(AttemptId attempt, String serviceId) {
        worker(attempt, serviceId)
                .filter(worker -> worker.living)
                .filter(worker ->
                        !world.befalls(Fault.IGNORED_STOP, world.faults().work().unstopped()))
                .ifPresent(worker -> world.planIn(UNTIL_IT_STOPS, () -> stopped(worker)));
    }

    private synchronized void stopped(Worker worker) {
        if (worker.living) {
            logs.print(worker.attempt, "stopped");
            over(worker, !functions, false);
        }
    }

    @Override
    public Phase look(AttemptId attempt, String serviceId) {
        return world.call("look at", attempt, () -> {
            synchronized (this) {
                Optional<Worker> worker = worker(attempt, serviceId);
                if (functions || worker.isEmpty()) {
                    return Phase.UNKNOWN;
                }
                return worker.get().living ? Phase.LIVING : Phase.OVER;
            }
        });
    }

    @Override
    public Optional<String> find(AttemptId attempt) {
        return world.call("search for", attempt, () -> {
            synchronized (this) {
                return functions
                        ? Optional.empty()
                        : workers.getOrDefault(attempt, List.of()).stream()
                                .findFirst()
                                .map(worker -> worker.serviceId);
            }
        });
    }

    /** The order that an attempt's work was started with. */
    synchronized Optional<Digest> order(AttemptId attempt) {
        return workers.getOrDefault(attempt, List.of()).stream().findFirst().map(worker -> worker.order);
    }

    private Optional<Worker> worker(AttemptId attempt, String serviceId) {
        return workers.getOrDefault(attempt, List.of()).stream()
                .filter(worker -> worker.serviceId.equals(serviceId))
                .findFirst();
    }

    private String service() {
        return functions ? "simulated functions" : "simulated builds";
    }
}
