// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.people;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.cloud.HttpRequest;
import dev.cumulane.people.People;
import dev.cumulane.people.Person;
import dev.cumulane.people.SignInProxy;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.pipeline.Work;
import dev.cumulane.run.Vote;
import dev.cumulane.testing.SimulatedCloud;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class VisitorsTest {
    private static final String PROOF = "canary proof of the proxy";
    private static final String TOKEN = "canary token of the pages";
    private static final Visitor DESK = new Visitor.Unnamed(Vote.Via.PAGE);

    private final SimulatedCloud cloud = cloud();
    private final People nobody = People.nobody();
    private final People behind = People.of(Person.named("ada").signedInAs("ada@example.com"))
            .behind(SignInProxy.saying("X-Auth-Email", "X-Proxy-Proof", "old-proof", "proof"));
    private final People token = nobody.pagesForToken("token", "next-token");

    private static SimulatedCloud cloud() {
        SimulatedCloud cloud = SimulatedCloud.of(Pipeline.define(
                "p", p -> p.build("b", Work.container("alpine:3").runs("true"))));
        cloud.addSecret("proof", PROOF);
        cloud.addSecret("token", TOKEN);
        return cloud;
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LOCALHOST:8080", "127.0.0.1:8080", "127.1.2.3", "[::1]:8080"})
    void whoever_is_at_this_machine_may_look_and_says_who_they_are(String host) {
        assertThat(here(nobody, "host", host)).isEqualTo(DESK);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "evil.example.com",
                "evil.example.com:8080",
                "localhost.evil.example.com",
                "127.0.0.1.evil.example.com",
                "evil@127.0.0.1",
                "127.0.0.1:8080/x",
                "127.0.0.1, evil.example.com",
                "[::1",
                "10.0.0.1",
                "0.0.0.0:8080"
            })
    void a_foreign_name_that_leads_to_this_machine_is_refused(String host) {
        assertRefused(here(nobody, "host", host), 403);
    }

    @Test
    void a_request_without_a_host_or_with_two_is_refused() {
        assertRefused(visitors(nobody, true).who(request(Map.of())), 403);
        assertRefused(visitors(nobody, true).who(request(Map.of("host", List.of("localhost", "localhost")))), 403);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via"})
    void what_a_proxy_passed_on_was_not_asked_on_this_machine(String header) {
        assertRefused(here(nobody, "host", "localhost", header, "203.0.113.1"), 403);
    }

    @Test
    void an_engine_that_others_can_reach_lets_nobody_in_without_proof() {
        Visitors visitors = visitors(nobody, false);

        assertThat(visitors.isOpen()).isFalse();
        assertRefused(visitors.who(request(Map.of("host", List.of("localhost")))), 403);
    }

    @Test
    void the_proxy_says_who_has_signed_in() {
        assertThat(there(behind, "x-auth-email", "Ada@example.com", "x-proxy-proof", PROOF))
                .isEqualTo(new Visitor.Known("ada", Vote.Via.PROXY));
    }

    @Test
    void who_has_signed_in_and_is_not_known_here_is_no_approver_whatever_their_name() {
        for (String name : List.of("ada", "eve@example.com", "proxy:ada")) {
            assertThat(there(behind, "x-auth-email", name, "x-proxy-proof", PROOF))
                    .isEqualTo(new Visitor.Stranger("proxy:" + name, Vote.Via.PROXY));
        }
    }

    @Test
    void a_header_that_anybody_can_send_proves_nothing() {
        String[][] attempts = {
            {"x-auth-email", "ada@example.com"},
            {"x-auth-email", "ada@example.com", "x-proxy-proof", ""},
            {"x-auth-email", "ada@example.com", "x-proxy-proof", PROOF + "x"},
            {"x-auth-email", "ada@example.com", "x-proxy-proof", PROOF.substring(1)},
            {"x-auth-email", "ada@example.com", "x-proxy-proof", "old-proof"},
            {"x-auth-email", "ada@example.com", "authorization", "Bearer " + PROOF},
            {"host", "localhost"},
            {"x-proxy-proof", PROOF},
            {"x-proxy-proof", PROOF, "x-auth-email", ""},
            {"x-proxy-proof", PROOF, "x-auth-email", "ada@example.com\u202e"}
        };
        for (String[] headers : attempts) {
            assertRefused(here(behind, headers), 403);
        }
        assertRefused(
                visitors(behind, true)
                        .who(request(Map.of(
                                "x-auth-email",
                                List.of("ada@example.com", "grace@example.com"),
                                "x-proxy-proof",
                                List.of(PROOF)))),
                403);
        assertRefused(
                visitors(behind, true)
                        .who(request(Map.of(
                                "x-auth-email", List.of("ada@example.com"), "x-proxy-proof", List.of("x", PROOF)))),
                403);
    }

    @Test
    void a_token_opens_the_pages_as_a_bearer_or_as_a_cookie() {
        assertThat(there(token, "authorization", "Bearer " + TOKEN)).isEqualTo(DESK);
        assertThat(there(token, "authorization", "bearer " + TOKEN)).isEqualTo(DESK);
        assertThat(there(token, "cookie", "theme=dark; " + session())).isEqualTo(DESK);
        assertThat(visitors(token, false).isToken(TOKEN)).isTrue();
        assertThat(visitors(nobody, true).isToken(TOKEN)).isFalse();
    }

    @Test
    void without_the_token_nobody_is_let_in_on_this_machine_neither() {
        String[][] attempts = {
            {"host", "localhost"},
            {"authorization", "Bearer "},
            {"authorization", TOKEN},
            {"authorization", "Basic " + TOKEN},
            {"authorization", "Bearer " + TOKEN + "x"},
            {"authorization", "Bearer x", "cookie", session()},
            {"cookie", Visitors.COOKIE + "="},
            {"cookie", Visitors.COOKIE + "=" + TOKEN},
            {"cookie", "x" + session()},
            {"cookie", session() + "0"},
            {"cookie", session() + "; " + Visitors.COOKIE + "=x"},
            {"x-auth-email", "ada@example.com", "x-proxy-proof", PROOF}
        };
        for (String[] headers : attempts) {
            assertRefused(here(token, headers), 401);
        }
    }

    @Test
    void a_session_ends_after_a_week_and_with_its_token_and_does_not_tell_it() {
        String session = session();
        assertThat(session).doesNotContain(TOKEN);

        cloud.advance(Duration.ofDays(7).minusSeconds(1));
        assertThat(there(token, "cookie", session)).isEqualTo(DESK);
        cloud.advance(Duration.ofSeconds(1));
        assertRefused(there(token, "cookie", session), 401);

        String another = session();
        cloud.addSecret("token", "another token of the pages");
        assertRefused(there(token, "cookie", another), 401);
        assertThat(visitors(nobody, true).session()).isEmpty();
    }

    @Test
    void a_session_of_a_later_time_or_of_changed_digits_is_none() {
        String[] parts = session().split("[=.]", -1);
        long at = Long.parseLong(parts[1]);
        for (String changed :
                List.of((at + 1) + "." + parts[2], at + "." + "0".repeat(64), "+" + at + "." + parts[2], at + ".")) {
            assertRefused(there(token, "cookie", Visitors.COOKIE + "=" + changed), 401);
        }
    }

    private String session() {
        return Visitors.COOKIE + "=" + visitors(token, false).session().orElseThrow();
    }

    @Test
    void a_secret_that_is_gone_or_too_short_lets_nobody_in() {
        cloud.addSecret("short", "guess");
        for (String reference : List.of("gone", "short")) {
            assertRefused(there(nobody.pagesForToken(reference), "authorization", "Bearer guess"), 401);
        }
    }

    @Test
    void no_refusal_tells_a_secret_or_what_was_sent() {
        for (People people : List.of(nobody, behind, token)) {
            assertThat(there(people, "x-proxy-proof", "canary", "authorization", "Bearer canary")
                            .toString())
                    .doesNotContain("canary");
        }
    }

    private Visitor here(People people, String... headers) {
        return visitors(people, true).who(request(headers));
    }

    private Visitor there(People people, String... headers) {
        return visitors(people, false).who(request(headers));
    }

    private Visitors visitors(People people, boolean onLoopback) {
        return new Visitors(people, cloud.secrets(), cloud.clock(), onLoopback);
    }

    private static void assertRefused(Visitor visitor, int status) {
        assertThat(visitor)
                .isInstanceOfSatisfying(
                        Visitor.Refused.class,
                        refused -> assertThat(refused.status()).isEqualTo(status));
    }

    private static HttpRequest request(String... headers) {
        Map<String, List<String>> all = new TreeMap<>();
        for (int i = 0; i < headers.length; i += 2) {
            all.put(headers[i], List.of(headers[i + 1]));
        }
        return request(all);
    }

    private static HttpRequest request(Map<String, List<String>> headers) {
        return HttpRequest.of("GET", "/", "", headers, new byte[0]);
    }
}
