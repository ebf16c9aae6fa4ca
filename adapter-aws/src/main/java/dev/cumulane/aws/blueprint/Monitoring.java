// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.blueprint;

import static dev.cumulane.aws.blueprint.Template.map;
import static dev.cumulane.aws.blueprint.Template.sub;

import dev.cumulane.aws.client.AwsNames;
import dev.cumulane.aws.metrics.CloudWatchMetrics;
import dev.cumulane.cloud.Metric;
import dev.cumulane.cloud.Needs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Alarms for what nobody would notice otherwise, and a dashboard. The alarms ring nowhere until somebody adds an action to them. */
final class Monitoring {
    private static final int PERIOD = 300;
    private static final int AN_HOUR = 3600;
    private static final int WIDE = 12;
    private static final int HIGH = 6;

    private final Installation installation;
    private final AwsNames names;
    private final String engine;
    private final String ingress;

    Monitoring(Installation installation) {
        this.installation = installation;
        this.names = installation.names();
        this.engine = names.namespace() + "-engine";
        this.ingress = names.namespace() + "-ingress";
    }

    /** A metric, of one resource or of the whole installation, and how its values of a period become one. */
    private record Series(String namespace, String name, List<String> dimension, String statistic) {
        List<Object> inDashboard() {
            List<Object> all = new ArrayList<>(List.of(namespace, name));
            all.addAll(dimension);
            all.add(map("stat", statistic));
            return all;
        }
    }

    private static Series queue(String name, String queue) {
        return new Series("AWS/SQS", name, List.of("QueueName", queue), "Maximum");
    }

    private static Series function(String name, String function, String statistic) {
        return new Series("AWS/Lambda", name, List.of("FunctionName", function), statistic);
    }

    void write(Template template, Needs needs, List<String> pipelines) {
        alarm(
                template,
                "dead-letters",
                "A message was received so often that it is put aside; look at it, then redrive it.",
                queue("ApproximateNumberOfMessagesVisible", names.deadLetters()),
                0);
        alarm(
                template,
                "old-signals",
                "A signal waits for more than an hour: the engine does not keep up, or fails.",
                queue("ApproximateAgeOfOldestMessage", names.queue()),
                AN_HOUR);
        alarm(
                template,
                "engine-errors",
                "The engine's function fails; its log says why. What it was given comes again.",
                function("Errors", engine, "Sum"),
                0);
        alarm(
                template,
                "ingress-errors",
                "Ingress answers with errors: webhooks, pages and builds get no answer.",
                function("Url5xxCount", ingress, "Sum"),
                0);
        dashboard(template, needs, pipelines);
    }

    private void alarm(Template template, String name, String description, Series metric, int above) {
        template.resource(
                Template.id(name, "alarm"),
                "AWS::CloudWatch::Alarm",
                map(
                        "AlarmName",
                        names.namespace() + "-" + name,
                        "AlarmDescription",
                        description,
                        "Namespace",
                        metric.namespace(),
                        "MetricName",
                        metric.name(),
                        "Dimensions",
                        List.of(map(
                                "Name",
                                metric.dimension().get(0),
                                "Value",
                                metric.dimension().get(1))),
                        "Statistic",
                        metric.statistic(),
                        "Period",
                        PERIOD,
                        "EvaluationPeriods",
                        1,
                        "Threshold",
                        above,
                        "ComparisonOperator",
                        "GreaterThanThreshold",
                        "TreatMissingData",
                        "notBreaching"));
    }

    private void dashboard(Template template, Needs needs, List<String> pipelines) {
        List<Series> workers = new ArrayList<>();
        needs.eachWorker((trust, references) ->
                workers.add(function("Errors", installation.builds().names().worker(trust, references), "Sum")));
        List<Series> builds = new ArrayList<>();
        new BuildResources(installation).projects(needs).forEach(project -> {
            builds.add(new Series("AWS/CodeBuild", "Builds", List.of("ProjectName", project), "Sum"));
            builds.add(new Series("AWS/CodeBuild", "FailedBuilds", List.of("ProjectName", project), "Sum"));
        });
        List<Object> widgets = new ArrayList<>();
        add(widgets, "Runs", measured(pipelines, true));
        add(widgets, "Engine", measured(pipelines, false));
        add(
                widgets,
                "Signals",
                List.of(
                        queue("ApproximateNumberOfMessagesVisible", names.queue()),
                        queue("ApproximateAgeOfOldestMessage", names.queue()),
                        queue("ApproximateNumberOfMessagesVisible", names.deadLetters())));
        add(
                widgets,
                "Functions",
                List.of(
                        function("Invocations", engine, "Sum"),
                        function("Duration", engine, "p95"),
                        function("Errors", engine, "Sum"),
                        function("Duration", ingress, "p95"),
                        function("Url5xxCount", ingress, "Sum")));
        add(
                widgets,
                "Journal",
                List.of(
                        table("ConsumedWriteCapacityUnits"),
                        table("ConsumedReadCapacityUnits"),
                        table("WriteThrottleEvents")));
        add(widgets, "Workers", workers);
        add(widgets, "Builds", builds);
        template.resource(
                "Dashboard",
                "AWS::CloudWatch::Dashboard",
                map("DashboardName", names.namespace(), "DashboardBody", sub(Template.json(map("widgets", widgets)))));
    }

    /** What the engine measures itself, by pipeline or of the whole installation. */
    private List<Series> measured(List<String> pipelines, boolean byPipeline) {
        List<Series> all = new ArrayList<>();
        for (Metric metric : Metric.values()) {
            String statistic = metric.unit() == Metric.Unit.SECONDS ? "p95" : "Sum";
            if (!byPipeline && metric.dimensions().isEmpty()) {
                all.add(new Series(CloudWatchMetrics.namespace(names), metric.text(), List.of(), statistic));
            } else if (byPipeline && !metric.dimensions().isEmpty()) {
                pipelines.forEach(pipeline -> all.add(new Series(
                        CloudWatchMetrics.namespace(names),
                        metric.text(),
                        List.of(Metric.PIPELINE, pipeline),
                        statistic)));
            }
        }
        return all;
    }

    private Series table(String name) {
        return new Series("AWS/DynamoDB", name, List.of("TableName", names.table()), "Sum");
    }

    /** Two widgets stand side by side. */
    private static void add(List<Object> widgets, String title, List<Series> metrics) {
        if (metrics.isEmpty()) {
            return;
        }
        int n = widgets.size();
        Map<String, Object> properties = map(
                "title",
                title,
                "region",
                "${AWS::Region}",
                "period",
                PERIOD,
                "metrics",
                metrics.stream().map(Series::inDashboard).toList());
        widgets.add(map(
                "type",
                "metric",
                "x",
                n % 2 * WIDE,
                "y",
                n / 2 * HIGH,
                "width",
                WIDE,
                "height",
                HIGH,
                "properties",
                properties));
    }
}
