// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.signals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cumulane.cloud.SignalEnvelope;
import dev.cumulane.cloud.StreamId;
import java.io.IOException;
import java.util.Base64;
import java.util.Optional;

/** A signal as the body of a message: {@code {"signal": {"id": …, "stream": …, "bytes": base64}}}, at most 82 KB. */
public final class SignalMessage {
    private SignalMessage() {}

    /**
     * Writes a signal.
     *
     * @param signal the signal
     * @return the body
     */
    public static String text(SignalEnvelope signal) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.putObject("signal")
                .put("id", signal.id())
                .put("stream", signal.stream().value())
                .put("bytes", Base64.getEncoder().encodeToString(signal.bytes()));
        return json.toString();
    }

    /**
     * Reads a signal.
     *
     * @param body a message's body, from anybody who may send to the queue
     * @return the signal; empty if the body is none
     */
    public static Optional<SignalEnvelope> read(String body) {
        try {
            JsonNode signal = new ObjectMapper().readTree(body).path("signal");
            return signal.path("bytes").isTextual()
                    ? Optional.of(new SignalEnvelope(
                            signal.path("id").asText(),
                            new StreamId(signal.path("stream").asText()),
                            signal.path("bytes").binaryValue()))
                    : Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
