// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.fake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The published model of a service, in the form that botocore ships ({@code service-2.json}): what requests and answers its interface allows, by the protocols
 * {@code json} (AWS JSON 1.1), {@code rest-json} and {@code query}.
 *
 * <p>It says nothing of defaults, of rules between fields, and of what a service does. Errors that every service may answer need not stand in the model.
 */
public final class ServiceModel {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What each service may answer to anything. */
    private static final Set<String> COMMON_ERRORS = new TreeSet<>(List.of(
            "AccessDenied",
            "AccessDeniedException",
            "InternalFailure",
            "ServiceUnavailable",
            "Throttling",
            "ThrottlingException",
            "TooManyRequestsException",
            "ValidationError",
            "ValidationException"));

    private final JsonNode metadata;
    private final List<Operation> operations;
    private final Shapes shapes;

    private record Operation(String name, JsonNode model, List<String> template) {
        String method() {
            return model.path("http").path("method").asText();
        }

        int code() {
            return model.path("http").path("responseCode").asInt(200);
        }

        long literals() {
            return template.stream().filter(part -> !part.startsWith("{")).count();
        }
    }

    private ServiceModel(JsonNode model) {
        metadata = model.path("metadata");
        shapes = new Shapes(model.path("shapes"));
        operations = new ArrayList<>();
        model.path("operations")
                .properties()
                .forEach(each -> operations.add(new Operation(
                        each.getKey(),
                        each.getValue(),
                        parts(each.getValue().path("http").path("requestUri").asText()))));
    }

    /**
     * Reads a model.
     *
     * @param file the published file
     * @return the model
     * @throws IOException if it cannot be read
     */
    public static ServiceModel read(Path file) throws IOException {
        return new ServiceModel(JSON.readTree(file.toFile()));
    }

