// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.fake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.cloud.contract.MovedClock;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the fake refuses, so that what passes on it means something. */
final class FakeCloudStorageTest {
    private static final String TOKEN = "authorization: Bearer owner";

    private final FakeCloudStorage storage = new FakeCloudStorage(new MovedClock());

    @BeforeEach
    void create() {
        storage.create("b-1");
    }

    @AfterEach
    void close() {
        storage.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PUT    | /b-1/x          | accept: */*                                                     | 401",
                "PUT    | /b-1/x          | authorization: Bearer another                                   | 401",
                "PUT    | /b-2/x          | authorization: Bearer owner                                     | 404",
                "GET    | /b-1/nothing    | authorization: Bearer owner                                     | 404",
                "PUT    | /b-1/           | authorization: Bearer owner                                     | 400",
                "POST   | /b-1/x          | authorization: Bearer owner                                     | 405",
                "DELETE | /b-1/x          | authorization: Bearer owner                                     | 405",
                "PUT    | /b-1/x?upload=1 | authorization: Bearer owner                                     | 400",
                "PUT    | /b-1/x          | authorization: Bearer owner, x-goog-if-generation-match: 7      | 412",
                "PUT    | /b-1/x          | authorization: Bearer owner, x-goog-if-generation-match: no     | 412",
                "PUT    | /b-1/x          | authorization: Bearer owner, x-goog-hash: crc32c=AAAAAA==       | 400",
                "PUT    | /b-1/x          | authorization: Bearer owner, x-goog-content-length-range: 4,4   | 400",
                "PUT    | /b-1/x          | authorization: Bearer owner, x-goog-content-length-range: 6,9   | 400",
                "PUT    | /b-1/x          | authorization: Bearer owner, x-goog-content-length-range: five  | 400",
                "GET    | /b-1/x?X-Goog-Signature=00 | accept: */*                                          | 400"
            })
    void a_wrong_request_is_refused(String method, String path, String headers, int status) throws Exception {
        assertThat(send(method, path, headers.split(", "))).isEqualTo(status);
        assertThat(storage.has("b-1", "x")).isFalse();
    }

    @Test
    void a_condition_holds_for_what_is_absent_and_not_for_what_is_there() throws Exception {
        String absent = "x-goog-if-generation-match: 0";

        assertThat(send("PUT", "/b-1/x", TOKEN, absent)).isEqualTo(200);
        assertThat(send("PUT", "/b-1/x", TOKEN, absent)).isEqualTo(412);
        assertThat(send("PUT", "/b-1/x", TOKEN, "x-goog-if-generation-match: 1"))
                .isEqualTo(200);
        assertThat(send("PUT", "/b-1/x", TOKEN)).isEqualTo(200);
    }

    private int send(String method, String path, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(storage.endpoint() + path));
        for (String header : headers) {
            String[] parts = header.split(": ", 2);
            request.header(parts[0], parts[1]);
        }
        HttpRequest.BodyPublisher body = method.equals("PUT") || method.equals("POST")
                ? HttpRequest.BodyPublishers.ofString("hello")
                : HttpRequest.BodyPublishers.noBody();
        return HttpClient.newHttpClient()
                .send(request.method(method, body).build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }
}
