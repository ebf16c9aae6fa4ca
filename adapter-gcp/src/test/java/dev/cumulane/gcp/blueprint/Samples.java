// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.blueprint;

import static dev.cumulane.pipeline.Environment.environment;
import static dev.cumulane.pipeline.Work.container;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cumulane.cloud.Blueprint;
import dev.cumulane.cloud.contract.Installed;
import dev.cumulane.gcp.client.GcpNames;
import dev.cumulane.gcp.deliveries.EnvironmentChoice;
import dev.cumulane.gcp.deliveries.PipelineEnvironment;
import dev.cumulane.gcp.work.WorkNames;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.pipeline.Plan;
import dev.cumulane.pipeline.Value;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the tests of blueprint and installer install. */
final class Samples {
    static final GcpNames NAMES = new GcpNames("shop-301412", "europe-west1", "shop-ci");
    static final WorkNames WORK = new WorkNames(NAMES);
    static final Blueprint.Code CODE = new Blueprint.Code("shop.ci.ShopCi", Digest.of("the jar".getBytes(UTF_8)));

    private Samples() {}

    static TerraformBlueprint blueprint() {
        return new TerraformBlueprint(
                WORK,
                new TreeMap<>(Map.of(
                        "production",
                        EnvironmentChoice.HERE.function("shop-api"),
                        "delivered",
                        new PipelineEnvironment.Untargeted("shop-release").target("prod"))));
    }

    static Blueprint.Demand demand(Plan... plans) {
        return new Blueprint.Demand(List.of(plans), List.of("github-webhook"), List.of("forge-token"), List.of("shop"));
    }

    /** A pipeline that only builds. */
    static Plan building() {
        return Pipeline.define(
                        "small",
                        p -> p.build(
                                "build",
                                container("maven:3.9").reads(p.source()).runs("mvn package")))
                .plan();
    }

    /** A pipeline that builds with a secret, runs a function, and deploys to an environment. */
    static Plan everything(String environment) {
        return Pipeline.define("shop", p -> {
                    var build = p.build(
                            "build",
                            container("maven:3.9")
                                    .reads(p.source())
                                    .runs("mvn package")
                                    .env("NPM_TOKEN", new Value.Secret("npm-token"))
                                    .writes("jar", "target/shop.jar"));
                    var smoke = p.function("smoke", Installed.Smoke.class).reads(build.artifact("jar"));
                    p.deploy(build.artifact("jar"), environment(environment)).after(smoke);
                })
                .plan();
    }
}
