// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local;

import dev.cumulane.cloud.ArtifactFiles;
import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.Capability;
import dev.cumulane.cloud.Cloud;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.EventSink;
import dev.cumulane.cloud.Journal;
import dev.cumulane.cloud.Logs;
import dev.cumulane.cloud.PriceList;
import dev.cumulane.cloud.Secrets;
import dev.cumulane.cloud.SignalEnvelope;
import dev.cumulane.cloud.Signals;
import dev.cumulane.cloud.WorkLauncher;
import dev.cumulane.cloud.WorkOrder;
import dev.cumulane.cloud.WorkRunner;
import dev.cumulane.local.artifacts.DirectoryArtifactStore;
import dev.cumulane.local.deliveries.ProcessDeliveries;
import dev.cumulane.local.deliveries.ProcessEnvironment;
import dev.cumulane.local.events.FileEventSink;
import dev.cumulane.local.journal.SqliteJournal;
import dev.cumulane.local.logs.FileLogs;
import dev.cumulane.local.prices.ZeroPriceList;
import dev.cumulane.local.process.Jvm;
import dev.cumulane.local.process.Starter;
import dev.cumulane.local.secrets.FileSecrets;
import dev.cumulane.local.signals.SqliteSignals;
import dev.cumulane.local.work.JvmFunctions;
import dev.cumulane.local.work.ProcessBuilds;
import dev.cumulane.local.work.WorkPlace;
import dev.cumulane.local.work.Workspaces;
import dev.cumulane.pipeline.Environment;
import dev.cumulane.pipeline.Plan;
import dev.cumulane.pipeline.Stage;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cloud that is one machine: a state directory, child processes, and the loopback address.
 *
 * <p>A value: the methods that change something return another cloud. Ports are made on first use, and the state directory with them, so that a cloud that is only
 * described touches nothing. Safe for use by several threads.
 */
public final class LocalCloud implements Cloud {
    static final String NAME = "local";

    private static final Logger LOG = LoggerFactory.getLogger(LocalCloud.class);
    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final int SWEEPERS = 2;
    private static final Duration SWEEP = Duration.ofSeconds(15);
    private static final Set<Capability> CAPABILITIES = Collections.unmodifiableSet(EnumSet.of(
            Capability.BUILD,
            Capability.FUNCTION,
            Capability.LONG_FUNCTION,
            Capability.DEPLOY,
            Capability.TRAFFIC_SHARES,
            Capability.CODE_BY_DIGEST,
            Capability.GIT));

    private final Description description;
    private final Port<SqliteJournal> journal;
    private final Port<DirectoryArtifactStore> artifacts;
    private final Port<SqliteSignals> signals;
    private final Port<ProcessBuilds> builds;
    private final Port<JvmFunctions> functions;
    private final Port<ProcessDeliveries> deliveries;
    private final FileSecrets secrets;
    private final FileLogs logs;
    private final PriceList prices = new ZeroPriceList();
    private final Port<FileEventSink> events;
    private final Port<ScheduledExecutorService> sweeper = new Port<>(LocalCloud::daemon);
    private final Workspaces workspaces;
    private final AtomicBoolean tidies = new AtomicBoolean();
    private final Object claiming = new Object();
    private Optional<EngineLock> claim = Optional.empty();

    private LocalCloud(Description description) {
        this.description = description;
        Path state = description.state();
        workspaces = new Workspaces(state);
        secrets = new FileSecrets(state.resolve("secrets"));
        journal = new Port<>(() -> SqliteJournal.open(state));
        artifacts = new Port<>(() -> new DirectoryArtifactStore(state));
        signals = new Port<>(() -> SqliteSignals.open(state, clock(), this::requireClaim));
        builds =
                new Port<>(() -> new ProcessBuilds(place(), description.habits().containers(), this::launcher));
        functions = new Port<>(() -> new JvmFunctions(place(), artifacts(), Jvm.ownClassPath()));
        deliveries = new Port<>(() -> new ProcessDeliveries(
                state,
                description.environments(),
                (artifact, directory) -> ArtifactFiles.unpack(artifacts(), artifact, directory),
                (step, report) -> signals().send(SignalEnvelope.stepOver(step, report)),
                Starter.ofThisMachine(),
                GRACE));
        logs = new FileLogs(
                attempt -> WorkPlace.log(state, attempt), (attempt, serviceId) -> WorkPlace.phase(state, attempt));
        events = new Port<>(() -> new FileEventSink(state.resolve("events.jsonl")));
    }

    /**
     * The cloud of a state directory.
     *
     * @param state where everything is kept; need not exist
     * @return the cloud, without any environment
     */
    public static LocalCloud at(Path state) {
        Habits habits = new Habits(false, false, line -> System.err.println("cumulane: " + line));
        return new LocalCloud(new Description(state, new TreeMap<>(), habits));
    }

