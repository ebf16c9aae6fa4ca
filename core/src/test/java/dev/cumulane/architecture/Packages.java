// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import com.tngtech.archunit.library.dependencies.syntax.GivenSlices;
import org.jspecify.annotations.NullMarked;

/** Rules on packages; for cycles each package, the root one included, is a slice of its own. */
final class Packages implements SliceAssignment {
    private final String root;

    private Packages(String root) {
        this.root = root;
    }

    static GivenSlices under(String root) {
        return slices().assignedFrom(new Packages(root));
    }

    static ArchRule areNullMarkedUnder(String root) {
        return classes()
                .that()
                .resideInAPackage(root + "..")
                .should(ArchCondition.from(describe(
                        "be in a package with @NullMarked",
                        type -> type.getPackage().isAnnotatedWith(NullMarked.class))))
                .allowEmptyShould(true);
    }

    @Override
    public SliceIdentifier getIdentifierOf(JavaClass type) {
        String name = type.getPackageName();
        return name.equals(root) || name.startsWith(root + ".") ? SliceIdentifier.of(name) : SliceIdentifier.ignore();
    }

    @Override
    public String getDescription() {
        return "the packages of " + root;
    }
}
