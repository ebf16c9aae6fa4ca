// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.cloud.HttpAnswer;
import dev.cumulane.cloud.HttpRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What strangers who send slowly, or promise more than they send, can take of an endpoint. */
final class HttpEndpointTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final int DEADLINE_MILLIS = 20_000;

    private final List<HttpEndpoint> opened = new ArrayList<>();
    private final List<Socket> clients = new ArrayList<>();
    private final List<String> answered = new CopyOnWriteArrayList<>();

    /** Answers with the length of the body; refuses what shows no proof. */
    private final HttpEndpoint.Handler handler = new HttpEndpoint.Handler() {
        @Override
        public Optional<HttpAnswer> refusal(HttpRequest head) {
            return head.header("x-proof").isPresent()
                    ? Optional.empty()
                    : Optional.of(new HttpAnswer(401, Collections.emptySortedMap(), new byte[0]));
        }

        @Override
        public HttpAnswer answer(HttpRequest request) {
            answered.add(request.method());
            return HttpAnswer.text(202, Integer.toString(request.body().length));
        }
    };

    @AfterEach
    void close() throws IOException {
        for (Socket client : clients) {
            client.close();
        }
        opened.forEach(HttpEndpoint::close);
    }

    @Test
    void what_shows_no_proof_is_refused_before_its_body_comes() throws IOException {
        HttpEndpoint endpoint = open(LONG);

        Socket client = send(endpoint, "POST /hooks/shop HTTP/1.1\r\nHost: x\r\nContent-Length: 4194304\r\n\r\n");
        client.shutdownOutput(); // no body will ever come

        assertThat(read(client)).startsWith("HTTP/1.1 401 ");
        assertThat(answered).isEmpty();
    }

    @Test
    void bodies_that_are_announced_and_do_not_come_take_no_memory_and_no_turn_from_others() throws IOException {
        HttpEndpoint endpoint = open(LONG);
        for (int i = 0; i < 100; i++) {
            send(endpoint, "POST / HTTP/1.1\r\nHost: x\r\nX-Proof: p\r\nContent-Length: 4194304\r\n\r\nslow");
        }

        Socket client = send(
                endpoint,
                "POST / HTTP/1.1\r\nHost: x\r\nX-Proof: p\r\nConnection: close\r\nContent-Length: 5\r\n\r\nquick");

        assertThat(read(client)).startsWith("HTTP/1.1 202 ").endsWith("\r\n\r\n5\n");
    }

    @Test
    void who_sends_too_slowly_is_hung_up_on() throws IOException {
        HttpEndpoint endpoint = open(Duration.ofMillis(50));

        Socket silent =
                send(endpoint, "POST / HTTP/1.1\r\nHost: x\r\nX-Proof: p\r\nTransfer-Encoding: chunked\r\n\r\n");

        assertThat(read(silent)).isEmpty();
        assertThat(answered).isEmpty();
    }

    @Test
    void a_body_of_several_pieces_is_read_to_its_end() throws IOException {
        HttpEndpoint endpoint = open(LONG);
        Socket client = send(
                endpoint,
                "POST / HTTP/1.1\r\nHost: x\r\nX-Proof: p\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n");
        byte[] piece = ("20000\r\n" + "x".repeat(0x20000) + "\r\n").getBytes(US_ASCII);
        client.getOutputStream().write(piece);
        client.getOutputStream().write(piece);
        client.getOutputStream().write("0\r\n\r\n".getBytes(US_ASCII));

        assertThat(read(client)).startsWith("HTTP/1.1 202 ").endsWith("\r\n\r\n262144\n");
    }

    private HttpEndpoint open(Duration patience) {
        HttpEndpoint endpoint =
                HttpEndpoint.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), patience, handler);
        opened.add(endpoint);
        return endpoint;
    }

    private Socket send(HttpEndpoint endpoint, String text) throws IOException {
        Socket client =
                new Socket(endpoint.address().getAddress(), endpoint.address().getPort());
        clients.add(client);
        client.setSoTimeout(DEADLINE_MILLIS);
        client.getOutputStream().write(text.getBytes(US_ASCII));
        return client;
    }

    /** All that comes until the other side hangs up. */
    private static String read(Socket client) throws IOException {
        return new String(client.getInputStream().readAllBytes(), US_ASCII);
    }
}
