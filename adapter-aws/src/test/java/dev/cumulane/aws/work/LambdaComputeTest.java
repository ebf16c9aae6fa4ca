// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cumulane.aws.client.AwsNames;
import dev.cumulane.aws.fake.FakeCodeBuild;
import dev.cumulane.cloud.WorkOrder;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.RunId;
import dev.cumulane.run.TrustLevel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.codebuild.CodeBuildClient;

class LambdaComputeTest {
    private static final String MADE_FOR_IT = "aws/codebuild/amazonlinux-x86_64-lambda-standard:corretto21";
    private static final String IN_ECR = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/tools/maven:3.9";
    private static final WorkNames NAMES =
            new WorkNames(new AwsNames(Region.EU_WEST_1, "shop-ci", () -> "123456789012"));
    private static final BuildSettings MACHINES = new BuildSettings(NAMES, BuildSettings.SMALL, Optional.empty());

    @TempDir
    Path directory;

    private FakeCodeBuild service;
    private CodeBuildClient client;

    @BeforeEach
    void open() {
        service = new FakeCodeBuild(directory, () -> Instant.parse("2026-11-23T10:00:00Z"), event -> {});
        client = CodeBuildClient.builder()
                .endpointOverride(service.endpoint())
                .region(Region.EU_WEST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("AKID", "secret")))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build();
        String name = NAMES.project("shop", TrustLevel.TRUSTED);
        client.createProject(project -> project.name(name)
                .serviceRole("arn:aws:iam::123456789012:role/builds")
                .source(source -> source.type("NO_SOURCE").buildspec("{\"version\":\"0.2\"}"))
                .artifacts(artifacts -> artifacts.type("NO_ARTIFACTS"))
                .environment(environment -> environment
                        .type("LINUX_CONTAINER")
                        .image("aws/codebuild/standard:7.0")
                        .computeType("BUILD_GENERAL1_SMALL")));
    }

    @AfterEach
    void nothingWasAgainstTheInterface() {
        service.close();
        client.close();
        assertThat(service.violations()).isEmpty();
    }

    private CodeBuildBuilds builds(BuildSettings settings) {
        return new CodeBuildBuilds(() -> client, settings, order -> "true");
    }

    private JsonNode started(BuildSettings settings, String image, Duration within) throws Exception {
        builds(settings)
                .start(new WorkOrder(
                        new AttemptId(new RunId("shop-0k3v9q2m7xw4b1ce"), "build", 1),
                        Digest.of(new byte[0]),
                        new WorkOrder.Container(image),
                        within,
                        new TreeMap<>(),
                        TrustLevel.TRUSTED));
        return new ObjectMapper().readTree(service.requests("StartBuild").get(0).body());
    }

    @ParameterizedTest
    @ValueSource(strings = {MADE_FOR_IT, IN_ECR})
    void a_short_build_with_an_image_that_lambda_takes_runs_there_without_limits_of_ours(String image)
            throws Exception {
        JsonNode request = started(MACHINES.onLambda(new LambdaCompute(2)), image, Duration.ofMinutes(15));

        assertThat(request.path("computeTypeOverride").asText()).isEqualTo("BUILD_LAMBDA_2GB");
        assertThat(request.path("environmentTypeOverride").asText()).isEqualTo("LINUX_LAMBDA_CONTAINER");
        assertThat(request.has("timeoutInMinutesOverride")).isFalse();
        assertThat(request.has("queuedTimeoutInMinutesOverride")).isFalse();
    }

    @Test
    void a_longer_build_and_one_with_another_image_run_on_machines() throws Exception {
        BuildSettings both = MACHINES.onLambda(new LambdaCompute(1));

        assertThat(both.lambdaFor(IN_ECR, Duration.ofMinutes(16))).isEmpty();
        assertThat(both.lambdaFor("maven:3.9", Duration.ofMinutes(5))).isEmpty();
        JsonNode request = started(both, "maven:3.9", Duration.ofMinutes(5));
        assertThat(request.path("computeTypeOverride").asText()).isEqualTo("BUILD_GENERAL1_SMALL");
        assertThat(request.path("timeoutInMinutesOverride").asInt()).isEqualTo(15);
    }

    @Test
    void without_the_setting_nothing_runs_there() throws Exception {
        assertThat(started(MACHINES, IN_ECR, Duration.ofMinutes(5))
                        .path("computeTypeOverride")
                        .asText())
                .isEqualTo("BUILD_GENERAL1_SMALL");
    }

    @Test
    void the_plan_check_refuses_what_can_run_nowhere() {
        CodeBuildBuilds machines = builds(MACHINES);
        CodeBuildBuilds both = builds(MACHINES.onLambda(new LambdaCompute(10)));

        assertThat(machines.refusal(MADE_FOR_IT, Duration.ofMinutes(5)).orElseThrow())
                .contains("runs on Lambda compute alone; allow that with Aws.buildingOnLambda(...)");
        assertThat(both.refusal(MADE_FOR_IT, Duration.ofMinutes(16)).orElseThrow())
                .contains("may take PT16M")
                .contains("at most PT15M");
        assertThat(both.refusal("maven:3.9", Duration.ofHours(37)).orElseThrow())
                .contains("a build on CodeBuild takes at most PT36H");
        assertThat(both.refusal(MADE_FOR_IT, Duration.ofMinutes(15))).isEmpty();
        assertThat(both.refusal(IN_ECR, Duration.ofHours(2))).isEmpty();
        assertThat(machines.refusal("maven:3.9", Duration.ofHours(36))).isEmpty();
    }

    @Test
    void there_are_five_sizes() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LambdaCompute(3))
                .withMessage("Lambda compute has 1, 2, 4, 8 or 10 GB, not 3");
    }
}
