// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.Base64;
import java.util.Optional;

/**
 * A signal as the body of a message, at most 82 KB: a line that says so, the stream, the id, the instant before which it must not be delivered in milliseconds since
 * 1970 (0 for none), and the bytes, each on a line; id and bytes in base64. A queue takes no control characters, and EventBridge Scheduler replaces what stands in
 * angle brackets: there are none. For the queues of clouds. Any thread.
 *
 * @param signal the signal
 * @param notBefore the instant before which it must not be delivered, to the millisecond
 */
public record SignalMessage(SignalEnvelope signal, Instant notBefore) {
    private static final String FIRST_LINE = "cumulane-signal-1";
    private static final int LINES = 5;

    /** The largest signal and id, in base64, and the rest. */
    private static final int LONGEST = 84_000;

    /**
     * Writes a signal that may be delivered at once.
     *
     * @param signal the signal
     * @return the body
     */
    public static String text(SignalEnvelope signal) {
        return new SignalMessage(signal, Instant.EPOCH).text();
    }

    /**
     * Writes the message.
     *
     * @return the body
     */
    public String text() {
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
     * Reads a signal, whenever it may be delivered.
     *
     * @param body a message's body, from anybody who may send to the queue
     * @return the signal; empty if the body is none
     */
    public static Optional<SignalEnvelope> read(String body) {
        return parse(body).map(SignalMessage::signal);
    }

    /**
     * Reads a message.
     *
     * @param body a message's body, from anybody who may send to the queue
     * @return the message; empty if the body is none of this form
     */
    public static Optional<SignalMessage> parse(String body) {
        if (body.length() > LONGEST || !body.startsWith(FIRST_LINE + "\n")) {
            return Optional.empty();
        }
        String[] lines = body.split("\n", -1);
        if (lines.length != LINES) {
            return Optional.empty();
        }
        Base64.Decoder base64 = Base64.getDecoder();
        try {
            SignalEnvelope signal = new SignalEnvelope(
                    new String(base64.decode(lines[2]), UTF_8), new StreamId(lines[1]), base64.decode(lines[4]));
            return Optional.of(new SignalMessage(signal, Instant.ofEpochMilli(Long.parseLong(lines[3]))));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
