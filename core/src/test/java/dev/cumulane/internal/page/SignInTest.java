// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.cloud.HttpAnswer;
import dev.cumulane.people.People;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SignInTest {
    private static final String TOKEN = "canary-token-of-the-pages";

    private final Shop shop = new Shop();
    private final Visit visit = visit();

    private Visit visit() {
        shop.tester.cloud().addSecret("token", TOKEN);
        return new Visit(shop.engine().pagesForToken("token").attach()).sending("host", "ci.example.com");
    }

    @Test
    void who_has_no_token_is_asked_for_it_and_sees_nothing() {
        shop.push();
        for (String address : List.of("/", "/environments", "/runs/x", "/live")) {
            HttpAnswer answer = visit.get(address);
            assertThat(answer.status()).as(address).isEqualTo(401);
            assertThat(Visit.text(answer))
                    .contains("<form", "type=\"password\"")
                    .doesNotContain("shop", TOKEN);
        }
    }

    @Test
    void who_says_the_token_keeps_it_in_a_cookie_and_comes_to_the_page_they_wanted() {
        HttpAnswer answer = visit.fill("/sign-in", Map.of("token", TOKEN, "wanted", "/environments?a=b"));

        assertThat(answer.status()).isEqualTo(303);
        assertThat(answer.headers()).containsEntry("location", "/environments?a=b");
        String cookie = answer.headers().get("set-cookie");
        assertThat(cookie).contains("; HttpOnly", "; SameSite=Lax", "; Path=/").doesNotContain("Secure", TOKEN);
        assertThat(visit.sending("cookie", cookie.substring(0, cookie.indexOf(';')))
                        .page("/"))
                .contains("No runs here yet");
    }

    @Test
    void where_people_come_by_https_the_cookie_goes_by_https_alone() {
        Visit secure = new Visit(shop.engine()
                .people(People.nobody().pagesForToken("token"))
                .pages("https://ci.example.com")
                .attach());

        assertThat(secure.post("/sign-in", Map.of("token", TOKEN)).headers().get("set-cookie"))
                .endsWith("; Secure");
    }

    @Test
    void a_wrong_token_is_asked_for_again_and_nobody_is_led_elsewhere() {
        HttpAnswer wrong = visit.post("/sign-in", Map.of("token", "guess", "wanted", "/"));
        assertThat(wrong.status()).isEqualTo(401);
        assertThat(wrong.headers()).doesNotContainKey("set-cookie");
        assertThat(Visit.text(wrong)).contains("This is not the token.").doesNotContain("guess");

        for (String elsewhere : List.of(
                "//evil.example.com",
                "https://evil.example.com",
                "/\\evil.example.com",
                "javascript:alert(1)",
                "/\n/x",
                "x")) {
            assertThat(visit.post("/sign-in", Map.of("token", TOKEN, "wanted", elsewhere))
                            .headers())
                    .as(elsewhere)
                    .containsEntry("location", "/");
        }
    }

    @Test
    void a_page_of_somebody_elses_signs_nobody_in() {
        assertThat(visit.sending("sec-fetch-site", "cross-site")
                        .post("/sign-in", Map.of("token", TOKEN))
                        .status())
                .isEqualTo(403);
    }
}
