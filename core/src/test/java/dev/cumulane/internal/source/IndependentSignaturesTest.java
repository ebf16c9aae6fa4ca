// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.source;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cumulane.contracts.NodeScript;
import dev.cumulane.source.WebhookRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the libraries that GitHub and the makers of Standard Webhooks publish have signed, is believed; what we believe, they believe. They come from the npm
 * registry; where they cannot be had, the test is skipped, and fails if {@code CI=true}.
 */
@Tag("contracts")
class IndependentSignaturesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<Sender> SENDERS = List.of(Sender.GITHUB, Sender.STANDARD_SHARED, Sender.STANDARD_PUBLIC);
    private static final List<String> BODIES =
            List.of("{}", Sample.PUSH.text(Sender.GITHUB), "{\"name\":\"Åda \uD83D\uDE80\\n\"}", "[1, 2]\n");

    /** The published libraries compare time stamps with the real time. */
    private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);

    @TempDir
    Path folder;

    @Test
    void publishedLibrariesAndOursBelieveEachOther() throws IOException, InterruptedException {
        NodeScript script = NodeScript.with(
                folder, "/webhooks/independent.mjs", "@octokit/webhooks-methods@6.0.0", "standardwebhooks@1.1.1");

        ArrayNode cases = cases();
        JsonNode said = JSON.readTree(script.run(JSON.writeValueAsString(cases)));

        assertThat(said).hasSize(SENDERS.size() * BODIES.size());
        for (int i = 0; i < said.size(); i++) {
            Sender sender = Sender.valueOf(cases.get(i).path("sender").asText());
            byte[] body = bytes(cases.get(i).path("body").asText());
            WebhookRequest theirs = Sender.with(
                    sender.request("push", body, 1, now),
                    sender.proof(),
                    said.get(i).path("proof").asText());
            assertThat(Webhooks.verify(sender.repository(), theirs, sender.secrets(1), now))
                    .as("%s signed by others: %s", sender, cases.get(i).path("body"))
                    .isInstanceOf(Verification.Authentic.class);
            assertThat(said.get(i).path("verified").asBoolean())
                    .as("%s verified by others: %s", sender, cases.get(i).path("body"))
                    .isTrue();
        }
    }

    private ArrayNode cases() {
        ArrayNode cases = JSON.createArrayNode();
        for (Sender sender : SENDERS) {
            for (String body : BODIES) {
                ObjectNode one = cases.addObject();
                one.put("sender", sender.name());
                one.put("secret", sender.secret(1));
                one.put("key", Base64.getEncoder().encodeToString(Sender.ed25519Key(1)));
                one.put("body", body);
                one.put("id", Sender.ID);
                one.put("time", now.getEpochSecond());
                one.put(
                        "proof",
                        sender.request("push", bytes(body), 1, now)
                                .header(sender.proof())
                                .get(0));
            }
        }
        return cases;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
