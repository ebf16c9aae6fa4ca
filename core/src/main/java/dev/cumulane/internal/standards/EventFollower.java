// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.standards;

import dev.cumulane.cloud.EventSink;
import dev.cumulane.internal.follow.Follower;
import dev.cumulane.run.HistoryRecord;
import dev.cumulane.run.RunView;
import java.util.List;

/** Publishes the events of all runs to a sink, each at least once and in order; repetitions have the same ids. */
public final class EventFollower implements Follower.OfRecords {
    private final String name;
    private final EventSink sink;
    private final Unfolding<CdEvents, CloudEvent> events;

    /**
     * Publishes to a sink.
     *
     * @param name the follower's name
     * @param sink takes the events
     * @param origin where they come from
     * @param past what went before
     */
    public EventFollower(String name, EventSink sink, Origin origin, Past past) {
        this.name = name;
        this.sink = sink;
        this.events = new Unfolding<>(past, plan -> new CdEvents(plan, origin), CdEvents::next);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean follows(RunView run) {
        return true;
    }

    @Override
    public void tell(RunView run, List<HistoryRecord> records) {
        events.documents(run.id(), records).forEach(event -> sink.publish(event.id(), event.json()));
    }
}
