// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class ReasonsTest {
    private static final Path ABOUT = Path.of("/srv/state");

    @Test
    void people_read_words_and_no_names_of_classes() {
        assertThat(Reasons.of(new NoSuchFileException("/proc/x"), ABOUT))
                .isEqualTo("no such file or directory: /proc/x");
        assertThat(Reasons.of(new AccessDeniedException("/there/x"), ABOUT)).isEqualTo("permission denied: /there/x");
        assertThat(Reasons.of(new FileAlreadyExistsException("/tmp/x"), ABOUT))
                .isEqualTo("there is a file of this name: /tmp/x");
        assertThat(Reasons.of(new FileSystemException("/mnt/x", null, "No space left on device"), ABOUT))
                .isEqualTo("No space left on device: /mnt/x");
        assertThat(Reasons.of(new FileSystemException("/mnt/x"), ABOUT))
                .isEqualTo("it could not be read or written: /mnt/x");
        assertThat(Reasons.of(new IOException("Broken pipe"), ABOUT)).isEqualTo("Broken pipe");
        assertThat(Reasons.of(new NoSuchFileException("/srv/state"), ABOUT)).isEqualTo("no such file or directory");
        assertThat(Reasons.of(new IOException(), ABOUT)).isEqualTo("it could not be read or written");
    }
}
