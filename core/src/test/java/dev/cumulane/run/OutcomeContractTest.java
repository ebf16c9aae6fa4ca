// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.google.common.collect.Streams;
import dev.cumulane.contracts.PublishedContracts;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("contracts")
class OutcomeContractTest {
    @Test
    void outcomesAreTheResultsThatOpenTelemetryNames() throws IOException {
        JsonNode registry = new YAMLMapper()
                .readTree(PublishedContracts.file("opentelemetry/model/cicd/registry.yaml")
                        .toFile());

        JsonNode result = registry.findValues("attributes").stream()
                .flatMap(Streams::stream)
                .filter(attribute -> attribute.path("id").asText().equals("cicd.pipeline.result"))
                .findFirst()
                .orElseThrow();
        List<String> published = result.at("/type/members").findValuesAsText("value");

        List<String> ours = Arrays.stream(Outcome.values())
                .map(outcome -> outcome.name().toLowerCase(Locale.ROOT))
                .toList();
        assertThat(ours).containsExactlyInAnyOrderElementsOf(published);
    }
}
