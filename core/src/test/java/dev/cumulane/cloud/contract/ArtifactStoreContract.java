// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.pipeline.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every {@link ArtifactStore} does. Each test begins on an empty one. */
public abstract class ArtifactStoreContract {
    private static final String KEY = "claims/shop-0k3v9q2m7xw4b1ce.2/unit-tests/1";

    /**
     * The store under test, the same one during a test.
     *
     * @return a store that was empty when the test began
     */
    protected abstract ArtifactStore store();

    /**
     * Another instance on the same data, as another process would have.
     *
     * @return a store
     */
    protected abstract ArtifactStore another();

    /**
     * Puts other bytes in the place of an object, past the port.
     *
     * @param digest an object that is there
     * @param bytes what is to be read from then on
     */
    protected abstract void damage(Digest digest, byte[] bytes);

    @Test
    void an_object_is_stored_under_the_sha256_of_its_bytes() throws IOException {
        Digest digest = store().put("hello".getBytes(UTF_8));

        assertThat(digest.hex()).isEqualTo("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
        assertThat(bytes(store(), digest)).asString(UTF_8).isEqualTo("hello");
        assertThat(store().has(digest)).isTrue();
    }

    @Test
    void an_object_may_be_empty() throws IOException {
        Digest digest = store().put(new byte[0]);

        assertThat(bytes(store(), digest)).isEmpty();
        assertThat(store().has(digest)).isTrue();
    }

    @Test
    void an_object_that_was_never_put_is_absent() {
        Digest digest = Digest.of("never".getBytes(UTF_8));

        assertThat(store().open(digest)).isEmpty();
        assertThat(store().read(digest, 100)).isEmpty();
        assertThat(store().has(digest)).isFalse();
    }

    @Test
    void putting_the_same_bytes_again_gives_the_same_digest_and_the_same_object() throws IOException {
        Digest first = store().put("hello".getBytes(UTF_8));
        Digest second = another().put("hello".getBytes(UTF_8));

        assertThat(second).isEqualTo(first);
        assertThat(bytes(store(), first)).asString(UTF_8).isEqualTo("hello");
    }

    @Test
    void an_object_put_by_many_at_once_is_whole_for_everybody() throws Exception {
        byte[] large = randomBytes(300_000);

        List<byte[]> read = Together.run(16, i -> () -> bytes(store(), store().put(large)));

        assertThat(read).allSatisfy(bytes -> assertThat(bytes).isEqualTo(large));
    }

    @Test
    void a_large_object_comes_back_byte_for_byte_from_another_instance() throws IOException {
        byte[] large = randomBytes(5_000_000);

        Digest digest = store().put(large);

        assertThat(digest).isEqualTo(Digest.of(large));
        assertThat(bytes(another(), digest)).isEqualTo(large);
    }

    @Test
    void bytes_that_cannot_be_read_to_their_end_leave_no_object() {
        byte[] whole = randomBytes(100_000);

        assertThatExceptionOfType(CloudException.class).isThrownBy(() -> store().put(() -> new Failing(whole, 70_000)));

        assertThat(store().has(Digest.of(whole))).isFalse();
        assertThat(store().has(Digest.of(java.util.Arrays.copyOf(whole, 70_000))))
                .isFalse();
    }

    @Test
    void a_small_object_is_read_with_its_digest_checked() {
        Digest digest = store().put("hello".getBytes(UTF_8));

        assertThat(store().read(digest, 5))
                .hasValueSatisfying(bytes -> assertThat(bytes).asString(UTF_8).isEqualTo("hello"));
    }

    @Test
    void an_object_larger_than_the_caller_takes_is_refused() {
        Digest digest = store().put("hello".getBytes(UTF_8));

        assertThatExceptionOfType(CloudException.class)
                .isThrownBy(() -> store().read(digest, 4))
                .satisfies(e -> assertThat(e.retryable()).isFalse());
    }

    @Test
    void a_damaged_object_is_refused_and_named() {
        Digest digest = store().put("hello".getBytes(UTF_8));
        damage(digest, "jello".getBytes(UTF_8));

        assertThatExceptionOfType(CloudException.class)
                .isThrownBy(() -> store().read(digest, 100))
                .withMessageContaining(digest.hex())
                .satisfies(e -> assertThat(e.retryable()).isFalse());
    }

    @Test
    void a_truncated_object_is_refused() {
        Digest digest = store().put("hello".getBytes(UTF_8));
        damage(digest, new byte[0]);

        assertThatExceptionOfType(CloudException.class).isThrownBy(() -> store().read(digest, 100));
    }

    @Test
    void a_key_that_was_never_created_is_absent() {
        assertThat(store().read(KEY)).isEmpty();
    }

    @Test
    void a_key_keeps_the_value_that_created_it() {
        store().create(KEY, "first".getBytes(UTF_8));
        store().create(KEY, "second".getBytes(UTF_8));
        another().create(KEY, "third".getBytes(UTF_8));

        assertThat(store().read(KEY))
                .hasValueSatisfying(value -> assertThat(value).asString(UTF_8).isEqualTo("first"));
        assertThat(another().read(KEY))
                .hasValueSatisfying(value -> assertThat(value).asString(UTF_8).isEqualTo("first"));
    }

    @Test
    void of_32_creators_of_a_key_one_wins_and_all_read_its_value() throws Exception {
        ArtifactStore second = another();
        for (int round = 0; round < 20; round++) {
            String key = "claims/shop-0k3v9q2m7xw4b1ce/build/" + (round + 1);

            List<String> read = Together.run(32, i -> () -> {
                ArtifactStore mine = i % 2 == 0 ? store() : second;
                mine.create(key, ("worker " + i).repeat(500).getBytes(UTF_8));
                return new String(mine.read(key).orElseThrow(), UTF_8);
            });

            assertThat(read.get(0)).startsWith("worker ");
            assertThat(read).containsOnly(read.get(0));
        }
    }

    @Test
    void keys_beside_and_below_each_other_do_not_mix() {
        store().create("claims/shop-0k3v9q2m7xw4b1ce/build/1", new byte[] {1});
        store().create("claims/shop-0k3v9q2m7xw4b1ce/build/2", new byte[] {2});
        store().create("results/shop-0k3v9q2m7xw4b1ce/build/1", new byte[] {3});
        store().create("deploys/production/17", new byte[] {4});

        assertThat(store().read("claims/shop-0k3v9q2m7xw4b1ce/build/1").orElseThrow())
                .containsExactly(1);
        assertThat(store().read("claims/shop-0k3v9q2m7xw4b1ce/build/2").orElseThrow())
                .containsExactly(2);
        assertThat(store().read("results/shop-0k3v9q2m7xw4b1ce/build/1").orElseThrow())
                .containsExactly(3);
        assertThat(store().read("deploys/production/17").orElseThrow()).containsExactly(4);
        assertThat(store().read("deploys/production/1")).isEmpty();
        assertThat(store().read("deploys/production")).isEmpty();
    }

    @Test
    void a_key_may_be_empty_and_holds_at_most_its_limit() {
        store().create("cancel/shop-0k3v9q2m7xw4b1ce/build/1", new byte[0]);
        byte[] largest = randomBytes(ArtifactStore.LARGEST_KEY_VALUE);
        store().create("results/shop-0k3v9q2m7xw4b1ce/build/1", largest);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> store().create(
                                "results/shop-0k3v9q2m7xw4b1ce/build/2",
                                randomBytes(ArtifactStore.LARGEST_KEY_VALUE + 1)));

        assertThat(store().read("cancel/shop-0k3v9q2m7xw4b1ce/build/1").orElseThrow())
                .isEmpty();
        assertThat(store().read("results/shop-0k3v9q2m7xw4b1ce/build/1").orElseThrow())
                .isEqualTo(largest);
        assertThat(store().read("results/shop-0k3v9q2m7xw4b1ce/build/2")).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("hostileKeys")
    void a_hostile_key_is_refused_for_creating_and_reading(String key) {
        assertThatIllegalArgumentException().isThrownBy(() -> store().create(key, new byte[] {1}));
        assertThatIllegalArgumentException().isThrownBy(() -> store().read(key));
    }

    static List<String> hostileKeys() {
        return List.of(
                "",
                "/",
                ".",
                "..",
                "../x",
                "claims/../../x",
                "claims/..",
                "claims/./x",
                "/etc/passwd",
                "claims//x",
                "claims/x/",
                "claims\\x",
                "C:/x",
                "claims/\u0000x",
                "claims/x\n",
                "claims/$(touch x)",
                "claims/ä",
                "claims/a b",
                "claims/~",
                "claims/%2e%2e",
                "claims/" + "k".repeat(300));
    }

    private static byte[] bytes(ArtifactStore store, Digest digest) throws IOException {
        try (InputStream in = store.open(digest).orElseThrow()) {
            return in.readAllBytes();
        }
    }

    private static byte[] randomBytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    /** Some bytes and then a failure, as of a file whose disk is gone. */
    private static final class Failing extends InputStream {
        private final byte[] bytes;
        private final int until;
        private int position;

        Failing(byte[] bytes, int until) {
            this.bytes = bytes;
            this.until = until;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int count = Math.min(length, until - position);
            if (count == 0) {
                throw new IOException("the disk is gone");
            }
            System.arraycopy(bytes, position, into, offset, count);
            position += count;
            return count;
        }
    }
}
