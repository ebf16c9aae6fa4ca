// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.source;

import dev.cumulane.source.WebhookRequest;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A delivery that must start no run.
 *
 * @param name what is wrong with it
 * @param answer 401, 413, or 202 for what is authentic and yet malformed, and is kept aside
 * @param request the delivery
 */
record BadDelivery(String name, int answer, WebhookRequest request) {
    private static final int REFUSED = 401;
    private static final int TOO_LARGE = 413;
    private static final int KEPT_ASIDE = 202;

    private static final String DEEP = "[".repeat(100_000);
    private static final String NODES = "0,".repeat(2_000_000);
    private static final String NAMES = names(110_000);
    private static final String LONG = "a".repeat(1_100_000);

    @Override
    public String toString() {
        return name;
    }

    /** All that apply to a sender's scheme. */
    static List<BadDelivery> of(Sender sender) {
        List<BadDelivery> all = new ArrayList<>(badProofs(sender));
        if (sender.hexadecimal()) {
            all.addAll(badHexadecimals(sender));
        }
        if (sender.signsTheBody()) {
            all.addAll(alteredBodies(sender));
        }
        if (sender.signsTheTime()) {
            all.addAll(badTimes(sender));
        }
        if (sender == Sender.AZURE_BASIC) {
            all.addAll(badLogins());
        }
        all.addAll(badEnvelopes(sender));
        all.addAll(malformed(sender));
        return all;
    }

    private static List<BadDelivery> badProofs(Sender sender) {
        WebhookRequest good = good(sender);
        String proof = good.header(sender.proof()).get(0);
        List<BadDelivery> all = new ArrayList<>();
        all.add(refused("no proof", Sender.with(good, sender.proof())));
        all.add(refused("an empty proof", Sender.with(good, sender.proof(), "")));
        all.add(refused("the proof twice", Sender.with(good, sender.proof(), proof, proof)));
        all.add(refused("a bad proof beside the good one", Sender.with(good, sender.proof(), proof + "x", proof)));
        all.add(refused("two proofs in one header", sender.proven(good, one -> one + "," + one)));
        all.add(refused("a truncated proof", sender.proven(good, one -> one.substring(0, one.length() - 6))));
        all.add(refused("a proof with more behind it", sender.proven(good, one -> one + "00")));
        all.add(refused("the prefix alone", sender.proven(good, one -> one.substring(0, Math.min(6, one.length())))));
        all.add(refused("another secret", sender.request(Sample.PUSH.event(sender), good.body(), 2, Sender.NOW)));
        for (Sender other : Sender.values()) {
            if (!other.proof().equals(sender.proof()) && other.forge() != sender.forge()) {
                String event = Sample.PUSH.event(other);
                all.add(refused("a delivery that " + other + " signed", other.request(event, good.body())));
            }
        }
        return all;
    }

    private static List<BadDelivery> badHexadecimals(Sender sender) {
        WebhookRequest good = good(sender);
        byte[] key = sender.secret(1).getBytes(StandardCharsets.UTF_8);
        String sha1 = HexFormat.of().formatHex(Sender.hmac("HmacSHA1", key, good.body()));
        String sha512 = HexFormat.of().formatHex(Sender.hmac("HmacSHA512", key, good.body()));
        String base64 = Base64.getEncoder().encodeToString(Sender.hmac("HmacSHA256", key, good.body()));
        String prefix = sender.proof().startsWith("X-Hub") ? "sha256=" : "";
        return List.of(
                refused(
                        "SHA-1 alone",
                        Sender.with(Sender.with(good, sender.proof()), "X-Hub-Signature", "sha1=" + sha1)),
                refused("SHA-1 in its place", Sender.with(good, sender.proof(), "sha1=" + sha1)),
                refused("SHA-1 that says it is more", Sender.with(good, sender.proof(), prefix + sha1)),
                refused("SHA-512", Sender.with(good, sender.proof(), prefix + sha512)),
                refused("Base64", Sender.with(good, sender.proof(), prefix + base64)),
                refused(
                        "capitals",
                        sender.proven(
                                good,
                                one -> prefix + one.substring(prefix.length()).toUpperCase(Locale.ROOT))),
                refused("spaces around it", sender.proven(good, one -> " " + one + " ")),
                refused("digits of another script", sender.proven(good, one -> prefix + "\u0660".repeat(64))),
                refused("another prefix", sender.proven(good, one -> "sha1=" + one.substring(prefix.length()))),
                refused("zeros", Sender.with(good, sender.proof(), prefix + "0".repeat(64))));
    }

