// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.architecture;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.cumulane.cloud.Cloud;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.lang.reflect.Method;
import java.net.URL;
import java.util.Arrays;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CoreArchitectureTest {
    private static final String ROOT = "dev.cumulane";
    private static final JavaClasses CORE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);

    @ParameterizedTest
    @EnumSource
    void coreKeeps(CoreRule rule) {
        rule.in(ROOT).check(CORE);
    }

    @Test
    void theModuleExportsEveryPackageThatIsNotInternal() throws IOException {
        TreeSet<String> exported = ownModule().exports().stream()
                .filter(export -> !export.isQualified())
                .map(ModuleDescriptor.Exports::source)
                .collect(toCollection(TreeSet::new));

        TreeSet<String> open = CORE.stream()
                .filter(type -> !type.getSimpleName().equals("package-info"))
                .map(JavaClass::getPackageName)
                .filter(name -> !name.isEmpty() && !name.startsWith(ROOT + ".internal."))
                .collect(toCollection(TreeSet::new));
        assertThat(exported).isEqualTo(open);
    }

    @Test
    void everyPortHasItsPlaceInAdapters() {
        TreeSet<String> offered = Arrays.stream(Cloud.class.getMethods())
                .map(Method::getReturnType)
                .filter(type -> type.isInterface() && type.getPackage().equals(Cloud.class.getPackage()))
                .map(Class::getSimpleName)
                .collect(toCollection(TreeSet::new));

        assertThat(PortMirror.PLACES).extracting(PortMirror.Place::port).containsAll(offered);
    }

    private static ModuleDescriptor ownModule() throws IOException {
        URL classes = Cloud.class.getProtectionDomain().getCodeSource().getLocation();
        try (InputStream in = new URL(classes, "module-info.class").openStream()) {
            return ModuleDescriptor.read(in);
        }
    }
}
