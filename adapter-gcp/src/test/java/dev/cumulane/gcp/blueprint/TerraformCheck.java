// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.blueprint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds what Terraform and Google's provider would refuse in a configuration: unknown and missing arguments, references to what is not there, roles that hold too much. */
final class TerraformCheck {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{([^}]*)}");
    private static final List<String> BLOCKS =
            List.of("//", "terraform", "provider", "locals", "variable", "data", "ephemeral", "resource", "output");
    private static final Pattern ACCOUNT = Pattern.compile("[a-z][a-z0-9-]{4,28}[a-z0-9]");
    private static final Pattern ROLE = Pattern.compile("[a-zA-Z0-9_.]{3,64}");

    private final JsonNode configuration;
    private final JsonNode schema = schema();
    private final List<String> wrong = new ArrayList<>();

    private TerraformCheck(JsonNode configuration) {
        this.configuration = configuration;
    }

    private static JsonNode schema() {
        try (InputStream in = TerraformCheck.class.getResourceAsStream("google.json")) {
            return JSON.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is wrong, a line for each; empty if nothing is. */
    static List<String> wrong(JsonNode configuration) {
        TerraformCheck check = new TerraformCheck(configuration);
        configuration.fieldNames().forEachRemaining(block -> {
            if (!BLOCKS.contains(block)) {
                check.wrong.add("no block " + block);
            }
        });
        for (String kind : List.of("resource", "data", "ephemeral")) {
            for (Map.Entry<String, JsonNode> type : configuration.path(kind).properties()) {
                type.getValue().properties().forEach(each -> check.resource(type.getKey(), each));
            }
        }
        check.references("output", configuration.path("output"));
        return check.wrong;
    }

    private void resource(String type, Map.Entry<String, JsonNode> block) {
        String where = type + "." + block.getKey();
        if (!block.getKey().matches("[a-z_][a-z0-9_-]*")) {
            wrong.add(where + ": no name of a block");
        }
        if (!schema.has(type)) {
            wrong.add(where + ": unknown type");
            return;
        }
        arguments(where, schema.path(type), block.getValue(), true);
        references(where, block.getValue());
        rules(where, block.getValue());
    }

    private void arguments(String where, JsonNode known, JsonNode given, boolean outermost) {
        if (given.isArray()) {
            given.forEach(each -> arguments(where, known, each, outermost));
            return;
        }
        known.fieldNames().forEachRemaining(name -> {
            if (name.startsWith("!") && !given.has(name.substring(1))) {
                wrong.add(where + ": misses " + name.substring(1));
            }
        });
        given.properties().forEach(argument -> {
            String name = argument.getKey();
            JsonNode value = argument.getValue();
            JsonNode kind = known.has("!" + name) ? known.path("!" + name) : known.path(name);
            if (outermost && name.equals("depends_on")) {
                value.forEach(each -> address(where, each.asText()));
            } else if (kind.isMissingNode()) {
                wrong.add(where + ": has no argument " + name);
            } else if (kind.isObject() && !kind.isEmpty()) {
                if (value.isValueNode()) {
                    wrong.add(where + ": " + name + " is a block");
                } else {
                    arguments(where + "." + name, kind, value, false);
                }
            } else if (!kind.isObject() && value.isObject()) {
                wrong.add(where + ": " + name + " is no block");
            }
        });
    }

    private void references(String where, JsonNode value) {
        if (value.isTextual()) {
            Matcher references = REFERENCE.matcher(value.asText());
            while (references.find()) {
                address(where, references.group(1));
            }
            if (value.asText().replaceAll(REFERENCE.pattern(), "").contains("${")) {
                wrong.add(where + ": an open reference");
            }
        }
        value.forEach(each -> references(where, each));
    }

    private void address(String where, String reference) {
        String[] parts = reference.split("\\.", -1);
        if (parts[0].equals("var")) {
            require(where, reference, configuration.path("variable").has(parts[1]));
            return;
        }
        boolean isKind = parts[0].equals("data") || parts[0].equals("ephemeral");
        int first = isKind ? 1 : 0;
        JsonNode found = configuration
                .path(isKind ? parts[0] : "resource")
                .path(parts[first])
                .path(parts.length > first + 1 ? parts[first + 1] : "");
        require(where, reference, !found.isMissingNode());
        JsonNode known = schema.path(parts[first]);
        for (int i = first + 2; i < parts.length; i++) {
            String name = parts[i].replaceFirst("\\[0]$", "");
            boolean isThere = known.has(name) || known.has("!" + name) || known.has("=" + name);
            require(where, reference, isThere);
            known = known.path(name);
        }
    }

    private void require(String where, String reference, boolean isThere) {
        if (!isThere) {
            wrong.add(where + ": refers to " + reference + ", which is not there");
        }
    }

    private void rules(String where, JsonNode block) {
        String role = block.path("role").asText("roles/none");
        if (List.of("roles/owner", "roles/editor", "roles/viewer").contains(role)
                || role.toLowerCase().endsWith("admin")) {
            wrong.add(where + ": " + role + " holds too much");
        }
        if (block.has("permissions")) {
            block.path("permissions").forEach(each -> {
                if (!each.asText().matches("[a-z]+(\\.[a-zA-Z]+){2}")) {
                    wrong.add(where + ": no permission " + each.asText());
                }
            });
        }
        matches(where, block.path("account_id"), ACCOUNT);
        matches(where, block.path("role_id"), ROLE);
        String member = block.path("member").asText("serviceAccount:");
        if (!member.startsWith("serviceAccount:")
                && !where.equals("google_cloud_run_v2_service_iam_member.everybody_invoke_" + ingress())) {
            wrong.add(where + ": " + member + " is everybody");
        }
    }

    private String ingress() {
        return configuration
                .path("output")
                .path("ingress")
                .path("value")
                .asText()
                .replaceFirst(".*google_cloudfunctions2_function\\.([a-z0-9_]+)\\..*", "$1");
    }

    private void matches(String where, JsonNode value, Pattern form) {
        if (value.isTextual() && !form.matcher(value.asText()).matches()) {
            wrong.add(where + ": '" + value.asText() + "' has not the form " + form);
        }
    }
}
