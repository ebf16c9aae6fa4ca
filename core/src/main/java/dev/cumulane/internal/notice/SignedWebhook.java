// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.notice;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cumulane.internal.http.Call;
import dev.cumulane.internal.http.Json;
import dev.cumulane.run.Commit;
import dev.cumulane.run.RunView;
import dev.cumulane.run.StageView;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Any service that checks signatures as Standard Webhooks says: the id stays the same over retries, so that the receiver can tell a repetition; the time is that of the
 * request.
 *
 * @param url the service's address
 */
record SignedWebhook(URI url) implements Sink {
    private static final String PREFIX = "whsec_";

    @Override
    public String who() {
        return "the webhook at " + url.getHost();
    }

    @Override
    public Call call(Notice notice, String secret, Instant now) {
        byte[] body = Json.bytes(body(notice));
        String time = Long.toString(now.getEpochSecond());
        return Call.json("POST", url, body)
                .with("webhook-id", notice.id())
                .with("webhook-timestamp", time)
                .with("webhook-signature", "v1," + signature(key(secret), notice.id() + "." + time + ".", body));
    }

    private static ObjectNode body(Notice notice) {
        RunView run = notice.run();
        ObjectNode body = Json.object()
                .put("type", "run." + notice.note().moment().name().toLowerCase(Locale.ROOT))
                .put("timestamp", when(notice).toString());
        ObjectNode data = body.putObject("data")
                .put("run", run.id().value())
                .put("pipeline", run.pipeline())
                .put("state", run.status().state().name());
        run.outcome().ifPresent(outcome -> data.put("outcome", outcome.name()));
        Commit commit = run.source().commit();
        data.putObject("commit")
                .put("repository", commit.repository())
                .put("ref", commit.ref())
                .put("id", commit.id());
        data.put("by", run.source().by());
        ArrayNode stages = data.putArray("stages");
        for (StageView stage : notice.note().stages()) {
            ObjectNode one = stages.addObject().put("name", stage.name());
            stage.owner().ifPresent(owner -> one.put("owner", owner));
            stage.outcome().ifPresent(outcome -> one.put("outcome", outcome.name()));
        }
        notice.page().ifPresent(page -> data.put("page", page));
        return body;
    }

    /** When it happened: the body of a repetition has the same bytes. */
    private static Instant when(Notice notice) {
        StageView.Times times = notice.run().status().times();
        return notice.note().stages().stream()
                .filter(stage -> notice.run().outcome().isEmpty())
                .flatMap(stage -> stage.progress().times().began().stream())
                .findFirst()
                .or(() -> notice.note().key().equals("started") ? times.began() : times.ended())
                .or(times::began)
                .orElse(Instant.EPOCH);
    }

    private static byte[] key(String secret) {
        String text = secret.strip();
        try {
            byte[] key = Base64.getDecoder().decode(text.startsWith(PREFIX) ? text.substring(PREFIX.length()) : "?");
            if (key.length >= 24 && key.length <= 64) {
                return key;
            }
        } catch (IllegalArgumentException e) {
            // Said below, in words of ours.
        }
        throw new IllegalArgumentException(
                "the secret of an outgoing webhook is 'whsec_' and 24 to 64 bytes in base64");
    }

    private static String signature(byte[] key, String before, byte[] body) {
        ByteArrayOutputStream signed = new ByteArrayOutputStream();
        signed.writeBytes(before.getBytes(StandardCharsets.UTF_8));
        signed.writeBytes(body);
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return Base64.getEncoder().encodeToString(mac.doFinal(signed.toByteArray()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }
}
