// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.contracts;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** What a test needs of its machine beside a JDK: where it is missing, the test is skipped and says why, but fails where {@code CI=true}, for there it is fetched before. */
public final class Needed {
    private Needed() {}

    /**
     * Looks for a program on the path.
     *
     * @param name its name, such as {@code dash}
     * @return where it is; empty if it is not
     */
    public static Optional<Path> find(String name) {
        return Stream.of(String.valueOf(System.getenv("PATH")).split(":"))
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * A program that must be on the path.
     *
     * @param name its name
     * @return where it is
     */
    public static Path program(String name) {
        return find(name).orElseThrow(() -> missing(name + " is not on the PATH of this machine"));
    }

    /**
     * Something that must be so.
     *
     * @param isSo whether it is
     * @param otherwise what is missing if it is not
     */
    public static void that(boolean isSo, String otherwise) {
        if (!isSo) {
            throw missing(otherwise);
        }
    }

    /**
     * Something is missing: ends the test.
     *
     * @param what what is missing
     * @return never; for the caller's {@code throw}
     */
    public static RuntimeException missing(String what) {
        if (isFetched()) {
            Assertions.fail(what);
        }
        return Assumptions.abort(what);
    }

    /**
     * Something is missing, as a failure tells: ends the test.
     *
     * @param what what is missing
     * @param cause the failure
     * @return never; for the caller's {@code throw}
     */
    public static RuntimeException missing(String what, Throwable cause) {
        if (isFetched()) {
            Assertions.fail(what, cause);
        }
        return Assumptions.abort(what + ": " + cause);
    }

    /** Whether everything must be here. */
    private static boolean isFetched() {
        return "true".equals(System.getenv("CI"));
    }
}
