// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.order;

import com.google.common.io.CountingOutputStream;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import dev.cumulane.pipeline.Digest;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestOutputStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/**
 * Artifacts' archives: gzip-compressed tar files of plain files and directories. Equal files make equal archives, and reading refuses whatever could do harm:
 * links, devices, names that lead elsewhere or meet each other, content beyond the limits, data behind the end. Any thread; nothing is kept in memory but one buffer and the names.
 */
public final class Archives {
    private Archives() {}

    /**
     * A file or directory in an archive.
     *
     * @param name the path below the workspace, with slashes, checked
     * @param directory whether it is a directory
     * @param executable whether it is a file that can be run
     * @param size the content's size in bytes
     */
    public record Entry(String name, boolean directory, boolean executable, long size) {}

    /** What is done with each entry. */
    @FunctionalInterface
    public interface Visitor {
        /**
         * Takes one entry.
         *
         * @param entry what it is
         * @param content its content, good until this returns; what is left unread is passed over
         * @throws IOException if it cannot be taken, which ends the reading
         */
        void take(Entry entry, InputStream content) throws IOException;
    }

    /**
     * An archive that was written.
     *
     * @param digest its sha-256
     * @param size its size in bytes
     */
    public record Written(Digest digest, long size) {}

    /**
     * Reads an archive to its end.
     *
     * @param archive the archive; it is not closed
     * @param visitor what to do with each entry, in the archive's order
     * @throws RefusedInputException if anything is wrong with it; entries before that have been visited
     * @throws IOException if reading or the visitor fails
     */
    public static void read(InputStream archive, Visitor visitor) throws IOException {
        read(archive, ArchiveLimits.STANDARD, visitor);
    }

    static void read(InputStream archive, ArchiveLimits limits, Visitor visitor) throws IOException {
        GzipInput unzipped = new GzipInput(archive);
        TarReader tar = new TarReader(new BoundedInput(unzipped, limits));
        ArchiveNames names = new ArchiveNames(limits.entries());
        for (Optional<Entry> next = tar.next(); next.isPresent(); next = tar.next()) {
            Entry entry = next.get();
            names.add(entry);
            visitor.take(entry, tar.content());
        }
    }

    /**
     * Unpacks an archive into a new directory, which appears whole or not at all.
     *
     * @param archive the archive; it is not closed
     * @param directory the directory to make; its parent is there, itself is not
     * @throws RefusedInputException if anything is wrong with the archive; nothing is left then
     * @throws IOException if reading or writing fails; nothing is left then
     */
    public static void unpack(InputStream archive, Path directory) throws IOException {
        Path parent = directory.toAbsolutePath().getParent();
        if (parent == null || Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
            throw new IllegalArgumentException(
                    "archives are unpacked into a new directory; this one is there: " + directory);
        }
        Path made = Files.createTempDirectory(parent, ".unpacking-");
        try {
            read(archive, (entry, content) -> unpack(entry, content, made));
            Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.move(made, directory, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            if (Files.exists(made)) {
                MoreFiles.deleteRecursively(made, RecursiveDeleteOption.ALLOW_INSECURE);
            }
        }
    }

    private static void unpack(Entry entry, InputStream content, Path root) throws IOException {
        Path path = root.resolve(entry.name());
        if (!path.normalize().startsWith(root)) {
            throw new RefusedInputException(
                    "'" + ShellText.shown(entry.name()) + "' in the archive leads out of its directory");
        }
        if (entry.directory()) {
            Files.createDirectories(path);
            return;
        }
        Files.createDirectories(path.getParent());
        try (OutputStream out = Files.newOutputStream(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            content.transferTo(out);
        }
        Files.setPosixFilePermissions(
                path, PosixFilePermissions.fromString(entry.executable() ? "rwxr-xr-x" : "rw-r--r--"));
    }

    /**
     * Writes a file or directory as an archive, under the names that it has below a root.
     *
     * @param root the directory that the names are relative to
     * @param path the file or directory below it, with slashes
     * @param out where to; it is flushed, not closed
     * @return the archive's digest and size
     * @throws RefusedInputException if there are links, special files or names that reading would refuse
     * @throws IOException if reading or writing fails
     */
    public static Written write(Path root, String path, OutputStream out) throws IOException {
        SortedMap<byte[], Path> files = files(root, RelativePath.check("path", path));
        DigestOutputStream digested = new DigestOutputStream(out, Digest.sha256());
        CountingOutputStream counted = new CountingOutputStream(digested);
        GZIPOutputStream zipped = new GZIPOutputStream(counted, 16 * 1024);
        OutputStream buffered = new BufferedOutputStream(zipped, 16 * 1024);
        TarWriter tar = new TarWriter(buffered);
        ArchiveNames names = new ArchiveNames(ArchiveLimits.STANDARD.entries());
        long bytes = 0;
        for (var one : files.entrySet()) {
            Entry entry = entry(one.getKey(), one.getValue());
            names.add(entry);
            bytes += entry.size();
            if (bytes > ArchiveLimits.STANDARD.bytes()) {
                throw new RefusedInputException(
                        "'" + path + "' holds more than " + ArchiveLimits.STANDARD.bytes() + " bytes");
            }
            if (entry.directory()) {
                tar.directory(entry.name());
                continue;
            }
            tar.file(entry.name(), entry.executable(), entry.size());
            if (Files.copy(one.getValue(), buffered) != entry.size()) {
                throw new IOException("'" + ShellText.shown(entry.name()) + "' changed while it was packed");
            }
            tar.pad(entry.size());
        }
        tar.end();
        buffered.flush();
        zipped.finish();
        counted.flush();
        return new Written(Digest.of(digested.getMessageDigest()), counted.getCount());
    }

    /**
     * One file as an archive, in memory.
     *
     * @param name the path that it has in the archive, with slashes
     * @param content its content
     * @return the archive; equal arguments give equal bytes
     */
    public static byte[] of(String name, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
        try (OutputStream zipped = new GZIPOutputStream(out)) {
            TarWriter tar = new TarWriter(zipped);
            tar.file(RelativePath.check("path", name), false, content.length);
            zipped.write(content);
            tar.pad(content.length);
            tar.end();
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot be written", e);
        }
        return out.toByteArray();
    }

    /** Files and empty directories by their names' bytes, in the order in which {@code LC_ALL=C sort} has them. */
    private static SortedMap<byte[], Path> files(Path root, String path) throws IOException {
        SortedMap<byte[], Path> files = new TreeMap<>(Arrays::compareUnsigned);
        try (Stream<Path> walk = Files.walk(root.resolve(path))) {
            for (Path one : (Iterable<Path>) walk::iterator) {
                if (!Files.isDirectory(one, LinkOption.NOFOLLOW_LINKS) || isEmpty(one)) {
                    files.put(root.relativize(one).toString().getBytes(StandardCharsets.UTF_8), one);
                }
            }
        }
        return files;
    }

    private static boolean isEmpty(Path directory) throws IOException {
        try (Stream<Path> list = Files.list(directory)) {
            return list.findAny().isEmpty();
        }
    }

    private static Entry entry(byte[] nameBytes, Path file) throws IOException {
        String name = new String(nameBytes, StandardCharsets.UTF_8);
        BasicFileAttributes attributes =
                Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (!attributes.isDirectory() && !attributes.isRegularFile()) {
            throw new RefusedInputException(
                    "'" + ShellText.shown(name) + "' is a link or a special file, which no archive takes");
        }
        boolean directory = attributes.isDirectory();
        return new Entry(name, directory, !directory && Files.isExecutable(file), directory ? 0 : attributes.size());
    }
}
