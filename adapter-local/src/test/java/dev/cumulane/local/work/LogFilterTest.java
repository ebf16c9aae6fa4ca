// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.work;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LogFilterTest {
    private static final byte[] MARK = "\0abca".getBytes(US_ASCII);

    @Test
    void everything_before_the_mark_is_copied_however_it_is_cut() throws IOException {
        Random random = new Random(7);
        for (int round = 0; round < 500; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < 60; i++) {
                text.append(List.of("\0", "a", "b", "c", "\0abc", "\0ab").get(random.nextInt(6)));
            }
            String before = text.toString().replace("\0abca", "\0abcb") + "x";

            assertThat(copied(before + "\0abca" + "after", random)).isEqualTo(before);
            assertThat(copied(before + "\0abc", random)).isEqualTo(before + "\0abc");
        }
    }

    @Test
    void work_without_secrets_prints_to_its_log_itself() {
        List<String> command = List.of("/bin/sh", "launcher.sh");

        assertThat(LogFilter.over(command, Path.of("unused"), List.of())).isSameAs(command);
    }

    private static String copied(String text, Random random) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        InputStream pieces = new ByteArrayInputStream(text.getBytes(US_ASCII)) {
            @Override
            public synchronized int read(byte[] buffer, int offset, int length) {
                return super.read(buffer, offset, Math.min(length, 1 + random.nextInt(7)));
            }

            @Override
            public int read(byte[] buffer) {
                return read(buffer, 0, buffer.length);
            }
        };
        LogFilter.copy(pieces, out, MARK);
        return out.toString(US_ASCII);
    }
}
