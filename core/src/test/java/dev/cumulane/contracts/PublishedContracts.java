// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.contracts;

import java.nio.file.Files;
import java.nio.file.Path;

/** The folder of interfaces published by others, which {@code CUMULANE_CONTRACTS} names. It is not part of this project. */
public final class PublishedContracts {
    private static final String VARIABLE = "CUMULANE_CONTRACTS";

    private PublishedContracts() {}

    /**
     * One published file.
     *
     * @param name its name relative to the folder
     * @return the file
     * @throws IllegalStateException if the folder is not named or has no such file: these tests never skip
     */
    public static Path file(String name) {
        String folder = System.getenv(VARIABLE);
        if (folder == null || folder.isEmpty()) {
            throw new IllegalStateException(VARIABLE + " does not name the folder of published contracts");
        }
        Path file = Path.of(folder, name);
        if (!Files.isRegularFile(file)) {
            throw new IllegalStateException("no published contract " + name + " in " + folder);
        }
        return file;
    }
}
