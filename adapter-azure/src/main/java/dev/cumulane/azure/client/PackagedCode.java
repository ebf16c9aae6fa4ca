// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.client;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.cumulane.pipeline.Digest;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Optional;

/**
 * The digest of the jar that a function app runs, in a file beside that jar: settings and package of an app change one after the other, and a process that took the digest from its settings would in
 * between pass for other code than it is.
 */
public final class PackagedCode {
    /** The file's name. */
    public static final String FILE = "cumulane.sha256";

    private PackagedCode() {}

    /**
     * Reads the file beside the jar that a class is from.
     *
     * @param type a class of the jar
     * @return the digest; empty outside of a function app's package
     */
    public static Optional<Digest> of(Class<?> type) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        if (source == null || source.getLocation() == null) {
            return Optional.empty();
        }
        try {
            return read(Path.of(source.getLocation().toURI()).resolveSibling(FILE));
        } catch (URISyntaxException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Not there is usual; there and no digest is a package that somebody has changed. */
    static Optional<Digest> read(Path file) {
        try {
            return Optional.of(new Digest(Files.readString(file, US_ASCII).strip()));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new IllegalStateException("the digest of the deployed code cannot be read: " + file, e);
        }
    }
}
