// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.emulator;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;

/** Faults in the words of Azure. It takes requests without TLS, and speaks TLS with an emulator that does. */
public final class FaultProxy extends dev.cumulane.cloud.contract.FaultProxy {
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

    @Override
    protected String callHeader() {
        return "x-ms-client-request-id";
    }

    @Override
    protected String operation(Request request) {
        return request.line();
    }

    @Override
    protected Throttle throttle(Request request) {
        boolean json = request.header("accept").orElse("").contains("json");
        return json
                ? new Throttle(
                        "503 Service Unavailable",
                        "application/json",
                        "{\"odata.error\":{\"code\":\"ServerBusy\",\"message\":{\"lang\":\"en-us\",\"value\":\"busy\"}}}")
                : new Throttle(
                        "503 Service Unavailable",
                        "application/xml",
                        "<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>ServerBusy</Code><Message>busy</Message></Error>");
    }

    @Override
    protected Socket connect(URI service) throws IOException {
        return service.getScheme().equals("https")
                ? Tls.trusting().getSocketFactory().createSocket(service.getHost(), service.getPort())
                : super.connect(service);
    }
}
