// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.cloud.Logs;
import dev.cumulane.run.AttemptId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LogReaderTest {
    private String written = "";
    private boolean over;

    private final Logs logs = (attempt, service, position, most) -> {
        int to = (int) Math.min(written.length(), position + 7);
        return new Logs.Piece(written.substring((int) position, to), to, over && to == written.length());
    };
    private final LogReader reader = new LogReader(logs, new AttemptId(Samples.RUN, "build", 1), "local:1");
    private final List<String> lines = new ArrayList<>();

    @Test
    void lines_arrive_whole_and_once_however_they_were_written() {
        written = "first line\nsec";
        reader.read(lines::add);
        assertThat(lines).containsExactly("first line");

        written += "ond line\nthe rest";
        reader.read(lines::add);
        assertThat(lines).containsExactly("first line", "second line");
        assertThat(reader.ended()).isFalse();

        over = true;
        reader.read(lines::add);
        assertThat(lines).containsExactly("first line", "second line", "the rest");
        assertThat(reader.ended()).isTrue();
    }

    @Test
    void the_end_of_a_log_is_its_last_lines() {
        written = "1\n2\n3\n4\n";
        over = true;
        assertThat(reader.last(2)).containsExactly("3", "4");
    }
}
