// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.examples.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

/** The jar that is deployed: its size, and that each function starts from it. */
final class LambdaJarTest {
    /** As Lambda counts them. */
    private static final long MEGABYTE = 1024 * 1024;

    @Test
    void both_jars_are_small_enough_to_start_fast() throws IOException {
        System.out.printf(
                "whole: %.1f MB, minimized: %.1f MB%n",
                (double) Files.size(Jars.WHOLE) / MEGABYTE, (double) Files.size(Jars.MINIMIZED) / MEGABYTE);
        assertThat(Files.size(Jars.WHOLE)).isLessThanOrEqualTo(45 * MEGABYTE);
        assertThat(Files.size(Jars.MINIMIZED)).isLessThanOrEqualTo(25 * MEGABYTE);
    }

    @Test
    void nothing_in_the_jars_is_younger_than_the_release() throws IOException {
        for (Path jar : List.of(Jars.WHOLE, Jars.MINIMIZED)) {
            try (JarFile file = new JarFile(jar.toFile())) {
                // What project.build.outputTimestamp says: two builds of the same sources give the same bytes.
                assertThat(file.stream().map(JarEntry::getTimeLocal))
                        .allMatch(time -> !time.isAfter(LocalDateTime.of(2026, 11, 23, 0, 0)));
            }
        }
    }

    @Test
    void each_function_starts_from_either_jar() throws Exception {
        for (Path jar : List.of(Jars.WHOLE, Jars.MINIMIZED)) {
            List<Path> classPath = new ArrayList<>(List.of(jar));
            classPath.addAll(Jars.runtime());

            Sandbox.Answer ingress =
                    Sandbox.first(List.of(), classPath, GreetingCi.class, "ingress", FirstEvents.INGRESS);
            Sandbox.Answer engine = Sandbox.first(List.of(), classPath, GreetingCi.class, "engine", FirstEvents.ENGINE);
            Sandbox.Answer worker = Sandbox.first(List.of(), classPath, GreetingCi.class, "worker", FirstEvents.WORKER);

            assertThat(ingress.body()).as("%s", jar).contains("\"statusCode\":401");
            assertThat(engine.body()).as("%s", jar).isEqualTo("{\"batchItemFailures\":[]}");
            assertThat(worker.failed()).as("%s: %s", jar, worker.body()).isTrue();
            assertThat(worker.body()).as("%s", jar).contains("could not read object");
        }
    }
}
