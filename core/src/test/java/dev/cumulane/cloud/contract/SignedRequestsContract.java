// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.cloud.RequestSigner;
import dev.cumulane.cloud.SignedRequest;
import dev.cumulane.pipeline.Digest;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What every {@link RequestSigner} does with a store that, as it runs in the test, refuses what is signed wrongly, too late, or second. */
public abstract class SignedRequestsContract extends SentRequestsContract {
    /**
     * Lets time pass for the store.
     *
     * @param by how much
     */
    protected abstract void advance(Duration by);

    @Test
    void of_16_creators_of_a_key_one_alone_is_told_so_and_all_read_its_value() throws Exception {
        for (int round = 1; round <= 5; round++) {
            String key = "claims/shop-0k3v9q2m7xw4b1ce/build/" + round;

            List<String> told = Together.run(16, i -> () -> {
                int status = create(key, "worker " + i);
                return (status < 300 ? "won " : "lost ") + i;
            });

            List<String> winners =
                    told.stream().filter(one -> one.startsWith("won ")).toList();
            assertThat(winners).hasSize(1);
            assertThat(read(key)).isEqualTo(winners.get(0).replace("won ", "worker "));
        }
    }

    @Test
    void the_condition_of_a_creation_cannot_be_left_out() {
        store().create(KEY, "first".getBytes(UTF_8));
        SignedRequest request = signer().create(KEY, 5, RequestSigner.LIFE);
        SignedRequest bare = new SignedRequest(request.method(), request.uri(), new TreeMap<>());

        assertThat(send(bare, "other".getBytes(UTF_8)).statusCode()).isGreaterThanOrEqualTo(400);

        assertThat(read(KEY)).isEqualTo("first");
    }

    @Test
    void a_request_is_over_when_its_life_is() {
        store().put(HELLO);
        SignedRequest get = signer().get(DIGEST, Duration.ofMinutes(1));
        SignedRequest create = signer().create(KEY, 4, Duration.ofMinutes(1));
        advance(Duration.ofSeconds(61));

        assertThat(send(get, new byte[0]).statusCode()).isGreaterThanOrEqualTo(400);
        assertThat(send(create, "late".getBytes(UTF_8)).statusCode()).isGreaterThanOrEqualTo(400);

        assertThat(store().read(KEY)).isEmpty();
    }

    @Test
    void a_request_is_for_one_object_and_one_method() {
        Digest other = store().put("other".getBytes(UTF_8));
        store().put(HELLO);
        SignedRequest get = signer().get(DIGEST, RequestSigner.LIFE);
        String elsewhere = get.uri().toString().replace(DIGEST.hex(), other.hex());

        assertThat(send(new SignedRequest("GET", URI.create(elsewhere), get.headers()), new byte[0])
                        .statusCode())
                .isGreaterThanOrEqualTo(400);
        assertThat(send(new SignedRequest("PUT", get.uri(), get.headers()), HELLO)
                        .statusCode())
                .isGreaterThanOrEqualTo(400);
    }
}
