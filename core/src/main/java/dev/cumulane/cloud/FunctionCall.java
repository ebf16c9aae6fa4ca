// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.AttemptId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What the worker function is invoked with: which order it carries out. The order itself lies in the artifact store.
 *
 * @param attempt the attempt
 * @param order the order's digest
 * @param secrets environment variable to secret reference; the worker reads the values with its own role
 */
public record FunctionCall(AttemptId attempt, Digest order, SortedMap<String, String> secrets) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Copies the map. */
    public FunctionCall {
        secrets = Collections.unmodifiableSortedMap(new TreeMap<>(secrets));
    }

    /**
     * The call as a payload.
     *
     * @return a JSON object
     */
    public String text() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("attempt", attempt.key()).put("order", order.hex());
        ObjectNode bound = json.putObject("secrets");
        secrets.forEach(bound::put);
        return json.toString();
    }

    /**
     * Reads what {@link #text()} wrote.
     *
     * @param text a payload
     * @return the call
     * @throws IllegalArgumentException if it is another payload
     */
    public static FunctionCall parse(String text) {
        JsonNode json;
        try {
            json = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("a call of a worker is JSON, and this is none", e);
        }
        SortedMap<String, String> secrets = new TreeMap<>();
        json.path("secrets")
                .properties()
                .forEach(entry -> secrets.put(entry.getKey(), entry.getValue().asText()));
        return new FunctionCall(
                AttemptId.parse(json.path("attempt").asText()),
                new Digest(json.path("order").asText()),
                secrets);
    }

    /**
     * Carries out the order in this process, in a directory that is deleted afterwards, and tells its end: also if it was somebody else's, since who left the result may have died
     * before telling.
     *
     * @param cloud holds order, secrets and results, and takes the signal; what may be read of it is for the worker's identity to say
     * @param code finds the stages' classes
     * @param log takes the stages' lines
     * @param serviceId what the service calls this work
     * @return whether it was ours, as {@link FunctionWorker#run} says
     * @throws CloudException if a secret is missing, or the cloud fails for long
     */
    public boolean carryOut(Cloud cloud, ClassLoader code, Consumer<String> log, String serviceId) {
        SortedMap<String, String> values = new TreeMap<>();
        secrets.forEach((variable, reference) -> values.put(variable, secret(cloud, reference)));
        FunctionWorker worker = new FunctionWorker(cloud.artifacts(), code, values, log, cloud.clock());
        Optional<Path> directory = Optional.empty();
        try {
            directory = Optional.of(Files.createTempDirectory("cumulane-"));
            boolean ours = worker.run(order, serviceId, directory.get());
            cloud.signals().send(SignalEnvelope.workOver(attempt));
            return ours;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            directory.ifPresent(FunctionCall::delete);
        }
    }

    private static String secret(Cloud cloud, String reference) {
        return cloud.secrets()
                .read(reference)
                .map(value -> new String(value, UTF_8))
                .orElseThrow(() -> CloudException.permanent("secrets", "there is no secret '" + reference + "'"));
    }

    /** The process lives on and has little space; what cannot be deleted is lost with it. */
    private static void delete(Path directory) {
        try (Stream<Path> all = Files.walk(directory)) {
            all.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
