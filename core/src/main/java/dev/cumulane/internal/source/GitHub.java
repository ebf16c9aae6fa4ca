// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.source;

import dev.cumulane.source.WebhookRequest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** GitHub: {@code X-Hub-Signature-256}. The older {@code X-Hub-Signature} is SHA-1 and never looked at. */
final class GitHub implements ForgeRules {
    @Override
    public Optional<String> refusal(WebhookRequest request, List<WebhookSecret> secrets, Instant now) {
        return Proofs.hmac(request, "X-Hub-Signature-256", "sha256=", secrets);
    }

    @Override
    public Headers headers() {
        return new Headers("X-GitHub-Event", "X-GitHub-Delivery");
    }

    @Override
    public Optional<String> repository(Payload body) {
        return Hub.repository(body);
    }

    @Override
    public Reading read(Telling telling, String event, Payload body) {
        return Hub.read(telling, event, body);
    }
}
