// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.blueprint;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cumulane.cloud.Installer.Change;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/** What differs between the resources of two configurations, in words: resources by their names, permissions one by one. */
final class Differences {
    private static final List<String> NAMES =
            List.of("name", "secret_id", "account_id", "role_id", "display_name", "service");

    private Differences() {}

    /** The changes that lead from the one to the other. */
    static List<Change> between(JsonNode before, JsonNode after) {
        List<Change> changes = new ArrayList<>();
        NavigableSet<String> types = names(before, after);
        for (String type : types) {
            if (!isAccess(type)) {
                JsonNode had = before.path(type);
                JsonNode has = after.path(type);
                names(had, has).forEach(name -> resource(type, name, had.path(name), has.path(name), changes));
            }
        }
        SortedSet<String> could = permissions(before);
        SortedSet<String> can = permissions(after);
        can.stream()
                .filter(each -> !could.contains(each))
                .forEach(each -> changes.add(new Change(Change.Kind.ADDED, each)));
        could.stream()
                .filter(each -> !can.contains(each))
                .forEach(each -> changes.add(new Change(Change.Kind.REMOVED, each)));
        return changes;
    }

    private static boolean isAccess(String type) {
        return type.endsWith("_iam_member") || type.endsWith("_custom_role");
    }

    private static void resource(String type, String name, JsonNode before, JsonNode after, List<Change> changes) {
        if (before.equals(after)) {
            return;
        }
        if (before.isMissingNode()) {
            changes.add(new Change(Change.Kind.ADDED, title(type, name, after)));
        } else if (after.isMissingNode()) {
            changes.add(new Change(Change.Kind.REMOVED, title(type, name, before)));
        } else {
            List<String> arguments = names(before, after).stream()
                    .filter(each -> !before.path(each).equals(after.path(each)))
                    .toList();
            changes.add(
                    new Change(Change.Kind.CHANGED, title(type, name, after) + ": " + String.join(", ", arguments)));
        }
    }

    private static NavigableSet<String> names(JsonNode one, JsonNode other) {
        NavigableSet<String> names = new TreeSet<>();
        one.fieldNames().forEachRemaining(names::add);
        other.fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** Each line: who may do what on what. */
    private static SortedSet<String> permissions(JsonNode resources) {
        SortedSet<String> all = new TreeSet<>();
        each(resources, (type, binding) -> {
            if (!type.endsWith("_iam_member")) {
                return;
            }
            String on = binding.path("condition").path("expression").asText(place(type, binding));
            for (String permission : permissions(resources, binding.path("role").asText())) {
                all.add(words(binding.path("member").asText()) + " may " + permission + " on " + words(on));
            }
        });
        return all;
    }

    private static List<String> permissions(JsonNode resources, String role) {
        String key = role.replaceFirst("^\\$\\{google_project_iam_custom_role\\.([a-z0-9_]+)\\.id}$", "$1");
        List<String> permissions = new ArrayList<>();
        resources
                .path("google_project_iam_custom_role")
                .path(key)
                .path("permissions")
                .forEach(each -> permissions.add(each.asText()));
        return permissions.isEmpty() ? List.of(role) : permissions;
    }

    private static String place(String type, JsonNode binding) {
        for (String argument : List.of(
                "bucket", "topic", "subscription", "secret_id", "service_account_id", "cloud_function", "name")) {
            if (binding.has(argument)) {
                return words(type.replaceFirst("^google_", "").replaceFirst("_iam_member$", "")) + " "
                        + binding.path(argument).asText();
            }
        }
        return "the project";
    }

    /** References by the names of what they lead to. */
    private static String words(String text) {
        return text.replaceAll("\\$\\{(?:data\\.)?[a-z0-9_]+\\.([a-z0-9_]+)\\.[a-z0-9_\\[\\].]+}", "$1")
                .replaceFirst("^serviceAccount:", "")
                .replace('_', ' ');
    }

    private static void each(JsonNode resources, BiConsumer<String, JsonNode> consumer) {
        resources
                .properties()
                .forEach(type -> type.getValue().forEach(resource -> consumer.accept(type.getKey(), resource)));
    }

    /** A resource's kind and name, such as {@code pubsub topic shop-ci-signals}. */
    static String title(String type, String name, JsonNode resource) {
        return kind(type) + " "
                + NAMES.stream()
                        .map(resource::path)
                        .filter(JsonNode::isTextual)
                        .map(JsonNode::asText)
                        .findFirst()
                        .orElse(name);
    }

    /** A resource's type for people: {@code pubsub topic} for {@code google_pubsub_topic}. */
    static String kind(String type) {
        return type.replaceFirst("^google_", "").replace('_', ' ');
    }
}
