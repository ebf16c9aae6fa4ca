// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package com.example.greeting;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GreetingTest {

    @Test
    void greetsSomebodyByName() {
        assertEquals("Hello, Ada!", Greeting.to("Ada"));
    }

    @Test
    void greetsTheWorldWhenTheNameIsBlank() {
        assertEquals("Hello, world!", Greeting.to("  "), "a blank name greets the world");
    }

    @Test
    void leavesOutTheSpaceAroundAName() {
        assertEquals("Hello, Ada!", Greeting.to(" Ada "), "space around a name is left out");
    }

    @Test
    void takesNamesOfAllScripts() {
        assertEquals("Hello, Zoë O'Neil-Łuć!", Greeting.to("Zoë O'Neil-Łuć"));
        assertEquals("Hello, 山田!", Greeting.to("山田"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"<b>Ada</b>", "Ada\nBob", "-rf", "Ada; rm"})
    void refusesWhatIsNoName(String name) {
        assertThrows(IllegalArgumentException.class, () -> Greeting.to(name));
    }

    @Test
    void refusesANameThatIsTooLong() {
        String longest = "a".repeat(Greeting.LONGEST_NAME);

        assertEquals("Hello, " + longest + "!", Greeting.to(longest));
        assertThrows(IllegalArgumentException.class, () -> Greeting.to(longest + "a"));
    }
}
