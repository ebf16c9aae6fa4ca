// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.cumulane.cloud.CloudException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileSecretsTest {
    @TempDir
    private Path directory;

    @Test
    void a_secret_of_the_environment_comes_before_the_file() throws IOException {
        store("npm-token", "of the file", "rw-------");
        FileSecrets secrets = new FileSecrets(directory, Map.of("CUMULANE_SECRET_NPM_TOKEN", "of the environment"));

        assertThat(secrets.exists("npm-token")).isTrue();
        assertThat(secrets.value("npm-token")).hasValue("of the environment");
    }

    @Test
    void a_file_is_read_without_the_line_break_at_its_end() throws IOException {
        store("one", "hunter2\n", "rw-------");
        store("two", "-----BEGIN-----\nabc\n\n", "r--------");

        assertThat(secrets().value("one")).hasValue("hunter2");
        assertThat(secrets().value("two")).hasValue("-----BEGIN-----\nabc\n");
    }

    @Test
    void a_reference_that_names_nothing_or_leaves_the_directory_has_no_value() throws IOException {
        Files.writeString(directory.resolve("outside"), "x");

        assertThat(secrets().value("absent")).isEmpty();
        assertThat(new FileSecrets(directory.resolve("inside"), Map.of()).value("../outside"))
                .isEmpty();
        assertThat(new FileSecrets(directory.resolve("no-such-directory"), Map.of()).exists("outside"))
                .isFalse();
    }

    @Test
    void a_link_is_not_a_secret() throws IOException {
        Files.writeString(directory.resolve("target"), "x");
        Files.createSymbolicLink(directory.resolve("linked"), directory.resolve("target"));

        assertThat(secrets().exists("linked")).isFalse();
        assertThat(secrets().value("linked")).isEmpty();
    }

    @Test
    void a_file_that_others_may_read_is_refused_by_name_and_without_its_value() throws IOException {
        store("npm-token", "hunter2-canary", "rw-r--r--");

        assertThatExceptionOfType(CloudException.class)
                .isThrownBy(() -> secrets().value("npm-token"))
                .withMessageContaining("npm-token")
                .withMessageContaining("rw-r--r--")
                .withMessageContaining("chmod 600")
                .withMessageNotContaining("canary");
    }

    @Test
    void a_redactor_knows_also_the_keys_that_no_work_was_given_but_no_short_words() throws IOException {
        store("shop-hook", "0123456789abcdef", "rw-------");
        store("word", "short", "rw-------");
        FileSecrets secrets = new FileSecrets(directory, Map.of("CUMULANE_SECRET_PAGE_TOKEN", "fedcba9876543210"));

        assertThat(secrets.redactor(List.of()).redact("0123456789abcdef, fedcba9876543210, short"))
                .isEqualTo("***, ***, short");
        assertThat(secrets.redactor(List.of("word")).redact("short")).isEqualTo("***");
        assertThat(new FileSecrets(directory.resolve("absent"), Map.of())
                        .redactor(List.of())
                        .redact("short"))
                .isEqualTo("short");
    }

    @Test
    void a_redactor_knows_the_values_that_can_be_read() throws IOException {
        store("npm-token", "hunter2-canary\n", "rw-------");
        store("open", "other-canary", "rw-r--r--");

        assertThat(secrets().redactor(List.of("npm-token", "open", "absent")).redact("hunter2-canary other-canary"))
                .isEqualTo("*** other-canary");
    }

    @Test
    void a_file_that_is_too_large_or_no_text_is_refused() throws IOException {
        store("large", "x".repeat(64 * 1024 + 1), "rw-------");
        store("zero", "a\0b", "rw-------");
        Files.write(directory.resolve("binary"), "größe".getBytes(StandardCharsets.ISO_8859_1));
        Files.setPosixFilePermissions(directory.resolve("binary"), PosixFilePermissions.fromString("rw-------"));

        assertThatExceptionOfType(CloudException.class)
                .isThrownBy(() -> secrets().value("large"))
                .withMessageContaining("larger");
        assertThatExceptionOfType(CloudException.class)
                .isThrownBy(() -> secrets().value("zero"))
                .withMessageContaining("zero byte");
        assertThatExceptionOfType(CloudException.class)
                .isThrownBy(() -> secrets().value("binary"))
                .withMessageContaining("UTF-8");
    }

    private FileSecrets secrets() {
        return new FileSecrets(directory, Map.of());
    }

    private void store(String reference, String value, String permissions) throws IOException {
        Path file = Files.writeString(directory.resolve(reference), value);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }
}
