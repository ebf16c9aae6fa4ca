// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.source;

import dev.cumulane.source.Forge;
import dev.cumulane.source.Repository;
import dev.cumulane.source.WebhookRequest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A forge as it sends: its headers and its proof, made with the JDK alone and nothing of ours. One for each way to prove. */
enum Sender {
    GITHUB(Forge.GITHUB, "github", "X-Hub-Signature-256"),
    GITLAB_TOKEN(Forge.GITLAB, "gitlab", "X-Gitlab-Token"),
    GITLAB_SIGNED(Forge.GITLAB, "gitlab", "webhook-signature"),
    BITBUCKET_CLOUD(Forge.BITBUCKET_CLOUD, "bitbucket-cloud", "X-Hub-Signature"),
    BITBUCKET_DATA_CENTER(Forge.BITBUCKET_DATA_CENTER, "bitbucket-data-center", "X-Hub-Signature"),
    AZURE_HEADER(Forge.AZURE_REPOS, "azure-repos", "X-Cumulane-Token"),
    AZURE_BASIC(Forge.AZURE_REPOS, "azure-repos", "Authorization"),
    GITEA(Forge.GITEA, "gitea", "X-Gitea-Signature"),
    FORGEJO(Forge.FORGEJO, "gitea", "X-Forgejo-Signature"),
    STANDARD_SHARED(Forge.STANDARD_WEBHOOKS, "standard-webhooks", "webhook-signature"),
    STANDARD_PUBLIC(Forge.STANDARD_WEBHOOKS, "standard-webhooks", "webhook-signature");

    static final Instant NOW = Instant.parse("2026-11-02T09:30:00Z");
    static final String ID = "5f9c1b2e-6d0a-4c58-9d0f-3c2b1a098765";

    /** RFC 8032, 7.1, test 1. */
    private static final String ED25519_SECRET = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";

    private static final String ED25519_PUBLIC = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

    private final Forge forge;
    private final String samples;
    private final String proof;

    Sender(Forge forge, String samples, String proof) {
        this.forge = forge;
        this.samples = samples;
        this.proof = proof;
    }

    Forge forge() {
        return forge;
    }

    /** The folder of its samples. */
    String samples() {
        return samples;
    }

    /** The header in which it proves who it is. */
    String proof() {
        return proof;
    }

    boolean signsTheBody() {
        return this != GITLAB_TOKEN && this != AZURE_HEADER && this != AZURE_BASIC;
    }

    boolean signsTheTime() {
        return proof.equals("webhook-signature");
    }

    boolean hexadecimal() {
        return signsTheBody() && !signsTheTime();
    }

    Repository repository() {
        String url = forge == Forge.AZURE_REPOS
                ? "https://dev.azure.com/acme/acme/_git/shop"
                : forge == Forge.BITBUCKET_DATA_CENTER
                        ? "https://git.example.com/scm/acme/shop.git"
                        : "https://git.example.com/acme/shop.git";
        return Repository.on(forge, "shop", url).verifiedBy("hook");
    }

    String secret(int which) {
        String text = "0123456789abcdef-secret-" + which;
        if (this == STANDARD_PUBLIC) {
            return "whpk_" + Base64.getEncoder().encodeToString(HexFormat.of().parseHex(ED25519_PUBLIC));
        }
        return signsTheTime()
                ? "whsec_" + Base64.getEncoder().encodeToString((text + "0123456").getBytes(StandardCharsets.US_ASCII))
                : text;
    }

    List<WebhookSecret> secrets(int... which) {
        List<WebhookSecret> secrets = new ArrayList<>();
        for (int one : which) {
            secrets.add(WebhookSecret.of("hook", secret(one).getBytes(StandardCharsets.UTF_8)));
        }
        return secrets;
    }

    /** A delivery that is right in everything. */
    WebhookRequest request(String event, byte[] body) {
        return request(event, body, 1, NOW);
    }

