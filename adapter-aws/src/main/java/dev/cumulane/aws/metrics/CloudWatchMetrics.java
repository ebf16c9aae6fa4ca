// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.metrics;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cumulane.aws.client.AwsNames;
import dev.cumulane.cloud.Metric;
import dev.cumulane.cloud.Metrics;
import java.time.InstantSource;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Writes measurements in CloudWatch's embedded metric format, one line each, for the log of a function: CloudWatch makes metrics of them, and no service is called. What a
 * measurement says besides its dimensions stands in the line and can be asked for with Logs Insights; it is no metric of its own and has no price. Any thread, as far as the log
 * takes lines from any.
 */
public final class CloudWatchMetrics implements Metrics {
    private static final int LONGEST = 1024;

    private final String namespace;
    private final InstantSource clock;
    private final Consumer<String> log;

    /**
     * Metrics of an installation.
     *
     * @param names what the installation is called
     * @param clock gives the time of measurements
     * @param log takes a line
     */
    public CloudWatchMetrics(AwsNames names, InstantSource clock, Consumer<String> log) {
        this.namespace = namespace(names);
        this.clock = clock;
        this.log = log;
    }

    /**
     * Where CloudWatch keeps the metrics of an installation.
     *
     * @param names what the installation is called
     * @return the namespace
     */
    public static String namespace(AwsNames names) {
        return "Cumulane/" + names.namespace();
    }

    @Override
    public void record(Measurement measurement) {
        log.accept(line(measurement).toString());
    }

    private ObjectNode line(Measurement measurement) {
        Metric metric = measurement.metric();
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        ObjectNode head = line.putObject("_aws").put("Timestamp", clock.millis());
        ObjectNode directive = head.putArray("CloudWatchMetrics").addObject().put("Namespace", namespace);
        var dimensions = directive.putArray("Dimensions").addArray();
        metric.dimensions().forEach(dimensions::add);
        directive.putArray("Metrics").addObject().put("Name", metric.text()).put("Unit", unit(metric.unit()));
        measurement.dimensions().forEach((name, value) -> line.put(name, cut(value)));
        measurement.details().forEach((name, value) -> line.put(name, cut(value)));
        return line.put(metric.text(), measurement.value());
    }

    private static String cut(String value) {
        return value.substring(0, Math.min(LONGEST, value.length()));
    }

    /** CloudWatch's words: {@code Seconds}, {@code Count}. */
    private static String unit(Metric.Unit unit) {
        String word = unit.name();
        return word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT);
    }
}
