// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.deliveries;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cumulane.aws.client.AwsClients;
import dev.cumulane.aws.fake.FakeLambda;
import dev.cumulane.aws.fake.FakeTokens;
import dev.cumulane.cloud.ArtifactFiles;
import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.DeploymentStep;
import dev.cumulane.cloud.StepReport;
import dev.cumulane.run.Release;
import dev.cumulane.run.RunId;
import dev.cumulane.testing.SimulatedCloud;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;

class AssumedRoleTest {
    private static final String ROLE = "arn:aws:iam::210987654321:role/shop-deployer";
    private static final String EXTERNAL_ID = "shop-ci";

    @TempDir
    Path directory;

    private final ArtifactStore store = SimulatedCloud.of().artifacts();
    private final List<StepReport> told = new ArrayList<>();
    private FakeTokens tokens;
    private FakeLambda service;
    private AwsClients clients;

    @BeforeEach
    void open() {
        tokens = new FakeTokens(ROLE, EXTERNAL_ID);
        service = new FakeLambda((code, arn, id, payload) -> code, failure -> {});
        service.function("shop-api", "the first package".getBytes(UTF_8));
        clients = new AwsClients(new AwsClients.Connection(
                Region.EU_WEST_1,
                StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIDOFOURS", "secret")),
                Map.of("lambda", service.endpoint(), "sts", tokens.endpoint()),
                List.of()));
    }

    @AfterEach
    void close() {
        clients.close();
        service.close();
        tokens.close();
        assertThat(service.violations()).isEmpty();
    }

    private StepReport prepare(String externalId, String run, long fence) throws Exception {
        Path folder = Files.createTempDirectory(directory, "made-");
        Files.writeString(folder.resolve("app.jar"), "release " + fence);
        FunctionEnvironment there = EnvironmentChoice.HERE
                .inAccount("210987654321")
                .assuming(ROLE, externalId)
                .function("shop-api");
        deliveries(there)
                .begin(new DeploymentStep(
                        new RunId(run),
                        "deploy",
                        1,
                        "production",
                        fence,
                        Optional.empty(),
                        new DeploymentStep.Prepared(Release.of(ArtifactFiles.pack(store, "app", folder, "app.jar")))));
        return told.get(told.size() - 1);
    }

    private LambdaDeliveries deliveries(FunctionEnvironment binding) {
        return new LambdaDeliveries(
                clients,
                Map.of("production", binding),
                store,
                (step, report) -> told.add(report),
                new LambdaDeliveries.Pace(Duration.ofMillis(1), Duration.ofSeconds(5)));
    }

    @Test
    void a_deployment_into_another_account_calls_as_the_role_in_a_session_called_as_the_run() throws Exception {
        assertThat(prepare(EXTERNAL_ID, "shop-0k3v9q2m7xw4b1ce", 1).succeeded()).isTrue();

        assertThat(tokens.asked())
                .singleElement()
                .satisfies(asked -> assertThat(asked)
                        .containsEntry("Action", "AssumeRole")
                        .containsEntry("RoleArn", ROLE)
                        .containsEntry("ExternalId", EXTERNAL_ID)
                        .containsEntry("RoleSessionName", "shop-0k3v9q2m7xw4b1ce")
                        .containsEntry("DurationSeconds", "900"));
        assertThat(service.requests(""))
                .isNotEmpty()
                .allSatisfy(request -> assertThat(request.headers().get("authorization"))
                        .contains("Credential=" + FakeTokens.KEY + "/"));
    }

    @Test
    void a_role_that_does_not_trust_us_fails_the_step_with_the_name_of_the_call() {
        assertThatThrownBy(() -> prepare("another", "shop-0k3v9q2m7xw4b1ce", 1))
                .isInstanceOfSatisfying(
                        CloudException.class, e -> assertThat(e.retryable()).isFalse())
                .hasMessageContaining("AccessDenied")
                .hasMessageContaining("sts:AssumeRole");
        assertThat(service.requests("")).isEmpty();
    }

    @Test
    void a_role_of_another_account_than_the_one_named_is_refused() {
        EnvironmentChoice.OtherAccount account = EnvironmentChoice.HERE.inAccount("111111111111");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> account.assuming(ROLE, EXTERNAL_ID))
                .withMessageContaining("is of account 210987654321, not 111111111111");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EnvironmentChoice.HERE.inAccount("shop"))
                .withMessageContaining("has 12 digits, not 'shop'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "shop-deployer", "arn:aws:iam::1:role/x", "arn:aws:sts::210987654321:assumed-role/x/y"})
    void what_is_no_role_is_refused(String arn) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AssumedRole(arn, EXTERNAL_ID))
                .withMessageContaining("not the ARN of a role");
    }

    @Test
    void an_external_id_is_one_that_the_token_service_takes() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AssumedRole(ROLE, "x"))
                .withMessageContaining("an external id has 2 to 1,224");
    }
}