    /**
     * The same cloud with another state directory.
     *
     * @param state where everything is kept
     * @return the cloud
     */
    public LocalCloud movedTo(Path state) {
        return new LocalCloud(new Description(state, description.environments(), description.habits()));
    }

    /**
     * The same cloud with one more environment to deploy to.
     *
     * @param name what pipelines call it
     * @param binding what it is on this machine, as in {@code e -> e.process("java", "-jar", "target/shop.jar").health("/health").port(8080)}
     * @return the cloud
     */
    public LocalCloud environment(String name, Function<ProcessEnvironment.Choice, ProcessEnvironment> binding) {
        SortedMap<String, ProcessEnvironment> more = new TreeMap<>(description.environments());
        if (more.put(Environment.environment(name).name(), binding.apply(ProcessEnvironment.Choice.OF_KIND)) != null) {
            throw new IllegalArgumentException("environment '" + name + "' is bound twice");
        }
        return new LocalCloud(new Description(description.state(), more, description.habits()));
    }

    /**
     * The same cloud, which refuses builds instead of running their commands without their container.
     *
     * @return the cloud
     */
    public LocalCloud containersRequired() {
        return with(new Habits(
                true, description.habits().forks(), description.habits().notices()));
    }

    /**
     * The same cloud, which runs the commands of builds on this machine, with a notice that names the container that they ask for. A new cloud does so.
     *
     * @return the cloud
     */
    public LocalCloud containersOnThisMachine() {
        return with(new Habits(
                false, description.habits().forks(), description.habits().notices()));
    }

    /**
     * The same cloud, which runs the change requests of forks for repositories that {@linkplain dev.cumulane.source.Repository#forks let them run}. A new cloud does not.
     *
     * <p>Whoever sends such a request runs commands as the user of this process. They get no secret, and nothing keeps them from taking one: they can read the state directory and its secrets, the
     * environment of the engine, the keys in the user's home, and change all of that; they reach what listens on this machine, the pages of the engine and their forms too. Say this only on a machine
     * that has nothing to lose.
     *
     * @return the cloud
     */
    public LocalCloud runningForks() {
        return with(new Habits(
                description.habits().containersRequired(),
                true,
                description.habits().notices()));
    }

    /**
     * The same cloud, whose notices go elsewhere than to the error output.
     *
     * @param notices takes one line for people; on any thread
     * @return the cloud
     */
    public LocalCloud noticesTo(Consumer<String> notices) {
        return with(new Habits(
                description.habits().containersRequired(), description.habits().forks(), notices));
    }

    private LocalCloud with(Habits habits) {
        return new LocalCloud(new Description(description.state(), description.environments(), habits));
    }

    /**
     * Where everything is kept.
     *
     * @return the state directory, absolute
     */
    public Path state() {
        return description.state();
    }

    /**
     * Makes this cloud the one whose engine works on the state directory, until it is closed. Opening an engine does so, too; to have asked before tells whether it
     * can be opened. Engines that are only attached need it not.
     *
     * @return false if an engine of another process works there, or of another cloud of this process
     * @throws CloudException permanent, if the directory cannot be written
     */
    public boolean claim() {
        synchronized (claiming) {
            if (claim.isEmpty()) {
                claim = EngineLock.tryAcquire(state());
            }
            return claim.isPresent();
        }
    }

    /**
     * Says in one line which containers of a pipeline are not used here. Otherwise it is said of each when its first build begins.
     *
     * @param plan the pipeline's plan
     */
    public void announce(Plan plan) {
        builds.get()
                .announce(plan.stages().stream()
                        .map(LocalCloud::image)
                        .flatMap(Optional::stream)
                        .distinct()
                        .toList());
    }

    private static Optional<String> image(Stage stage) {
        if (stage instanceof Stage.FanOut whole) {
            return image(whole.template());
        }
        if (stage instanceof Stage.Build build) {
            return Optional.of(build.commands().image());
        }
        return stage instanceof Stage.Test test ? Optional.of(test.commands().image()) : Optional.empty();
    }

