// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.signals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cumulane.cloud.SignalEnvelope;
import dev.cumulane.cloud.SignalMessage;
import dev.cumulane.cloud.Signals;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands a message of the queue to the engine. For the engine's function, which calls it with each message's text and then returns; on any thread.
 *
 * <p>A message that fails is sent once more, to be seen again at once the first time, then after 1 second, 3, 7 and so on up to 15 minutes; the host, which repeats at one
 * pace only, deletes the one at hand. One that has failed {@value #MOST_FAILURES} times, which is after some eight hours, is laid aside in the poison queue. Where even
 * sending fails, this throws, and the host repeats. A message that is no signal of ours is an event of another service, of which a function given here makes signals; what
 * nobody understands fails until it is laid aside, where somebody can look at it.
 */
public final class QueueDelivery {
    /** How often a message fails before it is laid aside. */
    public static final int MOST_FAILURES = 40;

    private static final Logger LOG = LoggerFactory.getLogger(QueueDelivery.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LONGEST_REST_SECONDS = 900;

    private final QueueSignals signals;
    private final Signals.Handler handler;
    private final Function<JsonNode, List<SignalEnvelope>> events;

    /**
     * Takes messages.
     *
     * @param signals the queue that they come from
     * @param handler takes each signal
     * @param events makes signals of another service's event, none if it tells nothing; throws {@link IllegalArgumentException} for what it does not know
     */
    public QueueDelivery(
            QueueSignals signals, Signals.Handler handler, Function<JsonNode, List<SignalEnvelope>> events) {
        this.signals = signals;
        this.handler = handler;
        this.events = events;
    }

    /**
     * Handles a message, or sees to it that it comes again.
     *
     * @param text its text, as the host hands it over: without base64
     * @throws dev.cumulane.cloud.CloudException if it was neither handled nor sent once more; the host is to keep it
     */
    public void handle(String text) {
        QueueMessage message = QueueMessage.parse(text);
        try {
            handle(message);
        } catch (RuntimeException | Error e) {
            LOG.warn("a message was not handled, for the {}. time: {}", message.failures() + 1, e.toString());
            LOG.debug("the cause", e);
            repeat(message.failed());
        }
    }

    private void handle(QueueMessage message) {
        String content = message.content(signals.store());
        Optional<SignalMessage> ours = SignalMessage.parse(content);
        if (ours.isEmpty()) {
            events.apply(json(content)).forEach(handler::handle);
        } else if (signals.isEarly(ours.get())) {
            signals.send(ours.get().signal(), ours.get().notBefore());
        } else {
            handler.handle(ours.get().signal());
        }
    }

    private void repeat(QueueMessage message) {
        if (message.failures() >= MOST_FAILURES) {
            signals.giveUp(message);
        } else {
            signals.send(message, Duration.ofSeconds(restSeconds(message.failures())));
        }
    }

    static int restSeconds(int failures) {
        return Math.min((1 << Math.min(Math.max(failures, 1) - 1, 20)) - 1, LONGEST_REST_SECONDS);
    }

    private static JsonNode json(String content) {
        try {
            return JSON.readTree(content);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "a message of " + content.length() + " characters is neither a signal nor an event", e);
        }
    }
}
