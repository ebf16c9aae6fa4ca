// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cumulane.internal.http.FakeService.Reply;
import dev.cumulane.internal.http.FakeService.Request;
import dev.cumulane.internal.http.FakeService.Rules;
import dev.cumulane.internal.json.RecordJson;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** GitHub's check runs and the tokens of an app's installation, by the published API. */
final class FakeGitHubApp implements Rules {
    static final long APP = 12345;
    static final long INSTALLATION = 678;

    private static final Set<String> FIELDS = Set.of(
            "name",
            "head_sha",
            "external_id",
            "status",
            "conclusion",
            "started_at",
            "completed_at",
            "details_url",
            "output");
    private static final String REPOSITORY = "/api/v3/repos/acme/shop";

    /** A check run as it is. */
    static final class Check {
        private final String externalId;
        private final List<String> states = new ArrayList<>();
        private final List<JsonNode> annotations = new ArrayList<>();
        private String summary = "";

        Check(String externalId) {
            this.externalId = externalId;
        }

        List<String> states() {
            return states;
        }

        List<JsonNode> annotations() {
            return annotations;
        }

        String summary() {
            return summary;
        }

        String externalId() {
            return externalId;
        }
    }

    private final InstantSource clock;
    private final KeyPair keys;
    private final Map<Long, Check> checks = new LinkedHashMap<>();
    private String token = "";
    private Instant tokenEnd = Instant.EPOCH;
    private int tokens;

