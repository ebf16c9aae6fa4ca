// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.blueprint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import dev.cumulane.cloud.Blueprint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A CloudFormation template that is being written. Resources stand in it sorted by their logical ids, so that equal installations give equal text. */
final class Template {
    /** Under which the template's metadata say what it was written for. */
    static final String METADATA = "Cumulane";

    /** Where the metadata of a template, or of a resource, hold the digest of the code that it is for. */
    static final String CODE = "Code";

    /** Where the metadata of a template hold the entry class. */
    static final String ENTRY = "Entry";

    private final Blueprint.Code code;
    private final Map<String, Object> parameters = new TreeMap<>();
    private final Map<String, Map<String, Object>> resources = new TreeMap<>();
    private final Map<String, Object> outputs = new TreeMap<>();

    /** Names and values in turn, in their order. */
    static Map<String, Object> map(Object... namesAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            map.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return map;
    }

    /** A text in which CloudFormation replaces what stands in <code>${…}</code>. */
    static Map<String, Object> sub(String text) {
        return map("Fn::Sub", text);
    }

    static Map<String, Object> ref(String logicalId) {
        return map("Ref", logicalId);
    }

    static Map<String, Object> att(String logicalId, String attribute) {
        return map("Fn::GetAtt", List.of(logicalId, attribute));
    }

    /** An ARN of this account; the region is left out where the service has none. */
    static Map<String, Object> arn(String service, String resource) {
        String region = service.equals("iam") || service.equals("s3") ? "" : "${AWS::Region}";
        String account = service.equals("s3") ? "" : "${AWS::AccountId}";
        return sub("arn:${AWS::Partition}:" + service + ":" + region + ":" + account + ":" + resource);
    }

    /** A logical id: letters and digits of these parts, each with a capital. */
    static String id(String... parts) {
        StringBuilder id = new StringBuilder();
        for (String part : Arrays.stream(parts)
                .flatMap(part -> Arrays.stream(part.split("[^A-Za-z0-9]+")))
                .toList()) {
            if (!part.isEmpty()) {
                id.append(part.substring(0, 1).toUpperCase(Locale.ROOT)).append(part.substring(1));
            }
        }
        return id.toString();
    }

    /** An empty template for this code, which it names: so that an installation can be asked for it. */
    Template(Blueprint.Code code) {
        this.code = code;
    }

    void parameter(String name, String description) {
        parameters.put(name, map("Type", "String", "Description", description));
    }

    void resource(String logicalId, String type, Map<String, Object> properties) {
        add(logicalId, map("Type", type, "Properties", properties));
    }

    /** A resource that outlives the template that made it, unless it was made by a creation that failed. */
    void kept(String logicalId, String type, Map<String, Object> properties) {
        add(
                logicalId,
                map(
                        "Type",
                        type,
                        "DeletionPolicy",
                        "RetainExceptOnCreate",
                        "UpdateReplacePolicy",
                        "Retain",
                        "Properties",
                        properties));
    }

    /** A resource that this code alone has: it stays when other code is installed, for the runs that began with this one. */
    void ofCode(String logicalId, String type, Map<String, Object> properties) {
        kept(logicalId, type, properties);
        resources.computeIfPresent(logicalId, (id, resource) -> {
            Map<String, Object> marked = map("Metadata", map(CODE, code.digest().hex()));
            marked.putAll(resource);
            return marked;
        });
    }

    /** Gives a resource that is there another property. */
    void change(String logicalId, String property, Object value) {
        properties(logicalId).put(property, value);
    }

    /** The properties of a resource that is there, to change. */
    Map<String, Object> properties(String logicalId) {
        Map<String, Object> resource = resources.get(logicalId);
        if (resource == null) {
            throw new IllegalStateException("there is no resource called " + logicalId);
        }
        return inner(resource, "Properties");
    }

    /**
     * What a part of a template holds under a name, to change.
     *
     * @throws IllegalStateException if it holds no such map
     */
    @SuppressWarnings("unchecked")
    static Map<String, Object> inner(Map<String, Object> part, String name) {
        if (part.get(name) instanceof Map<?, ?> there) {
            return (Map<String, Object>) there;
        }
        throw new IllegalStateException("there is no " + name + " in " + part.keySet());
    }

    private void add(String logicalId, Map<String, Object> resource) {
        if (resources.put(logicalId, resource) != null) {
            throw new IllegalStateException("two resources are called " + logicalId);
        }
    }

    void output(String name, Object value, String description) {
        outputs.put(name, map("Description", description, "Value", value));
    }

    /** A role that only this service may take, with these statements and no others. */
    void role(String logicalId, String name, String service, List<Map<String, Object>> statements) {
        Map<String, Object> trust = policy(List.of(allowService(service, "sts:AssumeRole")));
        resource(
                logicalId,
                "AWS::IAM::Role",
                map("RoleName", name, "AssumeRolePolicyDocument", trust, "Policies", policies(statements)));
    }

    private static List<Object> policies(List<Map<String, Object>> statements) {
        return List.of(map("PolicyName", "exactly", "PolicyDocument", policy(statements)));
    }

    /** Gives a role that is there this one statement instead of its own. */
    void allowOnly(String logicalId, Map<String, Object> statement) {
        change(logicalId, "Policies", policies(List.of(statement)));
    }

    /** A policy of these statements. */
    static Map<String, Object> policy(List<Map<String, Object>> statements) {
        return map("Version", "2012-10-17", "Statement", statements);
    }

    /** The beginning of a statement that allows an action to a service of AWS. */
    static Map<String, Object> allowService(String service, String action) {
        return map("Effect", "Allow", "Principal", map("Service", service + ".amazonaws.com"), "Action", action);
    }

    /** A statement that allows actions, given as one text with spaces, on resources. */
    static Map<String, Object> allow(String actions, Object... on) {
        return map("Effect", "Allow", "Action", List.of(actions.split(" ")), "Resource", List.of(on));
    }

    /** A statement that allows to hand roles to one service. */
    static Map<String, Object> allowPassing(String service, List<Object> roles) {
        Map<String, Object> statement = new LinkedHashMap<>(allow("iam:PassRole", roles.toArray()));
        statement.put("Condition", map("StringEquals", map("iam:PassedToService", service + ".amazonaws.com")));
        return statement;
    }

    String text() {
        Map<String, Object> all = map("AWSTemplateFormatVersion", "2010-09-09");
        all.put("Description", "An installation of Cumulane; written by its blueprint, not to be changed by hand.");
        all.put(
                "Metadata",
                map(METADATA, map(ENTRY, code.entry(), CODE, code.digest().hex())));
        all.put("Parameters", parameters);
        all.put("Resources", resources);
        all.put("Outputs", outputs);
        return json(all, new ObjectMapper().writerWithDefaultPrettyPrinter()) + "\n";
    }

    /** A value as JSON on one line, for where a template holds a text that is JSON. */
    static String json(Map<String, Object> value) {
        return json(value, new ObjectMapper().writer());
    }

    private static String json(Map<String, Object> value, ObjectWriter writer) {
        try {
            return writer.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a template of texts and maps could not be written", e);
        }
    }

    /** Statements, to which more are added as they are found to be needed. */
    @SafeVarargs
    static List<Map<String, Object>> statements(Map<String, Object>... first) {
        List<Map<String, Object>> statements = new ArrayList<>();
        for (Map<String, Object> statement : first) {
            statements.add(statement);
        }
        return statements;
    }
}
