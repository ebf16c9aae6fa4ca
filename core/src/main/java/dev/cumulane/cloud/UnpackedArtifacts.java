// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud;

import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.Produced;
import dev.cumulane.run.Release;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * The files of artifacts on this disk, side by side, for as long as a package is made of them.
 *
 * @param files where each is, by its path in its artifact
 */
public record UnpackedArtifacts(SortedMap<String, Path> files) {
    /** Copies the map. */
    public UnpackedArtifacts {
        files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
    }

    /** Makes something of the files of an artifact. */
    @FunctionalInterface
    public interface Making {
        /**
         * Makes it.
         *
         * @param unpacked the files
         * @return what was made
         * @throws IOException if they cannot be read
         */
        byte[] of(UnpackedArtifacts unpacked) throws IOException;
    }

    /**
     * What to tell of a release of which an artifact is not there.
     *
     * @param store the store
     * @param release the release
     * @return one line for people; empty if all are there
     */
    public static Optional<String> missing(ArtifactStore store, Release release) {
        return release.artifacts().stream()
                .filter(artifact -> !store.has(artifact.digest()))
                .findFirst()
                .map(artifact -> "artifact " + artifact.name() + ", " + artifact.digest() + ", is not there");
    }

    /**
     * What to tell of a release of which an artifact is not there, or has other bytes than its digest says. Reads all of it: for whom a service of the cloud reads the store by itself, since
     * no one else looks then.
     *
     * @param store the store
     * @param release the release
     * @return one line for people; empty if all are there and whole
     * @throws CloudException if the store fails
     */
    public static Optional<String> unfit(ArtifactStore store, Release release) {
        return missing(store, release)
                .or(() -> release.artifacts().stream()
                        .filter(artifact -> !isWhole(store, artifact.digest()))
                        .findFirst()
                        .map(artifact -> "artifact " + artifact.name() + ", " + artifact.digest()
                                + ", is damaged: its bytes have another digest"));
    }

    /**
     * Whether the bytes of an object are those that its digest names. Reads all of them.
     *
     * @param store the store
     * @param object the object
     * @return whether it is there, and whole
     * @throws CloudException if the store fails
     */
    public static boolean isWhole(ArtifactStore store, Digest object) {
        Optional<InputStream> opened = store.open(object);
        if (opened.isEmpty()) {
            return false;
        }
        try (InputStream in = opened.get();
                DigestOutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), Digest.sha256())) {
            in.transferTo(out);
            return HexFormat.of().formatHex(out.getMessageDigest().digest()).equals(object.hex());
        } catch (IOException e) {
            throw CloudException.retryable("artifact store", "could not read " + object, e);
        }
    }

    /**
     * Unpacks artifacts, makes something of them, and deletes them again.
     *
     * @param store the store
     * @param artifacts what to unpack
     * @param making makes something of it
     * @return what was made
     * @throws CloudException permanent, if one is missing or damaged, or two have a file of one name
     */
    public static byte[] make(ArtifactStore store, List<Produced> artifacts, Making making) {
        List<Path> made = new ArrayList<>();
        try {
            Path work = Files.createTempDirectory("cumulane-package-");
            made.add(work);
            SortedMap<String, Path> files = new TreeMap<>();
            for (Produced artifact : artifacts) {
                Path root = work.resolve(artifact.name());
                ArtifactFiles.unpack(store, artifact.digest(), root);
                add(root, files);
            }
            return making.of(new UnpackedArtifacts(files));
        } catch (IOException e) {
            throw CloudException.retryable(
                    "disk",
                    "could not make a package of "
                            + artifacts.stream().map(Produced::name).toList(),
                    e);
        } finally {
            made.forEach(UnpackedArtifacts::delete);
        }
    }

    private static void add(Path root, SortedMap<String, Path> files) throws IOException {
        try (Stream<Path> walk = Files.walk(root)) {
            for (Path file : walk.filter(Files::isRegularFile).toList()) {
                String name = root.relativize(file).toString();
                if (files.put(name, file) != null) {
                    throw CloudException.permanent(
                            "artifact store", "two artifacts of the release have a file " + name);
                }
            }
        }
    }

    /**
     * A zip of the files; the same for the same files.
     *
     * @return its bytes
     * @throws IOException if they cannot be read
     */
    public byte[] zip() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (var file : files.entrySet()) {
                ZipEntry entry = new ZipEntry(file.getKey());
                entry.setTimeLocal(LocalDateTime.of(1980, 1, 1, 0, 0));
                zip.putNextEntry(entry);
                zip.write(Files.readAllBytes(file.getValue()));
            }
        }
        return out.toByteArray();
    }

    /**
     * The only file as it is, if it has one of these endings; else a zip.
     *
     * @param endings a regular expression such as {@code jar|zip}
     * @return its bytes
     * @throws IOException if they cannot be read
     */
    public byte[] packed(String endings) throws IOException {
        boolean alone = files.size() == 1 && files.firstKey().matches(".*\\.(" + endings + ")");
        return alone ? Files.readAllBytes(files.get(files.firstKey())) : zip();
    }

    private static void delete(Path work) {
        try (Stream<Path> all = Files.walk(work)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw CloudException.retryable("disk", "could not delete " + work, e);
        }
    }
}
