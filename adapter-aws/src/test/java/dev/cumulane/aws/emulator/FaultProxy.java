// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.emulator;

import dev.cumulane.aws.fake.WireRequest;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Faults in the words of AWS. */
public final class FaultProxy extends dev.cumulane.cloud.contract.FaultProxy {
    private static final String TARGET = "x-amz-target";

    private volatile Watcher watcher = (request, status) -> {};

    /** Sees what reaches the service. */
    @FunctionalInterface
    public interface Watcher {
        /**
         * A request was answered by the service, whether the answer reached the client or not.
         *
         * @param request the request
         * @param status the status code of the answer
         */
        void answered(WireRequest request, int status);
    }

    private FaultProxy(URI target, double share, long seed) {
        super(target, share, seed);
    }

    /**
     * A proxy that disturbs a share of the requests.
     *
     * @param target the emulator
     * @param share 0 to 1
     * @param seed for what is drawn
     * @return the proxy, listening
     */
    public static FaultProxy before(URI target, double share, long seed) {
        return new FaultProxy(target, share, seed);
    }

    /**
     * Shows somebody what reaches the service.
     *
     * @param more sees each request, on any thread
     * @return this
     */
    public FaultProxy watchedBy(Watcher more) {
        watcher = more;
        return this;
    }

    @Override
    protected void answered(Request request, int status) {
        String[] words = request.line().split(" ");
        Map<String, String> named = new TreeMap<>();
        request.headers().forEach(header -> {
            int colon = header.indexOf(':');
            named.putIfAbsent(
                    header.substring(0, colon).toLowerCase(Locale.ROOT),
                    header.substring(colon + 1).trim());
        });
        watcher.answered(WireRequest.of(words[0], words[1], named, request.body()), status);
    }

    @Override
    protected String callHeader() {
        return "amz-sdk-invocation-id";
    }

    @Override
    protected String operation(Request request) {
        return request.line() + " " + request.header(TARGET).orElse("");
    }

    @Override
    protected Throttle throttle(Request request) {
        return request.header(TARGET).isEmpty()
                ? new Throttle(
                        "503 Slow Down",
                        "application/xml",
                        "<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>")
                : new Throttle(
                        "400 Bad Request",
                        "application/x-amz-json-1.0",
                        "{\"__type\":\"ThrottlingException\",\"message\":\"Rate exceeded\"}");
    }
}
