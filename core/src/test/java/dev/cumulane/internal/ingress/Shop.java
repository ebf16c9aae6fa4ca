// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.ingress;

import dev.cumulane.cloud.HttpAnswer;
import dev.cumulane.cloud.HttpRequest;
import dev.cumulane.cloud.StreamId;
import dev.cumulane.engine.Engine;
import dev.cumulane.internal.forge.FakeGitHub;
import dev.cumulane.source.Forge;
import dev.cumulane.source.GitHubDelivery;
import dev.cumulane.source.Repository;
import dev.cumulane.testing.SimulatedCloud;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The repository {@code acme/shop} on GitHub, as the engines of these tests know it. */
final class Shop {
    static final String NAME = "acme/shop";
    static final String SECRET = "a secret of at least sixteen bytes";
    static final String HEAD = "4f1c2ab0".repeat(5);

    private Shop() {}

    /** Its webhooks alone. */
    static Repository hooked() {
        return Repository.on(Forge.GITHUB, "shop", "https://github.com/acme/shop.git")
                .verifiedBy("hook");
    }

    /** Its webhooks, and a forge that can be asked. */
    static Repository on(FakeGitHub gitHub) {
        return hooked().token("robot").api(gitHub.origin());
    }

    /** Stores what an engine needs for either. */
    static void addSecrets(SimulatedCloud cloud) {
        cloud.addSecret("hook", SECRET);
        cloud.addSecret("robot", "the token of a robot");
    }

    /** Delivers a webhook, and leaves what comes of it to the cloud. */
    static HttpAnswer post(Engine engine, GitHubDelivery delivery) {
        return engine.answer(HttpRequest.of("POST", "/hooks/shop", "", delivery.headerLists(SECRET), delivery.bytes()));
    }

    /** What is recorded of the repository. */
    static List<String> history(SimulatedCloud cloud) {
        return cloud.journal().read(StreamId.repository("shop"), 1, 100).stream()
                .map(entry -> new String(entry.bytes(), StandardCharsets.UTF_8))
                .toList();
    }
}
