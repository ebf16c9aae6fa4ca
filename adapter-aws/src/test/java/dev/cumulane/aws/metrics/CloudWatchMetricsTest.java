// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cumulane.aws.client.AwsNames;
import dev.cumulane.cloud.Metric;
import dev.cumulane.cloud.Metrics.Measurement;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.regions.Region;

class CloudWatchMetricsTest {
    private static final String RIGHT =
            "{\"_aws\": {\"Timestamp\": 1795000000000, \"CloudWatchMetrics\": [{\"Namespace\": \"Cumulane/shop\","
                    + " \"Dimensions\": [[\"pipeline\"]], \"Metrics\": [{\"Name\": \"took\", \"Unit\": \"Seconds\"}]}]},"
                    + " \"pipeline\": \"shop\", \"took\": 1.5}";

    private final List<String> lines = new ArrayList<>();
    private final CloudWatchMetrics metrics = new CloudWatchMetrics(
            new AwsNames(Region.EU_WEST_1, "shop-ci", () -> "123456789012"),
            InstantSource.fixed(Instant.parse("2026-11-23T10:00:00Z")),
            lines::add);

    private static Measurement measurement(Metric metric) {
        SortedMap<String, String> dimensions = new TreeMap<>();
        metric.dimensions().forEach(name -> dimensions.put(name, "shop"));
        return new Measurement(
                metric, 12.25, dimensions, new TreeMap<>(Map.of("cicd.pipeline.run.id", "shop-0k3v9q2m7xw4b1ce")));
    }

    @ParameterizedTest
    @EnumSource(Metric.class)
    void every_metric_is_a_line_of_which_cloudwatch_makes_it(Metric metric) {
        metrics.record(measurement(metric));

        assertThat(lines)
                .singleElement()
                .satisfies(
                        line -> assertThat(EmbeddedMetricFormat.problems(line)).isEmpty());
    }

    @Test
    void a_run_is_measured_by_its_pipeline_and_the_run_itself_is_no_dimension() throws Exception {
        metrics.record(measurement(Metric.RUN_DURATION));

        JsonNode line = new ObjectMapper().readTree(lines.get(0));
        JsonNode directive = line.path("_aws").path("CloudWatchMetrics").path(0);
        assertThat(directive.path("Namespace").asText()).isEqualTo("Cumulane/shop-ci");
        assertThat(directive.path("Dimensions").toString()).isEqualTo("[[\"cicd.pipeline.name\"]]");
        assertThat(directive.path("Metrics").toString())
                .isEqualTo("[{\"Name\":\"cicd.pipeline.run.duration\",\"Unit\":\"Seconds\"}]");
        assertThat(line.path("cicd.pipeline.run.duration").asDouble()).isEqualTo(12.25);
        assertThat(line.path("cicd.pipeline.run.id").asText()).isEqualTo("shop-0k3v9q2m7xw4b1ce");
        assertThat(line.path("_aws").path("Timestamp").asLong()).isEqualTo(1_795_428_000_000L);
    }

    @Test
    void a_value_that_is_too_long_for_a_dimension_is_cut() {
        SortedMap<String, String> dimensions = new TreeMap<>(Map.of(Metric.PIPELINE, "x".repeat(3000)));
        metrics.record(new Measurement(Metric.RUN_ERRORS, 1, dimensions, new TreeMap<>()));

        assertThat(EmbeddedMetricFormat.problems(lines.get(0))).isEmpty();
    }

    @Test
    void the_checker_lets_a_right_line_through() {
        assertThat(EmbeddedMetricFormat.problems(RIGHT)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{ | x | is no JSON",
                "1795000000000 | \"now\" | Timestamp is no number",
                "\"Timestamp\": 1795000000000, | `` | Timestamp is no number",
                "\"_aws\" | \"aws\" | _aws is no object",
                "Cumulane/shop | AWS/Lambda | one of AWS's own",
                "Cumulane/shop | `` | Namespace is not usable",
                "Cumulane/shop | a\\u0007b | Namespace is not usable",
                "[[\"pipeline\"]] | [\"pipeline\"] | a set of dimensions is no list",
                "[[\"pipeline\"]] | [] | Dimensions is no list of sets",
                "[[\"pipeline\"]] | [[\"stage\"]] | dimension stage has no text",
                "\"pipeline\": \"shop\" | \"pipeline\": 7 | dimension pipeline has no text",
                "\"pipeline\": \"shop\" | \"pipeline\": \"\" | not usable",
                "\"Unit\": \"Seconds\" | \"Unit\": \"s\" | no unit of CloudWatch",
                "\"Unit\": \"Seconds\" | \"StorageResolution\": 30 | another resolution",
                "\"took\": 1.5 | \"took\": \"1.5\" | metric took has no number",
                "\"took\": 1.5 | \"other\": 1.5 | metric took has no number",
                "[{\"Name\": \"took\", \"Unit\": \"Seconds\"}] | [] | Metrics is no list"
            })
    void the_checker_refuses_a_wrong_line(String part, String instead, String why) {
        String line = part.equals("{") ? instead : RIGHT.replace(part, instead);

        assertThat(EmbeddedMetricFormat.problems(line))
                .anySatisfy(problem -> assertThat(problem).contains(why));
    }

    @Test
    void the_checker_counts_metrics_and_dimensions() {
        String many = "[" + "{\"Name\": \"took\"},".repeat(100) + "{\"Name\": \"took\"}]";
        String wide = "[[" + "\"pipeline\",".repeat(30) + "\"pipeline\"]]";

        assertThat(EmbeddedMetricFormat.problems(RIGHT.replace("[{\"Name\": \"took\", \"Unit\": \"Seconds\"}]", many)))
                .contains("has more than 100 metrics");
        assertThat(EmbeddedMetricFormat.problems(RIGHT.replace("[[\"pipeline\"]]", wide)))
                .contains("has more than 30 dimensions");
    }
}