    private static List<BadDelivery> alteredBodies(Sender sender) {
        WebhookRequest good = good(sender);
        String text = Sample.PUSH.text(sender);
        return List.of(
                refused("a proof of another body", body(good, text.replace("ada", "eve"))),
                refused("a body with a line more", body(good, text + "\n")),
                refused("a body without its last byte", body(good, text.substring(0, text.length() - 1))),
                refused("a body with other spaces", body(good, text.replace("  ", " "))),
                refused("no body", body(good, "")));
    }

    private static List<BadDelivery> badTimes(Sender sender) {
        WebhookRequest good = good(sender);
        Duration late = StandardSignature.OLDEST.plusSeconds(1);
        return List.of(
                refused("a replay after five minutes", at(sender, Sender.NOW.minus(late))),
                refused("a delivery from the future", at(sender, Sender.NOW.plus(late))),
                refused(
                        "an old delivery with a new time stamp",
                        Sender.with(at(sender, Sender.NOW.minus(late)), "webhook-timestamp", seconds(Sender.NOW))),
                refused("no time stamp", Sender.with(good, "webhook-timestamp")),
                refused(
                        "two time stamps",
                        Sender.with(good, "webhook-timestamp", seconds(Sender.NOW), seconds(Sender.NOW))),
                refused("a time stamp that is no number", Sender.with(good, "webhook-timestamp", "1e9")),
                refused("a time stamp below zero", Sender.with(good, "webhook-timestamp", "-1")),
                refused("a time stamp beyond all numbers", Sender.with(good, "webhook-timestamp", "9".repeat(40))),
                refused(
                        "a time stamp in milliseconds",
                        Sender.with(good, "webhook-timestamp", seconds(Sender.NOW) + "000")),
                refused("no id", Sender.with(good, "webhook-id")),
                refused("another id", Sender.with(good, "webhook-id", "msg_another")),
                refused("an id of two lines", Sender.with(good, "webhook-id", "a\nb")),
                refused(
                        "another version of the signature",
                        sender.proven(good, one -> "v9" + one.substring(one.indexOf(',')))),
                refused(
                        "the other scheme's version",
                        sender.proven(
                                good, one -> (one.startsWith("v1a") ? "v1" : "v1a") + one.substring(one.indexOf(',')))),
                refused(
                        "a hundred signatures",
                        sender.proven(good, one -> (one + " ").repeat(100).strip())),
                refused("no Base64", Sender.with(good, sender.proof(), "v1,???")),
                refused("an empty signature", Sender.with(good, sender.proof(), "v1, v1a,")));
    }

    private static List<BadDelivery> badLogins() {
        Sender sender = Sender.AZURE_BASIC;
        WebhookRequest good = good(sender);
        return List.of(
                refused("no Basic authentication", sender.proven(good, one -> one.replace("Basic", "Bearer"))),
                refused("the secret bare", sender.proven(good, one -> sender.secret(1))),
                refused("no Base64", sender.proven(good, one -> "Basic ???")),
                refused("the secret as the user", login("0123456789abcdef-secret-1:")),
                refused("the secret in capitals", login("cumulane:0123456789ABCDEF-SECRET-1")),
                refused("a good login beside a bad token", Sender.with(good, "X-Cumulane-Token", "guess")));
    }

    private static List<BadDelivery> badEnvelopes(Sender sender) {
        WebhookRequest good = good(sender);
        byte[] large = new byte[Webhooks.MOST_BYTES + 1];
        return List.of(
                new BadDelivery("too large", TOO_LARGE, sender.request(Sample.PUSH.event(sender), large)),
                refused("a bomb in gzip", Sender.with(good, "Content-Encoding", "gzip")),
                refused("deflated", Sender.with(good, "Content-Encoding", "identity, deflate")),
                refused("no POST", WebhookRequest.of("GET", "shop", good.headers(), good.body())));
    }

