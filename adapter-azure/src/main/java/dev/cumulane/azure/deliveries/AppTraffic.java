// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.deliveries;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How an app shares its traffic.
 *
 * @param shares percent by revision, none of them zero
 */
record AppTraffic(SortedMap<String, Integer> shares) {
    AppTraffic {
        shares = Collections.unmodifiableSortedMap(new TreeMap<>(shares));
    }

    static AppTraffic of(Map<String, Integer> shares) {
        return new AppTraffic(new TreeMap<>(shares));
    }

    /** The traffic of an app as it was read; an entry for the latest revision stands for the one that is it. */
    static AppTraffic read(JsonNode app) {
        SortedMap<String, Integer> shares = new TreeMap<>();
        for (JsonNode entry : entries(app)) {
            String revision = entry.path("latestRevision").asBoolean()
                    ? app.at("/properties/latestReadyRevisionName").asText()
                    : entry.path("revisionName").asText();
            int weight = entry.path("weight").asInt();
            if (weight > 0 && !revision.isEmpty()) {
                shares.merge(revision, weight, Integer::sum);
            }
        }
        return new AppTraffic(shares);
    }

    /** Whether a new revision would get traffic by being the latest one. */
    static boolean followsLatest(JsonNode app) {
        boolean follows = false;
        for (JsonNode entry : entries(app)) {
            follows |= entry.path("latestRevision").asBoolean();
        }
        return follows;
    }

    private static JsonNode entries(JsonNode app) {
        return app.at("/properties/configuration/ingress/traffic");
    }

    /** The change of an app that shares its traffic so. Labels stay where they are. */
    ObjectNode change(JsonNode app) {
        ObjectNode change = JsonNodeFactory.instance.objectNode();
        ArrayNode traffic = change.putObject("properties")
                .putObject("configuration")
                .putObject("ingress")
                .putArray("traffic");
        Map<String, Integer> left = new TreeMap<>(shares);
        for (JsonNode entry : entries(app)) {
            String label = entry.path("label").asText();
            String revision = entry.path("revisionName").asText();
            if (!label.isEmpty() && !revision.isEmpty()) {
                Integer weight = left.remove(revision);
                traffic.addObject()
                        .put("revisionName", revision)
                        .put("weight", weight == null ? 0 : weight)
                        .put("label", label);
            }
        }
        left.forEach((revision, weight) ->
                traffic.addObject().put("revisionName", revision).put("weight", weight));
        return change;
    }

    /** As a tag that the next step carries: Container Apps itself has none. */
    String tag() {
        return shares.entrySet().stream()
                .map(share -> share.getKey() + "=" + share.getValue())
                .collect(Collectors.joining(","));
    }
}
