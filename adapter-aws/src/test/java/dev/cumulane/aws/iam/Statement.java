// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.iam;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One statement of a policy.
 *
 * @param allows whether its effect is to allow
 * @param actions what it names
 * @param otherActions whether it is about all actions but those
 * @param resources what it names
 * @param otherResources whether it is about all resources but those
 * @param conditions all of which must hold
 */
record Statement(
        boolean allows,
        List<String> actions,
        boolean otherActions,
        List<String> resources,
        boolean otherResources,
        List<Condition> conditions) {
    /**
     * A statement as JSON.
     *
     * @throws IllegalArgumentException if it has an element that is not known, or lacks one
     */
    static Statement parse(JsonNode json) {
        json.fieldNames().forEachRemaining(name -> {
            if (!List.of("Sid", "Effect", "Principal", "Action", "NotAction", "Resource", "NotResource", "Condition")
                    .contains(name)) {
                throw new IllegalArgumentException("a statement has no element " + name);
            }
        });
        String effect = json.path("Effect").asText();
        if (!effect.equals("Allow") && !effect.equals("Deny")) {
            throw new IllegalArgumentException("an effect is Allow or Deny, not '" + effect + "'");
        }
        if (json.has("Action") == json.has("NotAction") || json.has("Resource") == json.has("NotResource")) {
            throw new IllegalArgumentException("a statement has one of Action and NotAction, Resource and NotResource");
        }
        List<Condition> conditions = new ArrayList<>();
        json.path("Condition")
                .properties()
                .forEach(operator -> operator.getValue()
                        .properties()
                        .forEach(key ->
                                conditions.add(new Condition(operator.getKey(), key.getKey(), texts(key.getValue())))));
        return new Statement(
                effect.equals("Allow"),
                texts(json.has("Action") ? json.path("Action") : json.path("NotAction")),
                json.has("NotAction"),
                texts(json.has("Resource") ? json.path("Resource") : json.path("NotResource")),
                json.has("NotResource"),
                conditions);
    }

    private static List<String> texts(JsonNode json) {
        List<String> texts = new ArrayList<>();
        if (json.isArray()) {
            json.forEach(each -> texts.add(each.asText()));
        } else {
            texts.add(json.asText());
        }
        return texts;
    }

    /** Whether it is about a request. */
    boolean isAbout(Request request) {
        return names(request.action()) != otherActions
                && namesResource(request) != otherResources
                && conditions.stream().allMatch(condition -> condition.holds(request));
    }

    private boolean names(String action) {
        return actions.stream()
                .anyMatch(pattern -> Wildcards.like(pattern.toLowerCase(Locale.ROOT), action.toLowerCase(Locale.ROOT)));
    }

    private boolean namesResource(Request request) {
        return resources.stream()
                .map(pattern -> Wildcards.resolved(pattern, request))
                .flatMap(Optional::stream)
                .anyMatch(pattern -> Wildcards.arnLike(pattern, request.resource()));
    }
}
