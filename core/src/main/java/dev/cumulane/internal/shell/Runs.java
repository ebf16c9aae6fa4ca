// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.shell;

import dev.cumulane.cloud.Cloud;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.Journal;
import dev.cumulane.cloud.SignalEnvelope;
import dev.cumulane.cloud.StreamId;
import dev.cumulane.internal.codec.Coding;
import dev.cumulane.internal.machine.Command;
import dev.cumulane.internal.machine.Machine;
import dev.cumulane.internal.machine.RunProgress;
import dev.cumulane.internal.machine.Signal;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.RunId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries signals to runs: decide, append, dispatch. Signals for one run are handled one after the other in this process; other processes are told by the journal. */
final class Runs {
    private static final Logger LOG = LoggerFactory.getLogger(Runs.class);
    private static final Duration DRAIN_DELAY = Duration.ofMillis(300);
    private static final Duration SHORTEST_LOOK = Duration.ofSeconds(5);
    private static final Duration LONGEST_LOOK = Duration.ofMinutes(15);
    private static final Duration LOOK_FIRST = Duration.ofMinutes(1);
    private static final int INBOX_PAGE = 500;
    private static final int MOST_ENDED = 8;

    private final Cloud cloud;
    private final Coding coding;
    private final Plans plans;
    private final Writer writer;
    private final Dispatcher dispatcher;
    private final Audience audience;
    private final Measures measures;
    private final Map<RunId, RunCell> cells = new ConcurrentHashMap<>();
    /** The last of the cells whose runs are over. */
    private final Queue<RunId> ended = new ConcurrentLinkedQueue<>();

    Runs(Cloud cloud, Coding coding, Plans plans, Writer writer, Locks locks, Audience audience) {
        this.cloud = cloud;
        this.coding = coding;
        this.plans = plans;
        this.writer = writer;
        this.dispatcher = new Dispatcher(cloud, coding, locks, new Children(cloud, coding, plans, this::copy));
        this.audience = audience;
        this.measures = new Measures(cloud);
    }

    /** Handles a signal for a run; when this returns, it is recorded, or in the inbox, or says nothing new. */
    void signal(RunId run, Signal.ToRun signal) {
        withCell(run, cell -> {
            carry(cell, run, signal);
            if (signal instanceof Signal.Woken) {
                wakeNext(cell);
            }
            return null;
        });
    }

    /** One wake-up stands for all deadlines after it, most of which are over before it comes. When it comes, the next one is sent. */
    private void wakeNext(RunCell cell) {
        Instant now = cloud.clock().instant();
        cell.progress()
                .flatMap(RunProgress::nextDeadline)
                .filter(now::isBefore)
                .filter(at -> !dispatch(cell, cell.sequence(), new Command.WakeAt(at), false, answer -> {}))
                .ifPresent(at -> lookAgain(cell.run(), 0));
    }

    /** A service says that work is over. */
    void workOver(RunId run, Signal.WorkOver over) {
        withCell(run, cell -> {
            Optional<Signal.ToRun> result = resolve(cell, over);
            if (result.isEmpty() && cell.isBehind()) {
                result = resolve(cell, over);
            }
            result.ifPresent(signal -> carry(cell, run, signal));
            return null;
        });
    }

    /** The alarm of a deployment is to be looked at. */
    void watch(RunId run, Signal.Watch due) {
        withCell(run, cell -> {
            cell.refresh();
            cell.progress()
                    .flatMap(progress -> dispatcher.watch(progress, due))
                    .ifPresent(signal -> carry(cell, run, signal));
            return null;
        });
    }

    private Optional<Signal.ToRun> resolve(RunCell cell, Signal.WorkOver over) {
        return cell.progress().flatMap(progress -> dispatcher.resolve(progress, over.stage(), over.attempt()));
    }

