// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.testing;

import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.Capability;
import dev.cumulane.cloud.Cloud;
import dev.cumulane.cloud.Deliveries;
import dev.cumulane.cloud.EventSink;
import dev.cumulane.cloud.Journal;
import dev.cumulane.cloud.Logs;
import dev.cumulane.cloud.PriceList;
import dev.cumulane.cloud.Secrets;
import dev.cumulane.cloud.SignalEnvelope;
import dev.cumulane.cloud.Signals;
import dev.cumulane.cloud.WorkRunner;
import dev.cumulane.internal.order.OrderKeys;
import dev.cumulane.internal.order.OrderVariables;
import dev.cumulane.internal.order.RefusedInputException;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.pipeline.Stage;
import dev.cumulane.pipeline.Value;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.RunId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/**
 * A cloud in memory whose time stands still until it is moved. Everything that happens in it – signals, work, deployments – happens on the thread that calls
 * {@link #settle()}, {@link #advance} or {@link #moveUntil}, one thing after the other, in an order that follows from the calls and the {@link Faults}' seed alone.
 *
 * <p>Its workers do on the ports what real ones do – they claim the attempt, leave artifacts and a result, and tell – but what they did is scripted: see
 * {@link #stage} and {@link #environment}. What the cloud knows survives the engine: close one, or let it crash, and open another on the same cloud.
 */
public final class SimulatedCloud implements Cloud {
    private static final Instant BEGINNING = Instant.parse("2026-01-05T09:00:00Z");
    private static final Duration SWEEPS = Duration.ofMinutes(5);

    private final World world = new World(BEGINNING);
    private final SimulatedJournal journal = new SimulatedJournal(world);
    private final SimulatedArtifacts artifacts = new SimulatedArtifacts(world);
    private final SimulatedSignals signals = new SimulatedSignals(world);
    private final SimulatedLogs logs = new SimulatedLogs(world);
    private final Map<String, Map<String, Declared>> declared = new LinkedHashMap<>();
    private final Map<String, String> unscripted = new LinkedHashMap<>();
    private final Map<String, ScriptedWork> scripts = new LinkedHashMap<>();
    private final Map<String, Stage.FanOut> fanOuts = new LinkedHashMap<>();
    private final Map<String, ScriptedEnvironment> environments = new TreeMap<>();
    private final Map<String, String> secrets = new ConcurrentHashMap<>();
    private final Map<String, String> published = Collections.synchronizedMap(new LinkedHashMap<>());
    private final SimulatedDeliveries deliveries = new SimulatedDeliveries(world, signals, artifacts, environments);
    private final SimulatedWork builds = SimulatedWork.builds(world, artifacts, signals, logs, this::task);
    private final SimulatedWork functions = SimulatedWork.functions(world, artifacts, signals, logs, this::task);

    private int processes;

    private SimulatedCloud() {}

    /**
     * A cloud that has what these pipelines need: their environments, their secrets, and workers that write their artifacts.
     *
     * @param pipelines the pipelines that will run in it
     * @return the cloud, on a Monday morning
     */
    public static SimulatedCloud of(Pipeline... pipelines) {
        SimulatedCloud cloud = new SimulatedCloud();
        for (Pipeline pipeline : pipelines) {
            cloud.learn(pipeline);
        }
        return cloud;
    }

    private void learn(Pipeline pipeline) {
        pipeline.children().values().forEach(this::learn);
        Map<String, Declared> own = declared.computeIfAbsent(pipeline.name(), any -> new LinkedHashMap<>());
        for (Stage stage : pipeline.plan().stages()) {
            Declared.of(stage).ifPresent(work -> {
                own.put(stage.name(), work);
                scripts.putIfAbsent(stage.name(), new ScriptedWork(work));
            });
            if (stage instanceof Stage.Child child) {
                unscripted.put(
                        stage.name(), "runs pipeline '" + child.called().pipeline() + "': script the stages of that");
            } else if (stage instanceof Stage.Approval) {
                unscripted.put(stage.name(), "is an approval, which people decide");
            } else if (stage instanceof Stage.Deploy deploy) {
                String environment = deploy.delivery().environment().name();
                unscripted.put(stage.name(), "is a deployment: script its environment '" + environment + "'");
                environments.putIfAbsent(environment, new ScriptedEnvironment(environment));
            }
            if (stage instanceof Stage.FanOut whole) {
                fanOuts.put(whole.name(), whole);
            }
            for (Value value : stage.env().values()) {
                if (value instanceof Value.Secret secret) {
                    addSecret(secret.reference());
                }
            }
        }
    }