    WebhookRequest request(String event, byte[] body, int secret, Instant at) {
        Map<String, List<String>> headers = new TreeMap<>();
        headers.put("Content-Type", List.of("application/json"));
        headers.put("User-Agent", List.of("Forge/1.0"));
        switch (forge) {
            case GITHUB -> name(headers, "X-GitHub-Event", event, "X-GitHub-Delivery");
            case GITLAB -> name(headers, "X-Gitlab-Event", "Push Hook", "Idempotency-Key");
            case BITBUCKET_CLOUD -> name(headers, "X-Event-Key", event, "X-Request-UUID");
            case BITBUCKET_DATA_CENTER -> name(headers, "X-Event-Key", event, "X-Request-Id");
            case GITEA, FORGEJO -> {
                name(headers, "X-GitHub-Event", event, "X-GitHub-Delivery");
                name(headers, "X-Gitea-Event", event, "X-Gitea-Delivery");
                name(headers, "X-Forgejo-Event", event, "X-Forgejo-Delivery");
            }
            case AZURE_REPOS, STANDARD_WEBHOOKS -> {}
        }
        if (signsTheTime()) {
            headers.put("webhook-id", List.of(ID));
            headers.put("webhook-timestamp", List.of(Long.toString(at.getEpochSecond())));
        }
        headers.put(proof, List.of(proofOf(body, secret, at)));
        return WebhookRequest.of("POST", "shop", headers, body);
    }

    private static void name(Map<String, List<String>> headers, String event, String kind, String id) {
        headers.put(event, List.of(kind));
        headers.put(id, List.of(ID));
    }

    private String proofOf(byte[] body, int secret, Instant at) {
        byte[] key = secret(secret).getBytes(StandardCharsets.UTF_8);
        byte[] head = (ID + "." + at.getEpochSecond() + ".").getBytes(StandardCharsets.US_ASCII);
        return switch (this) {
            case GITHUB, BITBUCKET_CLOUD, BITBUCKET_DATA_CENTER ->
                "sha256=" + HexFormat.of().formatHex(hmac("HmacSHA256", key, body));
            case GITEA, FORGEJO -> HexFormat.of().formatHex(hmac("HmacSHA256", key, body));
            case GITLAB_TOKEN, AZURE_HEADER -> secret(secret);
            case AZURE_BASIC ->
                "Basic "
                        + Base64.getEncoder()
                                .encodeToString(("cumulane:" + secret(secret)).getBytes(StandardCharsets.UTF_8));
            case GITLAB_SIGNED, STANDARD_SHARED ->
                "v1,"
                        + Base64.getEncoder()
                                .encodeToString(hmac(
                                        "HmacSHA256",
                                        Base64.getDecoder()
                                                .decode(secret(secret).substring(6)),
                                        head,
                                        body));
            case STANDARD_PUBLIC -> "v1a," + Base64.getEncoder().encodeToString(ed25519(secret, head, body));
        };
    }

    static byte[] hmac(String algorithm, byte[] key, byte[]... parts) {
        try {
            Mac mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(key, algorithm));
            for (byte[] part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** The first key is the one whose public half is the secret; another one is for forgeries. In PKCS #8. */
    static byte[] ed25519Key(int which) {
        String seed = which == 1 ? ED25519_SECRET : "00".repeat(32);
        return HexFormat.of().parseHex("302e020100300506032b657004220420" + seed);
    }

    private static byte[] ed25519(int which, byte[]... parts) {
        byte[] encoded = ed25519Key(which);
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(encoded)));
            for (byte[] part : parts) {
                signature.update(part);
            }
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** The same request with other values of one header; none to leave it out. */
    static WebhookRequest with(WebhookRequest request, String header, String... values) {
        Map<String, List<String>> headers = new TreeMap<>(request.headers());
        headers.remove(header.toLowerCase(Locale.ROOT));
        if (values.length > 0) {
            headers.put(header, List.of(values));
        }
        return WebhookRequest.of(request.method(), request.name(), headers, request.body());
    }

    /** The same request with another proof made of its own. */
    WebhookRequest proven(WebhookRequest request, UnaryOperator<String> change) {
        return with(request, proof, change.apply(request.header(proof).get(0)));
    }

    Verification verify(WebhookRequest request) {
        return Webhooks.verify(repository(), request, secrets(1), NOW);
    }

    /** Verifies and reads a delivery of these bytes. */
    Reading read(String event, byte[] body) {
        Verification.Authentic authentic = (Verification.Authentic) verify(request(event, body));
        return Webhooks.read(repository(), authentic.delivery(), body);
    }
}
