// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.fake;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.cumulane.cloud.contract.Loopback;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** The token service with one role: gives credentials to who knows the external id. */
public final class FakeTokens implements AutoCloseable {
    /** The access key of the role. */
    public static final String KEY = "ASIAOTHERACCOUNT";

    private final String role;
    private final String externalId;
    private final List<Map<String, String>> asked = new CopyOnWriteArrayList<>();
    private final HttpServer server;

    /**
     * A service that listens.
     *
     * @param role the role's ARN
     * @param externalId what its trust policy asks for
     */
    public FakeTokens(String role, String externalId) {
        this.role = role;
        this.externalId = externalId;
        server = Loopback.serve(this::serve);
    }

    /**
     * Where it listens.
     *
     * @return its address
     */
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /**
     * What was asked for.
     *
     * @return the parameters of each request
     */
    public List<Map<String, String>> asked() {
        return asked;
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            String form = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            Map<String, String> parameters =
                    WireRequest.of("POST", "/?" + form, Map.of(), new byte[0]).query();
            asked.add(parameters);
            boolean known = role.equals(parameters.get("RoleArn")) && externalId.equals(parameters.get("ExternalId"));
            byte[] answer = (known ? granted() : denied()).getBytes(UTF_8);
            exchange.sendResponseHeaders(known ? 200 : 403, answer.length);
            exchange.getResponseBody().write(answer);
        }
    }

    private static String granted() {
        return "<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><AssumeRoleResult><Credentials>"
                + "<AccessKeyId>" + KEY + "</AccessKeyId><SecretAccessKey>other-secret</SecretAccessKey>"
                + "<SessionToken>session</SessionToken><Expiration>"
                + Instant.now().plus(15, ChronoUnit.MINUTES).truncatedTo(ChronoUnit.SECONDS)
                + "</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>";
    }

    private static String denied() {
        return "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type>"
                + "<Code>AccessDenied</Code><Message>is not authorized to perform: sts:AssumeRole</Message></Error></ErrorResponse>";
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
