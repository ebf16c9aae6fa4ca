// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package com.example.greeting;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GreetingServerTest {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private Optional<String> problem = Optional.empty();
    private GreetingServer server;

    @BeforeEach
    void start() throws IOException {
        server = GreetingServer.start(0, "1.2.3", () -> problem);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void greetsOverHttp() throws Exception {
        assertEquals("200 Hello, world!", get("/"));
        assertEquals("200 Hello, Ada Lovelace!", get("/?name=Ada%20Lovelace"));
    }

    @Test
    void answersABadNameWithTheReason() throws Exception {
        assertTrue(get("/?name=%3Cscript%3E").startsWith("400 a name starts with a letter"));
        assertTrue(get("/?name=%FF").startsWith("400 "));
    }

    @Test
    void saysWhetherItIsHealthy() throws Exception {
        assertEquals("200 ok", get("/health"));

        problem = Optional.of("out of words");
        assertEquals("500 out of words", get("/health"));
    }

    @Test
    void saysWhichVersionRuns() throws Exception {
        assertEquals("200 1.2.3", get("/version"));
    }

    @Test
    void refusesOtherPathsAndMethods() throws Exception {
        assertTrue(get("/nowhere").startsWith("404 "));
        assertTrue(send(request("/").POST(BodyPublishers.ofString("hi"))).startsWith("405 "));
    }

    @Test
    void listensOnLoopbackOnly() {
        assertEquals("127.0.0.1", server.address().getHost());
    }

    @Test
    void refusesAPortThatIsNone() {
        assertEquals(8080, Main.portNumber("8080"));
        for (String port : new String[] {"", "-1", "65536", "http"}) {
            assertThrows(IllegalArgumentException.class, () -> Main.portNumber(port), port);
        }
    }

    private String get(String path) throws Exception {
        return send(request(path).GET());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(server.address().resolve(path)).timeout(Duration.ofSeconds(10));
    }

    private static String send(HttpRequest.Builder request) throws Exception {
        HttpResponse<String> response = CLIENT.send(request.build(), BodyHandlers.ofString());
        return response.statusCode() + " " + response.body();
    }
}