    /**
     * Why nothing goes on here: the state directory cannot be written, such as on a full disk. Work that runs goes on, and once there is room again the engine does.
     *
     * @return the failure, or empty if there is none
     */
    public Optional<CloudException> broken() {
        return journal.made()
                .flatMap(SqliteJournal::broken)
                .or(() -> signals.made().flatMap(SqliteSignals::broken));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Set<Capability> capabilities() {
        if (!description.habits().forks()) {
            return CAPABILITIES;
        }
        Set<Capability> more = EnumSet.copyOf(CAPABILITIES);
        more.add(Capability.UNTRUSTED_WORK);
        return more;
    }

    @Override
    public InstantSource clock() {
        return InstantSource.system();
    }

    @Override
    public Journal journal() {
        return journal.get();
    }

    @Override
    public ArtifactStore artifacts() {
        return artifacts.get();
    }

    @Override
    public Signals signals() {
        return signals.get();
    }

    @Override
    public WorkRunner builds() {
        return builds.get();
    }

    @Override
    public WorkRunner functions() {
        return functions.get();
    }

    @Override
    public ProcessDeliveries deliveries() {
        return deliveries.get();
    }

    @Override
    public Secrets secrets() {
        return secrets;
    }

    @Override
    public Logs logs() {
        return logs;
    }

    @Override
    public EventSink events() {
        return events.get();
    }

    @Override
    public PriceList prices() {
        return prices;
    }

    /** Calls each sweep every fifteen seconds: what it finds on one machine is a signal that a crash lost. Beside the first one, old workspaces are removed. */
    @Override
    public void sweepWith(Runnable sweep) {
        repeat(sweep);
        if (!tidies.getAndSet(true)) {
            repeat(() -> tidy(journal()));
        }
    }

    private void repeat(Runnable round) {
        ScheduledFuture<?> unused =
                sweeper.get().scheduleWithFixedDelay(round, SWEEP.toMillis(), SWEEP.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Ends deliveries to this process. Builds, functions and deployed services go on; work that was told to stop has ended when this returns. */
    @Override
    public void close() {
        sweeper.made().ifPresent(LocalCloud::end);
        signals.made().ifPresent(SqliteSignals::close); // first, so that no handler is left that uses the others
        builds.made().ifPresent(ProcessBuilds::close);
        functions.made().ifPresent(JvmFunctions::close);
        deliveries.made().ifPresent(ProcessDeliveries::close);
        synchronized (claiming) {
            claim.ifPresent(held -> journal.made().ifPresent(this::tidy));
            journal.made().ifPresent(SqliteJournal::close);
            claim.ifPresent(EngineLock::close);
            claim = Optional.empty();
        }
    }

    private void tidy(Journal journal) {
        try {
            workspaces.tidy(journal, clock().instant());
        } catch (RuntimeException e) {
            LOG.warn("old workspaces were not removed: {}", e.getMessage());
        }
    }

    private void requireClaim() {
        if (!claim()) {
            throw new IllegalStateException(EngineLock.holder(state())
                            .filter(holder -> holder.pid() > 0)
                            .map(holder ->
                                    "the engine of process " + holder.pid() + " (since " + holder.startedAt() + ")")
                            .orElse("another engine")
                    + " works on state directory " + state()
                    + "; close it first, choose another directory, or attach() instead of open()");
        }
    }

    private static ScheduledExecutorService daemon() {
        return Executors.newScheduledThreadPool(SWEEPERS, task -> {
            Thread thread = new Thread(task, "cumulane-sweep");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Waits for a sweep in progress: the ports that it uses are closed next. */
    private static void end(ScheduledExecutorService sweeper) {
        sweeper.shutdown();
        try {
            if (!sweeper.awaitTermination(GRACE.toSeconds(), TimeUnit.SECONDS)) {
                sweeper.shutdownNow();
            }
        } catch (InterruptedException e) {
            sweeper.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    private WorkPlace place() {
        return WorkPlace.at(description.state(), attempt -> signals().send(SignalEnvelope.workOver(attempt)))
                .withSecrets(secrets::value)
                .withForks(description.habits().forks())
                .withGrace(GRACE);
    }

    private String launcher(WorkOrder order) {
        String hex = order.order().hex();
        Path object = description
                .state()
                .resolve("objects")
                .resolve(hex.substring(0, 2))
                .resolve(hex);
        return WorkLauncher.script(order, "file:" + object, "file:" + description.state());
    }

    private record Description(Path state, SortedMap<String, ProcessEnvironment> environments, Habits habits) {
        Description {
            state = state.toAbsolutePath().normalize();
        }
    }

    /** How it runs work. */
    private record Habits(boolean containersRequired, boolean forks, Consumer<String> notices) {
        ProcessBuilds.Containers containers() {
            return containersRequired
                    ? new ProcessBuilds.Containers.Required()
                    : new ProcessBuilds.Containers.OnThisMachine(notices);
        }
    }

    /** A port that is made when it is first asked for, and then stays the same. */
    private static final class Port<T> {
        private final Supplier<T> maker;
        private Optional<T> made = Optional.empty();

        Port(Supplier<T> maker) {
            this.maker = maker;
        }

        synchronized T get() {
            if (made.isEmpty()) {
                made = Optional.of(maker.get());
            }
            return made.get();
        }

        synchronized Optional<T> made() {
            return made;
        }
    }
}
