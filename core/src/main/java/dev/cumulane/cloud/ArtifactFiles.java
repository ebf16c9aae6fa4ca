// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud;

import dev.cumulane.internal.order.Archives;
import dev.cumulane.internal.order.RefusedInputException;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.Produced;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.Optional;

/** Files of artifacts: unpacked from an {@link ArtifactStore} with every check, and packed into it. For the adapters' workers and deliveries. */
public final class ArtifactFiles {
    private static final String STORE = "artifact store";

    private ArtifactFiles() {}

    /**
     * Unpacks an artifact into a new directory, which appears whole or not at all. Its sha-256 is checked before it is read as an archive; links, devices, names that
     * lead elsewhere and archives beyond the limits (100,000 entries, 2 GiB) are refused.
     *
     * @param store holds the artifact
     * @param artifact its digest
     * @param directory the directory to make; its parent is there, itself is not
     * @throws CloudException permanent, if the artifact is missing, damaged or refused; retryable, if a disk or the store fails
     */
    public static void unpack(ArtifactStore store, Digest artifact, Path directory) {
        Optional<InputStream> opened = store.open(artifact);
        if (opened.isEmpty()) {
            throw CloudException.permanent(STORE, "artifact " + artifact + " is not there");
        }
        try (InputStream stored = opened.get()) {
            Path fetched = Files.createTempFile(directory.toAbsolutePath().getParent(), ".fetched-", ".tar.gz");
            try {
                MessageDigest sha256 = Digest.sha256();
                try (OutputStream out = Files.newOutputStream(fetched)) {
                    new DigestInputStream(stored, sha256).transferTo(out);
                }
                Digest found = Digest.of(sha256);
                if (!found.equals(artifact)) {
                    throw CloudException.permanent(
                            STORE, "artifact " + artifact + " is damaged: its bytes have the digest " + found);
                }
                try (InputStream archive = Files.newInputStream(fetched)) {
                    Archives.unpack(archive, directory);
                }
            } finally {
                Files.deleteIfExists(fetched);
            }
        } catch (RefusedInputException e) {
            throw CloudException.permanent(STORE, "artifact " + artifact + " is refused: " + e.getMessage(), e);
        } catch (IOException e) {
            throw CloudException.retryable(STORE, "could not unpack artifact " + artifact + ": " + e.getMessage(), e);
        }
    }

    /**
     * Packs a file or directory and stores the archive. Equal files make equal archives.
     *
     * @param store takes the archive
     * @param name the artifact's name
     * @param root the directory that the archive's names are relative to
     * @param path the file or directory below it, with slashes
     * @return the artifact
     * @throws CloudException permanent, if there are links, special files or names that unpacking would refuse; retryable, if a disk or the store fails
     */
    public static Produced pack(ArtifactStore store, String name, Path root, String path) {
        try {
            Path archive = Files.createTempFile(root.toAbsolutePath().getParent(), ".packed-", ".tar.gz");
            try {
                Archives.Written written;
                try (OutputStream out = Files.newOutputStream(archive)) {
                    written = Archives.write(root, path, out);
                }
                Digest stored = store.put(() -> Files.newInputStream(archive));
                if (!stored.equals(written.digest())) {
                    throw CloudException.permanent(STORE, "artifact " + name + " changed while it was stored");
                }
                return new Produced(name, stored, written.size());
            } finally {
                Files.deleteIfExists(archive);
            }
        } catch (RefusedInputException e) {
            throw CloudException.permanent(STORE, "artifact " + name + " is refused: " + e.getMessage(), e);
        } catch (IOException e) {
            throw CloudException.retryable(STORE, "could not pack artifact " + name + ": " + e.getMessage(), e);
        }
    }
}
