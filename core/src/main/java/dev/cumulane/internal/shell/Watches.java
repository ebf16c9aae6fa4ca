// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.shell;

import dev.cumulane.cloud.Cloud;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.SignalEnvelope;
import dev.cumulane.cloud.StreamId;
import dev.cumulane.internal.codec.Coding;
import dev.cumulane.internal.machine.Command;
import dev.cumulane.internal.machine.RunProgress;
import dev.cumulane.internal.machine.Signal;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the alarms of deployments that keep their share of the traffic for a time. While no alarm rings nothing is recorded. If a signal
 * is lost, the sweep looks.
 */
final class Watches {
    private static final Logger LOG = LoggerFactory.getLogger(Watches.class);

    private final Cloud cloud;
    private final Coding coding;

    Watches(Cloud cloud, Coding coding) {
        this.cloud = cloud;
        this.coding = coding;
    }

    /** Looks at an alarm: what the run is to hear, if it rings. */
    Optional<Signal.ToRun> look(Command.WatchAlarm watch) {
        try {
            return cloud.deliveries().rings(watch.environment(), watch.alarm())
                    ? Optional.of(new Signal.AlarmRang(watch.stage(), watch.index(), watch.alarm()))
                    : Optional.empty();
        } catch (CloudException e) {
            // It is asked again soon; the check at the end of the hold says what is wrong if that goes on.
            LOG.debug("Alarm {} cannot be looked at: {}", watch.alarm(), e.getMessage());
            return Optional.empty();
        }
    }

    /**
     * Asks for all looks of a hold at once. A look that asked for the next one would do so again whenever it is delivered again, and for ever where this process's clock is slow.
     */
    void plan(RunProgress run, Command.WatchAlarm watch) {
        byte[] bytes = coding.bytes(new Signal.Watch(watch.stage(), watch.index()));
        Instant from = watch.until().minus(watch.holds());
        for (Instant at = from.plus(watch.every()); at.isBefore(watch.until()); at = at.plus(watch.every())) {
            String id = "watch/" + watch.stage() + "/" + watch.index() + "/" + at.toEpochMilli();
            cloud.signals().send(new SignalEnvelope(id, StreamId.of(run.run()), bytes), at);
        }
    }
}
