// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import dev.cumulane.cloud.CloudException;
import dev.cumulane.engine.Engine;
import dev.cumulane.engine.Listening;
import dev.cumulane.run.HistoryRecord;
import dev.cumulane.run.RunId;
import dev.cumulane.run.RunState;
import dev.cumulane.run.RunView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Shows a run from its first record to its end. */
final class Follower {
    private static final int FRAME_MILLIS = 100;
    private static final long FRAME_NANOS = TimeUnit.MILLISECONDS.toNanos(FRAME_MILLIS);
    private static final int FRAMES_PER_TAIL = 4;
    private static final int FRAMES_PER_LOOK = 20;

    private final Engine engine;
    private final Site site;
    private final LogTails tails;
    private final RunsBelow below;
    private final Queue<String> notices;

    /** Takes the queue into which other threads put what the user should see. */
    Follower(Engine engine, Site site, Queue<String> notices) {
        this.engine = engine;
        this.site = site;
        this.tails = new LogTails(site.cloud().logs());
        this.below = new RunsBelow(engine::find);
        this.notices = notices;
    }

    /**
     * Follows until the run has ended and its last record was shown.
     *
     * @throws CloudException if the site cannot go on with it
     */
    @SuppressWarnings("try") // the listener works by being there
    RunView follow(RunId id, Display display, Approvals approvals) throws InterruptedException {
        BlockingQueue<HistoryRecord> news = new LinkedBlockingQueue<>();
        RunView run = view(id);
        long shown = 0;
        long drawn = System.nanoTime() - FRAME_NANOS;
        say(display);
        try (Listening listening = engine.listen(id, news::add)) {
            for (int tick = 0; ; tick++) {
                List<HistoryRecord> fresh = next(news);
                if (!fresh.isEmpty() || tick % FRAMES_PER_LOOK == 0) {
                    run = view(id);
                }
                for (HistoryRecord record : fresh) {
                    display.record(run, record);
                    shown = record.sequence();
                }
                say(display);
                boolean caughtUp = shown >= run.status().records();
                if (caughtUp) {
                    approvals.look(run, display);
                }
                if (tick % FRAMES_PER_TAIL == 0) {
                    tails.read(run);
                    below.read(run);
                }
                if (System.nanoTime() - drawn >= FRAME_NANOS) {
                    drawn = System.nanoTime();
                    display.draw(run, new Tree.Moment(site.cloud().clock().instant(), tick, tails::of, below::of));
                }
                if (caughtUp && run.status().state() == RunState.FINISHED) {
                    return run;
                }
                if (tick % FRAMES_PER_LOOK == 0) {
                    Optional<CloudException> broken = site.broken();
                    if (broken.isPresent()) {
                        throw broken.get();
                    }
                }
            }
        }
    }

    private void say(Display display) {
        for (String notice = notices.poll(); notice != null; notice = notices.poll()) {
            display.say(notice);
        }
    }

    private static List<HistoryRecord> next(BlockingQueue<HistoryRecord> news) throws InterruptedException {
        List<HistoryRecord> fresh = new ArrayList<>();
        HistoryRecord first = news.poll(FRAME_MILLIS, TimeUnit.MILLISECONDS);
        if (first != null) {
            fresh.add(first);
            news.drainTo(fresh);
        }
        return fresh;
    }

    private RunView view(RunId id) {
        return engine.find(id).orElseThrow(() -> new IllegalStateException("run " + id + " is gone from the journal"));
    }
}
