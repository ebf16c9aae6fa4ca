// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RelativePathTest {
    @ParameterizedTest
    @CsvSource({
        "target/*.xml, target/a.xml, true",
        "target/*.xml, target/a/b.xml, false",
        "target/*.xml, target/axml, false",
        "**/surefire-reports/*.xml, surefire-reports/a.xml, true",
        "**/surefire-reports/*.xml, m/n/surefire-reports/a.xml, true",
        "**/surefire-reports/*.xml, xsurefire-reports/a.xml, false",
        "a/**/b, a/b, true",
        "a/**/b, a/x/y/b, true",
        "a/**, a/x/y, true",
        "a?c, abc, true",
        "a?c, a/c, false",
        "a[b]+(c)$, a[b]+(c)$, true",
        "a[b], ab, false",
    })
    void matchesGlobsOnWholePaths(String glob, String path, boolean matches) {
        assertThat(path.matches(RelativePath.globToRegex(glob))).isEqualTo(matches);
    }

    @Test
    void refusesAGlobThatLeadsElsewhere() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RelativePath.globToRegex("../*.xml"))
                .withMessageStartingWith("report pattern '../*.xml' has an empty, '.' or '..' part");
    }
}