    /**
     * The script of a stage's work.
     *
     * @param name the name of a build, test or function stage; if several pipelines have one of that name, it is the script of all. For a stage that runs for each item of
     *     a list it is the script of all its cells, but for those that have one of their own: {@code test-3} for the third of {@code test}
     * @return the script
     * @throws IllegalArgumentException if there is no such stage, or no worker does it; the message names those that can be scripted
     */
    public ScriptedWork stage(String name) {
        ScriptedWork script = scripts.get(name);
        if (script == null && whole(name).isPresent()) {
            script = new ScriptedWork(
                    Declared.of(whole(name).get()).orElseThrow().called(name));
            scripts.put(name, script);
        }
        if (script == null) {
            throw new IllegalArgumentException((unscripted.containsKey(name)
                            ? "stage '" + name + "' " + unscripted.get(name)
                            : "there is no stage '" + name + "'")
                    + "; stages with work to script: " + listed(scripts.keySet()));
        }
        return script;
    }

    /** The stage of which one of this name could be a cell. */
    private Optional<Stage.FanOut> whole(String cell) {
        return fanOuts.values().stream().filter(whole -> whole.couldName(cell)).findFirst();
    }

    /**
     * The script of an environment.
     *
     * @param name the environment's name
     * @return the script
     * @throws IllegalArgumentException if no pipeline deploys to it; the message names those there are
     */
    public ScriptedEnvironment environment(String name) {
        ScriptedEnvironment environment = environments.get(name);
        if (environment == null) {
            throw new IllegalArgumentException(
                    "no environment '" + name + "'; there are: " + listed(environments.keySet()));
        }
        return environment;
    }

    private static String listed(Set<String> names) {
        return names.isEmpty() ? "none" : String.join(", ", names);
    }

    /**
     * From now on, these things go wrong.
     *
     * @param wanted the faults
     */
    public void setFaults(Faults wanted) {
        world.setFaults(wanted);
    }

    /**
     * Lets the engine's process die at a moment: each call of a port has one before it takes effect and one after. From then on every call throws
     * {@link SimulatedCrash}, until {@link #restart()}; signals, work and deployments go on without it.
     *
     * @param moment 0 for the next one
     */
    public void crashAt(long moment) {
        if (moment < 0) {
            throw new IllegalArgumentException("a moment is 0 or more, not " + moment);
        }
        world.crashAt(moment);
    }

    /**
     * Whether the engine's process has died.
     *
     * @return true from the crash to {@link #restart()}
     */
    public boolean crashed() {
        return world.dead();
    }

    /** Ends the engine's process, if it still lives, and makes way for another one: open an engine on this cloud next. */
    public void restart() {
        close();
        world.revive();
    }

    /** Lets things happen until nothing is under way: only people, timers and sweeps can set something off then. */
    public void settle() {
        world.settle();
    }

