// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.functions;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cumulane.aws.work.BuildEvents;
import dev.cumulane.cloud.FunctionCall;
import dev.cumulane.cloud.SignalEnvelope;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Makes signals of what services put into the queue: CodeBuild and CodePipeline by way of EventBridge, and Lambda's destination for failures.
 *
 * @param died is told the request's id of an invocation that failed
 * @param handOvers follows events of CodePipeline, and says whether an event is one
 */
record ServiceEvents(Consumer<String> died, Predicate<JsonNode> handOvers)
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
        if (event.path("source").asText().equals("aws.codebuild")) {
            return BuildEvents.over(event).map(SignalEnvelope::workOver).stream()
                    .toList();
        }
        if (handOvers.test(event)) {
            return List.of();
        }
        if (event.path("requestContext").has("functionArn") && event.has("requestPayload")) {
            FunctionCall call = FunctionCall.parse(event.path("requestPayload").toString());
            died.accept(event.path("requestContext").path("requestId").asText());
            return List.of(SignalEnvelope.workOver(call.attempt()));
        }
        throw new IllegalArgumentException(
                "an event of source '" + event.path("source").asText() + "', which tells the engine nothing");
    }
}
