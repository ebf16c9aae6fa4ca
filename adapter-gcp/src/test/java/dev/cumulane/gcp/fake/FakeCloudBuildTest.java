// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.gax.rpc.ApiException;
import com.google.api.gax.rpc.InvalidArgumentException;
import com.google.api.gax.rpc.StatusCode.Code;
import com.google.cloud.devtools.cloudbuild.v1.CloudBuildClient;
import com.google.cloudbuild.v1.CancelBuildRequest;
import com.google.cloudbuild.v1.CreateBuildRequest;
import com.google.cloudbuild.v1.GetBuildRequest;
import com.google.cloudbuild.v1.ListBuildsRequest;
import com.google.protobuf.TextFormat;
import com.google.protobuf.UnknownFieldSet;
import dev.cumulane.cloud.contract.MovedClock;
import dev.cumulane.gcp.client.GrpcClients;
import dev.cumulane.gcp.emulator.Emulators;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the fake refuses, by the published definition and by what the service's documentation says beyond it. */
final class FakeCloudBuildTest {
    private static final String LOCATION = "projects/test-project/locations/europe-west1";
    private static final String ACCOUNT =
            "projects/test-project/serviceAccounts/b@test-project.iam.gserviceaccount.com";
    private static final String RIGHT = "parent: '" + LOCATION + "' project_id: 'test-project' build { "
            + "steps { name: 'alpine' script: '#!/bin/sh\\nexit 0' env: 'A=$BUILD_ID' secret_env: 'KEY' } tags: 'run-1' "
            + "timeout { seconds: 60 } options { logging: CLOUD_LOGGING_ONLY } service_account: '" + ACCOUNT + "' "
            + "available_secrets { secret_manager { env: 'KEY' version_name: 'projects/test-project/secrets/s/versions/1' } } }";

    @TempDir
    Path directory;

    private FakeCloudBuild service;
    private GrpcClients clients;
    private CloudBuildClient client;

    @BeforeEach
    void open() {
        service = new FakeCloudBuild(LOCATION, directory, new MovedClock(), event -> {});
        service.account(ACCOUNT);
        service.secret("projects/test-project/secrets/s/versions/1", "value");
        clients = new GrpcClients(Emulators.clients(Map.of("cloudbuild", service.endpoint())));
        client = clients.builds();
    }

    @AfterEach
    void close() {
        clients.close();
        service.close();
    }

    private void create(String text) throws Exception {
        var unused = client.createBuildCallable().call(TextFormat.parse(text, CreateBuildRequest.class));
    }

    @Test
    void a_right_request_makes_a_build() throws Exception {
        create(RIGHT);

        assertThat(service.builds()).hasSize(1);
        assertThat(service.violations()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "parent: 'projects/test-project/locations/europe-west1' | parent: 'projects/test-project'",
                "parent: 'projects/test-project/locations/europe-west1' | parent: 'europe-west1'",
                "project_id: 'test-project'   | ~~",
                "project_id: 'test-project'   | project_id: 'other-project'",
                "name: 'alpine'               | ~~",
                "name: 'alpine'               | name: 'alpine' args: 'exit'",
                "name: 'alpine'               | name: 'alpine' entrypoint: 'sh'",
                "name: 'alpine'               | name: 'alpine' exit_code: 3",
                "steps { name                 | id: 'mine' steps { name",
                "A=$BUILD_ID                  | A",
                "A=$BUILD_ID                  | A=$BUILD",
                "A=$BUILD_ID                  | A=${_MINE}",
                "tags: 'run-1'                | tags: 'run 1'",
                "tags: 'run-1'                | tags: ''",
                "seconds: 60                  | seconds: 0",
                "seconds: 60                  | seconds: 86401",
                "logging: CLOUD_LOGGING_ONLY  | ~~",
                "logging: CLOUD_LOGGING_ONLY  | logging: CLOUD_LOGGING_ONLY machine_type: E2_MEDIUM pool { name: 'projects/p/locations/l/workerPools/w' }",
                "logging: CLOUD_LOGGING_ONLY  | logging: CLOUD_LOGGING_ONLY pool { name: 'w' }",
                "serviceAccounts/b@           | accounts/b@",
                "secret_env: 'KEY'            | ~~",
                "secret_env: 'KEY'            | secret_env: 'OTHER'",
                "secrets/s/versions/1         | secrets/s"
            })
    void a_wrong_request_is_refused(String right, String wrong) {
        assertThat(RIGHT).contains(right);

        assertThatThrownBy(() -> create(RIGHT.replace(right, wrong))).isInstanceOf(InvalidArgumentException.class);

        assertThat(service.violations()).hasSize(1);
        assertThat(service.builds()).isEmpty();
    }

    @Test
    void unknown_fields_and_values_are_refused() throws Exception {
        CreateBuildRequest right = TextFormat.parse(RIGHT, CreateBuildRequest.class);
        CreateBuildRequest.Builder value = right.toBuilder();
        value.getBuildBuilder().getOptionsBuilder().setMachineTypeValue(99);
        UnknownFieldSet.Field one =
                UnknownFieldSet.Field.newBuilder().addVarint(1).build();
        CreateBuildRequest field = right.toBuilder()
                .setUnknownFields(
                        UnknownFieldSet.newBuilder().addField(999, one).build())
                .build();

        assertThatThrownBy(() -> client.createBuildCallable().call(value.build()))
                .isInstanceOf(InvalidArgumentException.class);
        assertThatThrownBy(() -> client.createBuildCallable().call(field)).isInstanceOf(InvalidArgumentException.class);
    }

    @Test
    void what_is_right_and_cannot_be_done_is_refused_in_the_services_words() {
        refused(Code.PERMISSION_DENIED, () -> create(RIGHT.replace("/b@", "/c@")));
        refused(Code.NOT_FOUND, () -> create(RIGHT.replace("europe-west1", "europe-west2")));
        refused(Code.NOT_FOUND, () -> client.getBuild(get("0", "0")));
        assertThat(service.violations()).isEmpty();
    }

    @Test
    void a_build_is_named_with_its_region_and_twice_the_same_and_a_filter_is_of_tags() {
        refused(Code.INVALID_ARGUMENT, () -> client.getBuild("test-project", "0"));
        refused(Code.INVALID_ARGUMENT, () -> client.getBuild(get("0", "1")));
        refused(
                Code.INVALID_ARGUMENT,
                () -> client.cancelBuild(CancelBuildRequest.newBuilder()
                        .setProjectId("test-project")
                        .build()));
        refused(Code.INVALID_ARGUMENT, () -> client.listBuilds(list("tag=run-1")));
        refused(Code.INVALID_ARGUMENT, () -> client.listBuilds(list("tags=\"a\" OR tags=\"b\"")));
    }

    private static GetBuildRequest get(String name, String id) {
        return GetBuildRequest.newBuilder()
                .setName(LOCATION + "/builds/" + name)
                .setProjectId("test-project")
                .setId(id)
                .build();
    }

    private static ListBuildsRequest list(String filter) {
        return ListBuildsRequest.newBuilder()
                .setParent(LOCATION)
                .setProjectId("test-project")
                .setFilter(filter)
                .build();
    }

    private static void refused(Code code, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ApiException.class,
                        e -> assertThat(e.getStatusCode().getCode()).isEqualTo(code));
    }
}
