// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cumulane.internal.json.MalformedJsonException;
import dev.cumulane.internal.json.RecordJson;
import java.nio.charset.StandardCharsets;

/** JSON of requests and answers. */
public final class Json {
    private Json() {}

    /** An empty object. */
    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** UTF-8 bytes. */
    public static byte[] bytes(JsonNode node) {
        return node.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** What a service answered; a missing node if that is no JSON. */
    public static JsonNode of(Answer answer) {
        try {
            return RecordJson.answerTree(answer.body(), SafeCaller.LARGEST_ANSWER);
        } catch (MalformedJsonException e) {
            return JsonNodeFactory.instance.missingNode();
        }
    }
}
