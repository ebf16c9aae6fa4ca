// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction;
import java.util.Set;

/** A rule that core's packages keep. The root package is a parameter, so that fixtures can break it elsewhere. */
enum CoreRule {
    /** A definition says what can happen, a run says what did: the first does not know the second. */
    PIPELINE_KNOWS_NO_RUN {
        @Override
        ArchRule in(String root) {
            return noClasses()
                    .that()
                    .resideInAPackage(root + ".pipeline..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage(root + ".run..");
        }
    },

    /** Equal inputs give equal bytes: no I/O, clock, randomness or threads by type. */
    PURE_CODE_USES_NO_WORLDLY_TYPE {
        @Override
        ArchRule in(String root) {
            return pureCode(root).should().dependOnClassesThat(WORLDLY_TYPES).allowEmptyShould(true);
        }
    },

    /** Equal inputs give equal bytes: no I/O, clock, randomness, threads or machine settings by method. */
    PURE_CODE_ASKS_NO_WORLDLY_QUESTION {
        @Override
        ArchRule in(String root) {
            return pureCode(root).should().accessTargetWhere(WORLDLY_QUESTIONS).allowEmptyShould(true);
        }
    },

    /** Equal inputs give equal bytes: hashed collections iterate in an order that changes from one JVM to the next. */
    PURE_CODE_ITERATES_IN_ONE_ORDER {
        @Override
        ArchRule in(String root) {
            return pureCode(root).should().accessTargetWhere(UNORDERED_SOURCES).allowEmptyShould(true);
        }
    },

    /** A user's code compiles against the JDK and our exported packages alone. */
    PUBLIC_SIGNATURES_NAME_PUBLIC_TYPES {
        @Override
        ArchRule in(String root) {
            return classes()
                    .that(new PublicSignatures.Exported(root))
                    .should(new PublicSignatures(root))
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
            return Packages.under(root).should().beFreeOfCycles();
        }
    };

    private static final Set<String> WORLDLY_PACKAGES = Set.of(
            "java.io",
            "java.net",
            "java.nio.channels",
            "java.nio.file",
            "java.sql",
            "java.util.concurrent",
            "java.util.random");

    private static final Set<String> WORLDLY_CLASSES = Set.of(
            "java.lang.Process",
            "java.lang.ProcessBuilder",
            "java.lang.ProcessHandle",
            "java.lang.Runtime",
            "java.lang.Thread",
            "java.lang.ThreadLocal",
            "java.security.SecureRandom",
            "java.time.Clock",
            "java.time.InstantSource",
            "java.util.Random",
            "java.util.SplittableRandom",
            "java.util.Timer");

    private static final DescribedPredicate<JavaClass> WORLDLY_TYPES = describe(
            "do I/O, tell time, draw numbers or run threads",
            type -> isOrIsInside(type.getPackageName(), WORLDLY_PACKAGES)
                    || isOrIsInside(type.getName().replace('$', '.'), WORLDLY_CLASSES));

    private static final DescribedPredicate<JavaAccess<?>> WORLDLY_QUESTIONS =
            describe("the answer depends on the machine or the moment", access -> asksTheWorld(access.getTarget()));

    private static final DescribedPredicate<JavaAccess<?>> UNORDERED_SOURCES =
            describe("the collection has no order of its own", access -> makesUnordered(access.getTarget()));

    /** The rule for the packages under a root. */
    abstract ArchRule in(String root);

    private static GivenClassesConjunction pureCode(String root) {
        return noClasses().that().resideInAnyPackage(root + ".internal.machine..", root + ".internal.plan..");
    }

    private static boolean isOrIsInside(String name, Set<String> outer) {
        return outer.stream().anyMatch(each -> name.equals(each) || name.startsWith(each + "."));
    }

    private static boolean asksTheWorld(AccessTarget target) {
        String owner = target.getOwner().getName();
        String name = target.getName();
        return switch (owner) {
            case "java.lang.System" -> !name.equals("arraycopy");
            case "java.lang.Math", "java.lang.StrictMath" -> name.equals("random");
            case "java.util.UUID" -> name.equals("randomUUID");
            case "java.util.Collections" -> name.equals("shuffle");
            case "java.util.Locale" -> name.equals("getDefault");
            case "java.time.ZoneId" -> name.equals("systemDefault");
            case "java.nio.charset.Charset" -> name.equals("defaultCharset");
            default ->
                (owner.startsWith("java.time.") && name.equals("now"))
                        || name.equals("parallel")
                        || name.equals("parallelStream");
        };
    }

    private static boolean makesUnordered(AccessTarget target) {
        String owner = target.getOwner().getName();
        String name = target.getName();
        return switch (owner) {
            case "java.util.Set" -> name.equals("of") || name.equals("copyOf");
            case "java.util.Map" -> name.equals("of") || name.equals("copyOf") || name.equals("ofEntries");
            case "java.util.HashMap", "java.util.HashSet", "java.util.IdentityHashMap", "java.util.WeakHashMap" ->
                name.equals("<init>");
            case "java.util.stream.Collectors" ->
                switch (name) {
                    case "toSet", "toUnmodifiableSet", "toUnmodifiableMap" -> true;
                    // The overload with a map factory names its order; the others make a hash map.
                    case "toMap", "groupingBy" -> !takesSupplier(target);
                    default -> false;
                };
            default -> false;
        };
    }

    private static boolean takesSupplier(AccessTarget target) {
        return target instanceof AccessTarget.CodeUnitAccessTarget codeUnit
                && codeUnit.getRawParameterTypes().stream()
                        .anyMatch(type -> type.getName().equals("java.util.function.Supplier"));
    }
}