    /**
     * The model that botocore itself has, of which moto is made.
     *
     * @param service the service's name, such as {@code cloudformation}
     * @return the model; empty if there is no botocore on this machine
     */
    public static Optional<ServiceModel> ofBotocore(String service) {
        try {
            String program = "import glob, gzip, os, sys, botocore\n"
                    + "folder = os.path.join(os.path.dirname(botocore.__file__), 'data', sys.argv[1])\n"
                    + "sys.stdout.buffer.write(gzip.open(sorted(glob.glob(folder + '/*/service-2.json.gz'))[-1]).read())";
            Process python = new ProcessBuilder("python3", "-c", program, service)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            byte[] model = python.getInputStream().readAllBytes();
            return model.length == 0 ? Optional.empty() : Optional.of(new ServiceModel(JSON.readTree(model)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /**
     * What is wrong with a request.
     *
     * @param request the request
     * @return one line each; empty if the interface allows it
     */
    public List<String> request(WireRequest request) {
        Optional<Operation> found = operation(request);
        if (found.isEmpty()) {
            return List.of("no operation of this service: " + request);
        }
        List<String> problems = new ArrayList<>();
        String scope = "/"
                + metadata.path("signingName")
                        .asText(metadata.path("endpointPrefix").asText()) + "/aws4_request";
        if (request.header("authorization")
                .filter(value -> value.contains(scope))
                .isEmpty()) {
            problems.add("the request is not signed for " + scope);
        }
        String input = found.get().model().path("input").path("shape").asText();
        if (isQuery()) {
            new QueryBinding(shapes, problems).request(found.get().name(), input, request);
        } else if (isJson()) {
            if (!request.header("content-type").equals(Optional.of("application/x-amz-json-1.1"))) {
                problems.add("content-type: is not application/x-amz-json-1.1");
            }
            shapes.check(found.get().name(), input, parsed(request.body(), problems), problems);
        } else {
            new RestBinding(shapes, problems).request(input, request, variables(found.get(), request));
        }
        return problems;
    }

    /**
     * What is wrong with an answer to a request.
     *
     * @param request the request, which the interface allows
     * @param answer what was answered
     * @return one line each; empty if the interface allows it
     */
    public List<String> answer(WireRequest request, WireAnswer answer) {
        Operation operation = operation(request).orElseThrow();
        List<String> problems = new ArrayList<>();
        if (answer.status() / 100 != 2) {
            error(operation, answer, problems);
            return problems;
        }
        if (isQuery()) {
            new QueryBinding(shapes, problems)
                    .answer(operation.name(), operation.model().path("output"), answer);
            return problems;
        }
        if (answer.status() != operation.code() && !isPayload(operation)) {
            problems.add(operation.name() + ": answers " + operation.code() + ", not " + answer.status());
        }
        JsonNode shape = operation.model().path("output").path("shape");
        if (isJson() && !shape.isMissingNode()) {
            shapes.check(operation.name(), shape.asText(), parsed(answer.body(), problems), problems);
        } else if (!shape.isMissingNode()) {
            new RestBinding(shapes, problems).answer(shape.asText(), answer);
        } else if (answer.body().length > 0
                && !new String(answer.body(), java.nio.charset.StandardCharsets.UTF_8).equals("{}")) {
            problems.add(operation.name() + ": answers nothing, yet there is a body");
        }
        return problems;
    }

    /** Whether the answer is a payload whose status code tells the kind of call, as with an invocation. */
    private boolean isPayload(Operation operation) {
        return shapes.hasStatusMember(
                operation.model().path("output").path("shape").asText());
    }

    private void error(Operation operation, WireAnswer answer, List<String> problems) {
        String type = isQuery()
                ? QueryBinding.error(answer, problems)
                : isJson()
                        ? parsed(answer.body(), problems).path("__type").asText()
                        : answer.headers().getOrDefault("x-amzn-errortype", "");
        Set<String> known = new TreeSet<>(COMMON_ERRORS);
        operation
                .model()
                .path("errors")
                .forEach(error -> known.add(error.path("shape").asText()));
        if (!known.contains(type)) {
            problems.add(operation.name() + ": answers no error '" + type + "', but " + known);
        }
    }

    private Optional<Operation> operation(WireRequest request) {
        if (isQuery()) {
            return operations.stream()
                    .filter(each -> QueryBinding.action(request).equals(each.name()))
                    .findFirst();
        }
        if (isJson()) {
            String target = metadata.path("targetPrefix").asText() + ".";
            return operations.stream()
                    .filter(each ->
                            request.method().equals("POST") && request.path().equals("/"))
                    .filter(each -> request.header("x-amz-target").equals(Optional.of(target + each.name())))
                    .findFirst();
        }
        return operations.stream()
                .filter(each -> each.method().equals(request.method()))
                .filter(each -> matcher(each, request).matches())
                .max(java.util.Comparator.comparingLong(Operation::literals));
    }

    private static Map<String, String> variables(Operation operation, WireRequest request) {
        Matcher matcher = matcher(operation, request);
        Map<String, String> variables = new java.util.TreeMap<>();
        if (matcher.matches()) {
            int group = 1;
            for (String part : operation.template()) {
                if (part.startsWith("{")) {
                    String name = part.substring(1, part.length() - 1).replace("+", "");
                    variables.put(
                            name, WireRequest.decoded(matcher.group(group++).replace("+", "%2B")));
                }
            }
        }
        return variables;
    }

    private static Matcher matcher(Operation operation, WireRequest request) {
        StringBuilder pattern = new StringBuilder();
        for (String part : operation.template()) {
            pattern.append('/')
                    .append(part.startsWith("{") ? part.endsWith("+}") ? "(.+)" : "([^/]+)" : Pattern.quote(part));
        }
        return Pattern.compile(pattern + "/?").matcher(request.path());
    }

    private static List<String> parts(String uri) {
        String path = uri.contains("?") ? uri.substring(0, uri.indexOf('?')) : uri;
        return java.util.Arrays.stream(path.split("/"))
                .filter(part -> !part.isEmpty())
                .toList();
    }

    private boolean isQuery() {
        return metadata.path("protocol").asText().equals("query");
    }

    private boolean isJson() {
        return metadata.path("protocol").asText().equals("json");
    }

    /** Shapes whose pattern is none of Java's. */
    List<String> unreadablePatterns() {
        return shapes.unreadablePatterns();
    }

    static JsonNode parsed(byte[] body, List<String> problems) {
        try {
            return body.length == 0 ? JsonNodeFactory.instance.objectNode() : JSON.readTree(body);
        } catch (IOException e) {
            problems.add("the body is no JSON");
            return JsonNodeFactory.instance.objectNode();
        }
    }
}
