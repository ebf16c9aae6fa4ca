// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.fake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** Requests to a fake, past our own client. */
final class Posted {
    private Posted() {}

    /** The status that this JSON, written with single quotes, is answered with. */
    static int to(FakeGoogle fake, String path, String json) {
        return with(fake, "POST", path, json);
    }

    /** The status that a request of this method is answered with. */
    static int with(FakeGoogle fake, String method, String path, String json) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(fake.endpoint() + path))
                .header("authorization", "Bearer owner")
                .header("content-type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(json.replace('\'', '"')))
                .build();
        try {
            return HttpClient.newHttpClient()
                    .send(request, HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
