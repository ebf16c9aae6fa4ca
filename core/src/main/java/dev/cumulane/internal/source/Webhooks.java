// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.source;

import dev.cumulane.internal.json.MalformedJsonException;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.source.Repository;
import dev.cumulane.source.WebhookRequest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The two steps from a request to what it tells: is it authentic, and, later and elsewhere, what does it say. Any thread. */
public final class Webhooks {
    /** The most bytes of a body; a server need not read more. Larger ones are the reconciler's. */
    public static final int MOST_BYTES = 4 * 1024 * 1024;

    private static final int BAD_PROOF = 401;
    private static final int TOO_LARGE = 413;
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_.:{}-]{1,100}");

    private Webhooks() {}

    /**
     * Verifies a request on its raw bytes, before any parsing, by the scheme that the repository's forge uses.
     *
     * @param repository the repository whose hook was called
     * @param request the request
     * @param secrets the values of the repository's secrets, those that could be read
     * @param now the time, for schemes with a time stamp
     * @return whether it is authentic
     */
    public static Verification verify(
            Repository repository, WebhookRequest request, List<WebhookSecret> secrets, Instant now) {
        if (request.body().length > MOST_BYTES) {
            return new Verification.Refused(
                    TOO_LARGE, "the body has " + request.body().length + " bytes; at most " + MOST_BYTES + " are read");
        }
        ForgeRules rules = ForgeRules.of(repository);
        return commonRefusal(repository, request, secrets)
                .or(() -> rules.refusal(request, secrets, now))
                .<Verification>map(why -> new Verification.Refused(BAD_PROOF, why))
                .orElseGet(() -> new Verification.Authentic(delivery(repository, rules, request)));
    }

    /**
     * Why no body could make a request authentic, as far as its headers tell: a server need not read the body then.
     *
     * @param repository the repository whose hook was called
     * @param head the request, with or without its body
     * @param secrets the values of the repository's secrets, those that could be read
     * @param now the time, for schemes with a time stamp
     * @return why not; empty if it depends on the body
     */
    public static Optional<String> headRefusal(
            Repository repository, WebhookRequest head, List<WebhookSecret> secrets, Instant now) {
        return commonRefusal(repository, head, secrets)
                .or(() -> ForgeRules.of(repository).headRefusal(head, secrets, now));
    }

    private static Optional<String> commonRefusal(
            Repository repository, WebhookRequest request, List<WebhookSecret> secrets) {
        if (!request.method().equals("POST")) {
            return Optional.of("not a POST");
        }
        // No forge compresses, and what is small on the wire can be large in memory.
        if (!request.header("Content-Encoding").stream().allMatch("identity"::equals)) {
            return Optional.of("an encoded body");
        }
        if (repository.secrets().isEmpty()) {
            return Optional.of("the repository has no webhook secret");
        }
        return secrets.isEmpty()
                ? Optional.of("none of the repository's webhook secrets is there and can be used: "
                        + String.join(", ", repository.secrets()))
                : Optional.empty();
    }

    private static Delivery delivery(Repository repository, ForgeRules rules, WebhookRequest request) {
        Digest body = Digest.of(request.body());
        return new Delivery(
                repository.name(),
                plain(request, rules.headers().event()).orElse(""),
                plain(request, rules.headers().id()).orElse("sha256:" + body.hex()),
                body);
    }

    private static Optional<String> plain(WebhookRequest request, String header) {
        List<String> values = request.header(header);
        return values.size() == 1 && PLAIN.matcher(values.get(0)).matches()
                ? Optional.of(values.get(0))
                : Optional.empty();
    }

    /**
     * Reads what an authentic delivery tells.
     *
     * @param repository the repository whose hook was called
     * @param delivery what {@link #verify} gave
     * @param body the same body
     * @return what it tells
     */
    public static Reading read(Repository repository, Delivery delivery, byte[] body) {
        if (isForm(body)) {
            return new Reading.Malformed(
                    "the hook sends a form; in its settings, choose the content type application/json");
        }
        try {
            return read(repository, delivery.event(), Payload.of(body));
        } catch (MalformedJsonException | Payload.MalformedException | IllegalArgumentException e) {
            return new Reading.Malformed(String.valueOf(e.getMessage()));
        }
    }

    private static Reading read(Repository repository, String event, Payload body) {
        ForgeRules rules = ForgeRules.of(repository);
        Optional<String> about = rules.repository(body);
        if (about.isEmpty()) {
            return new Reading.Nothing("it names no repository");
        }
        if (!about.get().equalsIgnoreCase(repository.fullName())) {
            return new Reading.Nothing("it is about repository '" + about.get() + "', and this hook is for '"
                    + repository.fullName() + "'");
        }
        return rules.read(new Telling(repository), event, body);
    }

    private static boolean isForm(byte[] body) {
        byte[] start = "payload=".getBytes(StandardCharsets.UTF_8);
        return body.length >= start.length && Arrays.equals(body, 0, start.length, start, 0, start.length);
    }
}
