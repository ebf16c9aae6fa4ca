// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.artifacts;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.io.BaseEncoding;
import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.RequestSigner;
import dev.cumulane.gcp.client.GcpNames;
import dev.cumulane.gcp.client.GcpService;
import dev.cumulane.gcp.client.GoogleApi;
import dev.cumulane.gcp.client.GoogleApiException;
import dev.cumulane.gcp.client.GoogleRequest;
import dev.cumulane.gcp.client.GoogleRequest.Body;
import dev.cumulane.pipeline.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.zip.CRC32C;

/**
 * The artifact store of Google Cloud: one bucket of Cloud Storage with objects at {@code objects/<64 digits>} and keys under their own names, by the same API for which
 * requests are signed.
 *
 * <p>Nothing is ever overwritten: every write asks for generation 0, which is none, and Cloud Storage answers 412 where something is there, perhaps from our own call whose
 * answer was lost; that is success here, and for a key the caller reads whose it is. Cloud Storage checks the CRC32C of what it receives, and whoever reads checks the sha-256. An object of more than 8 MiB is read twice and
 * never held in memory. Any thread.
 *
 * <p>Whoever may read must also be allowed to list the bucket: without that Cloud Storage answers 403 for what is absent.
 */
public final class CloudStorageArtifactStore implements ArtifactStore {
    /** What the names of objects begin with. */
    public static final String OBJECTS = "objects/";

    /** The header by which a write is for what is absent alone. */
    static final String CONDITION = "x-goog-if-generation-match";

    /** The generation of what is absent. */
    static final String ABSENT = "0";

    private static final String NAME = "Cloud Storage";
    private static final int EXISTS = 412;
    private static final String NO_SUCH_KEY = "NoSuchKey";
    private static final String OTHER_BYTES = "BadDigest";
    private static final int LARGEST_IN_MEMORY = 8 * 1024 * 1024;

    private final Supplier<GoogleApi> storage;
    private final String bucket;
    private final GcpService service;
    private final RequestSigner signer;

    /**
     * The store in a bucket. Does no I/O.
     *
     * @param storage makes the API of Cloud Storage on first use
     * @param names of the installation
     * @param account signs requests for others
     * @param clock by which those requests begin and end
     */
    public CloudStorageArtifactStore(
            Supplier<GoogleApi> storage, GcpNames names, IamSigner account, InstantSource clock) {
        this.storage = storage;
        this.bucket = names.bucket();
        this.service = new GcpService(NAME, "bucket " + bucket);
        this.signer = new CloudStorageRequestSigner(storage, bucket, account, clock);
    }

    @Override
    public Digest put(Source bytes) {
        try (InputStream in = bytes.open()) {
            byte[] start = in.readNBytes(LARGEST_IN_MEMORY + 1);
            MessageDigest sha256 = Digest.sha256();
            CRC32C crc = new CRC32C();
            sha256.update(start);
            crc.update(start);
            if (start.length <= LARGEST_IN_MEMORY) {
                Digest digest = Digest.of(sha256);
                write(OBJECTS + digest.hex(), Body.of(start), crc, "store object " + digest);
                return digest;
            }
            long length = start.length + update(sha256, crc, in);
            Digest digest = Digest.of(sha256);
            if (!has(digest)) {
                write(OBJECTS + digest.hex(), new Body(length, bytes::open), crc, "store object " + digest);
            }
            return digest;
        } catch (IOException e) {
            throw CloudException.permanent(
                    "artifact store", "the bytes of an object could not be read: " + e.getMessage(), e);
        }
    }

    @Override
    public Optional<InputStream> open(Digest digest) {
        return get(OBJECTS + digest.hex(), "read object " + digest);
    }

    @Override
    public boolean has(Digest digest) {
        GoogleRequest head = new GoogleRequest(
                "head", "HEAD", path(bucket, OBJECTS + digest.hex()), new TreeMap<>(), Optional.empty());
        return service.call("look for object " + digest, () -> {
            try {
                JsonNode unused = storage.get().send(head);
                return true;
            } catch (GoogleApiException e) {
                // An answer to HEAD has no body that would say what is missing.
                if (e.isMissing()) {
                    return false;
                }
                throw e;
            }
        });
    }

    @Override
    public void create(String key, byte[] value) {
        ArtifactStore.checkNew(key, value);
        CRC32C crc = new CRC32C();
        crc.update(value);
        write(key, Body.of(value), crc, "create key " + key);
    }

    @Override
    public Optional<byte[]> read(String key) {
        Optional<InputStream> opened = get(ArtifactStore.checkKey(key), "read key " + key);
        if (opened.isEmpty()) {
            return Optional.empty();
        }
        try (InputStream in = opened.get()) {
            return Optional.of(ArtifactStore.readValue(in, NAME, "key " + key + " in bucket " + bucket));
        } catch (IOException e) {
            throw CloudException.retryable(NAME, "could not read key " + key + ": " + e.getMessage(), e);
        }
    }

    @Override
    public Optional<RequestSigner> signer() {
        return Optional.of(signer);
    }

    /** Where something is, by the API that signed requests go to; names of ours need no encoding. */
    static String path(String bucket, String name) {
        return "/" + bucket + "/" + name;
    }

    private Optional<InputStream> get(String name, String attempt) {
        return service.call(attempt, () -> {
            try {
                return Optional.of(storage.get().open(GoogleRequest.get("get", path(bucket, name))));
            } catch (GoogleApiException e) {
                if (e.code().equals(NO_SUCH_KEY)) {
                    return Optional.empty();
                }
                throw e;
            }
        });
    }

    private void write(String name, Body body, CRC32C crc, String attempt) {
        GoogleRequest put = GoogleRequest.with(
                "put",
                "PUT",
                path(bucket, name),
                Map.of(
                        "Content-Type",
                        "application/octet-stream",
                        CONDITION,
                        ABSENT,
                        "x-goog-hash",
                        "crc32c=" + base64(crc)),
                body);
        boolean unused = service.call(attempt, () -> {
            try {
                return storage.get().send(put).isMissingNode();
            } catch (GoogleApiException e) {
                if (e.status() == EXISTS) {
                    return true;
                }
                if (e.code().equals(OTHER_BYTES)) {
                    throw CloudException.permanent(
                            NAME, "could not " + attempt + ": its bytes changed while they were stored", e);
                }
                throw e;
            }
        });
    }

    private static long update(MessageDigest sha256, CRC32C crc, InputStream in) throws IOException {
        byte[] buffer = new byte[64 * 1024];
        long length = 0;
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            sha256.update(buffer, 0, read);
            crc.update(buffer, 0, read);
            length += read;
        }
        return length;
    }

    private static String base64(CRC32C crc) {
        byte[] bytes =
                ByteBuffer.allocate(Integer.BYTES).putInt((int) crc.getValue()).array();
        return BaseEncoding.base64().encode(bytes);
    }
}
