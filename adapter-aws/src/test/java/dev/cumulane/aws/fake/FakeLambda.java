// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.fake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * Lambda as far as the adapter uses it: functions, versions, aliases with weights, invocations.
 *
 * <p>What the published interface and the developer guide say and moto does not: a wrong {@code RevisionId} is refused with 412; an update of the code takes a while, and
 * nothing can be published meanwhile; equal code is not published twice; an alias with weights sends its share of the traffic. An asynchronous invocation is tried
 * once, and its failure goes to the destination for failures.
 */
public final class FakeLambda extends FakeService {
    private static final String ROOT = "/2015-03-31/functions";

    private final Runtime runtime;
    private final Consumer<String> failures;
    private final Random traffic = new Random(42);
    private final SortedMap<String, FakeFunction> functions = new TreeMap<>();
    private final ExecutorService invocations = Executors.newCachedThreadPool();

    /** Runs code. */
    @FunctionalInterface
    public interface Runtime {
        /**
         * Runs an invocation.
         *
         * @param code the package of the version that it goes to
         * @param arn the function's ARN as it was invoked
         * @param requestId the invocation's id
         * @param payload the payload
         * @return the answer
         * @throws Exception what the handler throws
         */
        byte[] run(byte[] code, String arn, String requestId, byte[] payload) throws Exception;
    }

    /**
     * Starts the service.
     *
     * @param runtime runs code
     * @param failures takes what is sent to the destination for failures
     */
    public FakeLambda(Runtime runtime, Consumer<String> failures) {
        super("lambda");
        this.runtime = runtime;
        this.failures = failures;
    }

    /**
     * Makes a function, which nobody has deployed to.
     *
     * @param name its name
     * @param code its package
     */
    public synchronized void function(String name, byte[] code) {
        functions.put(name, new FakeFunction(name, code));
    }

    /**
     * Gives a function other code, which is there at once.
     *
     * @param name its name
     * @param code its package
     */
    public synchronized void replace(String name, byte[] code) {
        function(name).replace(code);
    }

    /**
     * The packages of a function's versions.
     *
     * @param name its name
     * @return the packages, the first version's first
     */
    public synchronized List<byte[]> versions(String name) {
        return List.copyOf(function(name).versions());
    }

    /**
     * Gives a function variables.
     *
     * @param name its name
     * @param variables the variables
     */
    public synchronized void variables(String name, SortedMap<String, String> variables) {
        function(name).update(new TreeMap<>(variables));
        function(name).configuration("$LATEST");
        function(name).configuration("$LATEST");
    }

    /**
     * The variables that the version sees to which an alias leads.
     *
     * @param name the function
     * @param alias the alias
     * @return the variables
     */
    public synchronized SortedMap<String, String> variablesBehind(String name, String alias) {
        FakeFunction function = function(name);
        return function.variables(alias(function, alias).path("FunctionVersion").asText());
    }

    /**
     * What was said to become of failures of an alias's invocations.
     *
     * @param name the function
     * @param alias the alias
     * @return the settings in Lambda's words
     */
    public synchronized Optional<String> failuresOf(String name, String alias) {
        return Optional.ofNullable(function(name).failures().get(alias)).map(ObjectNode::toString);
    }

    /**
     * Where an alias has led, from its beginning.
     *
     * @param function the function
     * @param alias the alias
     * @return such as {@code 1}, then {@code 1 2=0.1}, then {@code 2}; no two equal ones follow each other
     */
    public synchronized List<String> traffic(String function, String alias) {
        return List.copyOf(function(function).traffic(alias));
    }

    @Override
    protected WireAnswer throttled() {
        return WireAnswer.error(429, "TooManyRequestsException", "Rate Exceeded.");
    }

    @Override
    protected synchronized WireAnswer handle(WireRequest request) {
        String[] path =
                WireRequest.decoded(request.path()).substring(ROOT.length()).split("/");
        if (path.length == 3 && path[2].equals("invocations")) {
            return invoke(function(path[1]), request);
        }
        FakeFunction function = function(path[1]);
        String what = request.method() + " " + path[2] + (path.length > 3 ? "/" : "");
        return switch (what) {
            case "GET configuration" ->
                WireAnswer.json(200, function.configuration(request.query().getOrDefault("Qualifier", "$LATEST")));
            case "PUT configuration" -> updateVariables(function, body(request));
            case "PUT event-invoke-config" -> {
                function.failures().put(request.query().getOrDefault("Qualifier", "$LATEST"), body(request));
                yield WireAnswer.json(200, object().put("FunctionArn", function.arn()));
            }
            case "PUT code" -> updateCode(function, body(request));
            case "POST versions" -> publish(function, body(request));
            case "POST aliases" -> createAlias(function, body(request));
            case "GET aliases/" -> WireAnswer.json(200, alias(function, path[3]));
            case "PUT aliases/" -> updateAlias(function, alias(function, path[3]), body(request));
            case "DELETE aliases/" -> {
                function.aliases().remove(path[3]);
                function.led(path[3]);
                yield WireAnswer.empty(204);
            }
            default -> throw new Refused(400, "InvalidParameterValueException", "not in this fake: " + what);
        };
    }

    private FakeFunction function(String name) {
        return Optional.ofNullable(functions.get(name)).orElseThrow(() -> missing("Function not found: " + name));
    }

    private static Refused missing(String message) {
        return new Refused(404, "ResourceNotFoundException", message);
    }

    private static void requireRevision(String actual, ObjectNode asked) {
        String wanted = asked.path("RevisionId").asText("");
        if (!wanted.isEmpty() && !wanted.equals(actual)) {
            throw new Refused(
                    412, "PreconditionFailedException", "The RevisionId provided does not match the latest RevisionId");
        }
    }

