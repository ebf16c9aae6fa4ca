// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.functions;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cumulane.cloud.Cloud;
import dev.cumulane.cloud.FunctionCall;
import dev.cumulane.cloud.HttpAnswer;
import dev.cumulane.cloud.HttpRequest;
import dev.cumulane.gcp.logs.CloudLogs;
import dev.cumulane.gcp.work.CloudRunFunctions;
import dev.cumulane.run.AttemptId;
import java.util.function.Consumer;

/**
 * Carries out one order of a function stage, which Cloud Tasks sends. What fails before the attempt is claimed is sent again.
 *
 * @param cloud holds order, secrets and results, and takes the signal
 * @param code finds the stages' classes
 * @param log takes lines for the function's log
 */
record WorkerRole(Cloud cloud, ClassLoader code, Consumer<String> log) implements Role {
    private static final String TASK = "x-cloudtasks-taskname";

    @Override
    public HttpAnswer answer(HttpRequest request) {
        FunctionCall call;
        try {
            call = FunctionCall.parse(new String(request.body(), UTF_8));
        } catch (IllegalArgumentException e) {
            return HttpAnswer.text(400, "a worker takes calls of the engine, and nothing else");
        }
        String task = request.header(TASK).map(CloudRunFunctions::id).orElse("");
        if (!CloudRunFunctions.isCall(task)) {
            return HttpAnswer.text(400, "a worker is called by a task");
        }
        boolean ours = call.carryOut(cloud, code, line -> log.accept(entry(call.attempt(), line)), task);
        return HttpAnswer.text(200, ours ? "ours" : "somebody else's");
    }

    /** A line as Cloud Logging reads it from a function's output, labelled with its attempt. */
    private static String entry(AttemptId attempt, String line) {
        ObjectNode entry =
                JsonNodeFactory.instance.objectNode().put("severity", "INFO").put("message", line);
        entry.putObject("logging.googleapis.com/labels").put(CloudLogs.ATTEMPT, attempt.key());
        return entry.toString();
    }
}
