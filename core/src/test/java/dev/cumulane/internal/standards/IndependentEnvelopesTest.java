// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.standards;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cumulane.cloud.Signer;
import dev.cumulane.contracts.NodeScript;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The library with which the Sigstore project verifies envelopes believes the provenance that we sign, and none that was changed. It comes from the npm registry. */
@Tag("contracts")
class IndependentEnvelopesTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    @Test
    void every_statement_of_every_story_is_believed_and_a_changed_one_is_not()
            throws IOException, InterruptedException, GeneralSecurityException {
        NodeScript script = NodeScript.with(folder, "/standards/dsse.mjs", "@sigstore/core@4.0.1");
        ArrayNode cases = JSON.createArrayNode();
        for (String story : Histories.names()) {
            for (Provenance.Statement statement : ProvenanceTest.told(story)) {
                for (String kind : List.of("Ed25519", "EC")) {
                    add(cases, statement, kind);
                }
            }
        }
        assertThat(cases).hasSizeGreaterThan(10);

        JsonNode said = JSON.readTree(script.run(cases.toString()));

        assertThat(said).hasSameSizeAs(cases).allSatisfy(answer -> {
            assertThat(answer.path("type").asText()).isEqualTo("https://in-toto.io/Statement/v1");
            assertThat(answer.path("verified").asBoolean()).isTrue();
            assertThat(answer.path("changedOne").asBoolean(true)).isFalse();
        });
    }

    private static void add(ArrayNode cases, Provenance.Statement statement, String kind)
            throws IOException, GeneralSecurityException {
        KeyPair pair = ProvenanceTest.pair(kind);
        Signer signer = Signer.pkcs8("release", ProvenanceTest.pem(pair));
        ObjectNode one = cases.addObject();
        one.set("envelope", JSON.readTree(statement.envelope(Optional.of(signer))));
        one.put("key", Base64.getEncoder().encodeToString(pair.getPublic().getEncoded()));
        if (kind.equals("EC")) {
            one.put("algorithm", "sha256");
        }
    }
}
