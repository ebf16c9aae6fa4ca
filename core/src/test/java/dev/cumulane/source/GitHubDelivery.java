// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.source;

import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A delivery as GitHub sends it, signed.
 *
 * @param event the kind of event
 * @param id GitHub's id
 * @param body the body
 */
public record GitHubDelivery(String event, String id, String body) {
    /** A commit that the head had before. */
    private static final String BEFORE = "0123456789abcdef0123456789abcdef01234567";

    /** A push to a branch. */
    public static GitHubDelivery push(String id, String fullName, String branch, String head, String message) {
        return new GitHubDelivery(
                "push", id, """
                {"ref":"refs/heads/%s","before":"%s","after":"%s","created":false,"forced":false,
                 "repository":{"full_name":"%s"},"pusher":{"name":"ada"},"sender":{"login":"ada"},
                 "head_commit":{"id":"%s","message":"%s","added":[],"removed":[],"modified":["README.md"]},
                 "commits":[{"id":"%s","message":"%s","added":[],"removed":[],"modified":["README.md"]}]}
                """.formatted(branch, BEFORE, head, fullName, head, message, head, message));
    }

    /** A pull request is opened. */
    public static GitHubDelivery pullRequest(String id, String fullName, int number, String head, String from) {
        return new GitHubDelivery(
                "pull_request", id, """
                {"action":"opened","number":%d,"repository":{"full_name":"%s"},"sender":{"login":"eve"},
                 "pull_request":{"number":%d,"title":"A change","user":{"login":"eve"},"draft":false,"merged":false,
                  "head":{"sha":"%s","ref":"change","repo":{"full_name":"%s"}},
                  "base":{"ref":"main","sha":"%s","repo":{"full_name":"%s"}}}}
                """.formatted(number, fullName, number, head, from, BEFORE, fullName));
    }

    /** Somebody else opens it again. */
    public GitHubDelivery sentBy(String login) {
        return new GitHubDelivery(
                event, id, body.replace("\"sender\":{\"login\":\"eve\"}", "\"sender\":{\"login\":\"" + login + "\"}"));
    }

    /** Somebody comments on a pull request. */
    public static GitHubDelivery comment(String id, String fullName, int number, String by, String text) {
        return new GitHubDelivery("issue_comment", id, """
                {"action":"created","repository":{"full_name":"%s"},"sender":{"login":"%s"},
                 "issue":{"number":%d,"pull_request":{"url":"https://api.github.com/x"}},
                 "comment":{"user":{"login":"%s"},"author_association":"OWNER","body":"%s"}}
                """.formatted(fullName, by, number, by, text));
    }

    /** The body's bytes. */
    public byte[] bytes() {
        return body.getBytes(StandardCharsets.UTF_8);
    }

    /** The headers, with the signature that this secret gives. */
    public SortedMap<String, String> headers(String secret) {
        return new TreeMap<>(Map.of(
                "Content-Type",
                "application/json",
                "X-GitHub-Event",
                event,
                "X-GitHub-Delivery",
                id,
                "X-Hub-Signature-256",
                "sha256="
                        + Hashing.hmacSha256(secret.getBytes(StandardCharsets.UTF_8))
                                .hashBytes(bytes())));
    }

    /** The headers with a list of values each. */
    public SortedMap<String, List<String>> headerLists(String secret) {
        SortedMap<String, List<String>> lists = new TreeMap<>();
        headers(secret).forEach((name, value) -> lists.put(name, List.of(value)));
        return lists;
    }
}
