// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.blueprint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import dev.cumulane.cloud.Blueprint;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A Terraform configuration in JSON that is being written. Blocks stand in it sorted by type and name, so that equal installations give equal text. */
final class Template {
    /** The local value under which the configuration says what it was written for. */
    static final String LOCAL = "cumulane";

    /** In that value, the digest of the code. */
    static final String CODE = "code";

    /** In that value, the entry class. */
    static final String ENTRY = "entry";

    private final Blueprint.Code code;
    private final String project;
    private final String region;
    private final Map<String, Object> variables = new TreeMap<>();
    private final Map<String, Map<String, Object>> resources = new TreeMap<>();
    private final Map<String, Map<String, Object>> data = new TreeMap<>();
    private final Map<String, Map<String, Object>> ephemeral = new TreeMap<>();
    private final Map<String, Object> outputs = new TreeMap<>();

    Template(Blueprint.Code code, String project, String region) {
        this.code = code;
        this.project = project;
        this.region = region;
    }

    /** Names and values in turn, in their order. */
    static Map<String, Object> map(Object... namesAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            map.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return map;
    }

    /** A block's name: these parts in lower case, with low lines between them and for what else is no letter or digit. */
    static String id(String... parts) {
        return String.join("_", parts).toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_");
    }

    /** What Terraform replaces by an attribute of a resource. */
    static String ref(String type, String name, String attribute) {
        return "${" + type + "." + name + "." + attribute + "}";
    }

    void variable(String name, String description) {
        variables.put(name, map("type", "string", "description", description));
    }

    void output(String name, String value, String description) {
        outputs.put(name, map("value", value, "description", description));
    }

    void resource(String type, String name, Map<String, Object> arguments) {
        add(resources, type, name, arguments);
    }

    void data(String type, String name, Map<String, Object> arguments) {
        add(data, type, name, arguments);
    }

    /** A resource that is made for each run of Terraform alone, and whose values stand in no state. */
    void ephemeral(String type, String name, Map<String, Object> arguments) {
        add(ephemeral, type, name, arguments);
    }

    private static void add(
            Map<String, Map<String, Object>> blocks, String type, String name, Map<String, Object> arguments) {
        if (blocks.computeIfAbsent(type, any -> new TreeMap<>()).put(name, arguments) != null) {
            throw new IllegalStateException("two blocks are called " + type + "." + name);
        }
    }

    String text() {
        Map<String, Object> all =
                map("//", "An installation of Cumulane; written by its blueprint, not to be changed.");
        all.put(
                "terraform",
                map(
                        "required_version",
                        ">= 1.11",
                        "required_providers",
                        map(
                                "google",
                                map("source", "hashicorp/google", "version", ">= 6.23, < 8"),
                                "random",
                                map("source", "hashicorp/random", "version", "~> 3.7"))));
        all.put("provider", map("google", map("project", project, "region", region)));
        all.put(
                "locals",
                map(LOCAL, map(ENTRY, code.entry(), CODE, code.digest().hex())));
        all.put("variable", variables);
        all.put("data", data);
        all.put("ephemeral", ephemeral);
        all.put("resource", resources);
        all.put("output", outputs);
        return json(all, new ObjectMapper().writerWithDefaultPrettyPrinter()) + "\n";
    }

    /** A value as JSON on one line, for where a configuration holds a text that is JSON. */
    static String json(Map<String, Object> value) {
        return json(value, new ObjectMapper().writer());
    }

    private static String json(Map<String, Object> value, ObjectWriter writer) {
        try {
            return writer.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a configuration of texts and maps could not be written", e);
        }
    }
}
