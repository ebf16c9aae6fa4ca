// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.fake;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the fake refuses, by the published definition and by what the service's documentation says beyond it. */
final class FakeCloudLoggingTest {
    private static final String PATH = "/v2/entries:list";
    private static final String RIGHT =
            "{'resourceNames':['projects/test-project'],'orderBy':'timestamp asc','pageSize':10,"
                    + "'filter':'resource.type=#build# AND timestamp>=#2026-11-23T08:00:00Z#'}";

    private final FakeCloudLogging logging = new FakeCloudLogging();

    @AfterEach
    void close() {
        logging.close();
    }

    @Test
    void a_right_request_is_answered() {
        assertThat(Posted.to(logging, PATH, quoted(RIGHT))).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "'resourceNames'         | 'resources'",
                "['projects/test-project'] | []",
                "['projects/test-project'] | {}",
                "projects/test-project   | test-project",
                "timestamp asc           | time",
                "10                      | -1",
                "10                      | 1001",
                "10                      | 'many'",
                "resource.type=          | resource.kind=",
                "resource.type=#build#   | resource.type=build",
                "timestamp>=             | timestamp=",
                "2026-11-23T08:00:00Z    | yesterday",
                "AND                     | OR"
            })
    void a_wrong_request_is_refused(String right, String wrong) {
        assertThat(RIGHT).contains(right);

        assertThat(Posted.to(logging, PATH, quoted(RIGHT.replace(right, wrong))))
                .isEqualTo(400);
    }

    @Test
    void another_path_method_or_parameter_is_refused() {
        assertThat(Posted.to(logging, "/v1/entries:list", quoted(RIGHT))).isEqualTo(404);
        assertThat(Posted.with(logging, "PUT", PATH, quoted(RIGHT))).isEqualTo(404);
        assertThat(Posted.to(logging, PATH + "?all=true", quoted(RIGHT))).isEqualTo(400);
    }

    /** The quotation marks of a filter stand within those of JSON. */
    private static String quoted(String json) {
        return json.replace("#", "\\'");
    }
}
