// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.functions;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.cumulane.aws.work.FunctionCall;
import dev.cumulane.aws.work.LambdaFunctions;
import dev.cumulane.cloud.Cloud;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.FunctionWorker;
import dev.cumulane.cloud.SignalEnvelope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

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
        FunctionCall call = FunctionCall.parse(event);
        SortedMap<String, String> secrets = new TreeMap<>();
        call.secrets().forEach((variable, reference) -> secrets.put(variable, secret(reference)));
        FunctionWorker worker = new FunctionWorker(cloud.artifacts(), code, secrets, log, cloud.clock());
        Path directory = null;
        try {
            directory = Files.createTempDirectory("cumulane-");
            boolean ours = worker.run(call.order(), serviceId(invocation), directory);
            // Also if it was somebody else's: who left the result may have died before telling.
            cloud.signals().send(SignalEnvelope.workOver(call.attempt()));
            return JsonNodeFactory.instance.objectNode().put("ours", ours);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            if (directory != null) {
                delete(directory);
            }
        }
    }

    private String secret(String reference) {
        return cloud.secrets()
                .read(reference)
                .map(value -> new String(value, UTF_8))
                .orElseThrow(() -> CloudException.permanent("secrets", "there is no secret '" + reference + "'"));
    }

    /** The work's id, in the form that the runner gives to it: an ARN ends with function and alias. */
    static String serviceId(Invocation invocation) {
        String[] parts = invocation.arn().split(":", -1);
        int function = Math.min(6, parts.length - 1);
        String alias = parts.length > 7 ? parts[7] : "$LATEST";
        return LambdaFunctions.id(parts[function], alias, invocation.requestId());
    }

    /** The sandbox lives on and has 512 MB; what cannot be deleted is lost with it. */
    private static void delete(Path directory) {
        try (Stream<Path> all = Files.walk(directory)) {
            all.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
