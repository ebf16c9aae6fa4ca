// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.source;

import dev.cumulane.source.Repository;
import dev.cumulane.source.WebhookRequest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What one forge's deliveries look like: how they prove themselves, what they are called, what they say. Without state. */
interface ForgeRules {
    /**
     * Why a request is not believed. Looks at headers and raw bytes alone.
     *
     * @param secrets one or two
     * @return the reason for the log; empty if the request is authentic
     */
    Optional<String> refusal(WebhookRequest request, List<WebhookSecret> secrets, Instant now);

    /** Why no body could make a request believed: what {@link #refusal} finds out from the headers alone. */
    Optional<String> headRefusal(WebhookRequest head, List<WebhookSecret> secrets, Instant now);

    /** Where a request says what it is called. */
    Headers headers();

    /**
     * Headers that name a delivery.
     *
     * @param event the header with the kind of event; empty if the body says it
     * @param id the header with the delivery's id; empty if there is none
     */
    record Headers(String event, String id) {}

    /** The full name of the repository that a body is about. */
    Optional<String> repository(Payload body);

    /** What a body about this repository tells. */
    Reading read(Telling telling, String event, Payload body);

    /** The rules of a repository's forge. */
    static ForgeRules of(Repository repository) {
        return switch (repository.forge()) {
            case GITHUB -> Hub.gitHub();
            case GITLAB -> new GitLab();
            case BITBUCKET_CLOUD -> new BitbucketCloud();
            case BITBUCKET_DATA_CENTER -> new BitbucketDataCenter();
            case AZURE_REPOS -> new AzureRepos();
            case GITEA -> Hub.gitea("Gitea");
            case FORGEJO -> Hub.gitea("Forgejo");
            case STANDARD_WEBHOOKS -> new StandardWebhooks();
        };
    }
}
