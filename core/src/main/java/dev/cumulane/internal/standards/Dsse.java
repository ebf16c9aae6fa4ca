// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.standards;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cumulane.cloud.Signer;
import java.io.ByteArrayOutputStream;
import java.util.Base64;
import java.util.Optional;

/** Envelopes of the Dead Simple Signing Envelope protocol, version 1.0.2: a payload, its type, and signatures over both. */
final class Dsse {
    /** The type of in-toto statements. */
    static final String IN_TOTO = "application/vnd.in-toto+json";

    private Dsse() {}

    /** A payload in its envelope; without a signer it has no signature. */
    static byte[] envelope(String type, byte[] payload, Optional<Signer> signer) {
        ObjectNode envelope = JsonNodeFactory.instance.objectNode();
        envelope.put("payloadType", type);
        envelope.put("payload", Base64.getEncoder().encodeToString(payload));
        ArrayNode signatures = envelope.putArray("signatures");
        signer.ifPresent(with -> signatures
                .addObject()
                .put("keyid", with.keyId())
                .put("sig", Base64.getEncoder().encodeToString(with.sign(signed(type, payload)))));
        return envelope.toString().getBytes(UTF_8);
    }

    /** What is signed: the protocol's pre-authentication encoding. */
    static byte[] signed(String type, byte[] payload) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(payload.length + 100);
        bytes.writeBytes(
                ("DSSEv1 " + type.getBytes(UTF_8).length + " " + type + " " + payload.length + " ").getBytes(UTF_8));
        bytes.writeBytes(payload);
        return bytes.toByteArray();
    }
}
