// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.signals;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cumulane.cloud.SignalEnvelope;
import dev.cumulane.cloud.StreamId;
import java.time.Instant;
import java.util.Base64;

/**
 * A signal as the text of a message: a line that says so, the stream, the id, the instant before which it must not be delivered in milliseconds since 1970 (0 for
 * none), and the bytes, each on a line; id and bytes in base64, since a queue takes no control characters. Also for EventBridge Scheduler, which replaces what
 * stands in angle brackets: there are none.
 *
 * @param signal the signal
 * @param notBefore the instant before which it must not be delivered
 */
record Envelope(SignalEnvelope signal, Instant notBefore) {
    private static final String FIRST_LINE = "cumulane-signal-1";
    private static final int LINES = 5;

    /** The signal's largest bytes and id, in base64, and the rest. */
    private static final int LONGEST = 100_000;

    /** Whether a message says of itself that it is a signal. */
    static boolean isSignal(String body) {
        return body.startsWith("cumulane-signal-");
    }

    String body() {
        Base64.Encoder base64 = Base64.getEncoder();
        return String.join(
                "\n",
                FIRST_LINE,
                signal.stream().value(),
                base64.encodeToString(signal.id().getBytes(UTF_8)),
                Long.toString(Math.max(0, notBefore.toEpochMilli())),
                base64.encodeToString(signal.bytes()));
    }

    /**
     * Reads a message.
     *
     * @throws IllegalArgumentException if it is none of ours, or of a newer form
     */
    static Envelope read(String body) {
        String[] lines = body.length() > LONGEST ? new String[0] : body.split("\n", -1);
        if (lines.length != LINES || !lines[0].equals(FIRST_LINE)) {
            throw new IllegalArgumentException(
                    "a message of " + body.length() + " characters is no signal of form " + FIRST_LINE);
        }
        Base64.Decoder base64 = Base64.getDecoder();
        return new Envelope(
                new SignalEnvelope(
                        new String(base64.decode(lines[2]), UTF_8), new StreamId(lines[1]), base64.decode(lines[4])),
                Instant.ofEpochMilli(Long.parseLong(lines[3])));
    }
}
