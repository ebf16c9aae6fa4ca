// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.shell;

import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.pipeline.Digest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Keeps the code of function stages in the artifact store, so that a run goes on with the code that it began with. */
final class CodeArchive {
    private CodeArchive() {}

    /**
     * Stores the jar that holds these classes; directories of classes are packed, sorted and with fixed times, so that equal classes give equal bytes.
     *
     * @return the jar's digest
     */
    static Digest keep(ArtifactStore store, Collection<? extends Class<?>> classes) {
        Set<Path> places = new LinkedHashSet<>();
        classes.forEach(type -> places.add(place(type)));
        if (places.size() != 1) {
            throw new IllegalArgumentException(
                    "the function stages' classes lie in several places and not in one jar or directory: " + places);
        }
        Path place = places.iterator().next();
        if (Files.isRegularFile(place)) {
            return store.put(() -> Files.newInputStream(place));
        }
        byte[] packed = pack(place);
        return store.put(() -> new ByteArrayInputStream(packed));
    }

    private static Path place(Class<?> type) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        if (source == null || source.getLocation() == null) {
            throw new IllegalArgumentException(
                    "class " + type.getName() + " of a function stage was not loaded from a jar or a directory");
        }
        try {
            return Path.of(source.getLocation().toURI());
        } catch (URISyntaxException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "class " + type.getName() + " of a function stage was loaded from " + source.getLocation()
                            + ", which is no file",
                    e);
        }
    }

    private static byte[] pack(Path directory) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (Stream<Path> walk = Files.walk(directory);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            List<Path> files = walk.filter(Files::isRegularFile).sorted().toList();
            for (Path file : files) {
                byte[] bytes = Files.readAllBytes(file);
                ZipEntry entry =
                        new ZipEntry(directory.relativize(file).toString().replace('\\', '/'));
                CRC32 crc = new CRC32();
                crc.update(bytes);
                entry.setMethod(ZipEntry.STORED);
                entry.setSize(bytes.length);
                entry.setCrc(crc.getValue());
                entry.setTimeLocal(java.time.LocalDateTime.of(1980, 1, 1, 0, 0));
                zip.putNextEntry(entry);
                zip.write(bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("could not read the classes in " + directory, e);
        }
        return out.toByteArray();
    }
}
