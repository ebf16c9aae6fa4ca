// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.examples.greeting;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cumulane.cloud.CloudException;
import dev.cumulane.local.disk.Reasons;
import dev.cumulane.run.Commit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A Git repository of the greeting service, made from the sources shipped with the examples.
 *
 * <p>The repository is bare: who wants to change the service clones it. It belongs to the examples; every {@link #commit}
 * sets {@code main} anew, and a tag per version keeps the others. Authors and dates are fixed, so equal sources give equal
 * commit ids, in any directory and however often. Needs {@code git} on the path; safe for use by several threads.
 */
public final class SampleRepository {
    private static final String MAIN = "refs/heads/main";
    /** Says that the directory is ours, and is written before anything else in it. */
    private static final String MARKER = "cumulane-sample";

    private static final long FIRST_COMMIT = 1_767_225_600; // 2026-01-01T00:00:00Z, in seconds
    private static final long BETWEEN_COMMITS = 3600;

    private final Path directory;

    private SampleRepository(Path directory) {
        this.directory = directory;
    }

    /** A version of the service. The broken ones are a second commit upon {@link #GREETING}. */
    public enum Version {
        /** The service as it should be. */
        GREETING("greeting", "greeting/service", "Greet the world over HTTP"),
        /** One unit test fails. */
        BROKEN_TEST("broken-test", "failing/broken-test", "Trim names with less work"),
        /** All tests pass; deployed, the service answers 500 to its health check. */
        BROKEN_HEALTH("broken-health", "failing/broken-health", "Greet in the language of the house");

        private final String tag;
        private final String folder;
        private final String message;

        Version(String tag, String folder, String message) {
            this.tag = tag;
            this.folder = folder;
            this.message = message;
        }

        /**
         * The tag under which the repository keeps this version.
         *
         * @return the tag's short name
         */
        public String tag() {
            return tag;
        }

        private List<Version> history() {
            return this == GREETING ? List.of(GREETING) : List.of(GREETING, this);
        }
    }

    /**
     * The repository in this directory, created if it is not there.
     *
     * @param directory a directory that is absent, empty or made by this class
     * @return the repository
     * @throws IllegalArgumentException if the directory holds something else
     * @throws CloudException permanent, if the directory cannot be written, or {@code git} is missing or fails
     */
    public static SampleRepository at(Path directory) {
        Path absolute = directory.toAbsolutePath().normalize();
        try {
            claim(absolute);
        } catch (IOException e) {
            throw CloudException.permanent(
                    "disk", "cannot make a sample repository in " + absolute + ": " + Reasons.of(e, absolute), e);
        }
        SampleRepository repository = new SampleRepository(absolute);
        repository.git(new byte[0], "init", "--quiet", "--bare", "--template=");
        return repository;
    }

    /**
     * Where the repository is; a URL to clone from.
     *
     * @return the absolute path
     */
    public Path directory() {
        return directory;
    }

    /**
     * Commits a version of the service to {@code main}; a version that is there already keeps its id.
     *
     * @param version which version
     * @return the commit, found through {@code main}
     * @throws CloudException permanent, if {@code git} is missing or fails
     */
    public Commit commit(Version version) {
        FastImport commits = new FastImport();
        for (Version each : version.history()) {
            commits.add(each);
        }
        String id = git(commits.stream(), "fast-import", "--quiet", "--done", "--force")
                .strip();
        return Commit.commit(directory.toString(), id).at(MAIN);
    }

    private static void claim(Path directory) throws IOException {
        Files.createDirectories(directory);
        Path marker = directory.resolve(MARKER);
        if (Files.exists(marker)) {
            return;
        }
        try (Stream<Path> entries = Files.list(directory)) {
            if (entries.findAny().isPresent()) {
                throw new IllegalArgumentException(
                        directory + " is not a sample repository; name a directory that is absent or empty");
            }
        }
        Files.writeString(marker, "Made by the Cumulane examples, which may make it anew. Clone it to change it.\n");
    }

    private String git(byte[] input, String... arguments) {
        // What the user configured for their own commits (hooks, signing, line ends) has no say in ours.
        List<String> command = new ArrayList<>(List.of("git", "-c", "core.hooksPath=/dev/null"));
        command.addAll(List.of("-c", "commit.gpgsign=false", "-c", "core.autocrlf=false"));
        command.addAll(List.of("-c", "init.defaultBranch=main", "--git-dir=" + directory));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
        builder.environment().put("LC_ALL", "C");
        try {
            Process process = builder.start();
            feed(process, input);
            String output = new String(process.getInputStream().readAllBytes(), UTF_8);
            String complaint = new String(process.getErrorStream().readAllBytes(), UTF_8);
            int exit = process.onExit().join().exitValue();
            if (exit != 0) {
                throw CloudException.permanent(
                        "git",
                        "git " + arguments[0] + " exited with " + exit + ": "
                                + complaint.strip().replace('\n', ' '));
            }
            return output;
        } catch (IOException e) {
            throw CloudException.permanent("git", "cannot run git, which the examples need: " + e.getMessage(), e);
        }
    }

    private static void feed(Process process, byte[] input) {
        try (OutputStream stdin = process.getOutputStream()) {
            stdin.write(input);
        } catch (IOException expected) {
            // A git that gave up stops reading; its exit code and its own words say why.
        }
    }

    /** Writes what {@code git fast-import} reads: whole commits, without a work tree, an index or a process per file. */
    private static final class FastImport {
        private final ByteArrayOutputStream stream = new ByteArrayOutputStream();
        private int mark;

        void add(Version version) {
            mark++;
            String person = "Ada Example <ada@example.com> " + (FIRST_COMMIT + mark * BETWEEN_COMMITS) + " +0000";
            line("commit " + MAIN);
            line("mark :" + mark);
            line("author " + person);
            line("committer " + person);
            data((version.message + "\n").getBytes(UTF_8));
            if (mark > 1) {
                line("from :" + (mark - 1));
            }
            for (ShippedFile file : ShippedFile.in(version.folder)) {
                line("M " + file.mode() + " inline " + file.path());
                data(file.bytes());
            }
            line("reset refs/tags/" + version.tag);
            line("from :" + mark);
            line("");
        }

        byte[] stream() {
            line("get-mark :" + mark);
            line("done");
            return stream.toByteArray();
        }

        private void line(String text) {
            stream.writeBytes((text + "\n").getBytes(UTF_8));
        }

        private void data(byte[] bytes) {
            line("data " + bytes.length);
            stream.writeBytes(bytes);
            line("");
        }
    }
}
