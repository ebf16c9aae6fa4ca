// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.people;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cumulane.source.Forge;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PeopleTest {
    private static final Person ADA = Person.named("ada")
            .onSlack("U024BE7LH")
            .signedInAs("ada@example.com")
            .pushing(Forge.GITHUB, "ada-l")
            .pushing(Forge.GITLAB, "lovelace");

    @Test
    void a_person_is_found_by_every_name_that_a_service_has_for_them() {
        People people = People.of(ADA, Person.named("grace"));

        assertThat(people.named("ada")).contains(ADA);
        assertThat(people.onSlack("U024BE7LH")).contains(ADA);
        assertThat(people.signedInAs("Ada@Example.com")).contains(ADA);
        assertThat(people.pushing(Forge.GITHUB, "Ada-L")).contains(ADA);
        assertThat(people.pushing(Forge.GITLAB, "lovelace")).contains(ADA);
    }

    @Test
    void a_name_of_one_service_is_not_one_of_another() {
        People people = People.of(ADA);

        assertThat(people.named("ADA")).isEmpty();
        assertThat(people.signedInAs("ada")).isEmpty();
        assertThat(people.onSlack("ada")).isEmpty();
        assertThat(people.pushing(Forge.GITEA, "ada-l")).isEmpty();
        assertThat(people.pushing(Forge.GITHUB, "lovelace")).isEmpty();
    }

    @Test
    void two_people_who_would_be_taken_for_each_other_are_refused_with_both_names() {
        for (Person other : List.of(
                Person.named("eve").onSlack("U024BE7LH"),
                Person.named("eve").signedInAs("ADA@example.com"),
                Person.named("eve").pushing(Forge.GITHUB, "ADA-L"))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> People.of(ADA, other))
                    .withMessageStartingWith("'ada' and 'eve' have the same ");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> People.of(ADA, Person.named("ada")))
                .withMessage("'ada' and 'ada' have the same name 'ada'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "@ada", "ada", "u024BE7LH", "U024", "U024BE7LH\n", "C024BE91L"})
    void what_is_no_slack_user_is_refused_with_the_place_where_to_find_it(String id) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Person.named("ada").onSlack(id))
                .withMessageContaining("Copy member ID");
    }

    @Test
    void what_can_be_nobodys_name_or_nothings_secret_is_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Person.named("ada lovelace"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Person.named("ada").signedInAs("a\nb"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Person.named("ada").pushing(Forge.GITHUB, " "));
        assertThatIllegalArgumentException().isThrownBy(() -> People.nobody().linksSignedBy());
        assertThatIllegalArgumentException().isThrownBy(() -> People.nobody().linksSignedBy("a", "a"));
        assertThatIllegalArgumentException().isThrownBy(() -> People.nobody().pagesForToken("a", "b", "c"));
        assertThatIllegalArgumentException().isThrownBy(() -> SlackApp.bot(" "));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SlackApp.bot("bot").signingBy("a", " "));
        assertThatIllegalArgumentException().isThrownBy(() -> new SlackApp("bot", List.of(), "slack"));
        assertThatIllegalArgumentException().isThrownBy(() -> SignInProxy.saying("x-user", "X-User", "proof"));
        assertThatIllegalArgumentException().isThrownBy(() -> SignInProxy.saying("x user", "x-proof", "proof"));
        assertThatIllegalArgumentException().isThrownBy(() -> SignInProxy.saying("x-user", "x-proof"));
    }

    @Test
    void nothing_that_is_shown_of_people_names_a_secret() {
        People people = People.of(ADA)
                .linksSignedBy("link-key")
                .pagesForToken("page-token")
                .behind(SignInProxy.saying("x-user", "x-proof", "proof"))
                .askedBy(SlackApp.bot("bot"));

        assertThat(people).hasToString("[ada]");
        assertThat(people.linkKeys()).containsExactly("link-key");
        assertThat(people.pageTokens()).containsExactly("page-token");
        assertThat(people.proxy()).isPresent();
        assertThat(people.slack()).isPresent();
    }
}
