// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local;

import static dev.cumulane.pipeline.Service.service;
import static dev.cumulane.pipeline.Work.container;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cumulane.engine.Engine;
import dev.cumulane.pipeline.Pipeline;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServicesTest {
    @Test
    void aServiceBesideAStageIsRefusedWhereNobodyCanRunIt(@TempDir Path home) {
        Pipeline pipeline = Pipeline.define(
                "shop",
                p -> p.build(
                        "build",
                        container("maven:3.9")
                                .with(service("db", "postgres:16"))
                                .runs("mvn verify")));
        try (LocalCloud cloud = LocalCloud.at(home)) {
            Engine.Builder builder = Engine.on(cloud).register(pipeline);
            assertThatThrownBy(builder::open)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("stage 'build' needs a cloud that can run service 'db' beside it");
        }
    }
}
