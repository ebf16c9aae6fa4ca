// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.order;

import dev.cumulane.contracts.Needed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The shells and tool sets that work orders are tried with. */
enum Shell {
    /** The machine's own sh and tools. */
    SYSTEM {
        @Override
        void tools(Path into) throws IOException {
            for (String tool : TOOLS) {
                Optional<Path> found = Needed.find(tool);
                if (found.isPresent()) {
                    Files.createSymbolicLink(into.resolve(tool), found.get());
                }
            }
        }
    },
    /** The machine's tools with dash as sh. */
    DASH {
        @Override
        void tools(Path into) throws IOException {
            Path dash = Needed.program("dash");
            SYSTEM.tools(into);
            Files.deleteIfExists(into.resolve("sh"));
            Files.createSymbolicLink(into.resolve("sh"), dash);
        }
    },
    /** Nothing but busybox and git. */
    BUSYBOX {
        @Override
        void tools(Path into) throws IOException {
            Path busybox = Needed.program("busybox");
            for (String applet : output(busybox.toString(), "--list").split("\\s+")) {
                Files.createSymbolicLink(into.resolve(applet), busybox);
            }
            Files.deleteIfExists(into.resolve("git"));
            Files.createSymbolicLink(into.resolve("git"), Needed.program("git"));
        }
    };

    /** All that orders, launchers and these tests' commands need. */
    private static final List<String> TOOLS = List.of(
            ("awk cat chmod cp cut date env find git grep gzip head ln ls mkdir mkfifo mv od openssl ps rm rmdir sed sh "
                            + "sha256sum shasum sleep sort sync tar touch tr uniq wc xargs")
                    .split(" "));

    /** Puts links to the tools into an empty directory, which then serves as the whole PATH. */
    abstract void tools(Path into) throws IOException;

    static String output(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException(List.of(command) + " ended with: " + text);
            }
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        }
        return text;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
