// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cumulane.pipeline.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a process knows of the code that it is. */
class PackagedCodeTest {
    @TempDir
    Path directory;

    @Test
    void the_digest_is_read_from_the_file_beside_the_jar() throws IOException {
        Digest code = Digest.of("the jar".getBytes(UTF_8));
        Path file = Files.writeString(directory.resolve(PackagedCode.FILE), code.hex() + "\n");

        assertThat(PackagedCode.read(file)).contains(code);
    }

    @Test
    void there_is_none_outside_of_a_package() {
        assertThat(PackagedCode.read(directory.resolve(PackagedCode.FILE))).isEmpty();
        assertThat(PackagedCode.of(PackagedCodeTest.class)).isEmpty();
        assertThat(PackagedCode.of(String.class)).isEmpty();
    }

    @Test
    void a_file_that_holds_none_is_refused() throws IOException {
        Path file = Files.writeString(directory.resolve(PackagedCode.FILE), "latest");

        assertThatIllegalArgumentException().isThrownBy(() -> PackagedCode.read(file));
    }
}
