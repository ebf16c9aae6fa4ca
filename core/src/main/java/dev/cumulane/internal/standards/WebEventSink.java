// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.standards;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cumulane.cloud.EventSink;
import dev.cumulane.internal.follow.UntoldException;
import dev.cumulane.internal.http.Answer;
import dev.cumulane.internal.http.Call;
import dev.cumulane.internal.http.CallException;
import dev.cumulane.internal.http.Caller;
import dev.cumulane.pipeline.Digest;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Posts events to a web address, in the structured mode of the CloudEvents HTTP binding, each signed as the Standard Webhooks specification 1.0 says if there is a key.
 */
public final class WebEventSink implements EventSink {
    private static final String KEY_PREFIX = "whsec_";

    private final Caller caller;
    private final URI address;
    private final Supplier<Optional<byte[]>> secret;
    private final InstantSource clock;

    /**
     * Posts to an address.
     *
     * @param caller makes the calls
     * @param address where to
     * @param secret the key to sign with, as its owner writes it: {@code whsec_} and base64, or any other bytes; empty for none
     * @param clock the time that is signed, too
     */
    public WebEventSink(Caller caller, URI address, Supplier<Optional<byte[]>> secret, InstantSource clock) {
        this.caller = caller;
        this.address = address;
        this.secret = secret;
        this.clock = clock;
    }

    @Override
    public void publish(String id, byte[] json) {
        Call call = new Call(
                "POST",
                address,
                new TreeMap<>(Map.of("Content-Type", "application/cloudevents+json; charset=utf-8")),
                json);
        Optional<byte[]> key = secret.get();
        Answer answer;
        try {
            answer = caller.call(key.isPresent() ? signed(call, id, key.get()) : call);
        } catch (CallException e) {
            throw UntoldException.because(String.valueOf(e.getMessage()), e);
        }
        if (!answer.isSuccess()) {
            throw UntoldException.because(
                    address.getHost() + " answered " + answer.status() + " to an event",
                    answer.retryAfter(clock.instant()));
        }
    }

    private Call signed(Call call, String id, byte[] key) {
        // A dot parts what is signed, so the name has none: it is the digest of the event's id, and so the same each
        // time.
        String name = "msg_" + Digest.of(id.getBytes(UTF_8)).hex().substring(0, 32);
        Instant now = clock.instant();
        String seconds = Long.toString(now.getEpochSecond());
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(raw(key), "HmacSHA256"));
            mac.update((name + "." + seconds + ".").getBytes(UTF_8));
            String signature = "v1," + Base64.getEncoder().encodeToString(mac.doFinal(call.body()));
            return call.with("webhook-id", name)
                    .with("webhook-timestamp", seconds)
                    .with("webhook-signature", signature);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java platform has no HmacSHA256, which every one must have", e);
        }
    }

    private static byte[] raw(byte[] key) {
        String text = new String(key, UTF_8).strip();
        return text.startsWith(KEY_PREFIX) ? Base64.getDecoder().decode(text.substring(KEY_PREFIX.length())) : key;
    }
}
