// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.contracts.Needed;
import dev.cumulane.source.Repositories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Places that cannot be written: each is one clear line and three. The command line runs in a mount namespace of its own, on a file system of a few kilobytes or one that
 * is read-only, which binds root, too. Where nobody may make such a namespace, these tests are skipped.
 */
class StateDirectoryTest {
    /** How a script begins. It finds an empty directory in $disk, and the program's command line in its arguments. */
    private static final String TINY = "mount -t tmpfs -o size=\"$size\" tmpfs \"$disk\"; ";

    @TempDir
    Path directory;

    private Path repository = Path.of("");
    private Path disk = Path.of("");

    @BeforeEach
    void a_repository() throws IOException {
        repository = Repositories.create(directory.resolve("shop")).toRealPath();
        disk = Files.createDirectory(directory.resolve("disk")).toRealPath();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/proc/cumulane", "/dev/null/cumulane", "/dev/full"})
    void a_place_that_takes_no_directory_is_one_clear_line_and_three(String place) throws Exception {
        Needed.that(Files.exists(Path.of(place).getParent()), "there is no file system for " + place);

        List<String> said = script("", "\"$@\" --state " + place + " run --repo \"$repository\"; echo \"code $?\"");

        assertThat(said).hasSize(2).last().isEqualTo("code 3");
        assertThat(said.get(0))
                .startsWith("error: state directory: " + place + " cannot be created: ")
                .doesNotContain("Exception");
    }

    @ParameterizedTest
    @ValueSource(strings = {"16k", "64k", "128k"})
    void a_disk_too_small_to_begin_is_one_clear_line_and_three(String size) throws Exception {
        needNamespaces();

        List<String> said =
                script(size, TINY + "\"$@\" --state \"$disk/state\" run --repo \"$repository\"; echo \"code $?\"");

        assertThat(said).hasSize(2).last().isEqualTo("code 3");
        assertThat(said.get(0))
                .startsWith("error: SQLite: the journal " + disk)
                .contains(" cannot grow: the disk is full");
    }

    @Test
    void a_disk_that_is_filled_by_a_run_ends_the_command_with_three_and_the_run_goes_on_once_there_is_room()
            throws Exception {
        needNamespaces();
        Files.writeString(repository.resolve("test.sh"), "cat /dev/zero >filler\n");
        Repositories.git(repository, "add", "test.sh");
        Repositories.git(repository, "commit", "--quiet", "--message", "Fill the disk");

        List<String> said = script(
                "8m",
                TINY + "\"$@\" --state \"$disk/state\" run --repo \"$repository\"; echo \"code $?\"; "
                        + "mount -o remount,size=64m \"$disk\"; "
                        + "\"$@\" --state \"$disk/state\" run --resume; echo \"code $?\"");

        int first = said.indexOf("code 3");
        assertThat(first).as(String.join("\n", said)).isPositive();
        assertThat(said.get(first - 1))
                .startsWith("error: SQLite: the ")
                .contains(" cannot grow: the disk is full", " has not ended, to go on with it: ")
                .endsWith(" --state " + disk.resolve("state") + " run --resume");
        assertThat(said.subList(0, first - 1))
                .noneMatch(line -> line.startsWith("error: ") || line.startsWith("\tat "));
        assertThat(said.subList(first, said.size())).anyMatch(line -> line.endsWith("  run error"));
        assertThat(said).last().isEqualTo("code 1");
    }

    @Test
    void a_state_directory_that_became_read_only_is_one_clear_line_and_three() throws Exception {
        needNamespaces();

        List<String> said = script(
                "8m",
                TINY
                        + "\"$@\" --state \"$disk/state\" run --repo \"$repository\" --containers=required >\"$disk/out\" 2>&1; "
                        + "mount -o remount,ro \"$disk\"; "
                        + "for command in \"run --repo $repository\" runs \"show latest\" \"run --resume\" \"cancel latest --resume\"; do "
                        + "\"$@\" --state \"$disk/state\" $command; echo \"code $?\"; done");

        assertThat(said).hasSize(10);
        for (int i = 0; i < said.size(); i += 2) {
            assertThat(said.get(i))
                    .startsWith("error: ")
                    .contains(disk.toString())
                    .containsIgnoringCase("read-only");
            assertThat(said.get(i + 1)).isEqualTo("code 3");
        }
    }

    private static void needNamespaces() throws Exception {
        boolean possible;
        try {
            possible = new ProcessBuilder("unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", "/mnt")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            possible = false;
        }
        Needed.that(possible, "'unshare -rm' cannot mount here");
    }

    /** Runs a script, in a mount namespace of its own if it needs a disk of some size; gives the lines that it printed. */
    private List<String> script(String size, String script) throws Exception {
        List<String> command = new ArrayList<>(size.isEmpty() ? List.of() : List.of("unshare", "-rm"));
        command.addAll(List.of("sh", "-c", script, "sh"));
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                ShopProgram.class.getName()));
        Path out = directory.resolve("said");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile());
        builder.environment().put("disk", disk.toString());
        builder.environment().put("size", size);
        builder.environment().put("repository", repository.toString());
        builder.environment().put("CUMULANE_COMMAND", "./shop");
        Process process = builder.start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS))
                    .as("it ends; so far: " + Files.readString(out))
                    .isTrue();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        return Files.readAllLines(out);
    }
}
