// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.examples.push;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cumulane.cloud.CloudException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The {@code post-receive} hook of the example's repository: tells of each pushed branch as GitHub does, signed. */
final class PostReceive {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Path HERE = Path.of(".");
    private static final Map<String, String> KINDS = Map.of("added", "A", "removed", "D", "modified", "M");

    private PostReceive() {}

    /**
     * Reads what was pushed, as Git tells it to a hook.
     *
     * @param args the address of the webhook, and the file with its secret
     */
    public static void main(String[] args) {
        try {
            deliver(args);
        } catch (CloudException | IOException | InterruptedException | GeneralSecurityException e) {
            // Git shows it to who pushes; what was pushed stays.
            System.err.println("error: the push was told to nobody: " + e.getMessage());
            System.exit(1);
        }
    }

    private static void deliver(String... args) throws IOException, InterruptedException, GeneralSecurityException {
        String secret = Files.readString(Path.of(args[1])).strip();
        for (String line : new String(System.in.readAllBytes(), UTF_8).lines().toList()) {
            String[] words = line.split(" ", 3);
            boolean isDeleted = words[1].matches("0+");
            if (words[2].startsWith("refs/heads/") && !isDeleted) {
                deliver(URI.create(args[0]), secret, push(words[0], words[1], words[2]));
            }
        }
    }

    private static byte[] push(String before, String after, String ref) throws IOException {
        boolean isNew = before.matches("0+");
        ObjectNode push = JSON.createObjectNode()
                .put("ref", ref)
                .put("before", before)
                .put("after", after)
                .put("created", isNew)
                .put("deleted", false)
                .put("forced", false);
        push.putObject("repository").put("full_name", TeamRepository.FULL_NAME);
        push.putObject("pusher").put("name", "ada");
        push.putObject("sender").put("login", "ada");
        ObjectNode head = JSON.createObjectNode()
                .put("id", after)
                .put("message", Git.git(HERE, "log", "-1", "--format=%B", after))
                .put("timestamp", Git.git(HERE, "log", "-1", "--format=%cI", after));
        KINDS.forEach((kind, letter) -> {
            ArrayNode paths = head.putArray(kind);
            if (!isNew) {
                Git.git(HERE, "diff", "--name-only", "--no-renames", "--diff-filter=" + letter, before, after)
                        .lines()
                        .forEach(paths::add);
            }
        });
        push.set("head_commit", head);
        push.putArray("commits").add(head);
        return JSON.writeValueAsBytes(push);
    }

    private static void deliver(URI hook, String secret, byte[] body)
            throws IOException, InterruptedException, GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
        HttpRequest request = HttpRequest.newBuilder(hook)
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .header("X-GitHub-Event", "push")
                .header("X-GitHub-Delivery", UUID.randomUUID().toString())
                .header("X-Hub-Signature-256", "sha256=" + HexFormat.of().formatHex(mac.doFinal(body)))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        HttpResponse<Void> answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.discarding());
        System.out.println("a signed push, posted to " + hook.getPath() + ": " + answer.statusCode());
    }
}
