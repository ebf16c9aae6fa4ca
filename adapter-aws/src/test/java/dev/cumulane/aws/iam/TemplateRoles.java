// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.iam;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.cumulane.aws.emulator.RecordedCall;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The roles of a template and the policy of its bucket, as they are in an account once CloudFormation has put names into their places. */
public final class TemplateRoles {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern PLACE = Pattern.compile("\\$\\{([A-Za-z0-9:.]+)}");
    private static final String REGION = "eu-west-1";
    private static final String ACCOUNT = "123456789012";

    private final JsonNode resources;
    private final SortedMap<String, Policy> roles = new TreeMap<>();
    private final Policy bucket;

    /**
     * The roles of a template.
     *
     * @param template its text
     */
    public TemplateRoles(String template) {
        try {
            resources = JSON.readTree(template).path("Resources");
        } catch (IOException e) {
            throw new IllegalArgumentException("the template is no JSON", e);
        }
        List<Statement> ofBucket = new ArrayList<>();
        for (JsonNode resource : resources) {
            JsonNode properties = resource.path("Properties");
            if (resource.path("Type").asText().equals("AWS::IAM::Role")) {
                List<Statement> statements = new ArrayList<>();
                for (JsonNode policy : properties.path("Policies")) {
                    statements.addAll(Policy.parse(resolved(policy.path("PolicyDocument")))
                            .statements());
                }
                roles.put(properties.path("RoleName").asText(), new Policy(statements));
            } else if (resource.path("Type").asText().equals("AWS::S3::BucketPolicy")) {
                ofBucket.addAll(Policy.parse(resolved(properties.path("PolicyDocument")))
                        .statements());
            }
        }
        bucket = new Policy(ofBucket);
    }

    /**
     * The roles' names.
     *
     * @return sorted
     */
    public List<String> names() {
        return List.copyOf(roles.keySet());
    }

    /**
     * Calls that their callers' roles do not allow.
     *
     * @param calls the calls
     * @return one line each, without what was said before
     */
    public List<String> refused(Collection<RecordedCall> calls) {
        return calls.stream()
                .filter(call -> !isAllowed(call, roles.getOrDefault(call.role(), Policy.NONE)))
                .map(call -> call.role() + " " + call.action() + " on " + call.resource() + " " + call.context())
                .distinct()
                .toList();
    }

    /**
     * What a role may do that none of the calls needs: of statements without which all calls still go through all actions, and of the others those that no call names.
     *
     * @param role the role's name
     * @param calls all calls
     * @return one line each, the action and the first resource
     */
    public List<String> unused(String role, Collection<RecordedCall> calls) {
        Policy policy = roles.getOrDefault(role, Policy.NONE);
        List<RecordedCall> own = calls.stream()
                .filter(call -> call.role().equals(role))
                .distinct()
                .toList();
        List<String> unused = new ArrayList<>();
        for (Statement statement : policy.statements()) {
            boolean isNeeded = own.stream().anyMatch(call -> !isAllowed(call, policy.without(statement)));
            statement.actions().stream()
                    .filter(action -> !isNeeded
                            || own.stream()
                                    .noneMatch(
                                            call -> call.action().equals(action) && statement.isAbout(request(call))))
                    .forEach(action ->
                            unused.add(action + " on " + statement.resources().get(0)));
        }
        return unused;
    }

    /**
     * A role's statements, with the role's own name left out, so that those of two functions of one kind can be compared.
     *
     * @param role the role's name
     * @return the statements as text
     */
    public String shape(String role) {
        return roles.getOrDefault(role, Policy.NONE).toString().replace(role, "ROLE");
    }

    private boolean isAllowed(RecordedCall call, Policy role) {
        Policy ofResource = call.action().startsWith("s3:") ? bucket : Policy.NONE;
        return Policy.decide(request(call), role, ofResource) == Policy.Decision.ALLOWED;
    }

    /** On loopback nothing is encrypted, but in an account everything is. */
    private static Request request(RecordedCall call) {
        SortedMap<String, String> context = new TreeMap<>(call.context());
        context.put("aws:SecureTransport", "true");
        return Request.of(call.action(), call.resource(), context);
    }

    private JsonNode resolved(JsonNode value) {
        if (value.has("Fn::Sub")) {
            return new TextNode(substituted(value.path("Fn::Sub").asText()));
        }
        if (value.has("Fn::GetAtt")) {
            return new TextNode(arn(value.path("Fn::GetAtt").path(0).asText()));
        }
        if (value.isArray()) {
            ArrayNode array = JSON.createArrayNode();
            value.forEach(each -> array.add(resolved(each)));
            return array;
        }
        if (value.isObject()) {
            ObjectNode object = JSON.createObjectNode();
            value.properties().forEach(each -> object.set(each.getKey(), resolved(each.getValue())));
            return object;
        }
        return value;
    }

    private String substituted(String text) {
        return PLACE.matcher(text)
                .replaceAll(place -> Matcher.quoteReplacement(
                        switch (place.group(1)) {
                            case "AWS::Partition" -> "aws";
                            case "AWS::Region" -> REGION;
                            case "AWS::AccountId" -> ACCOUNT;
                            default -> arn(place.group(1).replaceFirst("\\.Arn$", ""));
                        }));
    }

    private String arn(String logicalId) {
        JsonNode resource = resources.path(logicalId);
        JsonNode properties = resource.path("Properties");
        String here = REGION + ":" + ACCOUNT + ":";
        return switch (resource.path("Type").asText()) {
            case "AWS::DynamoDB::Table" ->
                "arn:aws:dynamodb:" + here + "table/"
                        + properties.path("TableName").asText();
            case "AWS::S3::Bucket" ->
                "arn:aws:s3:::" + resolved(properties.path("BucketName")).asText();
            case "AWS::SQS::Queue" ->
                "arn:aws:sqs:" + here + properties.path("QueueName").asText();
            case "AWS::Events::EventBus" ->
                "arn:aws:events:" + here + "event-bus/"
                        + properties.path("Name").asText();
            case "AWS::IAM::Role" ->
                "arn:aws:iam::" + ACCOUNT + ":role/"
                        + properties.path("RoleName").asText();
            case "AWS::Lambda::Function" ->
                "arn:aws:lambda:" + here + "function:"
                        + properties.path("FunctionName").asText();
            default -> throw new IllegalArgumentException("the template has no ARN of " + logicalId);
        };
    }
}
