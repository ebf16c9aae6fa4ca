// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.source;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cumulane.run.SourceEvent;
import dev.cumulane.run.TrustLevel;
import dev.cumulane.source.Happening;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every value of every sample is taken away, and replaced by each that a careless reader would stumble over. */
class MutatedPayloadsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final List<JsonNode> OTHERS = List.of(
            NODES.nullNode(),
            NODES.booleanNode(true),
            NODES.numberNode(-1),
            NODES.numberNode(1e300),
            NODES.textNode(""),
            NODES.textNode("\u202e\u0000\ud800"),
            NODES.textNode("refs/heads/x:y"),
            NODES.objectNode(),
            NODES.arrayNode(),
            NODES.arrayNode().addNull(),
            NODES.arrayNode().addObject());

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"GITLAB_SIGNED", "AZURE_BASIC", "FORGEJO", "STANDARD_PUBLIC"})
    void whateverIsChangedItIsReadAsNothingMalformedOrStillHarmless(Sender sender) throws IOException {
        int read = 0;
        for (Sample sample : Sample.values()) {
            JsonNode tree = JSON.readTree(sample.body(sender));
            for (JsonPointer place : places(tree)) {
                for (JsonNode mutant : mutants(tree, place)) {
                    Reading reading = sender.read(sample.event(sender), JSON.writeValueAsBytes(mutant));
                    assertHarmless(sender, sample, place, reading);
                    read++;
                }
            }
        }
        assertThat(read).isGreaterThan(500);
    }

    private static void assertHarmless(Sender sender, Sample sample, JsonPointer place, Reading reading) {
        String what = sample + " " + place;
        // Azure Repos names the fork, and nothing else would say that there is one.
        boolean isForeign =
                sample == Sample.CHANGE_FROM_FORK && !place.toString().equals("/resource/forkSource");
        if (!(reading instanceof Reading.Told told)) {
            return;
        }
        for (Happening happening : told.happenings()) {
            if (happening instanceof Happening.Head head) {
                SourceEvent event = head.event();
                assertThat(event.commit().repository())
                        .as(what)
                        .isEqualTo(sender.repository().url());
                assertThat(event.commit().ref()).as(what).doesNotContain(":", "\u202e");
                boolean isMain = event.commit().ref().equals("refs/heads/main");
                assertThat(event.trust() == TrustLevel.TRUSTED).as(what).isEqualTo(isMain);
                assertThat(!isForeign || event.trust() == TrustLevel.UNTRUSTED)
                        .as(what)
                        .isTrue();
            }
        }
    }

    private static List<JsonPointer> places(JsonNode tree) {
        List<JsonPointer> places = new ArrayList<>();
        collect(tree, JsonPointer.empty(), places);
        return places;
    }

    private static void collect(JsonNode node, JsonPointer at, List<JsonPointer> places) {
        node.fieldNames().forEachRemaining(name -> add(node.get(name), at.appendProperty(name), places));
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            add(node.get(i), at.appendIndex(i), places);
        }
    }

    private static void add(JsonNode child, JsonPointer at, List<JsonPointer> places) {
        places.add(at);
        collect(child, at, places);
    }

    private static List<JsonNode> mutants(JsonNode tree, JsonPointer place) {
        List<JsonNode> mutants = new ArrayList<>();
        for (JsonNode other : OTHERS) {
            mutants.add(replaced(tree, place, other));
        }
        JsonNode without = tree.deepCopy();
        if (without.at(place.head()) instanceof ObjectNode parent) {
            parent.remove(place.last().getMatchingProperty());
            mutants.add(without);
        }
        return mutants;
    }

    private static JsonNode replaced(JsonNode tree, JsonPointer place, JsonNode other) {
        JsonNode copy = tree.deepCopy();
        JsonNode parent = copy.at(place.head());
        if (parent instanceof ObjectNode object) {
            object.set(place.last().getMatchingProperty(), other);
        } else {
            ((ArrayNode) parent).set(place.last().getMatchingIndex(), other);
        }
        return copy;
    }
}
