// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.artifacts;

import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.local.disk.Disk;
import dev.cumulane.local.disk.Reasons;
import dev.cumulane.pipeline.Digest;
import java.io.ByteArrayInputStream;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The artifact store of the local cloud: a directory. Shell scripts of work orders read and write it too, so its layout is fixed: objects at
 * {@code objects/<first 2 digits>/<64 digits>}, keys at {@code keys/<key>}, files being written in {@code tmp/}.
 *
 * <p>A file is written under another name, forced, and then given its own in one step, so nobody ever sees a part of one; a key gets its name by a hard link, which
 * exactly one of several can create. Any thread and any number of processes may use the directory at once. An interrupt disturbs nothing.
 */
public final class DirectoryArtifactStore implements ArtifactStore {
    private static final Logger LOG = LoggerFactory.getLogger(DirectoryArtifactStore.class);
    private static final String SERVICE = "artifact directory";
    private static final Duration LEFT_OVER = Duration.ofDays(1);
    private static final int BUFFER = 64 * 1024;

    private final Path root;
    private final Path objects;
    private final Path keys;
    private final Path temporary;
    private final Disk disk;
    /** Directories whose own names this process has forced. */
    private final Set<Path> settled = ConcurrentHashMap.newKeySet();

    /**
     * Opens the store of a state directory, or creates it, and deletes what a writer left in {@code tmp/} more than a day ago.
     *
     * @param stateDirectory the directory
     * @throws CloudException permanent, if it cannot be written
     */
    public DirectoryArtifactStore(Path stateDirectory) {
        this(stateDirectory, Disk.real(), InstantSource.system());
    }

    DirectoryArtifactStore(Path stateDirectory, Disk disk, InstantSource clock) {
        this.root = stateDirectory.toAbsolutePath().normalize();
        this.objects = root.resolve("objects");
        this.keys = root.resolve("keys");
        this.temporary = root.resolve("tmp");
        this.disk = disk;
        try {
            Files.createDirectories(root);
            settle(objects);
            settle(keys);
            settle(temporary);
            deleteLeftOvers(clock.instant().minus(LEFT_OVER));
        } catch (IOException e) {
            throw failure("open the store", e);
        }
    }

    @Override
    public Digest put(Source bytes) {
        Path fresh = fresh();
        try {
            Digest digest = write(bytes, fresh);
            disk.force(fresh);
            Path object = object(digest);
            Path directory = above(object);
            settle(directory);
            // Over an older one as well: these bytes are known to be right, those on the disk may be damaged by now.
            disk.rename(fresh, object);
            disk.forceDirectory(directory);
            return digest;
        } catch (IOException e) {
            throw failure("store an object", e);
        } finally {
            discard(fresh);
        }
    }

    @Override
    public Optional<InputStream> open(Digest digest) {
        return opened(object(digest));
    }

    @Override
    public boolean has(Digest digest) {
        return Files.isRegularFile(object(digest), LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    public void create(String key, byte[] value) {
        ArtifactStore.checkNew(key, value);
        Path path = path(key);
        Path directory = above(path);
        Path fresh = fresh();
        try {
            settle(directory);
            if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                write(() -> new ByteArrayInputStream(value), fresh);
                disk.force(fresh);
                link(fresh, path);
            }
            // Also for one that is there: whoever reads it next acts on it, and its creator may not have come to this
            // line.
            disk.forceDirectory(directory);
        } catch (IOException e) {
            throw failure("create key " + key, e);
        } finally {
            discard(fresh);
        }
    }

    @Override
    public Optional<byte[]> read(String key) {
        Optional<InputStream> opened = opened(path(key));
        if (opened.isEmpty()) {
            return Optional.empty();
        }
        try (InputStream in = opened.get()) {
            return Optional.of(ArtifactStore.readValue(in, SERVICE, "key " + key + " in " + root));
        } catch (IOException e) {
            throw failure("read key " + key, e);
        }
    }

    private void link(Path fresh, Path path) throws IOException {
        try {
            disk.link(fresh, path);
        } catch (FileAlreadyExistsException e) {
            LOG.debug("{} was created by another", path);
        } catch (UnsupportedOperationException e) {
            throw new FileSystemException(
                    path.toString(),
                    null,
                    "this file system has no hard links, by which a key is created once; choose another directory");
        }
    }

    private Digest write(Source bytes, Path file) throws IOException {
        MessageDigest sha256 = Digest.sha256();
        try (InputStream in = bytes.open();
                OutputStream out = disk.create(file)) {
            byte[] buffer = new byte[BUFFER];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                sha256.update(buffer, 0, read);
                out.write(buffer, 0, read);
            }
        }
        return Digest.of(sha256);
    }

    /** A regular file alone: no link leads out of the store, and no pipe keeps the reader waiting. */
    private Optional<InputStream> opened(Path file) {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new FileInputStream(file.toFile()));
        } catch (FileNotFoundException e) {
            throw failure("open " + root.relativize(file), e);
        }
    }

    /** Creates a directory below the root and those above it, and makes their names last. */
    private void settle(Path directory) throws IOException {
        if (directory.equals(root) || settled.contains(directory)) {
            return;
        }
        settle(above(directory));
        disk.createDirectory(directory);
        disk.forceDirectory(above(directory));
        settled.add(directory);
    }

    private void deleteLeftOvers(Instant before) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(temporary)) {
            for (Path file : files) {
                if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && isOlder(file, before)) {
                    discard(file);
                }
            }
        }
    }

    private static boolean isOlder(Path file, Instant than) throws IOException {
        try {
            return Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS)
                    .toInstant()
                    .isBefore(than);
        } catch (NoSuchFileException e) {
            // Another process has just finished with it.
            return false;
        }
    }

    private void discard(Path file) {
        try {
            disk.delete(file);
        } catch (IOException e) {
            // It is in nobody's way; a later start deletes it.
            LOG.debug("could not delete {}", file, e);
        }
    }

    private Path object(Digest digest) {
        return objects.resolve(digest.hex().substring(0, 2)).resolve(digest.hex());
    }

    private Path path(String key) {
        return keys.resolve(ArtifactStore.checkKey(key));
    }

    private Path fresh() {
        return temporary.resolve(UUID.randomUUID().toString());
    }

    private static Path above(Path path) {
        Path parent = path.getParent();
        if (parent == null) {
            throw new IllegalArgumentException(path + " has no directory above it");
        }
        return parent;
    }

    private CloudException failure(String attempt, IOException e) {
        String message = "could not " + attempt + " in " + root + ": " + Reasons.of(e, root);
        return CloudException.permanent(SERVICE, message, e);
    }
}
