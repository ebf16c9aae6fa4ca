// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.blueprint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cumulane.cloud.Blueprint;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.pipeline.Digest;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A template that is installed, as it is read back. */
final class Deployed {
    /** Of how much earlier code a worker's versions stay callable, beside that of the template itself; fewer, if there is no room. */
    static final int KEPT_GENERATIONS = 20;

    /** CloudFormation's limit. */
    private static final int MOST_RESOURCES = 500;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String RESOURCES = "Resources";
    private static final String EARLIER = "Earlier";

    private final ObjectNode template;

    private Deployed(ObjectNode template) {
        this.template = template;
    }

    /**
     * A template as a stack holds it.
     *
     * @throws CloudException if it is none that this adapter has written
     */
    static Deployed parse(String text) {
        try {
            if (JSON.readTree(text) instanceof ObjectNode template
                    && template.path("Metadata").has(Template.METADATA)) {
                return new Deployed(template);
            }
        } catch (JsonProcessingException e) {
            throw foreign(e);
        }
        throw foreign(new IllegalArgumentException("no metadata of Cumulane"));
    }

    private static CloudException foreign(Exception cause) {
        return CloudException.permanent(
                "CloudFormation",
                "the stack of this name was not made by Cumulane; choose another namespace, or delete that stack",
                cause);
    }

    /** The code that it was written for. */
    Blueprint.Code code() {
        JsonNode said = template.path("Metadata").path(Template.METADATA);
        return new Blueprint.Code(
                said.path(Template.ENTRY).asText(),
                new Digest(said.path(Template.CODE).asText()));
    }

    /** The resources, without those that belong to earlier code. */
    ObjectNode current() {
        ObjectNode current = template.path(RESOURCES).deepCopy();
        String code = code().digest().hex();
        List<String> earlier = new ArrayList<>();
        current.properties().forEach(each -> {
            String of = generation(each.getValue());
            if (!of.isEmpty() && !of.equals(code)) {
                earlier.add(each.getKey());
            }
        });
        current.remove(earlier);
        return current;
    }

    /**
     * Another template with what belongs to the latest earlier code, this one's among it: so that code which is installed again finds its versions, and CloudFormation makes none twice.
     * The latest code comes first in the metadata.
     */
    String followedBy(String text) {
        ObjectNode next = parse(text).template;
        String code = parse(text).code().digest().hex();
        Set<String> generations = new LinkedHashSet<>();
        generations.add(code().digest().hex());
        template.path("Metadata").path(Template.METADATA).path(EARLIER).forEach(each -> generations.add(each.asText()));
        generations.remove(code);
        ObjectNode resources = (ObjectNode) next.path(RESOURCES);
        List<String> kept = new ArrayList<>();
        for (String generation : generations.stream().limit(KEPT_GENERATIONS).toList()) {
            ObjectNode more = of(generation, resources);
            if (resources.size() + more.size() > MOST_RESOURCES) {
                break;
            }
            resources.setAll(more);
            kept.add(generation);
        }
        if (!kept.isEmpty()) {
            kept.forEach(((ObjectNode) next.path("Metadata").path(Template.METADATA)).putArray(EARLIER)::add);
        }
        return next.toPrettyString() + "\n";
    }

    /** What belongs to some code, of functions that are still there. */
    private ObjectNode of(String generation, JsonNode functions) {
        ObjectNode found = JSON.createObjectNode();
        template.path(RESOURCES).properties().forEach(each -> {
            if (generation(each.getValue()).equals(generation) && functions.has(function(each.getValue()))) {
                found.set(each.getKey(), each.getValue());
            }
        });
        return found;
    }

    private static String generation(JsonNode resource) {
        return resource.path("Metadata").path(Template.CODE).asText("");
    }

    private static String function(JsonNode resource) {
        return resource.path("Properties").path("FunctionName").path("Ref").asText();
    }
}
