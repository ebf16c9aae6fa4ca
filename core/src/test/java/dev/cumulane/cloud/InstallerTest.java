// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cumulane.pipeline.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A package is looked into before anything is sent anywhere. */
class InstallerTest {
    @TempDir
    Path directory;

    private Path jar() throws IOException {
        Path jar = directory.resolve("shop.jar");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
            zip.putNextEntry(new ZipEntry("shop/ci/ShopCi.class"));
        }
        return jar;
    }

    @Test
    void a_package_has_the_digest_of_its_bytes() throws Exception {
        Path jar = jar();

        assertThat(Installer.Archive.of(jar, "shop.ci.ShopCi").code())
                .isEqualTo(new Blueprint.Code("shop.ci.ShopCi", Digest.of(Files.readAllBytes(jar))));
    }

    @Test
    void a_package_that_is_missing_or_broken_or_lacks_the_class_is_named() throws Exception {
        Path jar = jar();
        Path text = Files.writeString(directory.resolve("text.jar"), "no jar");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Installer.Archive.of(jar, "shop.ci.OtherCi"))
                .withMessage("package " + jar + " has no class shop.ci.OtherCi");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Installer.Archive.of(directory, "shop.ci.ShopCi"))
                .withMessage("there is no package " + directory);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Installer.Archive.of(text, "shop.ci.ShopCi"))
                .withMessageStartingWith("package " + text + " is no jar: ");
    }
}
