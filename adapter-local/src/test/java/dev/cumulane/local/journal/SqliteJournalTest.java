// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.Journal.Listed;
import dev.cumulane.cloud.Journal.Snapshot;
import dev.cumulane.cloud.StreamId;
import dev.cumulane.run.RunId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SqliteJournalTest {
    private static final RunId RUN_ID = new RunId("shop-0k3v9q2m7xw4b1ce");
    private static final StreamId RUN = StreamId.of(RUN_ID);

    @TempDir
    private Path directory;

    @Test
    void everything_is_there_after_opening_again() {
        Instant now = Instant.parse("2026-11-23T08:00:00Z");
        try (SqliteJournal journal = SqliteJournal.open(directory)) {
            journal.list(new Listed(RUN_ID, now, now));
            journal.append(RUN, 1, bytes("one"));
            journal.putInbox(RUN, "vote", bytes("yes"));
            journal.putSnapshot(RUN, new Snapshot(1, bytes("state")));
        }

        try (SqliteJournal journal = SqliteJournal.open(directory)) {
            assertThat(journal.read(RUN, 1, 10)).hasSize(1);
            assertThat(journal.inbox(RUN, 10)).hasSize(1);
            assertThat(journal.snapshot(RUN)).isPresent();
            assertThat(journal.open(Instant.MAX, 10)).containsExactly(new Listed(RUN_ID, now, now));
            assertThat(journal.recent(10)).hasSize(1);
        }
    }

    @Test
    void the_history_is_readable_with_any_sqlite_tool() throws SQLException {
        try (SqliteJournal journal = SqliteJournal.open(directory)) {
            journal.append(RUN, 1, bytes("{\"type\":\"RunStarted\"}"));
        }

        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT stream, sequence, record FROM history")) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getString(1)).isEqualTo("run/" + RUN_ID);
            assertThat(rows.getLong(2)).isEqualTo(1);
            assertThat(rows.getString(3)).isEqualTo("{\"type\":\"RunStarted\"}");
        }
    }

    @Test
    void a_flipped_bit_inside_a_record_is_found_when_it_is_read() throws IOException {
        try (SqliteJournal journal = SqliteJournal.open(directory)) {
            journal.append(RUN, 1, bytes("before"));
            journal.append(RUN, 2, bytes("the canary of this test"));
        }
        flip(bytes("canary"));

        try (SqliteJournal journal = SqliteJournal.open(directory)) {
            assertThat(journal.read(RUN, 1, 1)).hasSize(1);
            assertThatExceptionOfType(CloudException.class)
                    .isThrownBy(() -> journal.read(RUN, 1, 10))
                    .withMessage("the journal is damaged: record 2 of run/" + RUN_ID
                            + " does not have the checksum it was written with")
                    .satisfies(e -> assertThat(e.retryable()).isFalse());
        }
    }

    @Test
    void a_record_that_strayed_to_another_place_is_found() throws SQLException {
        try (SqliteJournal journal = SqliteJournal.open(directory)) {
            journal.append(RUN, 1, bytes("one"));
            journal.append(StreamId.environment("production"), 1, bytes("granted"));
        }
        execute("UPDATE records SET stream = 3 - stream, sequence = 2 WHERE bytes = CAST('granted' AS BLOB)");

        try (SqliteJournal journal = SqliteJournal.open(directory)) {
            assertThatExceptionOfType(CloudException.class)
                    .isThrownBy(() -> journal.read(RUN, 1, 10))
                    .withMessageContaining("checksum");
        }
    }

    @Test
    void a_record_that_is_gone_is_missed() throws SQLException {
        try (SqliteJournal journal = SqliteJournal.open(directory)) {
            for (int i = 1; i <= 3; i++) {
                journal.append(RUN, i, bytes("r" + i));
            }
        }
        execute("DELETE FROM records WHERE sequence = 2");

        try (SqliteJournal journal = SqliteJournal.open(directory)) {
            assertThatExceptionOfType(CloudException.class)
                    .isThrownBy(() -> journal.read(RUN, 1, 10))
                    .withMessage("the journal is damaged: record 2 of run/" + RUN_ID + " is missing");
        }
    }

    @Test
    void a_damaged_snapshot_is_as_good_as_none_and_a_damaged_signal_is_refused() throws IOException {
        try (SqliteJournal journal = SqliteJournal.open(directory)) {
            journal.putSnapshot(RUN, new Snapshot(64, bytes("snapshot canary")));
            journal.putInbox(RUN, "vote", bytes("signal parrot"));
        }
        flip(bytes("canary"));
        flip(bytes("parrot"));

        try (SqliteJournal journal = SqliteJournal.open(directory)) {
            assertThat(journal.snapshot(RUN)).isEmpty();
            assertThatExceptionOfType(CloudException.class)
                    .isThrownBy(() -> journal.inbox(RUN, 10))
                    .withMessageContaining("a signal of run/" + RUN_ID);
        }
    }

    @Test
    void of_processes_that_append_the_same_numbers_each_number_is_appended_by_one() throws Exception {
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            processes.add(new ProcessBuilder(
                            ProcessHandle.current().info().command().orElseThrow(),
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            AppendingProcess.class.getName(),
                            directory.toString(),
                            RUN.value(),
                            "200")
                    .redirectErrorStream(true)
                    .start());
        }
        int appended = 0;
        for (Process process : processes) {
            String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(printed).containsPattern("appended [0-9]+\\R");
            appended += Integer.parseInt(printed.replaceFirst("(?s).*appended ([0-9]+)\\R.*", "$1"));
        }

        assertThat(appended).isEqualTo(200);
        try (SqliteJournal journal = SqliteJournal.open(directory)) {
            assertThat(journal.read(RUN, 1, 1000)).hasSize(200);
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + directory.resolve(SqliteJournal.FILE));
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate(sql)).isEqualTo(1);
        }
    }

    /** Flips a bit of the first byte of these, which stand once in the file. */
    private void flip(byte[] wanted) throws IOException {
        Path file = directory.resolve(SqliteJournal.FILE);
        byte[] bytes = Files.readAllBytes(file);
        int at = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1)
                .indexOf(new String(wanted, java.nio.charset.StandardCharsets.ISO_8859_1));
        assertThat(at).isPositive();
        bytes[at] ^= 1;
        Files.write(file, bytes);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
