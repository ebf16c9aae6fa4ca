// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.examples.aws;

import dev.cumulane.cloud.SignalEnvelope;
import dev.cumulane.run.AttemptId;
import java.util.Base64;

/** What a function is given first. */
final class FirstEvents {
    /** A work order that asks for a signed request, with a ticket that nobody believes: the key is read, and the answer is 401. */
    static final String INGRESS = """
            {"version":"2.0","rawPath":"/work","rawQueryString":"","headers":{"content-type":"text/plain"},
             "requestContext":{"http":{"method":"POST","path":"/work"}},"isBase64Encoded":false,
             "body":"ticket 1\\nproof %s\\nget %s\\n"}
            """.formatted("0f".repeat(32), "0f".repeat(32));

    /** A batch with one signal, of a run that there is none of: the journal is read. */
    static final String ENGINE = batch();

    /** A call for an order that is not there: the store is read, and the invocation fails. */
    static final String WORKER = """
            {"attempt":"greeting-0k3v9q2m7xw4b1ce/inspect/1","order":"%s","secrets":{}}
            """.formatted("0f".repeat(32));

    private FirstEvents() {}

    private static String batch() {
        SignalEnvelope signal = SignalEnvelope.workOver(AttemptId.parse("greeting-0k3v9q2m7xw4b1ce/inspect/1"));
        Base64.Encoder base64 = Base64.getEncoder();
        String body = String.join(
                "\\n",
                "cumulane-signal-1",
                signal.stream().value(),
                base64.encodeToString(signal.id().getBytes(java.nio.charset.StandardCharsets.UTF_8)),
                "0",
                base64.encodeToString(signal.bytes()));
        return "{\"Records\":[{\"messageId\":\"m1\",\"receiptHandle\":\"r1\",\"body\":\"" + body + "\"}]}";
    }
}
