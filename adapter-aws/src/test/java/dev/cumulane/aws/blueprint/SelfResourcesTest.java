// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.blueprint;

import static dev.cumulane.pipeline.Trigger.push;
import static dev.cumulane.pipeline.Work.container;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cumulane.aws.client.AwsNames;
import dev.cumulane.aws.work.BuildSettings;
import dev.cumulane.aws.work.WorkNames;
import dev.cumulane.cloud.Blueprint;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.pipeline.FunctionStage;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.pipeline.StageContext;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.regions.Region;

class SelfResourcesTest {
    private static final AwsNames NAMES = new AwsNames(Region.EU_WEST_1, "shop-ci", () -> "123456789012");

    @TempDir
    Path directory;

    /** A stage that needs a worker. */
    public static final class Smoke implements FunctionStage {
        @Override
        public Result run(StageContext context) {
            return Result.success();
        }
    }

    private static JsonNode resources(boolean updates) throws Exception {
        return new ObjectMapper().readTree(template(updates)).path("Resources");
    }

    private static String template(boolean updates) {
        Pipeline ci = Pipeline.define("ci", p -> {
            p.on(push().to("main"));
            var build = p.build("build", container("alpine:3.22").runs("make").writes("jar", "ci.jar"));
            p.function("smoke", Smoke.class);
            if (updates) {
                p.updateSelf(build.artifact("jar"));
            }
        });
        CloudFormationBlueprint blueprint = new CloudFormationBlueprint(
                NAMES, new BuildSettings(new WorkNames(NAMES), BuildSettings.SMALL, Optional.empty()), new TreeMap<>());
        return blueprint.template(
                new Blueprint.Demand(List.of(ci.plan()), List.of(), List.of(), List.of()),
                new Blueprint.Code("shop.ci.ShopCi", Digest.of("the jar".getBytes(UTF_8))));
    }

    @Test
    void an_installation_that_updates_itself_is_called_by_an_alias() throws Exception {
        JsonNode resources = resources(true);

        assertThat(resources
                        .path("ShopCiEngineLive")
                        .path("Properties")
                        .path("Name")
                        .asText())
                .isEqualTo("live");
        assertThat(resources.at("/EngineQueue/Properties/FunctionName/Ref").asText())
                .isEqualTo("ShopCiEngineLive");
        assertThat(resources.at("/IngressUrl/Properties/Qualifier").asText()).isEqualTo("live");
        assertThat(resources
                        .at("/IngressInvokePermission/Properties/FunctionName/Ref")
                        .asText())
                .isEqualTo("ShopCiIngressLive");
        assertThat(resources.at("/Sweep/Properties/Target/Arn/Ref").asText()).isEqualTo("ShopCiEngineLive");
        assertThat(resources.path("SweepRole").toString()).contains("{\"Ref\":\"ShopCiEngineLive\"}");
        assertThat(resources
                        .at("/ShopCiEngine/Properties/Environment/Variables/CUMULANE_WORKERS")
                        .asText())
                .isEqualTo("shop-ci-worker-trusted shop-ci-worker-internal shop-ci-worker-untrusted");
    }

    @Test
    void cfn_lint_has_nothing_against_it() throws Exception {
        assertThat(CfnLint.problems(directory, template(true))).isEmpty();
    }

    @Test
    void its_engine_gives_its_functions_code_and_no_rights() throws Exception {
        String role = resources(true).path("ShopCiEngineRole").toString();

        assertThat(role)
                .contains(
                        "lambda:UpdateFunctionCode",
                        "lambda:PutFunctionEventInvokeConfig",
                        "function:shop-ci-engine:*",
                        "function:shop-ci-worker-trusted")
                .doesNotContain("iam:PutRolePolicy", "lambda:AddPermission", "cloudformation:");
    }

    @Test
    void another_installation_is_called_as_it_is_and_may_not_change_itself() throws Exception {
        JsonNode resources = resources(false);

        assertThat(resources.has("ShopCiEngineLive")).isFalse();
        assertThat(resources.at("/EngineQueue/Properties/FunctionName/Ref").asText())
                .isEqualTo("ShopCiEngine");
        assertThat(resources.path("ShopCiEngineRole").toString()).doesNotContain("lambda:UpdateFunctionCode");
    }
}
