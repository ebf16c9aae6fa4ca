// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.signals;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.cloud.contract.MovedClock;
import dev.cumulane.gcp.fake.FakeIssuer;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whose pushes are believed. */
final class PushProofTest {
    private static final String GOOGLE = "https://accounts.google.com";
    private static final String ENGINE = "https://shop-ci-engine.example.run.app";
    private static final String PUSHER = "shop-ci-push@test-project.iam.gserviceaccount.com";

    private final MovedClock clock = new MovedClock();
    private final FakeIssuer issuer = new FakeIssuer(clock);
    private final PushProof proof =
            new PushProof(ENGINE, Set.of(PUSHER), Optional.of(issuer.endpoint() + "/oauth2/v3/certs"), clock);

    @AfterEach
    void close() {
        issuer.close();
    }

    @Test
    void a_token_of_the_account_for_this_function_is_believed_until_it_ends() {
        String token = issuer.token(GOOGLE, ENGINE, PUSHER, true);

        assertThat(proof.holds(token)).isTrue();
        clock.move(Duration.ofMinutes(59));
        assertThat(proof.holds(token)).isTrue();
        clock.move(Duration.ofMinutes(2));
        assertThat(proof.holds(token)).isFalse();
    }

    @Test
    void a_token_that_ended_before_it_was_seen_is_not_believed() {
        String token = issuer.token(GOOGLE, ENGINE, PUSHER, true);
        clock.move(Duration.ofHours(2));

        assertThat(proof.holds(token)).isFalse();
    }

    @Test
    void a_token_for_another_audience_of_another_account_or_issuer_is_not_believed() {
        assertThat(proof.holds(issuer.token(GOOGLE, "https://other.example", PUSHER, true)))
                .isFalse();
        assertThat(proof.holds(issuer.token(GOOGLE, ENGINE, "ada@example.com", true)))
                .isFalse();
        assertThat(proof.holds(issuer.token(GOOGLE, ENGINE, PUSHER, false))).isFalse();
        assertThat(proof.holds(issuer.token("https://issuer.example", ENGINE, PUSHER, true)))
                .isFalse();
    }

    @Test
    void a_token_that_somebody_else_signed_or_changed_is_not_believed() {
        String token = issuer.token(GOOGLE, ENGINE, PUSHER, true);
        try (FakeIssuer other = new FakeIssuer(clock)) {
            assertThat(proof.holds(other.token(GOOGLE, ENGINE, PUSHER, true))).isFalse();
        }

        assertThat(proof.holds(token.substring(0, token.lastIndexOf('.') + 1))).isFalse();
        assertThat(proof.holds(token.replaceFirst("\\.[^.]+\\.", ".e30."))).isFalse();
    }

    @Test
    void what_is_no_token_is_not_believed() {
        assertThat(proof.holds("")).isFalse();
        assertThat(proof.holds("Bearer ")).isFalse();
        assertThat(proof.holds("Bearer a.b.c")).isFalse();
        assertThat(proof.holds("Basic YTpi")).isFalse();
        assertThat(proof.holds("Bearer " + "a".repeat(10_000))).isFalse();
        assertThat(issuer.requests()).isEmpty();
    }
}
