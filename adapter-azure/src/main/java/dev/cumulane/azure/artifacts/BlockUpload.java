// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.artifacts;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.azure.core.util.BinaryData;
import com.azure.core.util.Context;
import com.azure.storage.blob.options.BlockBlobCommitBlockListOptions;
import com.azure.storage.blob.options.BlockBlobStageBlockOptions;
import com.azure.storage.blob.specialized.BlockBlobClient;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/** One object on its way up in blocks, one block in memory at a time. The blocks' ids are of this upload alone: whoever else stores the same object has others. */
final class BlockUpload {
    private final BlockBlobClient blob;
    private final long own = new SecureRandom().nextLong();
    private final List<String> ids = new ArrayList<>();

    BlockUpload(BlockBlobClient blob) {
        this.blob = blob;
    }

    void add(byte[] bytes) {
        String id = Base64.getEncoder()
                .encodeToString(String.format(Locale.ROOT, "%016x-%06d", own, ids.size())
                        .getBytes(US_ASCII));
        blob.stageBlockWithResponse(
                new BlockBlobStageBlockOptions(id, BinaryData.fromBytes(bytes)).setContentMd5(md5(bytes)),
                null,
                Context.NONE);
        ids.add(id);
    }

    void commit() {
        blob.commitBlockListWithResponse(
                new BlockBlobCommitBlockListOptions(ids).setRequestConditions(BlobArtifactStore.ifAbsent()),
                null,
                Context.NONE);
    }

    /** Against damage on the way, the one thing that Blob storage looks for; it protects from nobody. */
    static byte[] md5(byte[] bytes) {
        try {
            return MessageDigest.getInstance("MD5").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has MD5", e);
        }
    }
}