    private WireAnswer updateCode(FakeFunction function, ObjectNode asked) {
        if (function.isUpdating()) {
            throw new Refused(409, "ResourceConflictException", "An update is in progress for resource");
        }
        requireRevision(function.revision(), asked);
        try {
            function.update(asked.path("ZipFile").binaryValue());
        } catch (IOException e) {
            throw new Refused(400, "InvalidParameterValueException", "no zip");
        }
        return WireAnswer.json(200, function.configuration("$LATEST"));
    }

    private WireAnswer updateVariables(FakeFunction function, ObjectNode asked) {
        if (function.isUpdating()) {
            throw new Refused(409, "ResourceConflictException", "An update is in progress for resource");
        }
        SortedMap<String, String> variables = new TreeMap<>();
        asked.path("Environment")
                .path("Variables")
                .properties()
                .forEach(each -> variables.put(each.getKey(), each.getValue().asText()));
        function.update(variables);
        return WireAnswer.json(200, function.configuration("$LATEST"));
    }

    private WireAnswer publish(FakeFunction function, ObjectNode asked) {
        if (function.isUpdating()) {
            throw new Refused(409, "ResourceConflictException", "An update is in progress for resource");
        }
        requireRevision(function.revision(), asked);
        String latest = function.configuration("$LATEST").path("CodeSha256").asText();
        if (!asked.path("CodeSha256").asText(latest).equals(latest)) {
            throw new Refused(
                    400,
                    "InvalidParameterValueException",
                    "CodeSHA256 is different from current CodeSHA256 in $LATEST");
        }
        return WireAnswer.json(201, function.configuration(function.publish()));
    }

    private static ObjectNode alias(FakeFunction function, String name) {
        return Optional.ofNullable(function.aliases().get(name))
                .orElseThrow(() -> missing("Cannot find alias arn: " + function.arn() + ":" + name));
    }

    private WireAnswer createAlias(FakeFunction function, ObjectNode asked) {
        String name = asked.path("Name").asText();
        if (function.aliases().containsKey(name)) {
            throw new Refused(409, "ResourceConflictException", "Alias already exists: " + name);
        }
        ObjectNode alias = object().put("Name", name).put("AliasArn", function.arn() + ":" + name);
        function.aliases().put(name, alias);
        return WireAnswer.json(201, changed(function, alias, asked));
    }

    private WireAnswer updateAlias(FakeFunction function, ObjectNode alias, ObjectNode asked) {
        requireRevision(alias.path("RevisionId").asText(), asked);
        return WireAnswer.json(200, changed(function, alias, asked));
    }

    private static ObjectNode changed(FakeFunction function, ObjectNode alias, ObjectNode asked) {
        String version = asked.path("FunctionVersion").asText("");
        if (!version.isEmpty() && function.code(version).isEmpty()) {
            throw missing("Function not found: " + function.arn() + ":" + version);
        }
        for (String member : List.of("FunctionVersion", "Description", "RoutingConfig")) {
            if (asked.has(member)) {
                alias.set(member, asked.get(member));
            }
        }
        if (alias.path("RoutingConfig").path("AdditionalVersionWeights").isEmpty()) {
            alias.remove("RoutingConfig");
        }
        function.led(alias.path("Name").asText());
        return alias.put("RevisionId", UUID.randomUUID().toString());
    }

    private WireAnswer invoke(FakeFunction function, WireRequest request) {
        String qualifier = request.query().getOrDefault("Qualifier", "$LATEST");
        String version = qualifier.equals("$LATEST") || qualifier.matches("[0-9]+")
                ? qualifier
                : chosen(alias(function, qualifier));
        byte[] code = function.code(version).orElseThrow(() -> missing("Function not found: " + function.arn()));
        String arn = function.arn() + (qualifier.equals("$LATEST") ? "" : ":" + qualifier);
        String id = UUID.randomUUID().toString();
        if (request.header("x-amz-invocation-type").equals(Optional.of("Event"))) {
            invocations.execute(() -> runLater(code, arn, id, request.body()));
            return WireAnswer.empty(202).with("x-amzn-requestid", id);
        }
        WireAnswer answer;
        try {
            answer = new WireAnswer(200, new TreeMap<>(), runtime.run(code, arn, id, request.body()));
        } catch (Exception e) {
            ObjectNode error = object().put("errorMessage", e.getMessage())
                    .put("errorType", e.getClass().getName());
            answer = WireAnswer.json(200, error).with("x-amz-function-error", "Unhandled");
        }
        return answer.with("x-amzn-requestid", id).with("x-amz-executed-version", version);
    }

    private void runLater(byte[] code, String arn, String id, byte[] payload) {
        try {
            runtime.run(code, arn, id, payload);
        } catch (Exception e) {
            ObjectNode record = object().put("version", "1.0");
            record.putObject("requestContext")
                    .put("requestId", id)
                    .put("functionArn", arn)
                    .put("condition", "RetriesExhausted")
                    .put("approximateInvokeCount", 1);
            record.set("requestPayload", body(WireRequest.of("POST", "/", Map.of(), payload)));
            record.putObject("responseContext").put("statusCode", 200).put("functionError", "Unhandled");
            record.putObject("responsePayload").put("errorMessage", String.valueOf(e.getMessage()));
            failures.accept(record.toString());
        }
    }

    private String chosen(ObjectNode alias) {
        double drawn = traffic.nextDouble();
        for (Map.Entry<String, JsonNode> weight :
                alias.path("RoutingConfig").path("AdditionalVersionWeights").properties()) {
            drawn -= weight.getValue().asDouble();
            if (drawn < 0) {
                return weight.getKey();
            }
        }
        return alias.path("FunctionVersion").asText();
    }

    @Override
    public void close() {
        super.close();
        invocations.shutdownNow();
    }
}
