// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.examples.greeting;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * A source file that travels in the examples' jar.
 *
 * <p>A jar keeps no executable bit and a class path cannot be listed, so {@code files.txt} names each file with its Git mode.
 *
 * @param mode the mode as Git writes it, {@code 100644} or {@code 100755}
 * @param resource the name in the jar, below the folder of {@code files.txt}
 * @param path the path in the repository
 */
record ShippedFile(String mode, String resource, String path) {
    static final String ROOT = "/dev/cumulane/examples/";

    /** All files of a folder, sorted by path. */
    static List<ShippedFile> in(String folder) {
        return new String(read("files.txt"), UTF_8)
                .lines()
                .map(line -> line.split(" ", 2))
                .filter(entry -> entry[1].startsWith(folder + "/"))
                .map(entry -> new ShippedFile(entry[0], entry[1], pathOf(entry[1].substring(folder.length() + 1))))
                .toList();
    }

    byte[] bytes() {
        return read(resource);
    }

    /** In our own source tree a {@code .gitignore} would take effect, and Maven would leave it out of the jar. */
    private static String pathOf(String name) {
        return name.equals("gitignore") ? ".gitignore" : name;
    }

    private static byte[] read(String resource) {
        try (InputStream in = ShippedFile.class.getResourceAsStream(ROOT + resource)) {
            if (in == null) {
                throw new FileNotFoundException("the examples' jar lacks " + ROOT + resource);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
