// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.artifacts;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.RequestSigner;
import dev.cumulane.cloud.SignedRequest;
import dev.cumulane.gcp.client.GoogleApi;
import dev.cumulane.pipeline.Digest;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Signs requests to the bucket of a {@link CloudStorageArtifactStore} by Google's V4 process: a PUT's condition and its size are among the signed headers. Cloud Storage knows
 * no sha-256, so a PUT is signed for an absent object alone, and who reads checks the digest. Any thread.
 *
 * @see <a href="https://cloud.google.com/storage/docs/authentication/signatures">the process</a>
 */
final class CloudStorageRequestSigner implements RequestSigner {
    static final String ALGORITHM = "GOOG4-RSA-SHA256";
    static final String SIZE = "x-goog-content-length-range";

    private static final Duration LONGEST_LIFE = Duration.ofHours(1);
    private static final long LARGEST_OBJECT = 5L * 1024 * 1024 * 1024;
    private static final String CACHES = "caches/";
    private static final DateTimeFormatter SECOND = DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'");

    private final Supplier<GoogleApi> storage;
    private final String bucket;
    private final IamSigner account;
    private final InstantSource clock;

    CloudStorageRequestSigner(Supplier<GoogleApi> storage, String bucket, IamSigner account, InstantSource clock) {
        this.storage = storage;
        this.bucket = bucket;
        this.account = account;
        this.clock = clock;
    }

    @Override
    public SignedRequest get(Digest digest, Duration life) {
        return signed("GET", CloudStorageArtifactStore.OBJECTS + digest.hex(), Map.of(), life);
    }

    @Override
    public SignedRequest put(Digest digest, long size, Duration life) {
        requireSize("object " + digest, size, LARGEST_OBJECT);
        return signed("PUT", CloudStorageArtifactStore.OBJECTS + digest.hex(), condition(size), life);
    }

    @Override
    public SignedRequest create(String key, long size, Duration life) {
        boolean cached = ArtifactStore.checkKey(key).startsWith(CACHES);
        requireSize("key " + key, size, cached ? LARGEST_OBJECT : ArtifactStore.LARGEST_KEY_VALUE);
        return signed("PUT", key, condition(size), life);
    }

    @Override
    public SignedRequest read(String key, Duration life) {
        return signed("GET", ArtifactStore.checkKey(key), Map.of(), life);
    }

    private static Map<String, String> condition(long size) {
        return Map.of(CloudStorageArtifactStore.CONDITION, CloudStorageArtifactStore.ABSENT, SIZE, size + "," + size);
    }

    private SignedRequest signed(String method, String name, Map<String, String> headers, Duration life) {
        requireLife(life);
        URI host = storage.get().address();
        SortedMap<String, String> signedHeaders = new TreeMap<>(headers);
        signedHeaders.put("host", host.getRawAuthority());
        String path = CloudStorageArtifactStore.path(bucket, name);
        Instant now = clock.instant();
        String second = SECOND.format(now.atOffset(ZoneOffset.UTC));
        String scope = second.substring(0, 8) + "/auto/storage/goog4_request";
        SortedMap<String, String> query = new TreeMap<>();
        query.put("X-Goog-Algorithm", ALGORITHM);
        query.put("X-Goog-Credential", account.account() + "/" + scope);
        query.put("X-Goog-Date", second);
        query.put("X-Goog-Expires", Long.toString(life.toSeconds()));
        query.put("X-Goog-SignedHeaders", String.join(";", signedHeaders.keySet()));
        String canonicalQuery = query.entrySet().stream()
                .map(one -> one.getKey() + "=" + GoogleApi.encoded(one.getValue()))
                .collect(Collectors.joining("&"));
        String digest = Digest.of(
                        canonical(method, path, canonicalQuery, signedHeaders).getBytes(UTF_8))
                .hex();
        String toSign = String.join("\n", ALGORITHM, second, scope, digest);
        String signature = HexFormat.of().formatHex(account.sign(toSign.getBytes(UTF_8)));
        return SignedRequest.of(
                method,
                URI.create(host + path + "?" + canonicalQuery + "&X-Goog-Signature=" + signature),
                signedHeaders);
    }

    private static String canonical(String method, String path, String query, SortedMap<String, String> signedHeaders) {
        String headers = signedHeaders.entrySet().stream()
                .map(one -> one.getKey() + ":" + one.getValue() + "\n")
                .collect(Collectors.joining());
        return String.join(
                "\n", method, path, query, headers, String.join(";", signedHeaders.keySet()), "UNSIGNED-PAYLOAD");
    }

    private static void requireSize(String what, long size, long most) {
        if (size < 0 || size > most) {
            throw new IllegalArgumentException(what + " would have " + size + " bytes; 0 to " + most + " are stored");
        }
    }

    private static void requireLife(Duration life) {
        if (life.compareTo(Duration.ofSeconds(1)) < 0 || life.compareTo(LONGEST_LIFE) > 0) {
            throw new IllegalArgumentException("a signed request lives a second to " + LONGEST_LIFE + ", not " + life);
        }
    }
}
