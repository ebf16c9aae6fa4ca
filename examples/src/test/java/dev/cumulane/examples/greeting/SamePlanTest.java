// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.examples.greeting;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SamePlanTest {
    @TempDir
    Path directory;

    @Test
    void the_plan_has_the_same_bytes_in_every_process() throws Exception {
        String one = planOfAnotherProcess();
        String two = planOfAnotherProcess();

        assertThat(one)
                .isEqualTo(two)
                .isEqualTo(GreetingPipeline.pipeline().plan().json());
    }

    private String planOfAnotherProcess() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        GreetingExample.class.getName(),
                        "plan",
                        "--json")
                .directory(directory.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
        assertThat(process.waitFor()).isZero();
        return printed;
    }
}
