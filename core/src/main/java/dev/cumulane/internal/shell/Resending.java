// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.shell;

import dev.cumulane.cloud.Cloud;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.SignalEnvelope;
import dev.cumulane.internal.codec.NewerFormException;
import dev.cumulane.pipeline.Digest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends signals again that met what a later version wrote, until an engine of that version gets them. Each is a new message, for a queue gives up one that fails
 * too often; how often it was sent is in its id.
 */
final class Resending {
    private static final Logger LOG = LoggerFactory.getLogger(Resending.class);
    private static final Pattern AGAIN = Pattern.compile("newer/([0-9]{1,6})/(.*)", Pattern.DOTALL);
    private static final Duration FIRST = Duration.ofSeconds(5);
    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final int LONGEST_ID = 150;

    /** By then more than ten minutes have passed: both versions never run side by side for so long. */
    private static final int ALARMING = 7;

    private final Cloud cloud;

    Resending(Cloud cloud) {
        this.cloud = cloud;
    }

    /** Whether this is why a signal could not be handled. */
    static boolean concerns(CloudException failure) {
        return failure.getCause() instanceof NewerFormException;
    }

    void sendAgain(SignalEnvelope signal, CloudException failure) {
        Matcher again = AGAIN.matcher(signal.id());
        int times = again.matches() ? Integer.parseInt(again.group(1)) : 0;
        String id = again.matches() ? again.group(2) : signal.id();
        String kept = id.length() > LONGEST_ID
                ? Digest.of(id.getBytes(StandardCharsets.UTF_8)).hex()
                : id;
        Duration doubled = FIRST.multipliedBy(1L << Math.min(times, 10));
        Duration delay = doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST;
        cloud.signals()
                .send(
                        new SignalEnvelope("newer/" + (times + 1) + "/" + kept, signal.stream(), signal.bytes()),
                        cloud.clock().instant().plus(delay));
        if (times >= ALARMING) {
            LOG.error(
                    "Signal {} for {} was sent again {} times, for no engine of a later version takes it: {}",
                    id,
                    signal.stream(),
                    times,
                    failure.getMessage());
        } else {
            LOG.info(
                    "Signal {} for {} is left to an engine of a later version: {}",
                    id,
                    signal.stream(),
                    failure.getMessage());
        }
    }
}
