// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.deliveries;

import dev.cumulane.cloud.CloudException;
import dev.cumulane.local.process.Trees;
import dev.cumulane.run.Produced;
import dev.cumulane.run.Release;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/** Lays a release out: the files of all its artifacts, side by side in one directory. */
final class Layout {
    private final Unpacking unpacking;

    Layout(Unpacking unpacking) {
        this.unpacking = unpacking;
    }

    /**
     * Makes a directory with a release's files, which appears whole or not at all.
     *
     * @param release the release
     * @param directory the directory to make; its parent is there
     * @throws CloudException permanent, if an artifact cannot be used or two have a file of one name; retryable, if the disk does not take it
     */
    void make(Release release, Path directory) {
        List<Produced> artifacts = release.artifacts();
        if (artifacts.size() == 1) {
            unpacking.unpack(artifacts.get(0).digest(), directory);
            return;
        }
        Path whole = directory.resolveSibling("files.next");
        Path part = directory.resolveSibling("files.part");
        try {
            Trees.delete(whole);
            Files.createDirectories(whole);
            for (Produced artifact : artifacts) {
                Trees.delete(part);
                unpacking.unpack(artifact.digest(), part);
                merge(artifact, part, whole);
            }
            Trees.delete(part);
            Files.move(whole, directory, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw CloudException.retryable("disk", "could not lay out " + directory + ": " + e.getMessage(), e);
        }
    }

    private static void merge(Produced artifact, Path part, Path whole) throws IOException {
        List<Path> found;
        try (Stream<Path> walk = Files.walk(part)) {
            found = walk.toList();
        }
        for (Path source : found) {
            Path target = whole.resolve(part.relativize(source));
            if (Files.isDirectory(source, LinkOption.NOFOLLOW_LINKS)
                    && (Files.notExists(target) || Files.isDirectory(target))) {
                Files.createDirectories(target);
            } else if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
                throw CloudException.permanent(
                        "deliveries",
                        "artifact '" + artifact.name() + "' has a file " + part.relativize(source)
                                + ", as another artifact of the release has");
            } else {
                Files.move(source, target);
            }
        }
    }
}
