// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.artifacts;

import com.azure.core.exception.HttpResponseException;
import com.azure.core.util.BinaryData;
import com.azure.core.util.Context;
import com.azure.storage.blob.BlobClient;
import com.azure.storage.blob.BlobServiceClient;
import com.azure.storage.blob.models.BlobRequestConditions;
import com.azure.storage.blob.models.BlobStorageException;
import com.azure.storage.blob.options.BlobInputStreamOptions;
import com.azure.storage.blob.options.BlockBlobSimpleUploadOptions;
import dev.cumulane.azure.client.AzureNames;
import dev.cumulane.azure.client.AzureService;
import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.RequestSigner;
import dev.cumulane.pipeline.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The artifact store of the Azure cloud: one container of Blob storage with objects at {@code objects/<64 digits>} and keys under their own names.
 *
 * <p>Nothing is ever overwritten: every write carries {@code If-None-Match: *}, and Blob storage answers 409 where something is there, perhaps from our own call whose
 * answer was lost; that is success here, and for a key the caller reads whose it is. Blob storage checks the MD5 of what it receives and knows no sha-256; whoever reads
 * does. An object of more than 8 MiB goes up in blocks. Any thread.
 */
public final class BlobArtifactStore implements ArtifactStore {
    /** What the keys of objects begin with. */
    public static final String OBJECTS = "objects/";

    private static final Set<String> EXISTS = Set.of("BlobAlreadyExists", "ConditionNotMet");
    private static final String ABSENT = "BlobNotFound";
    private static final int LARGEST_IN_ONE_PIECE = 8 * 1024 * 1024;
    private static final int READ_AT_ONCE = 4 * 1024 * 1024;

    private final Supplier<BlobServiceClient> client;
    private final String container;
    private final AzureService service;
    private final int onePiece;
    private final RequestSigner signer;

    /**
     * The store of an installation. Does no I/O.
     *
     * @param client makes the client on first use
     * @param names of the installation
     * @param clock by which signed requests end
     */
    public BlobArtifactStore(Supplier<BlobServiceClient> client, AzureNames names, InstantSource clock) {
        this(client, names, clock, LARGEST_IN_ONE_PIECE);
    }

    BlobArtifactStore(Supplier<BlobServiceClient> client, AzureNames names, InstantSource clock, int onePiece) {
        this.client = client;
        this.container = names.container();
        this.service = new AzureService("Blob storage", "container " + container + " of " + names);
        this.onePiece = onePiece;
        this.signer = new BlobRequestSigner(client, container, service, clock);
    }

    @Override
    public Digest put(Source bytes) {
        try (InputStream in = bytes.open()) {
            byte[] start = in.readNBytes(onePiece + 1);
            if (start.length <= onePiece) {
                Digest digest = Digest.of(start);
                create(OBJECTS + digest.hex(), start, "store object " + digest);
                return digest;
            }
            MessageDigest sha256 = Digest.sha256();
            sha256.update(start);
            byte[] buffer = new byte[64 * 1024];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                sha256.update(buffer, 0, read);
            }
            Digest digest = Digest.of(sha256);
            if (!has(digest)) {
                upload(bytes, digest);
            }
            return digest;
        } catch (IOException e) {
            throw CloudException.permanent(
                    "artifact store", "the bytes of an object could not be read: " + e.getMessage(), e);
        }
    }

    @Override
    public Optional<InputStream> open(Digest digest) {
        return open(OBJECTS + digest.hex(), READ_AT_ONCE, "read object " + digest);
    }

    @Override
    public boolean has(Digest digest) {
        return service.call(
                "look for object " + digest,
                () -> blob(OBJECTS + digest.hex())
                        .existsWithResponse(null, Context.NONE)
                        .getValue());
    }

    @Override
    public void create(String key, byte[] value) {
        ArtifactStore.checkNew(key, value);
        create(key, value, "create key " + key);
    }

    @Override
    public Optional<byte[]> read(String key) {
        // A build without credentials may have made it larger than a key: no more of it is fetched than a key may hold.
        Optional<InputStream> opened = open(ArtifactStore.checkKey(key), LARGEST_KEY_VALUE + 1, "read key " + key);
        if (opened.isEmpty()) {
            return Optional.empty();
        }
        try (InputStream in = opened.get()) {
            return Optional.of(
                    ArtifactStore.readValue(in, service.name(), "key " + key + " in container " + container));
        } catch (IOException e) {
            throw CloudException.retryable(service.name(), "could not read key " + key + ": " + e.getMessage(), e);
        }
    }

    @Override
    public Optional<RequestSigner> signer() {
        return Optional.of(signer);
    }

    private Optional<InputStream> open(String key, int atOnce, String attempt) {
        return service.call(attempt, () -> {
            try {
                return Optional.of(blob(key).openInputStream(new BlobInputStreamOptions().setBlockSize(atOnce)));
            } catch (HttpResponseException e) {
                if (AzureService.code(e).equals(ABSENT)) {
                    return Optional.empty();
                }
                throw e;
            }
        });
    }

    private void create(String key, byte[] value, String attempt) {
        BlockBlobSimpleUploadOptions options = new BlockBlobSimpleUploadOptions(BinaryData.fromBytes(value))
                .setContentMd5(BlockUpload.md5(value))
                .setRequestConditions(ifAbsent());
        boolean unused = unlessThere(
                attempt, () -> blob(key).getBlockBlobClient().uploadWithResponse(options, null, Context.NONE));
    }

    private void upload(Source bytes, Digest digest) throws IOException {
        String attempt = "store object " + digest;
        BlockUpload upload = new BlockUpload(blob(OBJECTS + digest.hex()).getBlockBlobClient());
        MessageDigest sha256 = Digest.sha256();
        try (InputStream in = bytes.open()) {
            for (byte[] part = in.readNBytes(onePiece); part.length > 0; part = in.readNBytes(onePiece)) {
                byte[] block = part;
                sha256.update(block);
                service.call(attempt, () -> {
                    upload.add(block);
                    return true;
                });
            }
        }
        // What is not committed, the service forgets within a week.
        if (!Digest.of(sha256).equals(digest)) {
            throw CloudException.permanent(
                    "artifact store", "the bytes of object " + digest + " changed while they were stored");
        }
        if (!unlessThere(attempt, upload::commit) && !has(digest)) {
            throw CloudException.retryable(
                    service.name(), "could not " + attempt + ": its blocks were lost to another writer");
        }
    }

    /** A write that finds something there has done what it was to do. One that finds its blocks gone has met another writer: false. */
    private boolean unlessThere(String attempt, Runnable write) {
        return service.call(attempt, () -> {
            try {
                write.run();
                return true;
            } catch (BlobStorageException e) {
                if (EXISTS.contains(AzureService.code(e))) {
                    return true;
                }
                if (AzureService.code(e).equals("InvalidBlockList")) {
                    return false;
                }
                throw e;
            }
        });
    }

    static BlobRequestConditions ifAbsent() {
        return new BlobRequestConditions().setIfNoneMatch("*");
    }

    private BlobClient blob(String key) {
        return client.get().getBlobContainerClient(container).getBlobClient(key);
    }
}
