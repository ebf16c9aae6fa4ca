// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.functions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.cumulane.aws.work.LambdaFunctions;
import dev.cumulane.cloud.Cloud;
import dev.cumulane.cloud.FunctionCall;
import java.util.function.Consumer;

/**
 * Carries out one order of a function stage: claims it, runs it, leaves the result, tells its end. What it may read besides is for the function's IAM role to say.
 *
 * @param cloud holds order, secrets and results, and takes the signal
 * @param code finds the stages' classes
 * @param log takes the stages' lines
 */
record WorkerRole(Cloud cloud, ClassLoader code, Consumer<String> log) implements Role {
    @Override
    public JsonNode handle(JsonNode event, Invocation invocation) {
        boolean ours = FunctionCall.parse(event.toString()).carryOut(cloud, code, log, serviceId(invocation));
        return JsonNodeFactory.instance.objectNode().put("ours", ours);
    }

    /** The work's id, in the form that the runner gives to it: an ARN ends with function and alias. */
    static String serviceId(Invocation invocation) {
        String[] parts = invocation.arn().split(":", -1);
        int function = Math.min(6, parts.length - 1);
        String alias = parts.length > 7 ? parts[7] : "$LATEST";
        return LambdaFunctions.id(parts[function], alias, invocation.requestId());
    }
}
