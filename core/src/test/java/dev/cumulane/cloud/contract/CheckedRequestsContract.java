// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.cloud.RequestSigner;
import dev.cumulane.cloud.SignedRequest;
import org.junit.jupiter.api.Test;

/** What every {@link RequestSigner} does with a store that, as it runs in the test, also refuses a body of another size or checksum than was signed. */
public abstract class CheckedRequestsContract extends SignedRequestsContract {
    @Test
    void a_body_of_other_bytes_than_were_signed_for_leaves_no_object() {
        SignedRequest request = signer().put(DIGEST, HELLO.length, RequestSigner.LIFE);

        assertThat(send(request, "jello".getBytes(UTF_8)).statusCode()).isGreaterThanOrEqualTo(400);

        assertThat(store().has(DIGEST)).isFalse();
    }

    @Test
    void a_body_of_another_size_than_was_signed_for_leaves_no_object() {
        SignedRequest request = signer().put(DIGEST, HELLO.length - 1, RequestSigner.LIFE);

        assertThat(send(request, HELLO).statusCode()).isGreaterThanOrEqualTo(400);

        assertThat(store().has(DIGEST)).isFalse();
    }
}
