// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.artifacts;

import dev.cumulane.aws.client.AwsClients;
import dev.cumulane.aws.client.AwsService;
import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.RequestSigner;
import dev.cumulane.pipeline.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/**
 * The artifact store of the AWS cloud: one S3 bucket with objects at {@code objects/<64 digits>} and keys under their own names.
 *
 * <p>Nothing is ever overwritten: every write carries {@code If-None-Match: *}, and S3 answers 412 where something is there, perhaps from our own call whose answer
 * was lost; that is success here, and for a key the caller reads whose it is. 409 means that another writer is at it just now, and the call is repeated. S3 checks the
 * sha-256 of what it receives. An object of more than 8 MiB goes up in parts. Any thread.
 *
 * <p>Whoever may read must also be allowed to list the bucket: without that S3 answers 403 for what is absent.
 */
public final class S3ArtifactStore implements ArtifactStore {
    /** What the keys of objects begin with. */
    public static final String OBJECTS = "objects/";

    private static final int EXISTS = 412;
    private static final int BUSY = 409;
    private static final int ABSENT = 404;
    private static final long FIRST_PAUSE_MILLIS = 50;
    private static final int LARGEST_IN_ONE_PIECE = 8 * 1024 * 1024;

    private final Supplier<S3Client> client;
    private final Supplier<String> bucket;
    private final String region;
    private final int onePiece;
    private final RequestSigner signer;

    /**
     * The store in a bucket. Does no I/O.
     *
     * @param client makes the client on first use
     * @param presigner makes what signs requests for others on first use
     * @param bucket tells the bucket's name on first use
     * @param region the region's id, for messages
     */
    public S3ArtifactStore(
            Supplier<S3Client> client, Supplier<S3Presigner> presigner, Supplier<String> bucket, String region) {
        this(client, presigner, bucket, region, LARGEST_IN_ONE_PIECE);
    }

    S3ArtifactStore(
            Supplier<S3Client> client,
            Supplier<S3Presigner> presigner,
            Supplier<String> bucket,
            String region,
            int onePiece) {
        this.client = client;
        this.bucket = bucket;
        this.region = region;
        this.onePiece = onePiece;
        this.signer = new S3RequestSigner(presigner, bucket, region);
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
            long length = start.length + update(sha256, in);
            Digest digest = Digest.of(sha256);
            if (!has(digest)) {
                upload(bytes, digest, length);
            }
            return digest;
        } catch (IOException e) {
            throw CloudException.permanent(
                    "artifact store", "the bytes of an object could not be read: " + e.getMessage(), e);
        }
    }

    @Override
    public Optional<InputStream> open(Digest digest) {
        return get(OBJECTS + digest.hex(), "read object " + digest).map(stream -> stream);
    }

    @Override
    public boolean has(Digest digest) {
        HeadObjectRequest request = HeadObjectRequest.builder()
                .bucket(bucket.get())
                .key(OBJECTS + digest.hex())
                .build();
        return service().call("look for object " + digest, () -> {
            try {
                client.get().headObject(request);
                return true;
            } catch (S3Exception e) {
                if (e.statusCode() == ABSENT) {
                    return false;
                }
                throw e;
            }
        });
    }

    @Override
    public void create(String key, byte[] value) {
        ArtifactStore.checkNew(key, value);
        create(key, value, "create key " + key);
    }

    @Override
    public Optional<byte[]> read(String key) {
        Optional<ResponseInputStream<GetObjectResponse>> opened = get(ArtifactStore.checkKey(key), "read key " + key);
        if (opened.isEmpty()) {
            return Optional.empty();
        }
        try (InputStream in = opened.get()) {
            return Optional.of(ArtifactStore.readValue(in, "S3", "key " + key + " in bucket " + bucket.get()));
        } catch (IOException e) {
            throw CloudException.retryable("S3", "could not read key " + key + ": " + e.getMessage(), e);
        }
    }

    @Override
    public Optional<RequestSigner> signer() {
        return Optional.of(signer);
    }

    private Optional<ResponseInputStream<GetObjectResponse>> get(String key, String attempt) {
        GetObjectRequest request =
                GetObjectRequest.builder().bucket(bucket.get()).key(key).build();
        return service().call(attempt, () -> {
            try {
                return Optional.of(client.get().getObject(request));
            } catch (S3Exception e) {
                if (AwsService.code(e).equals("NoSuchKey")) {
                    return Optional.empty();
                }
                throw e;
            }
        });
    }

    private void create(String key, byte[] value, String attempt) {
        PutObjectRequest request = PutObjectRequest.builder()
                .bucket(bucket.get())
                .key(key)
                .ifNoneMatch("*")
                .checksumSHA256(base64(Digest.of(value)))
                .contentType("application/octet-stream")
                .build();
        RequestBody body = RequestBody.fromBytes(value);
        unlessThere(attempt, () -> client.get().putObject(request, body));
    }

    private void upload(Source bytes, Digest digest, long length) throws IOException {
        MultipartUpload upload = new MultipartUpload(client.get(), service(), bucket.get(), OBJECTS + digest.hex());
        String attempt = "store object " + digest;
        upload.begin(attempt);
        try {
            MessageDigest sha256 = Digest.sha256();
            long sent = 0;
            try (InputStream in = bytes.open()) {
                int size = MultipartUpload.partSize(length, onePiece);
                for (byte[] part = in.readNBytes(size); part.length > 0; part = in.readNBytes(size)) {
                    sha256.update(part);
                    sent += part.length;
                    upload.add(part, attempt);
                }
            }
            if (!Digest.of(sha256).equals(digest)) {
                throw CloudException.permanent(
                        "artifact store",
                        "the bytes of object " + digest + " changed while they were stored: " + sent + " bytes, then "
                                + length);
            }
            unlessThere(attempt, upload::complete);
        } catch (IOException | RuntimeException e) {
            upload.abandon();
            throw e;
        }
    }

    /** A write that finds something there has done what it was to do; one that meets another writer is repeated. */
    private void unlessThere(String attempt, Runnable write) {
        for (int tries = 1; ; tries++) {
            boolean last = tries >= AwsClients.ATTEMPTS;
            boolean done = service().call(attempt, () -> {
                try {
                    write.run();
                    return true;
                } catch (S3Exception e) {
                    if (e.statusCode() == BUSY && !last) {
                        return false;
                    }
                    if (e.statusCode() == EXISTS) {
                        return true;
                    }
                    throw e;
                }
            });
            if (done) {
                return;
            }
            long pause = FIRST_PAUSE_MILLIS << tries;
            LockSupport.parkNanos(
                    TimeUnit.MILLISECONDS.toNanos(ThreadLocalRandom.current().nextLong(pause)));
        }
    }

    private AwsService service() {
        return new AwsService("S3", "bucket " + bucket.get() + " in " + region);
    }

    private static long update(MessageDigest sha256, InputStream in) throws IOException {
        byte[] buffer = new byte[64 * 1024];
        long length = 0;
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            sha256.update(buffer, 0, read);
            length += read;
        }
        return length;
    }

    static String base64(Digest digest) {
        return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(digest.hex()));
    }
}
