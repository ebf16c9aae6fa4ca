// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.deliveries;

import dev.cumulane.aws.client.AwsService;
import dev.cumulane.aws.client.AwsVariables;
import dev.cumulane.aws.work.WorkNames;
import dev.cumulane.pipeline.Digest;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import software.amazon.awssdk.services.lambda.LambdaClient;

/** A function of this installation, and what a new package needs besides its code. Each step states what should be, and may be repeated. */
final class InstalledFunction {
    private final Supplier<LambdaClient> client;
    private final String name;
    private final LambdaDeliveries.Pace pace;
    private final AwsService service;
    private final LambdaReleases releases;

    InstalledFunction(Supplier<LambdaClient> client, String name, LambdaDeliveries.Pace pace) {
        this.client = client;
        this.name = name;
        this.pace = pace;
        this.service = new AwsService("Lambda", "function " + name);
        this.releases = new LambdaReleases(client, name);
    }

    /** Tells the code of the next version which code it is. Versions keep what they were told. */
    void nameCode(FunctionPackage code) {
        String digest = Digest.of(code.bytes()).hex();
        var now = service.call(
                "read the configuration",
                () -> client.get().getFunctionConfiguration(request -> request.functionName(name)));
        Map<String, String> variables = now.environment() == null
                ? new TreeMap<>()
                : new TreeMap<>(now.environment().variables());
        if (!digest.equals(variables.put(AwsVariables.CODE, digest))) {
            service.call(
                    "name the code",
                    () -> client.get()
                            .updateFunctionConfiguration(request -> request.functionName(name)
                                    .environment(environment -> environment.variables(variables))));
        }
        releases.awaitUpdate(pace.pause(), pace.patience());
    }

    /** Publishes a version of a worker with the alias of its code, whose failures go to the queue and are not tried again. */
    void addWorker(FunctionPackage code, String queueArn) {
        nameCode(code);
        String version = releases.publish(code, pace.pause(), pace.patience());
        String alias = WorkNames.alias(Digest.of(code.bytes()));
        // Empty if it is there already: then it leads to a version with this very code.
        new LambdaAliases(client, name).change(alias, Optional.empty(), LambdaAliases.Target.all(version));
        service.call(
                "say where failures go",
                () -> client.get()
                        .putFunctionEventInvokeConfig(request -> request.functionName(name)
                                .qualifier(alias)
                                .maximumRetryAttempts(0)
                                .destinationConfig(to -> to.onFailure(failure -> failure.destination(queueArn)))));
    }
}
