// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud.contract;

import static dev.cumulane.pipeline.Work.container;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cumulane.cloud.Installer;
import dev.cumulane.pipeline.FunctionStage;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.pipeline.Plan;
import dev.cumulane.pipeline.StageContext;
import dev.cumulane.pipeline.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** What the tests of blueprints and installers install. */
public final class Installed {
    private Installed() {}

    /** A stage that does nothing. */
    public static final class Smoke implements FunctionStage {
        @Override
        public Result run(StageContext context) {
            return Result.success();
        }
    }

    /**
     * A pipeline that builds.
     *
     * @param name its name
     * @param more whether it also reads a secret, and runs functions with and without another one
     * @return its plan
     */
    public static Plan plan(String name, boolean more) {
        return Pipeline.define(name, p -> {
                    var work = container("maven:3.9").runs("mvn package").writes("jar", "target/shop.jar");
                    var build = p.build("build", more ? work.env("NPM_TOKEN", new Value.Secret("npm-token")) : work);
                    if (more) {
                        p.function("smoke", Smoke.class).reads(build.artifact("jar"));
                        p.function("probe", Smoke.class).env("PROBE_KEY", new Value.Secret("probe-key"));
                    }
                })
                .plan();
    }

    /**
     * A package with the entry class {@code shop.ci.ShopCi}.
     *
     * @param directory where it is written
     * @param content different content is different code
     * @return the package
     * @throws IOException if it cannot be written
     */
    public static Installer.Archive archive(Path directory, String content) throws IOException {
        Path jar = directory.resolve(content + ".jar");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
            ZipEntry entry = new ZipEntry("shop/ci/ShopCi.class");
            // Else the second in which it is written makes other code of it.
            entry.setTimeLocal(LocalDateTime.of(2026, 1, 1, 0, 0));
            zip.putNextEntry(entry);
            zip.write(content.getBytes(UTF_8));
        }
        return Installer.Archive.of(jar, "shop.ci.ShopCi");
    }
}
