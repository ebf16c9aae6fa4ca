// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.standards;

import dev.cumulane.internal.follow.Follower;
import dev.cumulane.run.HistoryRecord;
import dev.cumulane.run.RunEvent;
import dev.cumulane.run.RunView;
import java.util.List;

/** Tells OpenTelemetry of each run when it has ended. */
public final class TelemetryFollower implements Follower.OfRecords {
    private final Telemetry telemetry;
    private final Past past;

    /** Tells it so. */
    public TelemetryFollower(Telemetry telemetry, Past past) {
        this.telemetry = telemetry;
        this.past = past;
    }

    @Override
    public String name() {
        return "opentelemetry";
    }

    @Override
    public boolean follows(RunView run) {
        return true;
    }

    @Override
    public void tell(RunView run, List<HistoryRecord> records) {
        boolean ended = records.stream()
                .flatMap(record -> record.events().stream())
                .anyMatch(RunEvent.RunFinished.class::isInstance);
        if (ended) {
            telemetry.tell(past.plan(run.id()), past.history(run.id(), 1));
        }
    }
}
