// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.functions;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cumulane.azure.work.BuildEvents;
import dev.cumulane.cloud.SignalEnvelope;
import dev.cumulane.run.AttemptId;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Makes signals of what other services put into the queue: Azure DevOps by its service hooks.
 *
 * @param over looks at a build that is said to be over, and tells which attempt is
 * @param handOvers follows builds of pipelines that deploy, and says whether a build is one
 */
record ServiceEvents(Function<String, Optional<AttemptId>> over, Predicate<String> handOvers)
        implements Function<JsonNode, List<SignalEnvelope>> {
    /**
     * What an event tells.
     *
     * @param event the event
     * @return signals; none if it tells nothing new
     * @throws IllegalArgumentException if it is an event of another kind
     */
    @Override
    public List<SignalEnvelope> apply(JsonNode event) {
        String build = BuildEvents.completed(event)
                .orElseThrow(() -> new IllegalArgumentException(
                        "an event of type '" + event.path("eventType").asText() + "', which tells the engine nothing"));
        if (handOvers.test(build)) {
            return List.of();
        }
        return over.apply(build).map(SignalEnvelope::workOver).stream().toList();
    }
}
