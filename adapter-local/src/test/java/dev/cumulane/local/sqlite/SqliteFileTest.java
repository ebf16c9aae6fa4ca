// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.cumulane.cloud.CloudException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SqliteFileTest {
    private static final Layout LAYOUT = new Layout(
            "test file",
            0x74657374,
            3,
            List.of("CREATE TABLE texts (number INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT"));

    @TempDir
    private Path directory;

    @Test
    void a_commit_waits_for_the_disk_and_readers_do_not_wait_for_the_writer() {
        try (SqliteFile file = open()) {
            assertThat(file.<List<Long>>write(
                            "look", session -> session.rows(row -> row.getLong(1), "PRAGMA synchronous")))
                    .containsExactly(2L);
            assertThat(file.<List<String>>write(
                            "look", session -> session.rows(row -> row.getString(1), "PRAGMA journal_mode")))
                    .containsExactly("wal");
        }
    }

    @Test
    void what_was_written_is_there_after_opening_again_and_for_another_instance() {
        try (SqliteFile file = open()) {
            insert(file, 1, "one");
            try (SqliteFile another = open()) {
                assertThat(texts(another)).containsExactly("one");
                insert(another, 2, "two");
            }
            assertThat(texts(file)).containsExactly("one", "two");
        }
        try (SqliteFile file = open()) {
            assertThat(texts(file)).containsExactly("one", "two");
        }
    }

    @Test
    void a_reader_cannot_write() {
        try (SqliteFile file = open()) {
            assertThatExceptionOfType(CloudException.class)
                    .isThrownBy(() -> file.read(
                            "write in a read", session -> session.update("INSERT INTO texts VALUES (1, 'x')")));
            assertThat(texts(file)).isEmpty();
        }
    }

    @Test
    void what_waits_together_is_committed_together_and_one_that_fails_does_not_fail_the_others() throws Exception {
        try (SqliteFile file = open()) {
            CountDownLatch held = new CountDownLatch(1);
            CompletableFuture<Boolean> first = file.writeLater("hold the writer", session -> await(held));
            List<CompletableFuture<Integer>> waiting = new ArrayList<>();
            for (int i = 1; i <= 20; i++) {
                int number = i == 13 ? 12 : i;
                waiting.add(file.writeLater(
                        "insert " + i,
                        session -> session.update("INSERT INTO texts VALUES (?, ?)", number, "t" + number)));
            }
            held.countDown();

            assertThat(first.get(10, TimeUnit.SECONDS)).isTrue();
            for (int i = 1; i <= 20; i++) {
                CompletableFuture<Integer> answer = waiting.get(i - 1);
                if (i == 13) {
                    assertThat(answer)
                            .failsWithin(10, TimeUnit.SECONDS)
                            .withThrowableThat()
                            .withCauseInstanceOf(CloudException.class);
                } else {
                    assertThat(answer).succeedsWithin(10, TimeUnit.SECONDS).isEqualTo(1);
                }
            }
            assertThat(texts(file)).hasSize(19);
        }
    }

    @Test
    void an_exception_of_the_work_itself_reaches_the_caller_and_nothing_is_written() {
        try (SqliteFile file = open()) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> file.write("fail", session -> {
                        session.update("INSERT INTO texts VALUES (1, 'x')");
                        throw new IllegalStateException("of the work");
                    }))
                    .withMessage("of the work");

            assertThat(texts(file)).isEmpty();
            insert(file, 1, "still working");
        }
    }

    @Test
    void an_interrupted_caller_gets_its_answer_and_stays_interrupted() {
        try (SqliteFile file = open()) {
            Thread.currentThread().interrupt();

            insert(file, 1, "one");

            assertThat(texts(file)).containsExactly("one");
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void closing_writes_what_waits_and_later_calls_are_refused() {
        SqliteFile file = open();
        List<CompletableFuture<Integer>> waiting = new ArrayList<>();
        for (int i = 1; i <= 100; i++) {
            int number = i;
            waiting.add(
                    file.writeLater("insert", session -> session.update("INSERT INTO texts VALUES (?, 'x')", number)));
        }

        file.close();
        file.close();

        assertThat(waiting).allSatisfy(answer -> assertThat(answer).isCompletedWithValue(1));
        assertThatIllegalStateException()
                .isThrownBy(() -> insert(file, 101, "late"))
                .withMessageContaining("closed");
        assertThatIllegalStateException().isThrownBy(() -> texts(file)).withMessageContaining("closed");
        assertThatIllegalStateException().isThrownBy(file::watch).withMessageContaining("closed");
        try (SqliteFile again = open()) {
            assertThat(texts(again)).hasSize(100);
        }
        assertThat(directory).isDirectoryNotContaining("glob:**-wal");
    }

    @Test
    void a_watch_tells_of_a_change_by_anybody_once() {
        try (SqliteFile file = open();
                SqliteFile another = open();
                SqliteFile.Watch watch = file.watch()) {
            assertThat(watch.changed()).isTrue();
            assertThat(watch.changed()).isFalse();

            insert(file, 1, "by this one");
            assertThat(watch.changed()).isTrue();
            assertThat(watch.changed()).isFalse();

            insert(another, 2, "by another");
            assertThat(watch.changed()).isTrue();
            assertThat(watch.changed()).isFalse();
        }
    }

    @Test
    void a_full_disk_is_said_in_one_line_and_what_was_written_stays() {
        try (SqliteFile file = open()) {
            assertThat(file.<List<Long>>write(
                            "limit the file",
                            session -> session.rows(row -> row.getLong(1), "PRAGMA max_page_count = 12")))
                    .containsExactly(12L);
            insert(file, 1, "one");

            assertOneLine(() -> insert(file, 2, "x".repeat(100_000)), "the disk is full");

            assertThat(texts(file)).containsExactly("one");
            insert(file, 3, "small enough");
        }
    }

    @Test
    void a_truncated_file_is_refused_at_every_length() throws IOException {
        fill();
        Path path = directory.resolve("test.db");
        byte[] whole = Files.readAllBytes(path);
        for (int length :
                new int[] {0, 1, 15, 16, 100, 4095, 4096, 8192, whole.length / 2, whole.length - 4096, whole.length - 1
                }) {
            Files.write(path, java.util.Arrays.copyOf(whole, length));

            assertOneLine(this::open, "damaged");
        }
    }

    @Test
    void a_flipped_bit_in_the_structure_is_refused() throws IOException {
        fill();
        Path path = directory.resolve("test.db");
        byte[] whole = Files.readAllBytes(path);
        // The magic, the page size, the application id, the schema's page, and the first bytes of every further page.
        List<Integer> positions = new ArrayList<>(List.of(0, 5, 16, 68, 100, 103));
        for (int page = 4096; page < whole.length; page += 4096) {
            positions.add(page);
        }
        for (int position : positions) {
            byte[] flipped = whole.clone();
            flipped[position] ^= 0x40;
            Files.write(path, flipped);

            assertOneLine(this::open, "test file");
        }
    }

    @Test
    void a_file_of_newer_code_is_refused_with_both_versions() {
        SqliteFile.open(
                        directory.resolve("test.db"),
                        new Layout("test file", LAYOUT.application(), 4, LAYOUT.statements()))
                .close();

        assertOneLine(this::open, "version 4");
    }

    @Test
    void a_file_of_another_program_is_refused() {
        SqliteFile.open(directory.resolve("test.db"), new Layout("other", 1, 3, LAYOUT.statements()))
                .close();

        assertOneLine(this::open, "not written by Cumulane");
    }

    @Test
    void a_text_file_is_refused() throws IOException {
        Files.writeString(directory.resolve("test.db"), "hello, this is not a database at all");

        assertOneLine(this::open, "does not begin as a SQLite file does");
    }

    @Test
    void a_log_without_its_file_is_refused() throws IOException {
        Files.write(directory.resolve("test.db-wal"), new byte[100]);

        assertOneLine(this::open, "is gone");
    }

    @Test
    void a_place_that_is_no_directory_is_refused() throws IOException {
        Files.writeString(directory.resolve("state"), "a file");

        assertOneLine(() -> SqliteFile.open(directory.resolve("state").resolve("test.db"), LAYOUT), "cannot be opened");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SqliteFile.open(directory.resolve("what?/test.db"), LAYOUT))
                .withMessageContaining("'?'");
    }

    @Test
    void a_read_only_directory_is_refused_in_one_line() throws IOException {
        fill();
        Files.setPosixFilePermissions(directory.resolve("test.db"), PosixFilePermissions.fromString("r--r--r--"));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("r-xr-xr-x"));
        // Root may write everywhere but where the kernel itself refuses.
        Path place = Files.isWritable(directory) ? Path.of("/proc") : directory;
        try {
            assertOneLine(() -> SqliteFile.open(place.resolve("test.db"), LAYOUT), "test file");
        } finally {
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    private SqliteFile open() {
        return SqliteFile.open(directory.resolve("test.db"), LAYOUT);
    }

    private void fill() {
        try (SqliteFile file = open()) {
            for (int i = 1; i <= 100; i++) {
                insert(file, i, "text ".repeat(100));
            }
        }
    }

    private static void insert(SqliteFile file, int number, String text) {
        int inserted = file.write(
                "insert " + number, session -> session.update("INSERT INTO texts VALUES (?, ?)", number, text));
        assertThat(inserted).isEqualTo(1);
    }

    private static List<String> texts(SqliteFile file) {
        return file.read(
                "read", session -> session.rows(row -> row.getString(1), "SELECT text FROM texts ORDER BY number"));
    }

    private static void assertOneLine(ThrowingCallable work, String containing) {
        assertThatExceptionOfType(CloudException.class)
                .isThrownBy(work)
                .satisfies(e -> assertThat(e.getMessage()).contains(containing).doesNotContain("\n"))
                .satisfies(e -> assertThat(e.service()).isEqualTo("SQLite"))
                .satisfies(e -> assertThat(e.retryable()).isFalse());
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
