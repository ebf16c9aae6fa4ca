// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local;

import dev.cumulane.source.GitHubDelivery;
import dev.cumulane.source.Repositories;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Tests that send webhooks to {@code serve}, a process beside a repository with one commit. */
abstract class Serving {
    @TempDir
    Path directory;

    final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    Path repository = Path.of("");
    String head = "";
    private final List<Served> started = new ArrayList<>();

    @BeforeEach
    void a_repository() throws Exception {
        repository = Repositories.create(directory.toRealPath().resolve("acme/shop"));
        head = Repositories.git(repository, "rev-parse", "HEAD");
    }

    @AfterEach
    void end_what_is_left() throws Exception {
        for (Served served : started) {
            served.kill();
        }
    }

    final Served start(Class<?> program) throws Exception {
        Served served = Served.start(directory.toRealPath(), program);
        started.add(served);
        return served;
    }

    final Served startWithoutSecrets(Class<?> program) throws Exception {
        Served served = Served.start(directory.toRealPath(), program, Map.of());
        started.add(served);
        return served;
    }

    static HttpRequest request(String address, GitHubDelivery delivery, String secret) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address))
                .timeout(Duration.ofSeconds(20))
                .POST(HttpRequest.BodyPublishers.ofByteArray(delivery.bytes()));
        delivery.headers(secret).forEach(request::header);
        return request.build();
    }
}
