// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.gax.rpc.ApiException;
import com.google.api.gax.rpc.InvalidArgumentException;
import com.google.api.gax.rpc.StatusCode.Code;
import com.google.cloud.deploy.v1.AbandonReleaseRequest;
import com.google.cloud.deploy.v1.AdvanceRolloutRequest;
import com.google.cloud.deploy.v1.ApproveRolloutRequest;
import com.google.cloud.deploy.v1.CancelRolloutRequest;
import com.google.cloud.deploy.v1.CloudDeployClient;
import com.google.cloud.deploy.v1.CreateReleaseRequest;
import com.google.cloud.deploy.v1.CreateRolloutRequest;
import com.google.protobuf.TextFormat;
import dev.cumulane.gcp.client.GrpcClients;
import dev.cumulane.gcp.emulator.Emulators;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the fake of Cloud Deploy refuses, by the published definition and by what it says of names. */
final class FakeCloudDeployTest {
    private static final String PIPELINE =
            "projects/test-project/locations/europe-west1/deliveryPipelines/" + FakeCloudDeploy.PIPELINE;
    private static final String RELEASE = "parent: '" + PIPELINE + "' release_id: 'v1' release { "
            + "skaffold_config_uri: 'gs://shop-releases/v1.tar.gz' annotations { key: 'cumulane-step' value: 'a b' } }";
    private static final String ROLLOUT = "parent: '" + PIPELINE + "/releases/v1' rollout_id: 'v1-1' rollout { "
            + "target_id: 'production' annotations { key: 'cumulane-step' value: 'a b' } }";

    private FakeCloudDeploy service;
    private GrpcClients clients;
    private CloudDeployClient client;

    @BeforeEach
    void open() {
        service = new FakeCloudDeploy(
                "projects/test-project/locations/europe-west1", archive -> Optional.empty(), message -> {});
        clients = new GrpcClients(Emulators.clients(Map.of("clouddeploy", service.endpoint())));
        client = clients.deploy();
    }

    @AfterEach
    void close() {
        clients.close();
        service.close();
    }

    private void release(String text) throws Exception {
        var unused = client.createReleaseCallable().call(TextFormat.parse(text, CreateReleaseRequest.class));
    }

    private void rollout(String text) throws Exception {
        var unused = client.createRolloutCallable().call(TextFormat.parse(text, CreateRolloutRequest.class));
    }

    @Test
    void right_requests_make_a_release_and_a_rollout() throws Exception {
        release(RELEASE);
        rollout(ROLLOUT);

        assertThat(service.states()).hasSize(1);
        assertThat(service.violations()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "parent: 'projects/test-project/locations | parent: 'projects/test-project/regions",
                "/deliveryPipelines/shop-release'         | /deliveryPipelines/shop-release/releases/v1'",
                "release_id: 'v1'                         | ~~",
                "release_id: 'v1'                         | release_id: 'V1'",
                "release_id: 'v1'                         | release_id: 'v1.0'",
                "release_id: 'v1'                         | release_id: '1v'",
                "release_id: 'v1'                         | release_id: 'v1' request_id: '1'",
                "gs://shop-releases/v1.tar.gz             | https://example.com/v1.tar.gz",
                "gs://shop-releases/v1.tar.gz             | gs://shop-releases",
                "key: 'cumulane-step'                     | key: 'cumulane step'",
                "annotations {                            | uid: 'mine' annotations {",
                "annotations {                            | render_state: SUCCEEDED annotations {",
                "annotations {                            | abandoned: true annotations {"
            })
    void a_wrong_release_is_refused(String right, String wrong) {
        assertThat(RELEASE).contains(right);

        assertThatThrownBy(() -> release(RELEASE.replace(right, wrong))).isInstanceOf(InvalidArgumentException.class);

        assertThat(service.violations()).hasSize(1);
        assertThat(service.releases()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "/releases/v1'            | '",
                "rollout_id: 'v1-1'       | ~~",
                "rollout_id: 'v1-1'       | rollout_id: 'v1-'",
                "target_id: 'production'  | ~~",
                "target_id: 'production'  | target_id: 'staging'",
                "target_id: 'production'  | target_id: 'production' state: SUCCEEDED",
                "target_id: 'production'  | target_id: 'production' approval_state: APPROVED",
                "key: 'cumulane-step'     | key: '-'"
            })
    void a_wrong_rollout_is_refused(String right, String wrong) throws Exception {
        release(RELEASE);
        assertThat(ROLLOUT).contains(right);

        assertThatThrownBy(() -> rollout(ROLLOUT.replace(right, wrong))).isInstanceOf(InvalidArgumentException.class);

        assertThat(service.violations()).hasSize(1);
        assertThat(service.states()).isEmpty();
    }

    @Test
    void what_is_right_and_cannot_be_done_is_refused_in_the_services_words() throws Exception {
        String rollout = PIPELINE + "/releases/v1/rollouts/v1-1";
        refused(Code.NOT_FOUND, () -> release(RELEASE.replace("shop-release'", "cart-release'")));
        refused(Code.NOT_FOUND, () -> rollout(ROLLOUT));
        release(RELEASE);
        refused(Code.ALREADY_EXISTS, () -> release(RELEASE));
        rollout(ROLLOUT);
        refused(Code.ALREADY_EXISTS, () -> rollout(ROLLOUT));
        refused(
                Code.FAILED_PRECONDITION,
                () -> client.approveRollout(ApproveRolloutRequest.newBuilder()
                        .setName(rollout)
                        .setApproved(true)
                        .build()));
        refused(
                Code.FAILED_PRECONDITION,
                () -> client.advanceRollout(AdvanceRolloutRequest.newBuilder()
                        .setName(rollout)
                        .setPhaseId("stable")
                        .build()));
        refused(
                Code.FAILED_PRECONDITION,
                () -> client.cancelRollout(
                        CancelRolloutRequest.newBuilder().setName(rollout).build()));
        client.abandonRelease(AbandonReleaseRequest.newBuilder()
                .setName(PIPELINE + "/releases/v1")
                .build());
        refused(Code.FAILED_PRECONDITION, () -> rollout(ROLLOUT.replace("v1-1", "v1-2")));
        assertThat(service.violations()).isEmpty();
    }

    private static void refused(Code code, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ApiException.class,
                        e -> assertThat(e.getStatusCode().getCode()).isEqualTo(code));
    }
}
