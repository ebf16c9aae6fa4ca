// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.blueprint;

import static dev.cumulane.pipeline.Environment.environment;
import static dev.cumulane.pipeline.Work.container;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.aws.deliveries.AwsEnvironment;
import dev.cumulane.aws.deliveries.EnvironmentChoice;
import dev.cumulane.cloud.Needs;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.pipeline.Plan;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DeployResourcesTest {
    private static final String ROLE = "arn:aws:iam::210987654321:role/shop-deployer";
    private static final Plan PLAN = Pipeline.define("shop", p -> {
                var build =
                        p.build("build", container("alpine:3.22").runs("make").writes("jar", "shop.jar"));
                p.deploy(build.artifact("jar"), environment("production"));
            })
            .plan();

    private static DeployResources bound(AwsEnvironment production) {
        return new DeployResources(
                "shop-ci",
                new TreeMap<>(Map.of(
                        "production", production, "elsewhere", EnvironmentChoice.HERE.function("no-stage-deploys"))));
    }

    private static String statements(AwsEnvironment production) {
        return bound(production).engine(Needs.of(List.of(PLAN))).toString();
    }

    @Test
    void the_engine_may_hand_over_to_the_bound_pipeline_and_write_its_one_object() {
        String statements = statements(
                EnvironmentChoice.HERE.codePipeline("shop-release").reading("Source", "releases", "shop.zip"));

        assertThat(statements)
                .contains(
                        "codepipeline:StartPipelineExecution",
                        "codepipeline:StopPipelineExecution",
                        ":shop-release",
                        "s3:PutObject",
                        ":s3:::releases/shop.zip")
                .doesNotContain("PutApprovalResult", "GetPipelineState", "lambda:", "sts:", "no-stage-deploys");
    }

    @Test
    void only_an_approval_that_is_given_by_us_needs_its_permission() {
        String statements = statements(EnvironmentChoice.HERE
                .codePipeline("shop-release")
                .reading("Source", "releases", "shop.zip")
                .approving("Go-live"));

        assertThat(statements)
                .contains("codepipeline:PutApprovalResult", ":shop-release/*/Go-live", "codepipeline:GetPipelineState");
    }

    @Test
    void in_another_account_the_engine_may_take_on_the_role_and_nothing_else() {
        String statements = statements(EnvironmentChoice.HERE
                .inAccount("210987654321")
                .assuming(ROLE, "shop-ci")
                .function("shop-api"));

        assertThat(statements).contains("sts:AssumeRole", ROLE).doesNotContain("lambda:");
    }

    @Test
    void events_come_of_pipelines_that_are_handed_to_and_there_is_no_rule_without_one() {
        Template with = new Template(Samples.CODE);
        bound(EnvironmentChoice.HERE.codePipeline("shop-release").reading("Source", "releases", "shop.zip"))
                .rule(with, Needs.of(List.of(PLAN)));
        Template without = new Template(Samples.CODE);
        bound(EnvironmentChoice.HERE.function("shop-api")).rule(without, Needs.of(List.of(PLAN)));

        assertThat(with.text()).contains("shop-ci-pipelines", "\"aws.codepipeline\"", "\"shop-release\"");
        assertThat(without.text()).doesNotContain("aws.codepipeline");
    }
}
