// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each rule has a fixture package of its name in lower case: it must object to every class called Bad…, and to no other. */
class RulesRefuseTest {
    private static final String FIXTURES = "dev.cumulane.architecture.fixture.";

    @ParameterizedTest
    @EnumSource
    void coreRuleRefusesEveryBadClassAndNoOther(CoreRule rule) {
        String root = FIXTURES + "core." + fixtureName(rule);
        assertRefusesTheBadAlone(rule.in(root), root);
    }

    @ParameterizedTest
    @EnumSource
    void adapterRuleRefusesEveryBadClassAndNoOther(AdapterRule rule) {
        String root = FIXTURES + "adapter." + fixtureName(rule);
        assertRefusesTheBadAlone(rule.in(root), root);
    }

    private static String fixtureName(Enum<?> rule) {
        return rule.name().toLowerCase(Locale.ROOT).replace("_", "");
    }

    private static void assertRefusesTheBadAlone(ArchRule rule, String root) {
        JavaClasses fixture = new ClassFileImporter().importPackages(root);
        List<String> bad = names(fixture, type -> type.getSimpleName().startsWith("Bad"));
        List<String> good = names(fixture, type -> type.getSimpleName().startsWith("Good"));
        assertThat(bad).as("bad classes in %s", root).isNotEmpty();

        String report =
                String.join("\n", rule.evaluate(fixture).getFailureReport().getDetails());

        assertThat(report).contains(bad);
        if (!good.isEmpty()) {
            assertThat(report).doesNotContain(good);
        }
    }

    private static List<String> names(JavaClasses classes, Predicate<JavaClass> which) {
        return classes.stream()
                .filter(which)
                .map(JavaClass::getSimpleName)
                .sorted()
                .toList();
    }
}