    FakeGitHubApp(InstantSource clock) {
        this.clock = clock;
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            keys = generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The private key as GitHub gives it, PKCS #1. */
    String pem() {
        // The key proper is what PKCS #8 wraps: it begins behind 26 bytes.
        byte[] pkcs8 = keys.getPrivate().getEncoded();
        return pem("RSA PRIVATE KEY", Arrays.copyOfRange(pkcs8, 26, pkcs8.length));
    }

    /** The private key as PKCS #8. */
    String pkcs8() {
        return pem("PRIVATE KEY", keys.getPrivate().getEncoded());
    }

    private static String pem(String what, byte[] der) {
        return "-----BEGIN " + what + "-----\n"
                + Base64.getMimeEncoder().encodeToString(der)
                + "\n-----END " + what + "-----\n";
    }

    @Override
    public Reply answer(Request request) {
        assertThat(request.header("Accept")).isEqualTo("application/vnd.github+json");
        assertThat(request.header("X-GitHub-Api-Version")).isEqualTo("2022-11-28");
        if (request.path().equals("/api/v3/app/installations/" + INSTALLATION + "/access_tokens")) {
            checkProof(request.header("Authorization"));
            token = "ghs_canary" + ++tokens;
            tokenEnd = clock.instant().plusSeconds(3600);
            return Reply.of(201, "{\"token\":\"" + token + "\",\"expires_at\":\"" + tokenEnd + "\"}");
        }
        if (!request.header("Authorization").equals("Bearer " + token)
                || !clock.instant().isBefore(tokenEnd)) {
            return Reply.of(401, "{\"message\":\"Bad credentials\"}");
        }
        assertThat(request.path()).startsWith(REPOSITORY);
        String path = request.path().substring(REPOSITORY.length());
        if (path.startsWith("/branches") || path.startsWith("/pulls")) {
            return Reply.of(200, "[]");
        }
        if (request.method().equals("GET")) {
            return path.startsWith("/commits/") ? list(path) : Reply.of(200, json(id(path)));
        }
        JsonNode body = RecordJson.foreignTree(request.body().getBytes(StandardCharsets.UTF_8), 1_000_000);
        body.fieldNames().forEachRemaining(field -> assertThat(FIELDS).contains(field));
        if (request.method().equals("POST")) {
            assertThat(path).isEqualTo("/check-runs");
            assertThat(body.path("head_sha").asText()).isEqualTo(FakeForge.SHA);
            long id = 100L + checks.size();
            checks.put(id, new Check(body.path("external_id").asText()));
            take(checks.get(id), body);
            return Reply.of(201, json(id));
        }
        assertThat(request.method()).isEqualTo("PATCH");
        take(checks.get(id(path)), body);
        return Reply.of(200, json(id(path)));
    }

    private void take(Check check, JsonNode body) {
        String status = body.path("status").asText();
        assertThat(body.path("name").asText()).isEqualTo("cumulane/shop");
        assertThat(status).isIn("queued", "in_progress", "completed");
        assertThat(body.has("conclusion")).isEqualTo(status.equals("completed"));
        if (body.has("conclusion")) {
            assertThat(body.path("conclusion").asText())
                    .isIn("action_required", "cancelled", "failure", "neutral", "success", "skipped", "timed_out");
            assertThat(Instant.parse(body.path("completed_at").asText())).isAfter(Instant.EPOCH);
        }
        assertThat(body.path("output").path("title").asText()).isNotEmpty();
        assertThat(body.path("output").path("summary").asText()).hasSizeBetween(1, 65_535);
        JsonNode annotations = body.path("output").path("annotations");
        assertThat(annotations.size()).isLessThanOrEqualTo(50);
        annotations.forEach(one -> {
            assertThat(one.path("path").asText()).isNotEmpty().doesNotStartWith("/");
            assertThat(one.path("start_line").asInt()).isPositive();
            assertThat(one.path("end_line").asInt()).isPositive();
            assertThat(one.path("annotation_level").asText()).isIn("notice", "warning", "failure");
            assertThat(one.path("message").asText()).isNotEmpty();
            assertThat(one.path("title").asText()).hasSizeLessThanOrEqualTo(255);
            check.annotations.add(one);
        });
        check.summary = body.path("output").path("summary").asText();
        check.states.add(body.has("conclusion") ? body.path("conclusion").asText() : status);
    }

    private Reply list(String path) {
        assertThat(path)
                .isEqualTo(
                        "/commits/" + FakeForge.SHA + "/check-runs?check_name=cumulane%2Fshop&filter=all&per_page=100");
        return Reply.of(
                200,
                "{\"total_count\":" + checks.size() + ",\"check_runs\":["
                        + String.join(
                                ",", checks.keySet().stream().map(this::json).toList()) + "]}");
    }

    private static long id(String path) {
        assertThat(path).matches("/check-runs/[0-9]+");
        return Long.parseLong(path.substring("/check-runs/".length()));
    }

    private String json(long id) {
        Check check = checks.get(id);
        return "{\"id\":" + id + ",\"external_id\":\"" + check.externalId + "\",\"output\":{\"annotations_count\":"
                + check.annotations.size() + "}}";
    }

    private void checkProof(String authorization) {
        assertThat(authorization).startsWith("Bearer ");
        String[] parts = authorization.substring("Bearer ".length()).split("\\.", -1);
        assertThat(parts).hasSize(3);
        JsonNode header = RecordJson.tree(Base64.getUrlDecoder().decode(parts[0]), 1_000);
        JsonNode claims = RecordJson.tree(Base64.getUrlDecoder().decode(parts[1]), 1_000);
        assertThat(header.path("alg").asText()).isEqualTo("RS256");
        assertThat(claims.path("iss").asText()).isEqualTo(Long.toString(APP));
        long now = clock.instant().getEpochSecond();
        assertThat(claims.path("iat").asLong()).isLessThanOrEqualTo(now);
        assertThat(claims.path("exp").asLong()).isBetween(now + 1, now + 600);
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initVerify(keys.getPublic());
            signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.UTF_8));
            assertThat(signature.verify(Base64.getUrlDecoder().decode(parts[2])))
                    .isTrue();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    List<Check> checks() {
        return List.copyOf(checks.values());
    }

    /** How many tokens were given. */
    int tokens() {
        return tokens;
    }

    /** The token that was given last is withdrawn. */
    void withdraw() {
        token = "withdrawn";
    }
}
