// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.source;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** A delivery of the story that all forges tell in their own words; see the samples' README. */
enum Sample {
    PUSH,
    TAG,
    BRANCH_DELETED,
    CHANGE_FROM_FORK,
    CHANGE_UPDATED,
    CHANGE_MERGED,
    CHANGE_DECLINED,
    CHANGE_LABELED,
    COMMENT;

    private static final Map<Sample, String> CLOUD_EVENTS = Map.of(
            CHANGE_FROM_FORK, "pullrequest:created",
            CHANGE_UPDATED, "pullrequest:updated",
            CHANGE_MERGED, "pullrequest:fulfilled",
            CHANGE_DECLINED, "pullrequest:rejected",
            CHANGE_LABELED, "pullrequest:approved",
            COMMENT, "pullrequest:comment_created");

    private static final Map<Sample, String> DATA_CENTER_EVENTS = Map.of(
            CHANGE_FROM_FORK, "pr:opened",
            CHANGE_UPDATED, "pr:from_ref_updated",
            CHANGE_MERGED, "pr:merged",
            CHANGE_DECLINED, "pr:declined",
            CHANGE_LABELED, "pr:reviewer:updated",
            COMMENT, "pr:comment:added");

    /** What the forge's header says; empty where the body does. */
    String event(Sender sender) {
        return switch (sender.forge()) {
            case GITHUB, GITEA, FORGEJO ->
                switch (this) {
                    case PUSH, TAG, BRANCH_DELETED -> "push";
                    case COMMENT -> "issue_comment";
                    default -> "pull_request";
                };
            case BITBUCKET_CLOUD -> CLOUD_EVENTS.getOrDefault(this, "repo:push");
            case BITBUCKET_DATA_CENTER -> DATA_CENTER_EVENTS.getOrDefault(this, "repo:refs_changed");
            case GITLAB, AZURE_REPOS, STANDARD_WEBHOOKS -> "";
        };
    }

    byte[] body(Sender sender) {
        // Bitbucket Cloud has no labels: an approval is a delivery that changes no head, too.
        Sample file = this == CHANGE_LABELED && sender == Sender.BITBUCKET_CLOUD ? CHANGE_FROM_FORK : this;
        return bytes(
                sender.samples() + "/" + file.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }

    String text(Sender sender) {
        return new String(body(sender), StandardCharsets.UTF_8);
    }

    static byte[] bytes(String name) {
        try (InputStream in = Sample.class.getResourceAsStream("/webhooks/" + name + ".json")) {
            return Objects.requireNonNull(in, name).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