    /** Looks at a run: deadlines, commands that may never have been done, services that no event spoke for. */
    void look(RunId run, int tries) {
        withCell(run, cell -> {
            cell.refresh();
            if (cell.progress().isEmpty()) {
                return null;
            }
            carry(cell, run, new Signal.Woken());
            boolean failed = false;
            Instant soon = cloud.clock().instant().plus(LONGEST_LOOK);
            List<Command> pending = cell.progress().map(Machine::pending).orElse(List.of());
            long decided = cell.sequence();
            for (Command command : pending) {
                // A timer for later was set when it became known; if it was lost, a look that is nearer to it sets it
                // again.
                boolean later =
                        command instanceof Command.WakeAt wake && wake.at().isAfter(soon);
                failed |= !later && !dispatch(cell, decided, command, true, answer -> carry(cell, run, answer));
            }
            for (int stage = 0;
                    stage
                            < cell.progress()
                                    .map(progress -> progress.plan().size())
                                    .orElse(0);
                    stage++) {
                int one = stage;
                failed |= !guarded(
                        run,
                        "ask for " + stage,
                        () -> cell.progress()
                                .flatMap(progress -> dispatcher.ask(progress, one))
                                .ifPresent(signal -> carry(cell, run, signal)));
            }
            if (failed) {
                lookAgain(run, tries + 1);
            }
            return null;
        });
    }

    /** Empties a run's inbox. */
    void drain(RunId run) {
        StreamId stream = StreamId.of(run);
        withCell(run, cell -> {
            List<Journal.Pending> inbox = cloud.journal().inbox(stream, INBOX_PAGE);
            List<String> done = new ArrayList<>();
            for (Journal.Pending pending : inbox) {
                Signal signal = coding.signal(pending.bytes());
                if (signal instanceof Signal.ToRun toRun) {
                    RunCell.Applied applied = apply(cell, run, toRun);
                    if (applied.step() == RunCell.Step.OUTRUN) {
                        sendLater(stream, new Signal.Drain(), DRAIN_DELAY);
                        break;
                    }
                }
                done.add(pending.id());
            }
            cloud.journal().deleteInbox(stream, done);
            return null;
        });
    }

    /** A copy of a run's state as it is now; empty if there is no such run. */
    Optional<RunProgress> copy(RunId run) {
        return read(run, cell -> {
            cell.refresh();
            return cell.progress().map(progress -> RunProgress.of(progress.plan(), progress.memo()));
        });
    }

    /** Reads a run's state. */
    <T> Optional<T> read(RunId run, Function<RunCell, Optional<T>> reader) {
        return withCell(run, reader);
    }

    /** Reads a run's state as far as it is in memory. */
    <T> Optional<T> peek(RunId run, Function<RunCell, Optional<T>> reader) {
        RunCell cell = cells.get(run);
        if (cell == null) {
            return Optional.empty();
        }
        synchronized (cell) {
            return reader.apply(cell);
        }
    }

    private <T extends @Nullable Object> T withCell(RunId run, Function<RunCell, T> body) {
        RunCell cell = cells.computeIfAbsent(run, id -> new RunCell(id, cloud.journal(), coding, plans, writer));
        synchronized (cell) {
            try {
                return RunLog.in(run, () -> body.apply(cell));
            } finally {
                cell.leave();
                Optional<RunProgress> progress = cell.loaded();
                if (progress.isEmpty()) {
                    cells.remove(run, cell);
                } else if (progress.get().hasEnded()) {
                    keepEnded(run);
                }
            }
        }
    }

    /** Whoever tells of a run's end reads it some times more; then it goes. */
    private void keepEnded(RunId run) {
        if (!ended.contains(run)) {
            ended.add(run);
        }
        while (ended.size() > MOST_ENDED) {
            Optional.ofNullable(ended.poll()).ifPresent(cells::remove);
        }
    }

    private void carry(RunCell cell, RunId run, Signal.ToRun signal) {
        keep(run, signal, apply(cell, run, signal));
    }

    /** What lost twice is found in the inbox again. */
    private void keep(RunId run, Signal.ToRun signal, RunCell.Applied applied) {
        if (applied.step() == RunCell.Step.OUTRUN) {
            byte[] bytes = coding.bytes(signal);
            StreamId stream = StreamId.of(run);
            cloud.journal().putInbox(stream, Digest.of(bytes).hex(), bytes);
            sendLater(stream, new Signal.Drain(), DRAIN_DELAY);
        } else if (applied.step() == RunCell.Step.UNKNOWN_RUN) {
            LOG.warn(
                    "A {} for run {} is dropped: there is no such run",
                    signal.getClass().getSimpleName(),
                    run);
        }
    }

