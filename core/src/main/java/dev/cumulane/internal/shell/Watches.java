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
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the alarms of deployments that keep their share of the traffic for a time. While no alarm rings nothing is recorded: one signal asks for the next look. If it
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

    /** Asks for the next look, on the hold's own beat: who asks twice asks for the same one. */
    void next(RunProgress run, Command.WatchAlarm watch) {
        Instant from = watch.until().minus(watch.holds());
        long beats = Math.max(
                0,
                Duration.between(from, cloud.clock().instant()).toMillis()
                        / watch.every().toMillis());
        Instant at = from.plus(watch.every().multipliedBy(beats + 1));
        if (at.isBefore(watch.until())) {
            byte[] bytes = coding.bytes(new Signal.Watch(watch.stage(), watch.index()));
            String id = "watch/" + watch.stage() + "/" + watch.index() + "/" + at.toEpochMilli();
            cloud.signals().send(new SignalEnvelope(id, StreamId.of(run.run()), bytes), at);
        }
    }
}
