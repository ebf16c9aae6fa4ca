// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.artifacts;

import com.azure.core.util.Context;
import com.azure.storage.blob.BlobClient;
import com.azure.storage.blob.BlobServiceClient;
import com.azure.storage.blob.models.UserDelegationKey;
import com.azure.storage.blob.sas.BlobSasPermission;
import com.azure.storage.blob.sas.BlobServiceSasSignatureValues;
import com.azure.storage.common.sas.SasProtocol;
import dev.cumulane.azure.client.AzureService;
import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.RequestSigner;
import dev.cumulane.cloud.SignedRequest;
import dev.cumulane.pipeline.Digest;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Signs requests to the container of a {@link BlobArtifactStore} with a key that Blob storage gives to this process's identity for a day; no account key is needed, or
 * known. A PUT may create and nothing else, so what is there stays, whatever headers its holder leaves out: the answer is then 403. Size and digest of a body cannot be
 * signed; whoever reads looks at its bytes. One PUT carries at most 5,000 MiB. Any thread.
 */
final class BlobRequestSigner implements RequestSigner {
    private static final Duration LONGEST_LIFE = Duration.ofHours(1);
    private static final long LARGEST_OBJECT = 5000L * 1024 * 1024;
    private static final String CACHES = "caches/";
    private static final Map<String, String> HEADERS = Map.of("x-ms-blob-type", "BlockBlob", "if-none-match", "*");

    /** A key lives for a day, and is not used in its last two hours: what it signs may live for one. */
    private static final Duration KEYS_LIFE = Duration.ofDays(1);

    private static final Duration KEYS_REST = Duration.ofHours(2);

    /** Clocks of the service and ours may differ so much. */
    private static final Duration SKEW = Duration.ofMinutes(5);

    private final Supplier<BlobServiceClient> client;
    private final String container;
    private final AzureService service;
    private final InstantSource clock;
    private Optional<Key> last = Optional.empty();

    private record Key(UserDelegationKey key, Instant ends) {}

    BlobRequestSigner(Supplier<BlobServiceClient> client, String container, AzureService service, InstantSource clock) {
        this.client = client;
        this.container = container;
        this.service = service;
        this.clock = clock;
    }

    @Override
    public SignedRequest get(Digest digest, Duration life) {
        return signed("GET", BlobArtifactStore.OBJECTS + digest.hex(), life);
    }

    @Override
    public SignedRequest put(Digest digest, long size, Duration life) {
        requireSize("object " + digest, size, LARGEST_OBJECT);
        return signed("PUT", BlobArtifactStore.OBJECTS + digest.hex(), life);
    }

    @Override
    public SignedRequest create(String key, long size, Duration life) {
        boolean cached = ArtifactStore.checkKey(key).startsWith(CACHES);
        requireSize("key " + key, size, cached ? LARGEST_OBJECT : ArtifactStore.LARGEST_KEY_VALUE);
        return signed("PUT", key, life);
    }

    @Override
    public SignedRequest read(String key, Duration life) {
        return signed("GET", ArtifactStore.checkKey(key), life);
    }

    private SignedRequest signed(String method, String key, Duration life) {
        if (life.isNegative() || life.isZero() || life.compareTo(LONGEST_LIFE) > 0) {
            throw new IllegalArgumentException("a signed request lives at most " + LONGEST_LIFE + ", not " + life);
        }
        boolean reads = method.equals("GET");
        BlobSasPermission permission = reads
                ? new BlobSasPermission().setReadPermission(true)
                : new BlobSasPermission().setCreatePermission(true);
        BlobServiceSasSignatureValues values = new BlobServiceSasSignatureValues(utc(now().plus(life)), permission)
                .setProtocol(SasProtocol.HTTPS_ONLY);
        return service.call("sign a request", () -> {
            BlobClient blob = client.get().getBlobContainerClient(container).getBlobClient(key);
            String signature =
                    blob.generateUserDelegationSas(values, key(), client.get().getAccountName(), Context.NONE);
            return SignedRequest.of(
                    method, URI.create(blob.getBlobUrl() + "?" + signature), reads ? Map.of() : HEADERS);
        });
    }

    private synchronized UserDelegationKey key() {
        Instant now = now();
        if (last.filter(key -> now.isBefore(key.ends().minus(KEYS_REST))).isEmpty()) {
            Instant ends = now.plus(KEYS_LIFE);
            last = Optional.of(new Key(client.get().getUserDelegationKey(utc(now.minus(SKEW)), utc(ends)), ends));
        }
        return last.get().key();
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static void requireSize(String what, long size, long most) {
        if (size < 0 || size > most) {
            throw new IllegalArgumentException(what + " would have " + size + " bytes; 0 to " + most + " are stored");
        }
    }
}
