// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.examples.aws;

import dev.cumulane.aws.Aws;
import dev.cumulane.aws.functions.AwsFunctions;
import dev.cumulane.cloud.Cloud;
import dev.cumulane.examples.greeting.GreetingPipeline;

/**
 * The greeting pipeline on AWS: the class that Lambda calls, as ingress, engine and worker.
 *
 * <p>It deploys to the function {@code greeting}, by its alias {@code live}. The service is an HTTP server and no handler, so that function needs AWS's Lambda Web
 * Adapter as a layer.
 */
public final class GreetingCi extends AwsFunctions {
    /** Made by the runtime. */
    public GreetingCi() {
        super(GreetingCi::cloud, GreetingPipeline::pipeline);
    }

    /**
     * Where the pipeline runs; for a command line as well.
     *
     * @return the cloud, which the caller closes
     */
    public static Cloud cloud() {
        return Aws.inRegion("eu-west-1")
                .namespace("greeting-ci")
                .environment("production", e -> e.function("greeting").alias("live"))
                .connect();
    }
}
