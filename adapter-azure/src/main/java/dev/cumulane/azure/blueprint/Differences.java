// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.blueprint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.cumulane.cloud.Installer.Change;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What differs between two templates, in words: resources by their names, rights one by one. */
final class Differences {
    private static final JsonNode NONE = MissingNode.getInstance();

    private Differences() {}

    /** The changes that lead from the one to the other. */
    static List<Change> between(JsonNode before, JsonNode after) {
        List<Change> changes = new ArrayList<>();
        SortedMap<String, JsonNode> had = resources(before);
        SortedMap<String, JsonNode> has = resources(after);
        SortedSet<String> titles = new TreeSet<>(had.keySet());
        titles.addAll(has.keySet());
        for (String title : titles) {
            JsonNode old = had.getOrDefault(title, NONE);
            JsonNode now = has.getOrDefault(title, NONE);
            if (old.isMissingNode()) {
                changes.add(new Change(Change.Kind.ADDED, title));
            } else if (now.isMissingNode()) {
                changes.add(new Change(Change.Kind.REMOVED, title));
            } else if (!old.equals(now)) {
                changes.add(new Change(Change.Kind.CHANGED, title + ": " + String.join(", ", properties(old, now))));
            }
        }
        SortedSet<String> could = Grants.of(before).words();
        SortedSet<String> can = Grants.of(after).words();
        can.stream()
                .filter(each -> !could.contains(each))
                .forEach(each -> changes.add(new Change(Change.Kind.ADDED, each)));
        could.stream()
                .filter(each -> !can.contains(each))
                .forEach(each -> changes.add(new Change(Change.Kind.REMOVED, each)));
        return changes;
    }

    /** Resources by kind and name, without what says who may do what. */
    private static SortedMap<String, JsonNode> resources(JsonNode template) {
        SortedMap<String, JsonNode> resources = new TreeMap<>();
        for (JsonNode resource : template.path("resources")) {
            String type = resource.path("type").asText();
            if (!type.equals(Kind.ROLE.type()) && !type.equals(Kind.ROLE_ASSIGNMENT.type())) {
                resources.put(Kind.words(type) + " " + resource.path("name").asText(), resource);
            }
        }
        return resources;
    }

    private static List<String> properties(JsonNode before, JsonNode after) {
        NavigableSet<String> names = new TreeSet<>();
        for (JsonNode each : List.of(before, after)) {
            each.fieldNames().forEachRemaining(names::add);
            each.path("properties").fieldNames().forEachRemaining(name -> names.add("properties/" + name));
        }
        names.remove("properties");
        return names.stream()
                .filter(name -> !before.at("/" + name).equals(after.at("/" + name)))
                .map(name -> name.replaceFirst("^properties/", ""))
                .toList();
    }
}
