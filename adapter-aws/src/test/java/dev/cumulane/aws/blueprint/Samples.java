// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.blueprint;

import static dev.cumulane.pipeline.Environment.environment;
import static dev.cumulane.pipeline.Work.container;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cumulane.aws.client.AwsNames;
import dev.cumulane.aws.deliveries.EnvironmentChoice;
import dev.cumulane.aws.work.BuildSettings;
import dev.cumulane.aws.work.WorkNames;
import dev.cumulane.cloud.Blueprint;
import dev.cumulane.cloud.Installer;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.pipeline.FunctionStage;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.pipeline.Plan;
import dev.cumulane.pipeline.StageContext;
import dev.cumulane.pipeline.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import software.amazon.awssdk.regions.Region;

/** What the tests of blueprint and installer install. */
final class Samples {
    static final String MIRROR = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/docker-hub";

    static final Blueprint.Code CODE = new Blueprint.Code("shop.ci.ShopCi", Digest.of("the jar".getBytes(UTF_8)));

    private Samples() {}

    /** A stage that does nothing. */
    public static final class Smoke implements FunctionStage {
        @Override
        public Result run(StageContext context) {
            return Result.success();
        }
    }

    static AwsNames names(String namespace) {
        return new AwsNames(Region.EU_WEST_1, namespace, () -> "123456789012");
    }

    static CloudFormationBlueprint blueprint(AwsNames names) {
        return new CloudFormationBlueprint(
                names,
                new BuildSettings(new WorkNames(names), BuildSettings.SMALL, Optional.of(MIRROR)),
                new TreeMap<>(Map.of("production", EnvironmentChoice.HERE.function("shop-api"))));
    }

    static Blueprint.Demand demand(Plan... plans) {
        return new Blueprint.Demand(
                List.of(plans), List.of("github-webhook"), List.of("ssm-forge-token"), List.of("shop"));
    }

    /** A pipeline that builds, and with everything also reads a secret, runs a function and deploys. */
    static Plan plan(String name, boolean everything) {
        return Pipeline.define(name, p -> {
                    var work = container("maven:3.9")
                            .reads(p.source())
                            .runs("mvn package")
                            .writes("jar", "target/shop.jar");
                    var build =
                            p.build("build", everything ? work.env("NPM_TOKEN", new Value.Secret("npm-token")) : work);
                    if (everything) {
                        var smoke = p.function("smoke", Smoke.class).reads(build.artifact("jar"));
                        p.deploy(build.artifact("jar"), environment("production"))
                                .after(smoke);
                    }
                })
                .plan();
    }

    /** A package with an entry class; different content is different code. */
    static Installer.Archive archive(Path directory, String content) throws IOException {
        Path jar = directory.resolve(content + ".jar");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
            ZipEntry entry = new ZipEntry("shop/ci/ShopCi.class");
            // Equal contents are equal jars, whenever they are written.
            entry.setTimeLocal(LocalDateTime.of(2026, 11, 23, 0, 0));
            zip.putNextEntry(entry);
            zip.write(content.getBytes(UTF_8));
        }
        return Installer.Archive.of(jar, "shop.ci.ShopCi");
    }
}
