// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoreKeyTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "claims/shop-0k3v9q2m7xw4b1ce/build/1",
                "results/shop.2/build/1.json",
                "deploys/live/7",
                "a",
                "..."
            })
    void aKeyOfNamesWithSlashesBetweenIsTaken(String key) {
        assertThat(ArtifactStore.checkKey(key)).isEqualTo(key);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/claims",
                "claims/",
                "claims//x",
                "claims\\x",
                "C:x",
                "a b",
                "a\n",
                "\u001b[2J",
                "a\u0000",
                "\u00e4",
                "%2e%2e/x",
                "$(x)",
                "~"
            })
    void anotherFormIsRefused(String key) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ArtifactStore.checkKey(key))
                .withMessageStartingWith("not a key: '")
                .withMessageContaining("such as claims/")
                .withMessageMatching("[ -~]*");
    }

    @ParameterizedTest
    @ValueSource(strings = {".", "..", "../x", "claims/../../x", "claims/.", "./x", "claims/.."})
    void aNameThatLeadsOutOfItsPlaceIsRefused(String key) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ArtifactStore.checkKey(key))
                .withMessageContaining("leaves its place by '.");
    }

    @Test
    void aKeyHasAtMost300CharactersAndANameInIt200() {
        String name = "n".repeat(200);
        assertThat(ArtifactStore.checkKey(name + "/" + "m".repeat(99))).hasSize(300);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ArtifactStore.checkKey(name + "/" + "m".repeat(100)))
                .withMessage("a key has at most 300 characters, not 301");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ArtifactStore.checkKey(name + "n"))
                .withMessage("a name in a key has at most 200 characters, not 201");
    }
}
