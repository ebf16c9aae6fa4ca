// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.order;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.run.TestSummary.Place;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TestPlacesTest {
    private static final String TRACE = """
            org.opentest4j.AssertionFailedError: expected: <1> but was: <2>
            \tat org.junit.jupiter.api.AssertEquals.failNotEqual(AssertEquals.java:197)
            \tat app//com.example.ShopTest$Nested.lambda$sells$0(ShopTest.java:42)
            \tat com.example.ShopTest.sells(ShopTest.java:17)
            """;

    @Test
    void a_report_that_names_file_and_line_is_believed() {
        assertThat(TestPlaces.of("./tests/shop_test.py", "12", "tests.shop_test", "", "r.xml"))
                .hasValue(new Place("tests/shop_test.py", 12));
        assertThat(TestPlaces.of("web\\shop.test.ts", "", "", "", "r.xml")).hasValue(new Place("web/shop.test.ts", 1));
    }

    @Test
    void a_stack_trace_names_the_line_of_the_tests_own_class() {
        assertThat(TestPlaces.of("", "", "com.example.ShopTest", TRACE, "target/surefire-reports/TEST-a.xml"))
                .hasValue(new Place("src/test/java/com/example/ShopTest.java", 42));
        assertThat(TestPlaces.of("", "", "com.example.ShopTest", TRACE, "web/shop/build/test-results/test/TEST-a.xml"))
                .hasValue(new Place("web/shop/src/test/java/com/example/ShopTest.java", 42));
        assertThat(TestPlaces.of("", "", "com.example.OtherTest", TRACE, "TEST-a.xml"))
                .isEmpty();
        assertThat(TestPlaces.of("", "", "", TRACE, "TEST-a.xml")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../../etc/passwd",
                "/etc/passwd",
                "a/../b",
                "a//b",
                "C:/x",
                "a\u202Eb",
                "a\nb",
                "./../x",
                "a/./b"
            })
    void a_place_outside_the_repository_is_none(String file) {
        assertThat(TestPlaces.of(file, "1", "", "", "r.xml")).isEmpty();
    }

    @Test
    void a_file_with_too_long_a_name_is_no_place() {
        assertThat(TestPlaces.of("a".repeat(Place.LONGEST_FILE + 1), "1", "", "", "r.xml"))
                .isEmpty();
    }

    @Test
    void a_hostile_report_name_leads_nowhere() {
        assertThat(TestPlaces.of("", "", "com.example.ShopTest", TRACE, "../../target/x.xml"))
                .isEmpty();
    }
}
