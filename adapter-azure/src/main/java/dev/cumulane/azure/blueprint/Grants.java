// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.blueprint;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Who may do what by a template: its roles and their assignments, read together. */
final class Grants {
    private static final Pattern ROLE = Pattern.compile(".*, '([0-9a-f-]{36})'\\)\\]");
    private static final Pattern IDENTITY = Pattern.compile(".*userAssignedIdentities', '([^']+)'.*");

    private final List<Grant> all = new ArrayList<>();

    /** One action that one identity is allowed on one resource, perhaps under a condition. */
    record Grant(String identity, String action, String on, String condition) {
        /** For people, such as {@code shop-ci-engine may Microsoft.…/read on tables/journal}. */
        String words() {
            String[] path = on.split("/");
            String name = on.isEmpty() ? "the resource group" : path[path.length - 2] + "/" + path[path.length - 1];
            return "identity " + identity + " may " + action + " on " + name
                    + (condition.isEmpty() ? "" : " if " + condition);
        }
    }

    private Grants() {}

    static Grants of(JsonNode template) {
        Grants grants = new Grants();
        SortedMap<String, List<String>> roles = new TreeMap<>();
        for (JsonNode resource : template.path("resources")) {
            if (resource.path("type").asText().equals(Kind.ROLE.type())) {
                List<String> actions = new ArrayList<>();
                resource.at("/properties/permissions/0/actions").forEach(each -> actions.add(each.asText()));
                resource.at("/properties/permissions/0/dataActions").forEach(each -> actions.add(each.asText()));
                roles.put(resource.path("name").asText(), actions);
            }
        }
        for (JsonNode resource : template.path("resources")) {
            if (resource.path("type").asText().equals(Kind.ROLE_ASSIGNMENT.type())) {
                grants.add(resource, roles);
            }
        }
        return grants;
    }

    private void add(JsonNode assignment, SortedMap<String, List<String>> roles) {
        Matcher role =
                ROLE.matcher(assignment.at("/properties/roleDefinitionId").asText());
        Matcher identity =
                IDENTITY.matcher(assignment.at("/properties/principalId").asText());
        String id = role.matches() ? role.group(1) : "";
        String who =
                identity.matches() ? identity.group(1) : assignment.path("name").asText();
        List<String> actions = roles.getOrDefault(id, List.of(id.equals(Access.BLOB_OWNER) ? "own" : "role " + id));
        for (String action : actions) {
            all.add(new Grant(
                    who,
                    action,
                    assignment.path("scope").asText(),
                    assignment.at("/properties/condition").asText()));
        }
    }

    /** All of them in words, sorted. */
    SortedSet<String> words() {
        SortedSet<String> words = new TreeSet<>();
        all.forEach(each -> words.add(each.words()));
        return words;
    }

    /** Who may do something on a resource whose path ends so. */
    SortedSet<String> who(String action, String end) {
        SortedSet<String> who = new TreeSet<>();
        all.stream()
                .filter(each -> each.action().equals(action) && each.on().endsWith(end))
                .forEach(each -> who.add(each.identity()));
        return who;
    }

    /** Which accounts have owners, and whom. */
    SortedMap<String, SortedSet<String>> owners() {
        SortedMap<String, SortedSet<String>> owners = new TreeMap<>();
        all.stream()
                .filter(each -> each.action().equals("own"))
                .forEach(each -> owners.computeIfAbsent(each.on(), any -> new TreeSet<>())
                        .add(each.identity()));
        return owners;
    }
}
