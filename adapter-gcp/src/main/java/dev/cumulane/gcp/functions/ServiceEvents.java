// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.functions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cumulane.cloud.SignalEnvelope;
import dev.cumulane.gcp.signals.PushedMessage;
import dev.cumulane.gcp.work.BuildEvents;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Makes signals of what services publish: Cloud Build of builds, Cloud Deploy of rollouts.
 *
 * @param namespace of the installation
 * @param handOvers follows messages of Cloud Deploy, and says whether a message is one
 */
record ServiceEvents(String namespace, Predicate<PushedMessage> handOvers)
        implements Function<PushedMessage, List<SignalEnvelope>> {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * What a message tells.
     *
     * @param message the message
     * @return signals; none if it tells nothing new
     * @throws IllegalArgumentException if it is a message of another kind
     */
    @Override
    public List<SignalEnvelope> apply(PushedMessage message) {
        if (message.attributes().containsKey("buildId")) {
            return BuildEvents.over(namespace, json(message)).map(SignalEnvelope::workOver).stream()
                    .toList();
        }
        if (handOvers.test(message)) {
            return List.of();
        }
        throw new IllegalArgumentException(
                "a message with " + message.attributes().keySet() + ", which tells the engine nothing");
    }

    private static JsonNode json(PushedMessage message) {
        try {
            return JSON.readTree(message.data());
        } catch (IOException e) {
            throw new IllegalArgumentException("a message about a build without the build", e);
        }
    }
}
