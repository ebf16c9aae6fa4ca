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
import dev.cumulane.internal.http.SignedCall;
import dev.cumulane.pipeline.Digest;
import java.net.URI;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Posts events to a web address, in the structured mode of the CloudEvents HTTP binding, each signed as the Standard Webhooks specification 1.0 says if there is a key.
 */
public final class WebEventSink implements EventSink {
    private final Caller caller;
    private final URI address;
    private final Supplier<Optional<byte[]>> secret;
    private final InstantSource clock;

    /**
     * Posts to an address.
     *
     * @param caller makes the calls
     * @param address where to
     * @param secret the key to sign with, {@code whsec_} and base64; empty for none
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
            answer = caller.call(
                    key.isPresent()
                            ? SignedCall.of(call, name(id), new String(key.get(), UTF_8), clock.instant())
                            : call);
        } catch (CallException e) {
            throw UntoldException.because(String.valueOf(e.getMessage()), e);
        }
        if (!answer.isSuccess()) {
            throw UntoldException.because(
                    address.getHost() + " answered " + answer.status() + " to an event",
                    answer.retryAfter(clock.instant()));
        }
    }

    /** A dot must not be in the name, so it is the digest of the event's id, and so the same each time. */
    private static String name(String id) {
        return "msg_" + Digest.of(id.getBytes(UTF_8)).hex().substring(0, 32);
    }
}
