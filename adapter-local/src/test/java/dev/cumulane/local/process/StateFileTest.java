// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cumulane.cloud.CloudException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StateFileTest {
    @TempDir
    Path directory;

    @Test
    void a_document_is_read_as_it_was_written_last() {
        Path file = directory.resolve("state.json");
        ObjectNode document =
                JsonNodeFactory.instance.objectNode().put("format", 1).put("port", 8080);
        assertThat(StateFile.read(file)).isEmpty();

        StateFile.write(file, JsonNodeFactory.instance.objectNode().put("format", 1));
        StateFile.write(file, document);

        assertThat(StateFile.read(file)).contains(document);
        assertThat(directory).isDirectoryContaining("glob:**/state.json").isDirectoryNotContaining("glob:**/*.next");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{\"format\":1",
                "[1]",
                "{\"format\":2}",
                "{\"format\":1,\"format\":1}",
                "{\"format\":1} x",
                "null"
            })
    void a_damaged_document_is_a_permanent_failure_that_names_the_file(String text) throws Exception {
        Path file = Files.writeString(directory.resolve("state.json"), text);

        assertThatThrownBy(() -> StateFile.read(file))
                .isInstanceOfSatisfying(
                        CloudException.class, e -> assertThat(e.retryable()).isFalse())
                .hasMessageContaining(file.toString());
    }

    @Test
    void a_directory_that_takes_nothing_is_named() {
        Path file = directory.resolve("absent").resolve("state.json");

        assertThatThrownBy(() -> StateFile.write(file, JsonNodeFactory.instance.objectNode()))
                .isInstanceOf(CloudException.class)
                .hasMessageContaining(file.toString());
    }
}
