// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.standards;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import dev.cumulane.contracts.PublishedContracts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds what we tell against the schemas of CDEvents 0.5.1. */
@Tag("contracts")
class CdEventsContractTest {
    private static final String STANDARD = "dev.cdevents.";
    private final Map<String, JsonSchema> schemas = new HashMap<>();

    static List<String> stories() {
        return Histories.names();
    }

    @ParameterizedTest
    @MethodSource("stories")
    void everyEventIsAsItsSchemaSays(String story) {
        assertThat(CdEventsTest.told(story))
                .allSatisfy(event -> assertThat(schema(event.type())
                                .validate(CdEventsTest.json(event).path("data")))
                        .isEmpty());
    }

    @Test
    void theSchemasTakeTheirOwnExamples() throws IOException {
        JsonNode example = read("cdevents/conformance/pipelinerun_finished.json");

        assertThat(schema(example.at("/context/type").asText()).validate(example))
                .isEmpty();
    }

    @Test
    void aWrongEventIsRefusedForEachThingThatIsWrong() {
        CloudEvent finished = CdEventsTest.told("all-goes-well").stream()
                .filter(event -> event.type().equals("dev.cdevents.pipelinerun.finished.0.3.0"))
                .findFirst()
                .orElseThrow();
        ObjectNode right = (ObjectNode) CdEventsTest.json(finished).path("data");

        assertThat(refusals(right, "/subject/content", "outcome", "splendid")).isNotEmpty();
        assertThat(refusals(right, "/subject/content", "result", "success")).isNotEmpty();
        assertThat(refusals(right, "/subject", "id", "")).isNotEmpty();
        assertThat(refusals(right, "/context", "timestamp", "yesterday")).isNotEmpty();
        assertThat(refusals(right, "/context", "type", "dev.cdevents.pipelinerun.done.0.3.0"))
                .isNotEmpty();
        assertThat(refusals(right, "/context", "specversion", "0.5.1")).isEmpty();
    }

    @Test
    void everyStandardTypeThatWeTellIsOneOfTheirs() {
        Set<String> types = new TreeSet<>();
        stories().forEach(story -> CdEventsTest.told(story).forEach(event -> types.add(event.type())));

        assertThat(types).filteredOn(type -> type.startsWith(STANDARD)).hasSizeGreaterThan(9);
    }

    private Set<ValidationMessage> refusals(ObjectNode right, String where, String field, String value) {
        ObjectNode wrong = right.deepCopy();
        ((ObjectNode) wrong.at(where)).put(field, value);
        return schema(right.at("/context/type").asText()).validate(wrong);
    }

    private JsonSchema schema(String type) {
        return schemas.computeIfAbsent(type, CdEventsContractTest::load);
    }

    private static JsonSchema load(String type) {
        try {
            JsonNode schema = type.startsWith(STANDARD)
                    ? read("cdevents/schemas/" + type.split("\\.")[2] + type.split("\\.")[3] + ".json")
                    : custom();
            Map<String, String> others = new HashMap<>();
            for (String name :
                    List.of("embeddedlinksarray", "embeddedlinkend", "embeddedlinkpath", "embeddedlinkrelation")) {
                Path file = PublishedContracts.file("cdevents/schemas/links/" + name + ".json");
                others.put("https://cdevents.dev/0.5.1/schema/links/" + name, Files.readString(file));
            }
            return JsonSchemaFactory.getInstance(
                            SpecVersion.VersionFlag.V202012,
                            builder -> builder.schemaLoaders(loaders -> loaders.schemas(others)))
                    .getSchema(
                            schema,
                            SchemaValidatorsConfig.builder()
                                    .formatAssertionsEnabled(true)
                                    .build());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Custom events have the same form as all others, but for their type and their content: the specification's "custom/README.md". */
    private static JsonNode custom() throws IOException {
        ObjectNode schema = (ObjectNode) read("cdevents/schemas/pipelinerunqueued.json");
        ObjectNode type = (ObjectNode) schema.at("/properties/context/properties/type");
        type.removeAll();
        type.put("type", "string")
                .put("pattern", "^dev\\.cdeventsx\\.[a-zA-Z0-9]+-[a-zA-Z]+\\.[a-zA-Z]+\\.[0-9]\\.[0-9]\\.[0-9]$");
        ObjectNode content = (ObjectNode) schema.at("/properties/subject/properties/content");
        content.removeAll();
        content.put("type", "object").put("minProperties", 1);
        return schema;
    }

    private static JsonNode read(String name) throws IOException {
        return new ObjectMapper().readTree(PublishedContracts.file(name).toFile());
    }
}
