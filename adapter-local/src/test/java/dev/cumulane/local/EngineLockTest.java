// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.cumulane.cloud.CloudException;
import dev.cumulane.local.EngineLock.Holder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EngineLockTest {
    @TempDir
    private Path directory;

    @Test
    void one_engine_has_the_lock_and_says_who_it_is() {
        try (EngineLock first = EngineLock.tryAcquire(directory).orElseThrow()) {
            assertThat(first).isNotNull();
            assertThat(EngineLock.tryAcquire(directory)).isEmpty();

            Holder holder = EngineLock.holder(directory).orElseThrow();
            assertThat(holder.pid()).isEqualTo(ProcessHandle.current().pid());
            assertThat(holder.startedAt())
                    .isBetween(
                            Instant.now().minus(Duration.ofMinutes(5)),
                            Instant.now().plusMillis(1));
        }
    }

    @Test
    void after_closing_it_another_engine_may_have_it() {
        EngineLock first = EngineLock.tryAcquire(directory).orElseThrow();
        first.close();
        first.close();

        assertThat(EngineLock.holder(directory)).isEmpty();
        try (EngineLock second = EngineLock.tryAcquire(directory).orElseThrow()) {
            assertThat(EngineLock.holder(directory)).isPresent();
            first.close();
            assertThat(second).isNotNull();
            assertThat(EngineLock.holder(directory)).isPresent();
        }
    }

    @Test
    void a_directory_without_an_engine_has_no_holder() {
        assertThat(EngineLock.holder(directory)).isEmpty();
        assertThat(EngineLock.holder(directory.resolve("absent"))).isEmpty();
    }

    @Test
    void another_process_is_seen_and_asking_for_it_does_not_take_its_lock_away() throws Exception {
        try (Engine engine = Engine.start(directory)) {
            for (int i = 0; i < 20; i++) {
                assertThat(EngineLock.holder(directory)).map(Holder::pid).hasValue(engine.process.pid());
            }
            assertThat(EngineLock.tryAcquire(directory)).isEmpty();
        }
    }

    @Test
    void a_process_that_was_killed_leaves_the_lock_to_the_next_one() throws Exception {
        try (Engine engine = Engine.start(directory)) {
            engine.process.destroyForcibly();
            assertThat(engine.process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(directory.resolve("engine.json")).exists();

        assertThat(EngineLock.holder(directory)).isEmpty();
        Optional<EngineLock> mine = EngineLock.tryAcquire(directory);
        assertThat(mine).isPresent();
        mine.get().close();
    }

    @Test
    void what_somebody_else_wrote_beside_the_lock_is_not_believed() throws IOException {
        try (EngineLock lock = EngineLock.tryAcquire(directory).orElseThrow()) {
            Files.writeString(directory.resolve("engine.json"), "{\"pid\":1,\"startedAt\":\"$(touch x)\"}");

            assertThat(lock).isNotNull();
            assertThat(EngineLock.holder(directory))
                    .map(Holder::pid)
                    .hasValue(ProcessHandle.current().pid());
        }
        Files.writeString(directory.resolve("engine.json"), "{\"pid\":1,\"startedAt\":\"2026-11-23T08:00:00Z\"}");
        assertThat(EngineLock.holder(directory)).isEmpty();
    }

    @Test
    void a_place_that_is_no_directory_is_named() throws IOException {
        Path file = Files.writeString(directory.resolve("state"), "a file");

        assertThatExceptionOfType(CloudException.class)
                .isThrownBy(() -> EngineLock.tryAcquire(file))
                .withMessageContaining(file.toString());
    }

    /** A process that has the lock until it is killed. */
    private record Engine(Process process) implements AutoCloseable {
        static Engine start(Path directory) throws IOException {
            Process process = new ProcessBuilder(
                            ProcessHandle.current().info().command().orElseThrow(),
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            HoldingProcess.class.getName(),
                            directory.toString())
                    .redirectErrorStream(true)
                    .start();
            Engine engine = new Engine(process);
            String line = process.inputReader().readLine();
            if (!"held".equals(line)) {
                engine.close();
                throw new AssertionError("the other process said " + line);
            }
            return engine;
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}
