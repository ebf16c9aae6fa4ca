// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.examples.clouds;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cumulane.aws.Aws;
import dev.cumulane.azure.Azure;
import dev.cumulane.cloud.Capability;
import dev.cumulane.cloud.Cloud;
import dev.cumulane.cloud.CloudProvider;
import dev.cumulane.cloud.contract.Installed;
import dev.cumulane.cloud.contract.Swap;
import dev.cumulane.engine.Engine;
import dev.cumulane.gcp.Gcp;
import dev.cumulane.local.LocalCloud;
import dev.cumulane.pipeline.Approvers;
import dev.cumulane.pipeline.Environment;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.pipeline.Rollout;
import dev.cumulane.pipeline.Service;
import dev.cumulane.pipeline.Work;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every adapter in one process, as an application has them that is moving from one cloud to another. Nothing is called. */
final class EveryCloudTest {
    private static final Path PAGE = Path.of("../../docs/capabilities.md");
    private static final String BEGINNING = "| capability |";

    @TempDir
    Path directory;

    private final List<Cloud> clouds = new ArrayList<>();

    @BeforeEach
    void describe() {
        clouds.add(LocalCloud.at(directory.resolve("state"))
                .environment(Swap.ENVIRONMENT, e -> e.process("sh", "serve.sh").health("/health")));
        clouds.add(Aws.inRegion("eu-west-1")
                .environment(Swap.ENVIRONMENT, e -> e.function("shop-api").alias("live"))
                .connect());
        clouds.add(Azure.inResourceGroup("shop")
                .devOps("shop", "Shop")
                .environment(Swap.ENVIRONMENT, e -> e.containerApp("shop-api").pulling(Swap.IMAGES))
                .connect());
        clouds.add(Gcp.inProject("shop-project")
                .region("europe-west1")
                .environment(Swap.ENVIRONMENT, e -> e.function("shop-api"))
                .connect());
    }

    @AfterEach
    void close() {
        clouds.forEach(Cloud::close);
    }

    @Test
    void providers_are_found_by_their_names() {
        assertThat(CloudProvider.all()).extracting(CloudProvider::name).containsExactly("aws", "azure", "gcp", "local");
    }

    /** All kinds of stages, and no secret, of which clouds would be asked. */
    private static Pipeline pipeline() {
        return Pipeline.define("shop", p -> {
            var build =
                    p.build("build", Work.container("alpine:3.22").runs("make").writes("jar", "shop.jar"));
            var probe = p.function("probe", Installed.Smoke.class).reads(build.artifact("jar"));
            var release = p.approval("release", Approvers.anyOf("ada", "grace")).after(probe);
            p.deploy(build.artifact("jar"), Environment.environment(Swap.ENVIRONMENT))
                    .after(release)
                    .rollingOut(Rollout.canary(10).holding(Duration.ofMinutes(5)));
        });
    }

    @Test
    void one_pipeline_passes_the_plan_check_of_each() {
        for (Cloud cloud : clouds) {
            try (Engine engine = Engine.on(cloud).register(pipeline()).attach()) {
                assertThat(engine.pipelines()).as(cloud.name()).containsExactly("shop");
            }
        }
    }

    @Test
    void what_none_of_them_can_do_each_refuses() {
        Pipeline beside = Pipeline.define(
                "beside",
                p -> p.build(
                        "build",
                        Work.container("maven:3.9")
                                .with(Service.service("db", "postgres:16"))
                                .runs("mvn verify")));
        for (Cloud cloud : clouds) {
            Engine.Builder builder = Engine.on(cloud).register(beside);
            assertThatThrownBy(builder::attach)
                    .as(cloud.name())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("service 'db'");
        }
    }

    @Test
    void the_page_of_capabilities_says_what_they_declare() throws Exception {
        String page = Files.readString(PAGE, UTF_8);
        String right = page.substring(0, page.indexOf(BEGINNING)) + table();
        if (Boolean.getBoolean("cumulane.update")) {
            Files.writeString(PAGE, right, UTF_8);
        } else {
            assertThat(page).as("%s; -Dcumulane.update=true writes it", PAGE).isEqualTo(right);
        }
    }

    private String table() {
        Map<String, String> names =
                Map.of("local", "one machine", "aws", "AWS", "azure", "Azure", "gcp", "Google Cloud");
        StringBuilder table = new StringBuilder(BEGINNING);
        clouds.forEach(cloud -> table.append(' ')
                .append(names.getOrDefault(cloud.name(), cloud.name()))
                .append(" |"));
        table.append("\n|---|---|---|---|---|\n");
        for (Capability capability : Capability.values()) {
            table.append("| ").append(words(capability)).append(" |");
            clouds.forEach(cloud -> table.append(cloud.capabilities().contains(capability) ? " yes |" : " no |"));
            table.append('\n');
        }
        table.append("| the longest function stage |");
        clouds.forEach(cloud -> table.append(' ')
                .append(cloud.longestFunction()
                        .map(longest -> longest.toMinutes() + " min")
                        .orElse("no limit"))
                .append(" |"));
        return table.append('\n').toString();
    }

    private static String words(Capability capability) {
        return switch (capability) {
            case BUILD -> "container builds";
            case FUNCTION -> "function stages";
            case LONG_FUNCTION -> "function stages of more than ten minutes";
            case DEPLOY -> "deployments";
            case TRAFFIC_SHARES -> "traffic in shares: canary, blue and green";
            case ALARMS -> "rollback by an alarm of the cloud's monitoring";
            case UPDATE_SELF -> "`p.updateSelf()`";
            case SERVICES -> "containers beside a build";
            case CODE_BY_DIGEST -> "a function stage's code comes from the artifact store";
            case UNTRUSTED_WORK -> "change requests from forks, kept from secrets";
            case GIT -> "Git in the engine's process";
        };
    }
}