    private static List<BadDelivery> malformed(Sender sender) {
        String push = Sample.PUSH.text(sender);
        String start = push.substring(0, push.lastIndexOf('}'));
        List<BadDelivery> all = new ArrayList<>();
        all.add(keptAside(sender, "no JSON", "ref=refs/heads/main"));
        all.add(keptAside(sender, "nothing", ""));
        all.add(keptAside(sender, "a list", "[" + push + "]"));
        all.add(keptAside(sender, "half of it", push.substring(0, push.length() / 2)));
        all.add(keptAside(sender, "two documents", push + push));
        all.add(keptAside(sender, "deep JSON", start + ",\"x\":" + "[".repeat(65) + "]".repeat(65) + "}"));
        all.add(keptAside(sender, "very deep JSON", DEEP));
        all.add(keptAside(sender, "duplicate keys", start + ",\"twice\":1,\"twice\":2}"));
        all.add(keptAside(sender, "two million nodes", start + ",\"x\":[" + NODES + "0]}"));
        all.add(keptAside(sender, "a hundred thousand names", start + ",\"x\":{" + NAMES + "}}"));
        all.add(keptAside(sender, "a long string", start + ",\"x\":\"" + LONG + "\"}"));
        all.add(keptAside(sender, "a long name", start + ",\"" + "a".repeat(2_000) + "\":1}"));
        all.add(keptAside(sender, "a long number", start + ",\"x\":" + "9".repeat(100_000) + "}"));
        all.add(keptAside(sender, "a comment", "/* hello */" + push));
        all.add(keptAside(sender, "not a number", start + ",\"x\":NaN}"));
        all.add(keptAside(sender, "a control character", start + ",\"x\":\"\u0007\"}"));
        all.add(keptAside(
                sender, "invalid UTF-8", (start + ",\"x\":\"\u00ff\"}").getBytes(StandardCharsets.ISO_8859_1)));
        all.add(keptAside(sender, "UTF-16", push.getBytes(StandardCharsets.UTF_16BE)));
        all.add(keptAside(sender, "UTF-32", push.getBytes(Charset.forName("UTF-32LE"))));
        all.add(keptAside(sender, "a short commit id", push.replace("4f1c2ab0".repeat(5), "4f1c2ab0")));
        all.add(keptAside(sender, "an option as commit id", push.replace("4f1c2ab0".repeat(5), "--upload-pack=x")));
        for (String ref : List.of(
                "a:refs/heads/b", "a..b", "a b", "a\\u0000b", "a\\u001b[2J", "a.lock", "-x/../y", "a\\ud800", "*")) {
            all.add(keptAside(sender, "a branch " + ref, renamed(sender, push, ref)));
        }
        return all;
    }

    private static String renamed(Sender sender, String push, String name) {
        return sender == Sender.BITBUCKET_CLOUD
                ? push.replace("\"name\": \"main\"", "\"name\": \"" + name + "\"")
                : push.replace("refs/heads/main", "refs/heads/" + name);
    }

    private static String names(int count) {
        StringBuilder names = new StringBuilder("\"a\":0");
        for (int i = 0; i < count; i++) {
            names.append(",\"").append(Integer.toString(i, 36)).append("\":0");
        }
        return names.toString();
    }

    private static WebhookRequest good(Sender sender) {
        return sender.request(Sample.PUSH.event(sender), Sample.PUSH.body(sender));
    }

    private static WebhookRequest at(Sender sender, Instant at) {
        return sender.request(Sample.PUSH.event(sender), Sample.PUSH.body(sender), 1, at);
    }

    private static WebhookRequest login(String login) {
        return Sender.with(
                good(Sender.AZURE_BASIC),
                "Authorization",
                "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8)));
    }

    private static WebhookRequest body(WebhookRequest request, String body) {
        return WebhookRequest.of("POST", "shop", request.headers(), body.getBytes(StandardCharsets.UTF_8));
    }

    private static String seconds(Instant time) {
        return Long.toString(time.getEpochSecond());
    }

    private static BadDelivery refused(String name, WebhookRequest request) {
        return new BadDelivery(name, REFUSED, request);
    }

    private static BadDelivery keptAside(Sender sender, String name, String body) {
        return keptAside(sender, name, body.getBytes(StandardCharsets.UTF_8));
    }

    private static BadDelivery keptAside(Sender sender, String name, byte[] body) {
        return new BadDelivery(name, KEPT_ASIDE, sender.request(Sample.PUSH.event(sender), body));
    }

    /** What is answered, and why, for the log. */
    record Answer(int status, String why) {}

    /** What is answered to a request; empty if it would start a run. */
    static Optional<Answer> answerTo(Sender sender, WebhookRequest request) {
        Verification verification = sender.verify(request);
        if (verification instanceof Verification.Refused refused) {
            return Optional.of(new Answer(refused.status(), refused.why()));
        }
        Delivery delivery = ((Verification.Authentic) verification).delivery();
        Reading reading = Webhooks.read(sender.repository(), delivery, request.body());
        return reading instanceof Reading.Malformed malformed
                ? Optional.of(new Answer(KEPT_ASIDE, malformed.why()))
                : Optional.empty();
    }
}