    /** Applies a signal and all that follows at once; the answer is the signal's own. */
    private RunCell.Applied apply(RunCell cell, RunId run, Signal.ToRun signal) {
        boolean begins = signal instanceof Signal.Begin && cell.progress().isEmpty();
        if (begins) {
            // Before its first record, however late that comes: an open run is always listed.
            list(run);
        }
        RunCell.Applied first = cell.apply(signal, cloud.clock().instant());
        if (begins) {
            // An entry that an earlier attempt left may have been taken off as abandoned in between.
            list(run);
        }
        Deque<Decided> commands = new ArrayDeque<>();
        follow(cell, run, first, commands);
        while (!commands.isEmpty()) {
            // Not by calling this method again: what answers at once may lead to thousands that do.
            Decided next = commands.remove();
            boolean done = dispatch(cell, next.record(), next.command(), false, answer -> {
                RunCell.Applied applied = cell.apply(answer, cloud.clock().instant());
                keep(run, answer, applied);
                follow(cell, run, applied, commands);
            });
            if (!done) {
                lookAgain(run, 0);
            }
        }
        return first;
    }

    /** Applies what one record cannot hold, and puts what was decided before what is to be done already. */
    private void follow(RunCell cell, RunId run, RunCell.Applied applied, Deque<Decided> commands) {
        Deque<Decided> decided = new ArrayDeque<>();
        boolean more = hear(cell, run, applied, decided);
        while (more) {
            more = hear(
                    cell, run, cell.apply(new Signal.Continue(), cloud.clock().instant()), decided);
        }
        decided.descendingIterator().forEachRemaining(commands::addFirst);
    }

    private void list(RunId run) {
        Instant now = cloud.clock().instant();
        cloud.journal().list(new Journal.Listed(run, now, now.plus(LOOK_FIRST)));
    }

    private boolean hear(RunCell cell, RunId run, RunCell.Applied applied, Deque<Decided> commands) {
        if (applied.step() != RunCell.Step.RECORDED) {
            return false;
        }
        audience.hear(run);
        applied.transition().ifPresent(transition -> {
            RunLog.recorded(transition.events());
            cell.progress().ifPresent(progress -> measures.recorded(progress, transition.events()));
        });
        applied.transition()
                .ifPresent(transition ->
                        transition.commands().forEach(each -> commands.add(new Decided(cell.sequence(), each))));
        return applied.transition().map(transition -> transition.more()).orElse(false);
    }

    /** A command, and the number of the record with which it was decided. */
    private record Decided(long record, Command command) {}

    /** Does a command, and hands on what is known at once; false if it has to be tried again. */
    private boolean dispatch(
            RunCell cell, long decided, Command command, boolean again, Consumer<Signal.ToRun> answered) {
        return RunLog.in(
                command,
                () -> guarded(cell.run(), command, () -> {
                    RunProgress progress = cell.progress(decided).orElseThrow();
                    if (!again && isOnItsWay(cell, command)) {
                        return;
                    }
                    dispatcher.dispatch(progress, command, again).ifPresent(answered);
                    if (command instanceof Command.WakeAt wake) {
                        cell.wakes(wake.at());
                    }
                    if (command instanceof Command.Conclude) {
                        audience.concluded(progress);
                        if (audience.hasHeardAll(() -> Views.of(progress, cell.sequence()))) {
                            cloud.journal().unlist(cell.run());
                        }
                    }
                }));
    }

    private boolean isOnItsWay(RunCell cell, Command command) {
        return command instanceof Command.WakeAt wake
                && cell.isWokenBy(wake.at(), cloud.clock().instant());
    }

    private boolean guarded(RunId run, Object what, Runnable body) {
        try {
            body.run();
            return true;
        } catch (CloudException e) {
            LOG.warn("Run {}: {} did not go through and is tried again: {}", run, what, e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("Run {}: {} failed and is tried again", run, what, e);
        }
        return false;
    }

    private void lookAgain(RunId run, int tries) {
        Duration delay = SHORTEST_LOOK.multipliedBy(1L << Math.min(tries, 10));
        sendLater(StreamId.of(run), new Signal.Look(tries), delay.compareTo(LONGEST_LOOK) > 0 ? LONGEST_LOOK : delay);
    }

    private void sendLater(StreamId stream, Signal signal, Duration delay) {
        Instant at = cloud.clock().instant().plus(delay);
        String id = signal.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT) + "/" + at.toEpochMilli();
        cloud.signals().send(new SignalEnvelope(id, stream, coding.bytes(signal)), at);
    }
}
