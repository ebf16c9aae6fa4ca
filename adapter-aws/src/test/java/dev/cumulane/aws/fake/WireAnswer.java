// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.fake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * An answer as it goes over the wire.
 *
 * @param status the status code
 * @param headers the headers, by lower-case name
 * @param body the bytes
 */
public record WireAnswer(int status, SortedMap<String, String> headers, byte[] body) {
    /** Copies the headers. */
    public WireAnswer {
        headers = Collections.unmodifiableSortedMap(new TreeMap<>(headers));
    }

    static WireAnswer json(int status, JsonNode body) {
        return new WireAnswer(status, new TreeMap<>(), body.toString().getBytes(StandardCharsets.UTF_8));
    }

    static WireAnswer empty(int status) {
        return new WireAnswer(status, new TreeMap<>(), new byte[0]);
    }

    /** An error in the forms of both JSON protocols: the type stands in the body for the one and in a header for the other. */
    static WireAnswer error(int status, String type, String message) {
        JsonNode body =
                JsonNodeFactory.instance.objectNode().put("__type", type).put("message", message);
        return json(status, body).with("x-amzn-errortype", type);
    }

    WireAnswer with(String header, String value) {
        SortedMap<String, String> more = new TreeMap<>(headers);
        more.put(header, value);
        return new WireAnswer(status, more, body);
    }
}
