// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.source;

import dev.cumulane.source.WebhookRequest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Gitea and Forgejo: {@code X-Gitea-Signature} and {@code X-Forgejo-Signature}, bare. They send GitHub's headers too, which are never looked at. */
final class Gitea implements ForgeRules {
    private final String brand;

    /**
     * Rules of one of the two.
     *
     * @param brand the name in its headers
     */
    Gitea(String brand) {
        this.brand = brand;
    }

    @Override
    public Optional<String> refusal(WebhookRequest request, List<WebhookSecret> secrets, Instant now) {
        return Proofs.hmac(request, header("Signature"), "", secrets);
    }

    @Override
    public Headers headers() {
        return new Headers(header("Event"), header("Delivery"));
    }

    @Override
    public Optional<String> repository(Payload body) {
        return Hub.repository(body);
    }

    @Override
    public Reading read(Telling telling, String event, Payload body) {
        return Hub.read(telling, event, body);
    }

    private String header(String what) {
        return "X-" + brand + "-" + what;
    }
}
