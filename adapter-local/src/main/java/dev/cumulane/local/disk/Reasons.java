// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.disk;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** Why something could not be read or written, for people: Java's own messages of files are their names alone. */
public final class Reasons {
    private Reasons() {}

    /**
     * The reason in words.
     *
     * @param e what a method of {@link java.nio.file.Files} threw
     * @param about the file that the message is about
     * @return one line, with the file that the exception names if it is another one
     */
    public static String of(IOException e, Path about) {
        if (e instanceof FileSystemException failure) {
            return what(failure)
                    + Optional.ofNullable(failure.getFile())
                            .filter(file -> !file.equals(about.toString()))
                            .map(file -> ": " + file)
                            .orElse("");
        }
        return Optional.ofNullable(e.getMessage()).orElse("it could not be read or written");
    }

    private static String what(FileSystemException e) {
        if (e instanceof NoSuchFileException) {
            return "no such file or directory";
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof FileAlreadyExistsException) {
            return "there is a file of this name";
        }
        return Optional.ofNullable(e.getReason()).orElse("it could not be read or written");
    }
}
