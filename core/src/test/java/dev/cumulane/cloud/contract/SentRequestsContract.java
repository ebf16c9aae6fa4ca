// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.RequestSigner;
import dev.cumulane.cloud.SignedRequest;
import dev.cumulane.pipeline.Digest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Random;
import java.util.SortedMap;
import org.assertj.core.api.ThrowingConsumer;
import org.junit.jupiter.api.Test;

/**
 * What every {@link RequestSigner} does, tried by sending what it signs: the part that holds although the store, as it runs in the test, checks no signatures
 * and lets two creators in at once, as some emulators do. {@link SignedRequestsContract} has the rest. Each test begins on an empty store.
 */
public abstract class SentRequestsContract {
    static final String KEY = "claims/shop-0k3v9q2m7xw4b1ce.2/unit-tests/1";
    private static final String CACHED = "caches/shop/trusted/m2/" + "0a".repeat(32);
    static final byte[] HELLO = "hello".getBytes(UTF_8);
    static final Digest DIGEST = Digest.of(HELLO);

    private final HttpClient client = HttpClient.newHttpClient();

    /**
     * The store under test, the same one during a test.
     *
     * @return a store that was empty when the test began
     */
    protected abstract ArtifactStore store();

    /**
     * Where this test reaches what a signed address means.
     *
     * @param signed the address
     * @return the same, unless the test's store is not reached by TLS
     */
    protected URI reach(URI signed) {
        return signed;
    }

    final RequestSigner signer() {
        return store().signer().orElseThrow();
    }

    @Test
    void an_object_that_was_put_by_the_store_is_got() {
        store().put(HELLO);

        HttpResponse<byte[]> got = send(signer().get(DIGEST, RequestSigner.LIFE), new byte[0]);

        assertThat(got.statusCode()).isEqualTo(200);
        assertThat(got.body()).isEqualTo(HELLO);
    }

    @Test
    void an_object_is_put_and_the_store_has_it() {
        assertThat(put(HELLO)).isBetween(200, 299);

        assertThat(store().read(DIGEST, 100))
                .hasValueSatisfying(bytes -> assertThat(bytes).isEqualTo(HELLO));
    }

    @Test
    void an_object_put_again_is_there_as_before() {
        put(HELLO);

        HttpResponse<byte[]> again = send(signer().put(DIGEST, HELLO.length, RequestSigner.LIFE), HELLO);
        assertThat(again.statusCode())
                .satisfiesAnyOf(
                        ok(),
                        status -> assertThat(status).isIn(409, 412),
                        status -> assertThat(new String(again.body(), UTF_8))
                                .containsPattern(
                                        "<Code>(UnauthorizedBlobOverwrite|AuthorizationPermissionMismatch)</Code>"));

        assertThat(store().read(DIGEST, 100))
                .hasValueSatisfying(bytes -> assertThat(bytes).isEqualTo(HELLO));
    }

    @Test
    void an_object_may_be_empty_and_may_be_large() {
        byte[] large = new byte[3_000_000];
        new Random(1).nextBytes(large);

        assertThat(put(new byte[0])).isBetween(200, 299);
        assertThat(put(large)).isBetween(200, 299);

        assertThat(store().read(Digest.of(new byte[0]), 1))
                .hasValueSatisfying(bytes -> assertThat(bytes).isEmpty());
        assertThat(store().read(Digest.of(large), large.length))
                .hasValueSatisfying(bytes -> assertThat(bytes).isEqualTo(large));
    }

    @Test
    void what_is_absent_is_told_so_and_is_no_error_of_the_store() {
        assertThat(send(signer().get(DIGEST, RequestSigner.LIFE), new byte[0]).statusCode())
                .isIn(403, 404);
        assertThat(send(signer().read(KEY, RequestSigner.LIFE), new byte[0]).statusCode())
                .isIn(403, 404);
    }

    @Test
    void what_is_got_needs_no_headers_so_that_a_redirect_can_lead_to_it() {
        assertThat(signer().get(DIGEST, RequestSigner.LIFE).headers()).isEmpty();
        assertThat(signer().read(KEY, RequestSigner.LIFE).headers()).isEmpty();
    }

    @Test
    void a_key_is_created_and_read() {
        assertThat(create(KEY, "mine")).isBetween(200, 299);

        assertThat(read(KEY)).isEqualTo("mine");
        assertThat(store().read(KEY))
                .hasValueSatisfying(value -> assertThat(value).asString(UTF_8).isEqualTo("mine"));
    }

    @Test
    void a_key_that_is_there_keeps_its_value_and_nobody_is_told_to_have_created_it() {
        store().create(KEY, "first".getBytes(UTF_8));

        assertThat(create(KEY, "other")).isGreaterThanOrEqualTo(400);
        assertThat(create(KEY, "first")).isGreaterThanOrEqualTo(400);

        assertThat(read(KEY)).isEqualTo("first");
    }

    @Test
    void what_is_cached_may_be_larger_than_a_key() {
        byte[] large = new byte[ArtifactStore.LARGEST_KEY_VALUE + 1];
        SignedRequest request = signer().create(CACHED, large.length, RequestSigner.LIFE);

        assertThat(send(request, large).statusCode()).isBetween(200, 299);

        assertThat(send(signer().read(CACHED, RequestSigner.LIFE), new byte[0]).body())
                .isEqualTo(large);
        assertThatIllegalArgumentException().isThrownBy(() -> signer().create(KEY, large.length, RequestSigner.LIFE));
    }

    @Test
    void a_key_that_is_none_is_not_signed_for() {
        for (String key : ArtifactStoreContract.hostileKeys()) {
            assertThatIllegalArgumentException().isThrownBy(() -> signer().create(key, 1, RequestSigner.LIFE));
            assertThatIllegalArgumentException().isThrownBy(() -> signer().read(key, RequestSigner.LIFE));
        }
    }

    private static ThrowingConsumer<Integer> ok() {
        return status -> assertThat(status).isBetween(200, 299);
    }

    private int put(byte[] bytes) {
        return send(signer().put(Digest.of(bytes), bytes.length, RequestSigner.LIFE), bytes)
                .statusCode();
    }

    final int create(String key, String value) {
        return send(signer().create(key, value.length(), RequestSigner.LIFE), value.getBytes(UTF_8))
                .statusCode();
    }

    final String read(String key) {
        return new String(
                send(signer().read(key, RequestSigner.LIFE), new byte[0]).body(), UTF_8);
    }

    final HttpResponse<byte[]> send(SignedRequest signed, byte[] body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(reach(signed.uri()))
                .version(HttpClient.Version.HTTP_1_1)
                .timeout(Duration.ofSeconds(30))
                .method(
                        signed.method(),
                        signed.method().equals("PUT")
                                ? HttpRequest.BodyPublishers.ofByteArray(body)
                                : HttpRequest.BodyPublishers.noBody());
        SortedMap<String, String> headers = signed.headers();
        headers.forEach(request::header);
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new AssertionError("the store does not answer " + signed, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
