// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.fake;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An interface as its OpenAPI file (version 2.0) publishes it, against which requests and answers are held.
 *
 * <p>Azure DevOps says less in these files than it does: what they call an array comes wrapped, as {@code {"count": 1, "value": [...]}}.
 */
final class OpenApi {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern VERSION = Pattern.compile("set to '([^']+)'");

    private final List<Operation> operations = new ArrayList<>();
    private final OpenApiTypes types;
    private final JsonNode file;

    private record Operation(String method, Pattern path, List<String> names, JsonNode json) {}

    private record Found(Operation operation, Matcher path) {}

    private OpenApi(JsonNode file) {
        this.file = file;
        this.types = new OpenApiTypes(file);
        file.path("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .properties()
                        .forEach(each -> operations.add(operation(path.getKey(), each.getKey(), each.getValue()))));
        // A path without parameters in a place wins over one with.
        operations.sort(Comparator.comparingInt(each -> each.names().size()));
    }

    /** Reads a published file, which may begin with a byte order mark. */
    static OpenApi read(Path file) throws IOException {
        return new OpenApi(JSON.readTree(Files.readString(file).replace("\uFEFF", "")));
    }

    private static Operation operation(String template, String method, JsonNode json) {
        List<String> names = new ArrayList<>();
        StringBuilder form = new StringBuilder();
        for (String part : template.substring(1).split("/", -1)) {
            boolean named = part.startsWith("{");
            if (named) {
                names.add(part.substring(1, part.length() - 1));
            }
            form.append('/').append(named ? "([^/]+)" : Pattern.quote(part));
        }
        Pattern path = Pattern.compile(form.toString(), Pattern.CASE_INSENSITIVE);
        return new Operation(method.toUpperCase(Locale.ROOT), path, names, json);
    }

    /** Whether the interface has this path at all. */
    boolean knows(URI uri) {
        return operations.stream()
                .anyMatch(each -> each.path().matcher(uri.getRawPath()).matches());
    }

    /** What is wrong with a request. */
    List<String> request(String method, URI uri, byte[] body) {
        Optional<Found> found = find(method, uri);
        if (found.isEmpty()) {
            return List.of("no operation " + method + " " + uri.getRawPath());
        }
        List<String> wrong = new ArrayList<>();
        SortedMap<String, String> query = query(uri, wrong);
        boolean hasBody = false;
        for (JsonNode each : found.get().operation().json().path("parameters")) {
            JsonNode parameter = types.resolved(each);
            String name = parameter.path("name").asText();
            switch (parameter.path("in").asText()) {
                case "path" -> types.text(parameter, path(found.get(), name), name, wrong);
                case "query" -> query(parameter, Optional.ofNullable(query.remove(name)), wrong);
                case "body" -> {
                    hasBody = true;
                    body(parameter, body, wrong);
                }
                default -> wrong.add("cannot check parameter " + name);
            }
        }
        query.keySet().forEach(name -> wrong.add("no parameter " + name));
        if (!hasBody && body.length > 0) {
            wrong.add("takes no body");
        }
        return wrong;
    }

    /** What is wrong with an answer. */
    List<String> answer(String method, URI uri, int status, byte[] body) {
        if (status >= 400) {
            return List.of();
        }
        Optional<Found> found = find(method, uri);
        if (found.isEmpty()) {
            return List.of("no operation " + method + " " + uri.getRawPath());
        }
        JsonNode declared = found.get().operation().json().path("responses").path(Integer.toString(status));
        if (declared.isMissingNode()) {
            return List.of("no answer " + status);
        }
        List<String> wrong = new ArrayList<>();
        JsonNode schema = types.resolved(declared.path("schema"));
        if (schema.path("type").asText().equals("array")) {
            JsonNode wrapped = json(body, wrong);
            types.check(schema, wrapped.path("value"), "value", wrong);
            if (wrapped.path("count").asInt(-1) != wrapped.path("value").size()) {
                wrong.add("count is not the number of values");
            }
        } else if (schema.path("type").asText().equals("object") || schema.has("properties")) {
            types.check(schema, json(body, wrong), "answer", wrong);
        }
        return wrong;
    }

    private Optional<Found> find(String method, URI uri) {
        for (Operation each : operations) {
            Matcher path = each.path().matcher(uri.getRawPath());
            if (each.method().equals(method) && path.matches()) {
                return Optional.of(new Found(each, path));
            }
        }
        return Optional.empty();
    }

    private static String path(Found found, String name) {
        int index = found.operation().names().indexOf(name);
        return index < 0 ? "" : URLDecoder.decode(found.path().group(index + 1), UTF_8);
    }

    private static SortedMap<String, String> query(URI uri, List<String> wrong) {
        SortedMap<String, String> query = new TreeMap<>();
        String raw = uri.getRawQuery();
        if (raw != null && !raw.isEmpty()) {
            for (String pair : raw.split("&", -1)) {
                int equals = pair.indexOf('=');
                String name = URLDecoder.decode(equals < 0 ? pair : pair.substring(0, equals), UTF_8);
                if (query.put(name, URLDecoder.decode(pair.substring(equals + 1), UTF_8)) != null) {
                    wrong.add(name + " stands twice");
                }
            }
        }
        return query;
    }

    private void query(JsonNode parameter, Optional<String> value, List<String> wrong) {
        String name = parameter.path("name").asText();
        if (value.isEmpty()) {
            if (parameter.path("required").asBoolean()) {
                wrong.add(name + " is missing");
            }
            return;
        }
        types.text(parameter, value.get(), name, wrong);
        Matcher version = VERSION.matcher(parameter.path("description").asText());
        if (name.equals("api-version") && version.find() && !version.group(1).equals(value.get())) {
            wrong.add("api-version is " + version.group(1) + ", not " + value.get());
        }
    }

    private void body(JsonNode parameter, byte[] body, List<String> wrong) {
        if (body.length == 0) {
            if (parameter.path("required").asBoolean()) {
                wrong.add("the body is missing");
            }
            return;
        }
        types.check(types.resolved(parameter.path("schema")), json(body, wrong), "body", wrong);
    }

    private static JsonNode json(byte[] body, List<String> wrong) {
        try {
            JsonNode json = JSON.readTree(new String(body, UTF_8));
            if (!json.isMissingNode()) {
                return json;
            }
        } catch (JsonProcessingException e) {
            // Told below.
        }
        wrong.add("it is no JSON");
        return MissingNode.getInstance();
    }

    @Override
    public String toString() {
        return file.path("info").path("title").asText();
    }
}
