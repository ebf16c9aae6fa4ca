// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The published rules of CloudWatch's embedded metric format, as a checker that says what is wrong with a line. CloudWatch itself makes no metric of a wrong line, and tells nobody.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html">the specification</a>
 */
final class EmbeddedMetricFormat {
    private static final int MOST_METRICS = 100;
    private static final int MOST_DIMENSIONS = 30;
    private static final int LONGEST_NAME = 1024;
    private static final int LONGEST_DIMENSION = 250;
    private static final int MOST_VALUES = 100;
    private static final int MOST_BYTES = 1024 * 1024;
    private static final Set<String> UNITS = new TreeSet<>(List.of(
            ("Seconds Microseconds Milliseconds Bytes Kilobytes Megabytes Gigabytes Terabytes Bits Kilobits Megabits Gigabits"
                            + " Terabits Percent Count Bytes/Second Kilobytes/Second Megabytes/Second Gigabytes/Second"
                            + " Terabytes/Second Bits/Second Kilobits/Second Megabits/Second Gigabits/Second"
                            + " Terabits/Second Count/Second None")
                    .split(" ")));

    private final JsonNode line;
    private final List<String> problems = new ArrayList<>();

    private EmbeddedMetricFormat(JsonNode line) {
        this.line = line;
    }

    static List<String> problems(String text) {
        JsonNode line;
        try {
            line = new ObjectMapper().readTree(text);
        } catch (IOException e) {
            return List.of("is no JSON");
        }
        EmbeddedMetricFormat check = new EmbeddedMetricFormat(line);
        check.require(!text.contains("\n"), "is several lines");
        check.require(text.length() <= MOST_BYTES, "is larger than an event of a log");
        check.head();
        return check.problems;
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            problems.add(otherwise);
        }
    }

    private void head() {
        JsonNode head = line.path("_aws");
        require(head.isObject(), "_aws is no object");
        require(
                head.path("Timestamp").isIntegralNumber()
                        && head.path("Timestamp").asLong() > 0,
                "Timestamp is no number of milliseconds");
        require(head.path("CloudWatchMetrics").isArray(), "CloudWatchMetrics is no list");
        head.path("CloudWatchMetrics").forEach(this::directive);
    }

    private void directive(JsonNode directive) {
        String namespace = directive.path("Namespace").asText();
        require(namespace.matches("[A-Za-z0-9._/#: -]{1,1024}"), "Namespace is not usable");
        require(!namespace.startsWith("AWS/"), "Namespace is one of AWS's own");
        require(
                directive.path("Dimensions").isArray()
                        && !directive.path("Dimensions").isEmpty(),
                "Dimensions is no list of sets");
        directive.path("Dimensions").forEach(this::dimensions);
        JsonNode metrics = directive.path("Metrics");
        require(metrics.isArray() && !metrics.isEmpty(), "Metrics is no list");
        require(metrics.size() <= MOST_METRICS, "has more than 100 metrics");
        metrics.forEach(this::metric);
    }

    private void dimensions(JsonNode set) {
        require(set.isArray(), "a set of dimensions is no list");
        require(set.size() <= MOST_DIMENSIONS, "has more than 30 dimensions");
        for (JsonNode name : set) {
            String dimension = name.asText();
            require(
                    name.isTextual() && dimension.matches("(?!:)[ -~]{1," + LONGEST_DIMENSION + "}"),
                    "a dimension's name is not usable");
            JsonNode value = line.path(dimension);
            require(value.isTextual(), "dimension " + dimension + " has no text as its value");
            require(
                    !value.asText().isBlank() && value.asText().length() <= LONGEST_NAME,
                    "dimension " + dimension + " has a value that is not usable");
        }
    }

    private void metric(JsonNode metric) {
        String name = metric.path("Name").asText();
        require(!name.isBlank() && name.length() <= LONGEST_NAME, "a metric's name is not usable");
        require(UNITS.contains(metric.path("Unit").asText("None")), "metric " + name + " has no unit of CloudWatch");
        int resolution = metric.path("StorageResolution").asInt(60);
        require(resolution == 1 || resolution == 60, "metric " + name + " has another resolution than 1 and 60");
        JsonNode value = line.path(name);
        boolean several = value.isArray() && !value.isEmpty() && value.size() <= MOST_VALUES;
        require(value.isNumber() || several, "metric " + name + " has no number as its value");
        value.forEach(each -> require(each.isNumber(), "metric " + name + " has a value that is no number"));
    }
}
