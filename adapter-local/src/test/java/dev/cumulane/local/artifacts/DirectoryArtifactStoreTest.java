// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.artifacts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.cumulane.cloud.CloudException;
import dev.cumulane.local.disk.Disk;
import dev.cumulane.local.disk.LosingDisk;
import dev.cumulane.local.disk.LosingDisk.Names;
import dev.cumulane.pipeline.Digest;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class DirectoryArtifactStoreTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-23T08:00:00Z"));
    private static final byte[] HELLO = "hello".getBytes(UTF_8);
    private static final String KEY = "claims/shop-0k3v9q2m7xw4b1ce/build/1";

    @TempDir
    private Path directory;

    @Test
    void objects_and_keys_lie_where_the_scripts_of_work_orders_look_for_them() {
        DirectoryArtifactStore store = new DirectoryArtifactStore(directory);

        Digest digest = store.put(HELLO);
        store.create(KEY, HELLO);

        assertThat(directory
                        .resolve("objects")
                        .resolve(digest.hex().substring(0, 2))
                        .resolve(digest.hex()))
                .hasBinaryContent(HELLO);
        assertThat(directory.resolve("keys").resolve(KEY)).hasBinaryContent(HELLO);
        assertThat(directory.resolve("tmp")).isEmptyDirectory();
    }

    @Test
    void what_a_script_has_written_is_read() throws IOException {
        DirectoryArtifactStore store = new DirectoryArtifactStore(directory);
        Digest digest = Digest.of(HELLO);
        Files.write(object(digest), HELLO);
        Files.createDirectories(directory.resolve("keys").resolve(KEY).getParent());
        Files.write(directory.resolve("keys").resolve(KEY), HELLO);

        assertThat(store.read(digest, 5)).hasValue(HELLO);
        assertThat(store.read(KEY)).hasValue(HELLO);
        assertThat(store.put(HELLO)).isEqualTo(digest);
    }

    @Test
    void putting_the_bytes_again_repairs_a_damaged_object() throws IOException {
        DirectoryArtifactStore store = new DirectoryArtifactStore(directory);
        Digest digest = store.put(HELLO);
        Files.writeString(
                directory
                        .resolve("objects")
                        .resolve(digest.hex().substring(0, 2))
                        .resolve(digest.hex()),
                "jello");

        store.put(HELLO);

        assertThat(store.read(digest, 5)).hasValue(HELLO);
    }

    @Test
    void files_left_by_a_crash_are_deleted_when_they_are_a_day_old() throws IOException {
        Path old = leftOver("old", CLOCK.instant().minus(Duration.ofHours(25)));
        Path recent = leftOver("recent", CLOCK.instant().minus(Duration.ofHours(23)));

        new DirectoryArtifactStore(directory, Disk.real(), CLOCK);

        assertThat(old).doesNotExist();
        assertThat(recent).exists();
    }

    @Test
    void a_link_in_the_place_of_an_object_or_a_key_is_not_followed() throws IOException {
        Path secret = Files.writeString(directory.resolve("secret"), "hunter2");
        DirectoryArtifactStore store = new DirectoryArtifactStore(directory);
        Digest digest = Digest.of(HELLO);
        Files.createSymbolicLink(object(digest), secret);
        Files.createDirectories(directory.resolve("keys/claims"));
        Files.createSymbolicLink(directory.resolve("keys/claims/x"), secret);

        assertThat(store.has(digest)).isFalse();
        assertThat(store.open(digest)).isEmpty();
        assertThat(store.read("claims/x")).isEmpty();
    }

    @Test
    void a_key_that_grew_past_its_limit_is_refused() throws IOException {
        DirectoryArtifactStore store = new DirectoryArtifactStore(directory);
        Files.createDirectories(directory.resolve("keys/results"));
        Files.write(directory.resolve("keys/results/x"), new byte[256 * 1024 + 1]);

        assertThatExceptionOfType(CloudException.class)
                .isThrownBy(() -> store.read("results/x"))
                .withMessageContaining("results/x");
    }

    @Test
    void an_interrupted_thread_stores_and_reads_and_stays_interrupted() {
        DirectoryArtifactStore store = new DirectoryArtifactStore(directory);
        Thread.currentThread().interrupt();

        Digest digest = store.put(HELLO);
        store.create(KEY, HELLO);

        assertThat(store.read(digest, 5)).hasValue(HELLO);
        assertThat(store.read(KEY)).hasValue(HELLO);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void a_directory_that_cannot_be_written_is_named_in_one_line() throws IOException {
        Path file = Files.writeString(directory.resolve("state"), "a file, not a directory");

        assertThatExceptionOfType(CloudException.class)
                .isThrownBy(() -> new DirectoryArtifactStore(file))
                .satisfies(e ->
                        assertThat(e.getMessage()).contains(file.toString()).doesNotContain("\n"))
                .satisfies(e -> assertThat(e.retryable()).isFalse());
    }

    @ParameterizedTest
    @EnumSource(Names.class)
    void what_was_stored_survives_the_loss_of_power(Names unforced) {
        LosingDisk disk = new LosingDisk(directory);
        DirectoryArtifactStore store = new DirectoryArtifactStore(directory, disk, CLOCK);
        Digest digest = store.put(HELLO);
        store.create(KEY, HELLO);

        disk.losePower(unforced);

        DirectoryArtifactStore after = new DirectoryArtifactStore(directory);
        assertThat(after.read(digest, 5)).hasValue(HELLO);
        assertThat(after.read(KEY)).hasValue(HELLO);
    }

    @ParameterizedTest
    @EnumSource(Names.class)
    void whenever_the_power_goes_what_is_there_is_whole_and_what_was_acknowledged_is_there(Names unforced)
            throws IOException {
        int all = operations();
        assertThat(all).isGreaterThan(10);
        for (int left = 0; left <= all; left++) {
            Path root = Files.createDirectory(directory.resolve(unforced + "-" + left));
            LosingDisk disk = new LosingDisk(root, left);
            List<Boolean> acknowledged = storeTwo(root, disk);
            disk.losePower(unforced);

            DirectoryArtifactStore after = new DirectoryArtifactStore(root);
            assertThat(after.read(Digest.of(HELLO), 5).isPresent())
                    .as("object after %d operations", left)
                    .isIn(true, acknowledged.get(0));
            assertThat(after.read(KEY).isPresent())
                    .as("key after %d operations", left)
                    .isIn(true, acknowledged.get(1));
            assertThat(after.read(KEY).orElse(HELLO)).isEqualTo(HELLO);
            after.create(KEY, HELLO);
            assertThat(after.read(KEY)).hasValue(HELLO);
        }
    }

    @Test
    void bytes_that_were_not_forced_are_found_damaged() {
        LosingDisk disk = new LosingDisk(directory);
        Digest digest = new DirectoryArtifactStore(directory, without("force", disk), CLOCK).put(HELLO);

        disk.losePower(Names.KEPT);

        assertThatExceptionOfType(CloudException.class)
                .isThrownBy(() -> new DirectoryArtifactStore(directory).read(digest, 5))
                .withMessageContaining("damaged");
    }

    @Test
    void names_that_were_not_forced_are_found_missing() {
        LosingDisk disk = new LosingDisk(directory);
        Digest digest = new DirectoryArtifactStore(directory, without("forceDirectory", disk), CLOCK).put(HELLO);

        disk.losePower(Names.LOST);

        assertThat(new DirectoryArtifactStore(directory).has(digest)).isFalse();
    }

    private static Disk without(String forgotten, Disk disk) {
        return (Disk) Proxy.newProxyInstance(
                Disk.class.getClassLoader(),
                new Class<?>[] {Disk.class},
                (proxy, method, arguments) ->
                        method.getName().equals(forgotten) ? null : method.invoke(disk, arguments));
    }

    private int operations() throws IOException {
        Path root = Files.createDirectory(directory.resolve("counted"));
        LosingDisk disk = new LosingDisk(root);
        assertThat(storeTwo(root, disk)).containsExactly(true, true);
        return disk.operations();
    }

    /** Whether an object, and then a key, was acknowledged. */
    private static List<Boolean> storeTwo(Path root, Disk disk) {
        boolean object = false;
        try {
            DirectoryArtifactStore store = new DirectoryArtifactStore(root, disk, CLOCK);
            store.put(HELLO);
            object = true;
            store.create(KEY, HELLO);
            return List.of(true, true);
        } catch (CloudException e) {
            return List.of(object, false);
        }
    }

    private Path leftOver(String name, Instant modified) throws IOException {
        Files.createDirectories(directory.resolve("tmp"));
        Path file = Files.writeString(directory.resolve("tmp").resolve(name), "half an obj");
        Files.setLastModifiedTime(file, FileTime.from(modified));
        return file;
    }

    /** Where an object belongs, in a directory that is there. */
    private Path object(Digest digest) throws IOException {
        String hex = digest.hex();
        return Files.createDirectories(directory.resolve("objects").resolve(hex.substring(0, 2)))
                .resolve(hex);
    }
}
