// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.examples.greeting;

import dev.cumulane.pipeline.FunctionStage;
import dev.cumulane.pipeline.StageContext;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Asks the deployed service for a greeting, as a user would. */
public final class SmokeTest implements FunctionStage {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** For the worker. */
    public SmokeTest() {}

    @Override
    public Result run(StageContext context) throws IOException, InterruptedException {
        URI service = URI.create(context.env("GREETING_URL")).resolve("/?name=Cumulane");
        HttpRequest request = HttpRequest.newBuilder(service).timeout(PATIENCE).build();
        HttpResponse<String> answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
        context.log(service + " answered " + answer.statusCode() + ": "
                + answer.body().strip());
        return answer.statusCode() == 200 && answer.body().contains("Cumulane")
                ? Result.success("it greets: " + answer.body().strip())
                : Result.failure("it answered " + answer.statusCode() + " instead of a greeting");
    }
}
