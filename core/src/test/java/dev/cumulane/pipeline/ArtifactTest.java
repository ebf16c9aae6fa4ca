// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cumulane.internal.json.RecordJson;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArtifactTest {
    @Test
    void everyKindOfArtifactIsReadAsItWasWritten() {
        for (Artifact artifact : List.of(
                new Artifact.File("build", "jar", "target/app.jar"),
                new Artifact.Image("build", "image", "registry.example.com:5000/team/shop"),
                new Artifact.Maven("build", "library", "com.example", "shop-api"))) {
            byte[] bytes = RecordJson.write(Input.class, artifact);
            assertThat(RecordJson.read(Input.class, bytes, 1000)).isEqualTo(artifact);
            assertThat(artifact.from()).contains("build");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "shop",
                "registry/shop:latest",
                "registry/shop@sha256:00",
                "http://registry/shop",
                "a//b",
                "r/$(x)"
            })
    void anImageIsNamedWithoutTagOrDigest(String repository) {
        assertThatThrownBy(() -> new Artifact.Image("build", "image", repository))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("such as 'registry.example.com/team/shop'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "..", "a b", "../x", "$(x)", "-x"})
    void coordinatesAreIds(String id) {
        assertThatThrownBy(() -> new Artifact.Maven("build", "library", "com.example", id))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("such as 'com.example:shop'");
        assertThatThrownBy(() -> new Artifact.Maven("build", "library", id, "shop"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
