// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.architecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.domain.JavaTypeVariable;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/** All types that a public or protected member, a super type or a type parameter names can be used by its reader. */
final class PublicSignatures extends ArchCondition<JavaClass> {
    private final Exported exported;

    PublicSignatures(String root) {
        super("name only the JDK and exported public types in public signatures");
        this.exported = new Exported(root);
    }

    @Override
    public void check(JavaClass type, ConditionEvents events) {
        report(type, type.getFullName() + " extends or declares", supertypes(type), events);
        type.getMembers().stream()
                .filter(PublicSignatures::isVisible)
                .forEach(member -> report(type, member.getFullName() + " names", types(member), events));
    }

    private void report(JavaClass type, String what, Stream<? extends JavaType> named, ConditionEvents events) {
        named.flatMap(each -> each.getAllInvolvedRawTypes().stream())
                .map(JavaClass::getBaseComponentType)
                .distinct()
                .filter(each -> !isUsable(each))
                .forEach(each -> events.add(SimpleConditionEvent.violated(type, what + " " + each.getName())));
    }

    private boolean isUsable(JavaClass type) {
        return type.isPrimitive() || type.getPackageName().startsWith("java.") || exported.test(type);
    }

    private static boolean isVisible(JavaMember member) {
        return !member.getModifiers().contains(JavaModifier.SYNTHETIC) && isVisible(member.getModifiers());
    }

    private static boolean isVisible(Collection<JavaModifier> modifiers) {
        return modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
    }

    private static Stream<? extends JavaType> supertypes(JavaClass type) {
        return Stream.of(type.getSuperclass().stream(), type.getInterfaces().stream(), bounds(type.getTypeParameters()))
                .flatMap(each -> each);
    }

    private static Stream<? extends JavaType> types(JavaMember member) {
        if (member instanceof JavaField field) {
            return Stream.of(field.getType());
        }
        JavaCodeUnit codeUnit = (JavaCodeUnit) member;
        return Stream.of(
                        Stream.of(codeUnit.getReturnType()),
                        codeUnit.getParameterTypes().stream(),
                        codeUnit.getExceptionTypes().stream(),
                        bounds(codeUnit.getTypeParameters()))
                .flatMap(each -> each);
    }

    private static Stream<JavaType> bounds(List<? extends JavaTypeVariable<?>> parameters) {
        return parameters.stream().flatMap(each -> each.getUpperBounds().stream());
    }

    /** Visible classes of the packages that the module exports: all that are not internal. */
    static final class Exported extends DescribedPredicate<JavaClass> {
        private final String root;

        Exported(String root) {
            super("are public in an exported package of " + root);
            this.root = root;
        }

        @Override
        public boolean test(JavaClass type) {
            return type.getPackageName().startsWith(root + ".")
                    && !type.getPackageName().startsWith(root + ".internal.")
                    && isVisible(type.getModifiers())
                    && type.getEnclosingClass().map(this::test).orElse(true);
        }
    }
}
