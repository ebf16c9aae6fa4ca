// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SafeCallerTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final List<String> seen = new ArrayList<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private HttpServer server;
    private String origin;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        server.start();
        origin = "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @AfterEach
    void stop() {
        over.countDown();
        server.stop(0);
        ((java.util.concurrent.ExecutorService) server.getExecutor()).shutdownNow();
    }

    @Test
    void an_inside_origin_is_called_and_its_answer_read_whatever_its_status() {
        answer("/a/b", 418, "short and stout");

        Answer answer = inside(LONG)
                .call(Call.json("POST", Url.of(origin).with("a", "b").uri(), "{}".getBytes(StandardCharsets.UTF_8))
                        .with("Authorization", "Bearer 1"));

        assertThat(answer.status()).isEqualTo(418);
        assertThat(new String(answer.body(), StandardCharsets.UTF_8)).isEqualTo("short and stout");
        assertThat(answer.header("x-kind")).hasValue("teapot");
        assertThat(seen).containsExactly("POST /a/b Bearer 1 application/json; charset=utf-8 {}");
    }

    @Test
    void a_redirect_is_not_followed() {
        server.createContext("/", exchange -> {
            seen.add(exchange.getRequestURI().toString());
            exchange.getResponseHeaders().add("Location", origin + "/elsewhere");
            exchange.sendResponseHeaders(307, -1);
            exchange.close();
        });

        assertThat(inside(LONG)
                        .call(Call.of("GET", URI.create(origin + "/here")))
                        .status())
                .isEqualTo(307);
        assertThat(seen).containsExactly("/here");
    }

    @Test
    void an_answer_that_never_ends_is_cut_off() {
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] some = new byte[64 * 1024];
            try (OutputStream out = exchange.getResponseBody()) {
                for (int i = 0; i < 1_000; i++) {
                    out.write(some);
                }
            } catch (IOException e) {
                over.countDown();
            }
        });

        assertThatExceptionOfType(CallException.class)
                .isThrownBy(() -> inside(LONG).call(Call.of("GET", URI.create(origin + "/secret"))))
                .withMessageContaining("larger than")
                .withMessageNotContaining("secret")
                .matches(e -> !e.refused());
    }

    @Test
    void an_answer_that_trickles_or_never_comes_is_given_up() {
        server.createContext("/silent", exchange -> await());
        server.createContext("/trickle", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(1);
            exchange.getResponseBody().flush();
            await();
        });

        for (String path : List.of("/silent", "/trickle")) {
            assertThatExceptionOfType(CallException.class)
                    .as(path)
                    .isThrownBy(() -> inside(Duration.ofMillis(300)).call(Call.of("GET", URI.create(origin + path))))
                    .matches(e -> !e.refused());
        }
    }

    @Test
    void what_is_not_configured_is_not_called() {
        SafeCaller caller = new SafeCaller(Hosts.of("api.example.com").andBelow("example.org"), publicly(), LONG);

        for (String url : List.of(
                "https://evil.example.com/",
                "https://example.org/",
                "https://notexample.org/",
                "https://api.example.com.evil.net/",
                "http://api.example.com/",
                "ftp://api.example.com/",
                "https://api.example.com@evil.net/",
                "https://user@api.example.com/",
                "https:///nowhere",
                "file:///etc/passwd",
                origin + "/")) {
            assertThatExceptionOfType(CallException.class)
                    .as(url)
                    .isThrownBy(() -> caller.call(Call.of("GET", URI.create(url))))
                    .matches(CallException::refused);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.8.8.8",
                "0.0.0.0",
                "10.1.2.3",
                "100.64.0.1",
                "169.254.169.254",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.1.1",
                "198.18.0.1",
                "224.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::ffff:127.0.0.1",
                "::ffff:169.254.169.254",
                "::7f00:1",
                "64:ff9b::a9fe:a9fe",
                "2002:7f00:1::",
                "2001:0:7f00:1::",
                "2001:db8::1",
                "fc00::1",
                "fd00:ec2::254",
                "fe80::1",
                "fec0::1",
                "ff02::1"
            })
    void a_name_that_leads_into_a_private_network_is_not_called(String address) {
        SafeCaller caller = new SafeCaller(
                Hosts.of("api.example.com"),
                host -> new InetAddress[] {InetAddress.getByName("93.184.215.14"), InetAddress.getByName(address)},
                LONG);

        assertThatExceptionOfType(CallException.class)
                .isThrownBy(() -> caller.call(Call.of("GET", URI.create("https://api.example.com/"))))
                .withMessageContaining("not on the public internet")
                .matches(CallException::refused);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://127.0.0.1/",
                "https://2130706433/",
                "https://[::1]/",
                "https://localhost/",
                "https://0x7f.1/"
            })
    void an_address_of_this_machine_in_any_writing_is_not_called(String url) {
        URI uri = URI.create(url);
        SafeCaller caller = new SafeCaller(Hosts.of(String.valueOf(uri.getHost())));

        assertThatExceptionOfType(CallException.class).isThrownBy(() -> caller.call(Call.of("GET", uri)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"93.184.215.14", "172.32.0.1", "8.8.8.8", "2606:4700::1111", "2a00:1450:4001::1"})
    void addresses_of_the_internet_are_public(String address) throws UnknownHostException {
        assertThat(Networks.isPublic(InetAddress.getByName(address))).isTrue();
    }

    @Test
    void an_inside_origin_is_scheme_host_and_port() {
        SafeCaller caller = new SafeCaller(Hosts.of().andInside(List.of("http://127.0.0.1:1")), publicly(), LONG);

        for (String url :
                List.of("http://127.0.0.1:2/", "https://127.0.0.1:1/", "http://127.0.0.1/", "http://localhost:1/")) {
            assertThatExceptionOfType(CallException.class)
                    .as(url)
                    .isThrownBy(() -> caller.call(Call.of("GET", URI.create(url))))
                    .matches(CallException::refused);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Hosts.of().andInside(List.of("http://127.0.0.1:1/path")))
                .withMessageContaining("no origin");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nX-Evil: 1", "a\nb", "a\0", "größe", "\u2028"})
    void a_header_is_one_line_and_a_wrong_one_is_not_shown(String value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Call.of("GET", URI.create(origin)).with("Authorization", "Bearer canary" + value))
                .withMessageContaining("Authorization")
                .withMessageNotContaining("canary");
    }

    @Test
    void segments_and_parameters_stay_what_they_are() {
        URI uri = Url.of("https://api.example.com/v3/")
                .with("repos")
                .path("acme/shop")
                .with("a/../b?c#d;e %2e")
                .parameter("q", "x&y=z#\r\n")
                .parameter("r", "1")
                .uri();

        assertThat(uri.toString())
                .isEqualTo(
                        "https://api.example.com/v3/repos/acme/shop/a%2F..%2Fb%3Fc%23d%3Be%20%252e?q=x%26y%3Dz%23%0D%0A&r=1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Url.of("https://a.b").path("acme/../shop"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Url.of("https://a.b").path("acme//shop"));
        assertThatIllegalArgumentException().isThrownBy(() -> Url.of("https://a.b?x"));
    }

    @Test
    void retry_after_is_read_in_both_forms() {
        Instant now = Instant.parse("2026-11-23T10:00:00Z");

        assertThat(retryAfter("120", now)).isEqualTo(Duration.ofMinutes(2));
        assertThat(retryAfter("Mon, 23 Nov 2026 10:05:00 GMT", now)).isEqualTo(Duration.ofMinutes(5));
        assertThat(retryAfter("Mon, 23 Nov 2026 09:05:00 GMT", now)).isZero();
        assertThat(retryAfter("soon", now)).isZero();
        assertThat(retryAfter("-1", now)).isZero();
    }

    private static Duration retryAfter(String value, Instant now) {
        TreeMap<String, String> headers = new TreeMap<>();
        headers.put("retry-after", value);
        return new Answer(429, headers, new byte[0]).retryAfter(now);
    }

    @Test
    void a_call_shows_neither_its_address_nor_its_headers() {
        Call call = Call.of("POST", URI.create("https://hooks.example.com/canary?canary"))
                .with("X", "canary");

        assertThat(call.toString()).isEqualTo("POST hooks.example.com");
    }

    private SafeCaller inside(Duration within) {
        return new SafeCaller(Hosts.of().andInside(List.of(origin)), publicly(), within);
    }

    private static SafeCaller.Resolver publicly() {
        return host -> new InetAddress[] {InetAddress.getByName("93.184.215.14")};
    }

    private void answer(String path, int status, String body) {
        server.createContext(path, exchange -> {
            seen.add(String.join(
                    " ",
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().toString(),
                    exchange.getRequestHeaders().getFirst("Authorization"),
                    exchange.getRequestHeaders().getFirst("Content-Type"),
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("X-Kind", "teapot");
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
    }

    private void await() {
        try {
            over.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
