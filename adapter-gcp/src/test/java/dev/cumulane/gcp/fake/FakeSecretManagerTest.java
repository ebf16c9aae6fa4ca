// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.fake;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the fake refuses, by the published definition and by what the service's documentation says beyond it. */
final class FakeSecretManagerTest {
    private final FakeSecretManager manager = new FakeSecretManager();

    @BeforeEach
    void store() {
        manager.add("projects/test-project/secrets/s-1", new byte[] {1});
    }

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void the_latest_version_is_looked_at_and_read() {
        assertThat(asked("GET", "/v1/projects/test-project/secrets/s-1/versions/latest"))
                .isEqualTo(200);
        assertThat(asked("GET", "/v1/projects/test-project/secrets/s-1/versions/latest:access"))
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /v1/projects/test-project/secrets/s-2/versions/latest:access, 404",
        "GET, /v1/projects/test-project/secrets/s-1/versions/7:access, 404",
        "GET, /v1/projects/other-project/secrets/s-1/versions/latest, 404",
        "GET, /v1/projects/test-project/secrets/s-1/latest:access, 404",
        "GET, /v1/secrets/s-1/versions/latest:access, 404",
        "GET, /v2/projects/test-project/secrets/s-1/versions/latest, 404",
        "GET, /v1/projects/test-project/secrets/s-1/versions/latest:read, 404",
        "GET, /v1/projects/test-project/secrets/s-1/versions/latest:access?view=FULL, 400",
        "POST, /v1/projects/test-project/secrets/s-1/versions/latest:access, 404",
        "PUT, /v1/projects/test-project/secrets/s-1/versions/latest, 404",
        "GET, /v1/projects/test-project/secrets/s-1/versions, 501",
        "DELETE, /v1/projects/test-project/secrets/s-1, 501"
    })
    void a_wrong_request_is_refused(String method, String path, int status) {
        assertThat(asked(method, path)).isEqualTo(status);
    }

    @Test
    void a_body_where_none_belongs_is_refused() {
        String path = "/v1/projects/test-project/secrets/s-1/versions/latest:access";

        assertThat(Posted.with(manager, "GET", path, "{}")).isEqualTo(400);
    }

    private int asked(String method, String path) {
        return Posted.with(manager, method, path, "");
    }
}
