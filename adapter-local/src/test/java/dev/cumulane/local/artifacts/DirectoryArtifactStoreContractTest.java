// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.artifacts;

import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.contract.ArtifactStoreContract;
import dev.cumulane.pipeline.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The contract on a directory. */
final class DirectoryArtifactStoreContractTest extends ArtifactStoreContract {
    @TempDir
    private Path directory;

    private ArtifactStore store;

    @BeforeEach
    void open() {
        store = another();
    }

    @Override
    protected ArtifactStore store() {
        return store;
    }

    @Override
    protected ArtifactStore another() {
        return new DirectoryArtifactStore(directory);
    }

    @Override
    protected void damage(Digest digest, byte[] bytes) {
        try {
            Files.write(
                    directory
                            .resolve("objects")
                            .resolve(digest.hex().substring(0, 2))
                            .resolve(digest.hex()),
                    bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
