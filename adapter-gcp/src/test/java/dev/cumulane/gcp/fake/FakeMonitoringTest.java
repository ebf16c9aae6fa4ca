// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cumulane.gcp.client.GoogleApi;
import dev.cumulane.gcp.client.GoogleApiException;
import dev.cumulane.gcp.emulator.Emulators;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the fake of Cloud Monitoring refuses. */
final class FakeMonitoringTest {
    private FakeMonitoring service;
    private GoogleApi api;

    @BeforeEach
    void open() {
        service = new FakeMonitoring();
        service.policy("shop-5xx", true);
        api = Emulators.clients(Map.of("monitoring", service.endpoint())).api("monitoring");
    }

    @AfterEach
    void close() {
        service.close();
    }

    @Test
    void a_right_request_finds_policies_and_open_alerts() {
        service.ring("shop-5xx");

        String filter = GoogleApi.encoded("display_name=\"shop-5xx\"");
        assertThat(api.get("listAlertPolicies", "/v3/projects/test-project/alertPolicies?filter=" + filter)
                        .path("alertPolicies"))
                .hasSize(1);
        String open = GoogleApi.encoded("state=\"OPEN\"");
        assertThat(api.get("listAlerts", "/v3/projects/test-project/alerts?filter=" + open)
                        .path("alerts"))
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v3/test-project/alertPolicies?filter=display_name%3D%22a%22",
                "/v1/projects/test-project/alertPolicies?filter=display_name%3D%22a%22",
                "/v3/projects/test-project/alertPolicy?filter=display_name%3D%22a%22",
                "/v3/projects/test-project/alertPolicies?filter=displayName%3D%22a%22",
                "/v3/projects/test-project/alertPolicies?filter=display_name%3Da",
                "/v3/projects/test-project/alertPolicies?filter=display_name%3D%22a%22&size=1",
                "/v3/projects/test-project/alertPolicies?filter=display_name%3D%22a%22&pageSize=many",
                "/v3/projects/test-project/alertPolicies?filter=display_name%3D%22a%22&pageSize=1001",
                "/v3/projects/test-project/alertPolicies?filter=display_name%3D%22a%22&pageToken=next",
                "/v3/projects/P/alerts?filter=state%3D%22OPEN%22",
                "/v3/projects/test-project/alerts?filter=state%3DOPEN",
                "/v3/projects/test-project/alerts?filter=state%3D%22open%22",
                "/v3/projects/test-project/alerts?state=OPEN",
                "/v3/projects/test-project/alerts?pageSize=0",
                "/v3/projects/test-project/alerts?pageToken=next"
            })
    void a_wrong_request_is_refused(String path) {
        assertThatThrownBy(() -> api.get("list", path))
                .isInstanceOfSatisfying(
                        GoogleApiException.class, e -> assertThat(e.code()).isIn("INVALID_ARGUMENT", "NOT_FOUND"));
    }
}
