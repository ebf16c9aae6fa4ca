// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;

/** A rule that every adapter keeps, so that who knows one adapter knows all of them. */
public enum AdapterRule {
    /** An adapter stands on what core exports, as an adapter written elsewhere must. */
    INTERNALS_STAY_UNTOUCHED {
        @Override
        ArchRule in(String root) {
            return noClasses()
                    .that()
                    .resideInAPackage(root + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("dev.cumulane..internal..")
                    .allowEmptyShould(true);
        }
    },

    /** The same port is found under the same name in the same inner package. */
    PORTS_MIRROR_EACH_OTHER {
        @Override
        ArchRule in(String root) {
            return classes()
                    .that()
                    .resideInAPackage(root + "..")
                    .should(new PortMirror(root))
                    .allowEmptyShould(true);
        }
    },

    /** No null crosses a boundary that the compiler does not watch. */
    PACKAGES_ARE_NULL_MARKED {
        @Override
        ArchRule in(String root) {
            return Packages.areNullMarkedUnder(root);
        }
    },

    /** Every package can be read after those it uses. */
    PACKAGES_HAVE_NO_CYCLE {
        @Override
        ArchRule in(String root) {
            return Packages.under(root).should().beFreeOfCycles().allowEmptyShould(true);
        }
    };

    /** The rule for one adapter. */
    abstract ArchRule in(String root);

    /**
     * Checks this rule on an adapter's own classes.
     *
     * @param root the adapter's package, such as {@code dev.cumulane.aws}
     * @throws AssertionError naming each class that breaks the rule
     */
    public void check(String root) {
        JavaClasses adapter = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages(root);
        in(root).check(adapter);
    }
}