    /**
     * Lets time pass and everything happen that comes by then.
     *
     * @param time zero or more
     */
    public void advance(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("time does not go back by " + time.negated());
        }
        world.moveTo(world.instant().plus(time));
    }

    /**
     * Lets things happen until a condition holds; it is asked before the first and after each.
     *
     * @param condition what is waited for
     * @param atMost how much of the world's time may pass
     * @return whether it holds; false if that time is up or nothing will happen any more
     */
    public boolean moveUntil(BooleanSupplier condition, Duration atMost) {
        Instant until = world.instant().plus(atMost);
        while (!condition.getAsBoolean()) {
            if (!world.step(until)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Calls a task again and again, on the thread that moves the world: the cloud's own timer.
     *
     * @param interval more than zero
     * @param task the task; an exception that it throws is thrown to whoever moves the world
     */
    public void every(Duration interval, Runnable task) {
        if (interval.isNegative() || interval.isZero()) {
            throw new IllegalArgumentException("an interval is longer than zero, not " + interval);
        }
        world.plan(world.instant().plus(interval), World.Sort.TIMER, () -> {
            every(interval, task);
            task.run();
        });
    }

    /**
     * Stores a secret with a value that does not matter, so that its reference names one.
     *
     * @param reference the reference as a pipeline writes it
     */
    public void addSecret(String reference) {
        secrets.putIfAbsent(reference, "the value of " + reference);
    }

    /**
     * Stores a secret in place of an older one of that reference.
     *
     * @param reference the reference as a pipeline or the configuration writes it
     * @param value its value
     */
    public void addSecret(String reference, String value) {
        secrets.put(reference, value);
    }

    /**
     * What was published.
     *
     * @return CloudEvents as JSON, in the order in which each came first
     */
    public List<String> published() {
        synchronized (published) {
            return List.copyOf(published.values());
        }
    }

    /**
     * Why the engine could not handle a signal, last. The signal is delivered again; a test that waits in vain finds the reason here.
     *
     * @return what it threw, if it ever did
     */
    public Optional<RuntimeException> lastFailure() {
        return signals.lastFailure();
    }

    /** What an attempt does; work of a pipeline that is not known succeeds and writes nothing. */
    private SimulatedWork.Task task(AttemptId attempt) {
        String run = attempt.run().value();
        String pipeline = run.substring(0, run.lastIndexOf('-'));
        Map<String, Declared> known = declared.getOrDefault(pipeline, Map.of());
        String whole = known.containsKey(attempt.stage())
                ? attempt.stage()
                : whole(attempt.stage()).map(Stage.FanOut::name).orElse(attempt.stage());
        Declared own = known.get(whole);
        ScriptedWork script = scripts.getOrDefault(attempt.stage(), scripts.get(whole));
        if (script == null || own == null) {
            Declared nothing = new Declared(
                    attempt.stage(),
                    List.of(),
                    List.of("work of " + attempt.stage()),
                    false,
                    Collections.emptySortedMap());
            return new SimulatedWork.Task(nothing, new ScriptedWork(nothing).behaviour(attempt.number()));
        }
        return new SimulatedWork.Task(own.called(attempt.stage()), script.behaviour(attempt.number()));
    }

    /** Whether something is under way. */
    boolean busy() {
        return world.busy();
    }

    /** Whether an attempt's work has begun, or can never begin. */
    boolean isClaimed(AttemptId attempt) {
        return artifacts.readNow(OrderKeys.claim(attempt)).isPresent();
    }

    /**
     * The environment variables that an attempt's work was given, as its worker sees them.
     *
     * @param attempt the attempt
     * @return name and value, without secrets and the standard ones; empty if no service was given that attempt
     */
    public Optional<SortedMap<String, String>> variables(AttemptId attempt) {
        return order(attempt).map(order -> {
            try {
                OrderVariables variables = OrderVariables.of(order);
                SortedMap<String, String> all = new TreeMap<>(variables.given());
                variables
                        .fetched()
                        .forEach((name, stored) ->
                                all.put(name, new String(object(stored.digest()), StandardCharsets.UTF_8)));
                return all;
            } catch (RefusedInputException e) {
                throw new IllegalStateException("the engine wrote an order that cannot be read", e);
            }
        });
    }

    /** The bytes of the order that an attempt's work was given, without a call that may fail. */
    Optional<byte[]> order(AttemptId attempt) {
        return builds.order(attempt).or(() -> functions.order(attempt)).map(this::object);
    }

    /** An object's bytes, without a call that may fail. */
    byte[] object(Digest digest) {
        return artifacts.getNow(digest);
    }

    /** A key's bytes, without a call that may fail. */
    Optional<byte[]> peek(String key) {
        return artifacts.readNow(key);
    }

    /** Whether a run is listed as open, without a call that may fail. */
    boolean isListed(RunId run) {
        return journal.isOpen(run);
    }

    /** A signal that the engine cannot handle, however often it is delivered. */
    Optional<SignalEnvelope> hopeless() {
        return signals.hopeless();
    }

    /** Does what comes next, or all that is under way at once; false if nothing comes by that instant. */
    boolean step(boolean allAtOnce, Instant until) {
        if (allAtOnce && world.busy()) {
            world.settle();
            return true;
        }
        return world.step(until);
    }

    /** Puts other bytes in an object's place, as a failing disk does. */
    void damage(Digest digest, byte[] bytes) {
        artifacts.damage(digest, bytes);
    }

    /** The world, for those who look behind the scenes. */
    World world() {
        return world;
    }

    @Override
    public String name() {
        return "simulated";
    }

    @Override
    public Set<Capability> capabilities() {
        return EnumSet.complementOf(EnumSet.of(Capability.CODE_BY_DIGEST, Capability.GIT));
    }

    @Override
    public InstantSource clock() {
        return world;
    }

    @Override
    public Journal journal() {
        return journal;
    }

    @Override
    public ArtifactStore artifacts() {
        return artifacts;
    }

    @Override
    public Signals signals() {
        return signals;
    }

    @Override
    public WorkRunner builds() {
        return builds;
    }

    @Override
    public WorkRunner functions() {
        return functions;
    }

    @Override
    public Deliveries deliveries() {
        return deliveries;
    }

    @Override
    public Secrets secrets() {
        return new SimulatedSecrets(world, secrets);
    }

    @Override
    public Logs logs() {
        return logs;
    }

    @Override
    public EventSink events() {
        return (id, json) ->
                world.run("publish of", id, () -> published.putIfAbsent(id, new String(json, StandardCharsets.UTF_8)));
    }

    @Override
    public PriceList prices() {
        return Optional::empty;
    }

    /** Sweeps every five minutes of the world's time, until {@link #restart()} or {@link #close()}. */
    @Override
    public void sweepWith(Runnable sweep) {
        int mine = processes;
        // A crash in the middle of it is what crashAt asked for, and nothing for whoever moves the world.
        every(SWEEPS, () -> {
            if (mine != processes || crashed()) {
                return;
            }
            try {
                sweep.run();
            } catch (SimulatedCrash e) {
                signals.stop();
            }
        });
    }

    /** Ends the deliveries to the engine. Work goes on, and another engine may be opened on this cloud. */
    @Override
    public void close() {
        processes++;
        signals.stop();
    }
}
