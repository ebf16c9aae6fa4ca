// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.blueprint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.cumulane.cloud.Installer.Change;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.NavigableSet;
import java.util.SortedSet;
import java.util.TreeSet;

/** What differs between the resources of two templates, in words: resources by their names, permissions one by one. */
final class Differences {
    private static final List<String> NAMES = List.of(
            "RoleName",
            "FunctionName",
            "Name",
            "QueueName",
            "TableName",
            "BucketName",
            "LogGroupName",
            "AlarmName",
            "DashboardName");

    private final List<Change> changes = new ArrayList<>();

    private Differences() {}

    /** The changes that lead from the one to the other, sorted by the resources' ids. */
    static List<Change> between(JsonNode before, JsonNode after) {
        Differences differences = new Differences();
        NavigableSet<String> ids = new TreeSet<>();
        before.fieldNames().forEachRemaining(ids::add);
        after.fieldNames().forEachRemaining(ids::add);
        ids.forEach(id -> differences.resource(id, before.path(id), after.path(id)));
        return differences.changes;
    }

    private void resource(String id, JsonNode before, JsonNode after) {
        if (before.equals(after)) {
            return;
        }
        if (before.isMissingNode()) {
            add(Change.Kind.ADDED, title(id, after));
        } else if (after.isMissingNode()) {
            add(Change.Kind.REMOVED, title(id, before));
        } else if (!isRole(after)) {
            add(Change.Kind.CHANGED, title(id, after) + ": " + String.join(", ", properties(before, after)));
        }
        if (isRole(before) || isRole(after)) {
            permissions(title(id, after.isMissingNode() ? before : after), before, after);
        }
    }

    private void permissions(String role, JsonNode before, JsonNode after) {
        SortedSet<String> had = permissions(before);
        SortedSet<String> has = permissions(after);
        has.stream().filter(each -> !had.contains(each)).forEach(each -> add(Change.Kind.ADDED, role + " may " + each));
        had.stream()
                .filter(each -> !has.contains(each))
                .forEach(each -> add(Change.Kind.REMOVED, role + " may " + each));
    }

    private void add(Change.Kind kind, String what) {
        changes.add(new Change(kind, what));
    }

    private static boolean isRole(JsonNode resource) {
        return resource.path("Type").asText().equals("AWS::IAM::Role");
    }

    private static SortedSet<String> permissions(JsonNode role) {
        SortedSet<String> permissions = new TreeSet<>();
        JsonNode policies = role.isMissingNode() ? MissingNode.getInstance() : role.at("/Properties/Policies");
        for (JsonNode policy : policies) {
            for (JsonNode statement : policy.path("PolicyDocument").path("Statement")) {
                String condition = statement.has("Condition") ? " if " + statement.path("Condition") : "";
                for (JsonNode action : statement.path("Action")) {
                    for (JsonNode resource : statement.path("Resource")) {
                        permissions.add(action.asText() + " on " + shown(resource) + condition);
                    }
                }
            }
        }
        return permissions;
    }

    /** An ARN without what it has in common with all others. */
    private static String shown(JsonNode value) {
        if (value.has("Fn::GetAtt")) {
            return value.path("Fn::GetAtt").path(0).asText();
        }
        String text = value.has("Fn::Sub") ? value.path("Fn::Sub").asText() : value.asText();
        return text.replaceFirst(
                        "^arn:\\$\\{AWS::Partition}:[a-z0-9-]+:(\\$\\{AWS::Region})?:(\\$\\{AWS::AccountId})?:", "")
                .replaceAll("\\$\\{([A-Za-z]+)\\.Arn}", "$1");
    }

    private static List<String> properties(JsonNode before, JsonNode after) {
        NavigableSet<String> names = new TreeSet<>();
        before.path("Properties").fieldNames().forEachRemaining(names::add);
        after.path("Properties").fieldNames().forEachRemaining(names::add);
        List<String> changed = names.stream()
                .filter(name -> !before.path("Properties")
                        .path(name)
                        .equals(after.path("Properties").path(name)))
                .toList();
        return changed.isEmpty() ? List.of("what becomes of it when it is removed") : changed;
    }

    /** The resource's kind and name, such as {@code Lambda Function shop-ci-engine}. */
    static String title(String id, JsonNode resource) {
        String name = NAMES.stream()
                .map(each -> resource.path("Properties").path(each))
                .filter(JsonNode::isTextual)
                .map(JsonNode::asText)
                .findFirst()
                .orElse(id);
        return kind(resource.path("Type").asText()) + " " + name;
    }

    /** A resource's type for people: {@code Lambda function} for {@code AWS::Lambda::Function}. */
    static String kind(String type) {
        String[] parts = type.split("::", -1);
        String last = parts[parts.length - 1].replaceAll("(?<=[a-z])(?=[A-Z])", " ");
        return (parts.length > 2 ? parts[1] + " " : "") + last.toLowerCase(Locale.ROOT);
    }
}
