// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.people;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.internal.people.VotingLinks.Read;
import dev.cumulane.people.People;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.pipeline.Work;
import dev.cumulane.run.RunId;
import dev.cumulane.run.Vote;
import dev.cumulane.testing.SimulatedCloud;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class VotingLinksTest {
    private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");
    private static final String PAGES = "https://ci.example.com";

    private final SimulatedCloud cloud = cloud();
    private final Invitation invitation = new Invitation(
            new RunId("shop-0123456789abcdef"),
            "release",
            "ada",
            Digest.of("what is to be decided".getBytes(StandardCharsets.UTF_8)),
            NOW.plusSeconds(3600));
    private final VotingLinks links = links("key");

    private static SimulatedCloud cloud() {
        SimulatedCloud cloud = SimulatedCloud.of(Pipeline.define(
                "p", p -> p.build("b", Work.container("alpine:3").runs("true"))));
        cloud.addSecret("key", "canary key of the voting links");
        cloud.addSecret("next", "canary key that comes next");
        cloud.addSecret("foreign", "canary key of somebody else");
        return cloud;
    }

    @Test
    void a_link_says_who_is_asked_for_what_until_when() {
        String link = links.link(invitation).orElseThrow();

        assertThat(link)
                .startsWith("https://ci.example.com/vote/")
                .hasSizeLessThan(600)
                .doesNotContain("canary");
        assertThat(links.read(link.substring(PAGES.length() + VotingLinks.PATH.length()), NOW))
                .isEqualTo(new Read.Good(invitation));
    }

    @Test
    void a_link_lives_as_long_as_its_approval() {
        String token = links.token(invitation).orElseThrow();

        assertThat(links.read(token, invitation.until())).isEqualTo(new Read.Good(invitation));
        assertThat(links.read(token, invitation.until().plusMillis(1))).isEqualTo(new Read.Expired(invitation));
    }

    @Test
    void a_key_takes_anothers_place_while_both_are_believed() {
        String before = links.token(invitation).orElseThrow();
        VotingLinks meanwhile = links("next", "key");
        VotingLinks after = links("next");
        String next = meanwhile.token(invitation).orElseThrow();

        assertThat(meanwhile.read(before, NOW)).isEqualTo(new Read.Good(invitation));
        assertThat(after.read(next, NOW)).isEqualTo(new Read.Good(invitation));
        assertThat(after.read(before, NOW)).isEqualTo(new Read.Forged());
    }

    @Test
    void without_a_key_there_is_no_link_and_none_is_believed() {
        String token = links.token(invitation).orElseThrow();

        for (VotingLinks none :
                List.of(new VotingLinks(People.nobody(), cloud.secrets(), Optional.of(PAGES)), links("gone"))) {
            assertThat(none.link(invitation)).isEmpty();
            assertThat(none.read(token, NOW)).isEqualTo(new Read.Forged());
        }
        assertThat(new VotingLinks(People.nobody().linksSignedBy("key"), cloud.secrets(), Optional.empty())
                        .link(invitation))
                .isEmpty();
    }

    @Test
    void what_was_not_made_here_is_not_believed() {
        String token = links.token(invitation).orElseThrow();
        String content = token.substring(0, token.indexOf('.'));
        String signature = token.substring(token.indexOf('.') + 1);
        String json = new String(Base64.getUrlDecoder().decode(content), StandardCharsets.UTF_8);
        String asGrace = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(json.replace("ada", "eve").getBytes(StandardCharsets.UTF_8));
        for (String forged : List.of(
                "",
                ".",
                content,
                content + ".",
                "." + signature,
                token + "=",
                token + "." + signature,
                token + "\n",
                " " + token,
                token.toUpperCase(java.util.Locale.ROOT),
                asGrace + "." + signature,
                content + "." + "A".repeat(43),
                links("foreign").token(invitation).orElseThrow(),
                links.button(invitation, Vote.Decision.APPROVE).orElseThrow(),
                "A".repeat(1_000_000),
                "A".repeat(1_500) + "." + signature,
                "../../" + token)) {
            assertThat(links.read(forged, NOW)).as(forged).isEqualTo(new Read.Forged());
        }
    }

    @Test
    void a_token_with_any_one_character_changed_is_not_believed() {
        String token = links.token(invitation).orElseThrow();
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
        Random random = new Random(7);
        for (int place = 0; place < token.length(); place++) {
            char other = alphabet.charAt(random.nextInt(alphabet.length()));
            if (other != token.charAt(place)) {
                String changed = token.substring(0, place) + other + token.substring(place + 1);
                assertThat(links.read(changed, NOW)).as(changed).isEqualTo(new Read.Forged());
            }
        }
    }

    @Test
    void the_last_character_has_one_form_alone() {
        // 32 bytes fill 42 characters and four bits: four forms of the last one would decode to the same bytes.
        String token = links.token(invitation).orElseThrow();
        char last = token.charAt(token.length() - 1);
        long believed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
                .chars()
                .filter(c -> links.read(token.substring(0, token.length() - 1) + (char) c, NOW) instanceof Read.Good)
                .peek(c -> assertThat((char) c).isEqualTo(last))
                .count();

        assertThat(believed).isEqualTo(1);
    }

    @Test
    void a_button_decides_what_it_was_made_for() {
        String approve = links.button(invitation, Vote.Decision.APPROVE).orElseThrow();

        assertThat(links.readButton(Vote.Decision.APPROVE, approve, NOW)).isEqualTo(new Read.Good(invitation));
        assertThat(links.readButton(Vote.Decision.REJECT, approve, NOW)).isEqualTo(new Read.Forged());
        assertThat(links.readButton(
                        Vote.Decision.APPROVE, links.token(invitation).orElseThrow(), NOW))
                .isEqualTo(new Read.Forged());
    }

    @Test
    void what_another_program_signs_with_the_same_key_is_no_link() {
        Seal seal = new Seal(cloud.secrets(), List.of("key"));
        for (String content : List.of("{}", "[]", "null", "{\"run\":7}", "\u0000", "{\"person\":\"ada\"}")) {
            String sealed = seal.close("voting link", content.getBytes(StandardCharsets.UTF_8))
                    .orElseThrow();
            assertThat(links.read(sealed, NOW)).isEqualTo(new Read.Forged());
        }
    }

    private VotingLinks links(String... keys) {
        return new VotingLinks(People.nobody().linksSignedBy(keys), cloud.secrets(), Optional.of(PAGES));
    }
}
