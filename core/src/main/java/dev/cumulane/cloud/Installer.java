// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud;

import dev.cumulane.pipeline.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * Brings what a {@link Blueprint} describes into a cloud, tells what that would change, and takes it away again.
 *
 * <p>Called by the command line, on its thread, by people with more rights than the installation itself. Calls that change something may take many minutes; a process that ends
 * in between harms nothing: the same call, made again, goes on where it was. Lines of progress are for people, one at a time. Every method throws {@link CloudException} if
 * the cloud refuses or does not answer.
 */
public interface Installer {
    /**
     * What is installed, or would be.
     *
     * @return one line for people, such as {@code stack shop-ci in eu-west-1}
     */
    String name();

    /**
     * What {@link #install} would change if the code stayed as it is.
     *
     * @param demand what the engine needs
     * @return the changes in a fixed order; empty if there are none
     */
    List<Change> changes(Blueprint.Demand demand);

    /**
     * Installs, or changes what is installed. A second call with the same arguments changes nothing.
     *
     * @param demand what the engine needs
     * @param archive what the functions run
     * @param progress takes lines
     * @return what is there now
     */
    Installed install(Blueprint.Demand demand, Archive archive, Consumer<String> progress);

    /**
     * All that {@link #remove} would delete.
     *
     * @return empty if nothing is installed
     */
    List<Belonging> belongings();

    /**
     * Deletes everything that is installed, with all that was stored in it. What is gone already is no failure.
     *
     * @param progress takes lines
     */
    void remove(Consumer<String> progress);

    /**
     * One difference between what is installed and what is wanted.
     *
     * @param kind what becomes of it
     * @param what the resource or the permission: one line for people
     */
    record Change(Kind kind, String what) {
        /** What becomes of a resource or a permission. */
        public enum Kind {
            /** It is not there yet. */
            ADDED,
            /** It is there and different. */
            CHANGED,
            /** It is no longer wanted. */
            REMOVED
        }
    }

    /**
     * What an installation came to.
     *
     * @param changed whether anything had to be changed
     * @param ingress where webhooks, pages and builds ask, without a slash at its end
     */
    record Installed(boolean changed, URI ingress) {}

    /**
     * Something that is installed.
     *
     * @param name what it is and what it is called, for people
     * @param holdsData whether histories, artifacts or secrets are lost with it
     */
    record Belonging(String name, boolean holdsData) {}

    /**
     * The team's package.
     *
     * @param file the jar
     * @param code its entry class and its digest
     */
    record Archive(Path file, Blueprint.Code code) {
        /**
         * Looks into a jar.
         *
         * @param file the jar
         * @param entry the binary name of the entry class
         * @return the archive
         * @throws IllegalArgumentException if there is no such file, it is no jar, or has no such class
         */
        public static Archive of(Path file, String entry) {
            if (!Files.isRegularFile(file)) {
                throw new IllegalArgumentException("there is no package " + file);
            }
            try {
                Blueprint.Code code = new Blueprint.Code(entry, Digest.of(Files.readAllBytes(file)));
                requireClass(file, entry);
                return new Archive(file, code);
            } catch (IOException e) {
                throw new UncheckedIOException("package " + file + " cannot be read: " + e.getMessage(), e);
            }
        }

        private static void requireClass(Path file, String entry) throws IOException {
            try (ZipFile jar = new ZipFile(file.toFile())) {
                if (jar.getEntry(entry.replace('.', '/') + ".class") == null) {
                    throw new IllegalArgumentException("package " + file + " has no class " + entry);
                }
            } catch (ZipException e) {
                throw new IllegalArgumentException("package " + file + " is no jar: " + e.getMessage(), e);
            }
        }
    }
}
