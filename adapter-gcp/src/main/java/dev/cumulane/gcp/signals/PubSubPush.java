// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.signals;

import dev.cumulane.cloud.SignalEnvelope;
import dev.cumulane.cloud.Signals;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands what a push subscription sends to the engine and says what to answer. For the engine's function, one message a request, on the thread of the request. Whose request it is, {@link PushProof} tells.
 *
 * <p>What is answered with anything but 2xx is sent again, later each time as the subscription's retry policy says, until it was sent as often as its dead letter policy
 * says and is put on the topic of dead letters. A message that is no signal of ours is another service's, of which a function given here makes signals; what nobody
 * understands fails until it is a dead letter, where somebody can look at it.
 */
public final class PubSubPush {
    /** The status of what was handled. */
    public static final int DONE = 204;

    /** The status of what failed and is to come again. */
    public static final int AGAIN = 503;

    /** The status of what nobody understands. It comes again, too, until it is a dead letter. */
    public static final int STRANGE = 400;

    private static final Logger LOG = LoggerFactory.getLogger(PubSubPush.class);

    private final PubSubSignals signals;
    private final Signals.Handler handler;
    private final Function<PushedMessage, List<SignalEnvelope>> events;

    /**
     * Takes messages.
     *
     * @param signals by which what came too early is sent again
     * @param handler takes each signal
     * @param events makes signals of another service's message, none if it tells nothing; throws {@link IllegalArgumentException} for what it does not know
     */
    public PubSubPush(
            PubSubSignals signals, Signals.Handler handler, Function<PushedMessage, List<SignalEnvelope>> events) {
        this.signals = signals;
        this.handler = handler;
        this.events = events;
    }

    /**
     * Handles one request.
     *
     * @param body the body as it came
     * @return the status to answer
     */
    public int handle(byte[] body) {
        Optional<PushedMessage> message = PushedMessage.parse(body);
        if (message.isEmpty()) {
            LOG.warn("a push of {} bytes is no message of Pub/Sub", body.length);
            return STRANGE;
        }
        try {
            return handle(message.get());
        } catch (RuntimeException | Error e) {
            LOG.warn(
                    "message {} was not handled and comes again later: {}",
                    message.get().id(),
                    e.toString());
            LOG.debug("the cause", e);
            return AGAIN;
        }
    }

    private int handle(PushedMessage message) {
        Optional<SignalEnvelope> ours = message.signal();
        if (ours.isEmpty()) {
            return other(message);
        }
        if (signals.isEarly(message)) {
            signals.sendAgain(message, ours.get());
        } else {
            handler.handle(ours.get());
        }
        return DONE;
    }

    private int other(PushedMessage message) {
        List<SignalEnvelope> made;
        try {
            made = events.apply(message);
        } catch (IllegalArgumentException e) {
            LOG.warn("message {} is neither a signal nor an event that is known: {}", message.id(), e.getMessage());
            return STRANGE;
        }
        made.forEach(handler::handle);
        return DONE;
    }
}
