// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.EventSink;
import dev.cumulane.cloud.contract.EventSinkContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract on a file, and what a file can go through. */
final class FileEventSinkContractTest extends EventSinkContract {
    @TempDir
    private Path directory;

    private Path file;
    private EventSink sink;

    @BeforeEach
    void open() {
        file = directory.resolve("below/events.jsonl");
        sink = new FileEventSink(file);
    }

    @Override
    protected EventSink sink() {
        return sink;
    }

    @Override
    protected List<String> received() throws IOException {
        return Files.readAllLines(file);
    }

    @Test
    void an_event_begins_a_line_of_its_own_after_one_that_a_crash_cut_off() throws IOException {
        Files.createDirectories(directory.resolve("below"));
        Files.writeString(file, "{\"id\":\"1\"}\n{\"id\":");

        sink.publish("3", "{\"id\":\"3\"}".getBytes(UTF_8));

        assertThat(received()).containsExactly("{\"id\":\"1\"}", "{\"id\":", "{\"id\":\"3\"}");
    }

    @Test
    void an_event_after_the_file_was_moved_away_begins_a_new_one() throws IOException {
        sink.publish("1", "{\"id\":\"1\"}".getBytes(UTF_8));
        Files.move(file, directory.resolve("old.jsonl"));

        sink.publish("2", "{\"id\":\"2\"}".getBytes(UTF_8));

        assertThat(received()).containsExactly("{\"id\":\"2\"}");
    }

    @Test
    void an_interrupted_thread_publishes_and_stays_interrupted() throws IOException {
        Thread.currentThread().interrupt();

        sink.publish("1", "{\"id\":\"1\"}".getBytes(UTF_8));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(received()).hasSize(1);
    }

    @Test
    void an_event_that_is_too_large_or_has_no_place_is_refused() throws IOException {
        assertThatIllegalArgumentException().isThrownBy(() -> sink.publish("1", new byte[256 * 1024 + 1]));

        Files.writeString(directory.resolve("below"), "a file, not a directory");
        assertThatExceptionOfType(CloudException.class)
                .isThrownBy(() -> sink.publish("1", "{}".getBytes(UTF_8)))
                .withMessageContaining(file.toString());
    }
}
