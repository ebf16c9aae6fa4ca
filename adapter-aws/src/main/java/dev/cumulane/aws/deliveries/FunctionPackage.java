// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.deliveries;

import dev.cumulane.cloud.ArtifactFiles;
import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.Produced;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * What Lambda takes, made of an artifact: a jar or a zip as it is, anything else as a zip of its files. Equal artifacts make equal packages.
 *
 * @param bytes the package
 */
record FunctionPackage(byte[] bytes) {
    /** What Lambda takes in the call itself; a larger package would have to lie in a bucket. */
    private static final int MOST_BYTES = 50 * 1024 * 1024;

    /**
     * Makes the package of an artifact.
     *
     * @throws CloudException permanent, if the artifact is missing, damaged or too large
     */
    static FunctionPackage of(ArtifactStore store, Produced artifact) {
        Path work = null;
        try {
            work = Files.createTempDirectory("cumulane-package-");
            Path files = work.resolve("files");
            ArtifactFiles.unpack(store, artifact.digest(), files);
            byte[] bytes = packed(files);
            if (bytes.length > MOST_BYTES) {
                throw CloudException.permanent(
                        "Lambda",
                        "the package of artifact " + artifact.name() + " has " + bytes.length + " bytes; Lambda takes "
                                + MOST_BYTES + " in a call");
            }
            return new FunctionPackage(bytes);
        } catch (IOException e) {
            throw CloudException.retryable("disk", "could not make a package of artifact " + artifact.name(), e);
        } finally {
            delete(work);
        }
    }

    /** The digest in the form in which Lambda tells it. */
    String codeSha256() {
        return Base64.getEncoder()
                .encodeToString(HexFormat.of().parseHex(Digest.of(bytes).hex()));
    }

    private static byte[] packed(Path root) throws IOException {
        List<Path> files;
        try (Stream<Path> walk = Files.walk(root)) {
            files = walk.filter(Files::isRegularFile).sorted().toList();
        }
        if (files.size() == 1 && files.get(0).toString().matches(".*\\.(jar|zip)")) {
            return Files.readAllBytes(files.get(0));
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Path file : files) {
                ZipEntry entry = new ZipEntry(root.relativize(file).toString());
                entry.setTimeLocal(LocalDateTime.of(1980, 1, 1, 0, 0));
                zip.putNextEntry(entry);
                zip.write(Files.readAllBytes(file));
            }
        }
        return out.toByteArray();
    }

    private static void delete(@org.jspecify.annotations.Nullable Path work) {
        if (work == null) {
            return;
        }
        try (Stream<Path> all = Files.walk(work)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw CloudException.retryable("disk", "could not delete " + work, e);
        }
    }
}
