// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import dev.cumulane.cloud.Installer;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/** Finds the team's package. */
final class Packages {
    /** The attribute by which a jar's manifest names its entry class. */
    static final String ENTRY = "Cumulane-Entry";

    private Packages() {}

    /** The package that is named, or the one that this program runs from. */
    static Installer.Archive find(Optional<Path> jar, Optional<String> entry) {
        Path file = jar.or(Packages::running)
                .orElseThrow(() -> new UsageException("this program does not run from one jar; name it with --jar"));
        String name = entry.or(() -> entry(file))
                .orElseThrow(() -> new UsageException("which class is the entry of " + file.getFileName()
                        + "? name it with --entry, or under " + ENTRY + " in its manifest"));
        return Installer.Archive.of(file, name);
    }

    private static Optional<Path> running() {
        CodeSource source = Packages.class.getProtectionDomain().getCodeSource();
        if (source == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(Path.of(source.getLocation().toURI())).filter(Files::isRegularFile);
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> entry(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new UsageException("there is no package " + file);
        }
        try (JarFile jar = new JarFile(file.toFile())) {
            Manifest manifest = jar.getManifest();
            return manifest == null
                    ? Optional.empty()
                    : Optional.ofNullable(manifest.getMainAttributes().getValue(ENTRY));
        } catch (IOException e) {
            throw new UsageException("package " + file + " is no jar: " + e.getMessage());
        }
    }
}
