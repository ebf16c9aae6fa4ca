// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.disk;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/**
 * The few operations on files by which a write becomes durable: write, force, give it its name, force the directory. Called on any thread; an interrupt disturbs
 * none of them.
 */
public interface Disk {
    /**
     * The file system of this machine.
     *
     * @return the disk
     */
    static Disk real() {
        return RealDisk.INSTANCE;
    }

    /**
     * Creates a file, or empties it.
     *
     * @param file its name
     * @return where its bytes go; the caller closes it
     * @throws IOException if it cannot be created
     */
    OutputStream create(Path file) throws IOException;

    /**
     * Makes a closed file's bytes survive the loss of power; its name only does after {@link #forceDirectory}.
     *
     * @param file the file
     * @throws IOException if they may not survive
     */
    void force(Path file) throws IOException;

    /**
     * Gives a file another name in one step, in place of a file that has it.
     *
     * @param from its name until now
     * @param to its name from now on
     * @throws IOException if nothing was changed
     */
    void rename(Path from, Path to) throws IOException;

    /**
     * Gives a file a second name if nothing has that name.
     *
     * @param file its name
     * @param name the second name
     * @throws java.nio.file.FileAlreadyExistsException if the name is taken
     * @throws IOException if nothing was changed
     */
    void link(Path file, Path name) throws IOException;

    /**
     * Deletes a file if it is there.
     *
     * @param file its name
     * @throws IOException if it is still there
     */
    void delete(Path file) throws IOException;

    /**
     * Creates a directory if it is absent; the one above it is there.
     *
     * @param directory its name
     * @throws IOException if it is not there
     */
    void createDirectory(Path directory) throws IOException;

    /**
     * Makes the names in a directory survive the loss of power.
     *
     * @param directory the directory
     * @throws IOException if they may not survive
     */
    void forceDirectory(Path directory) throws IOException;
}
