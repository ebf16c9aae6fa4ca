// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.blueprint;

import static dev.cumulane.aws.blueprint.Template.map;
import static dev.cumulane.aws.blueprint.Template.sub;

import dev.cumulane.aws.client.AwsNames;
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

    /** A metric of one resource, and how its values of a period become one. */
    private record Metric(String namespace, String name, String dimension, String of, String statistic) {
        Object[] inDashboard() {
            return new Object[] {namespace, name, dimension, of, map("stat", statistic)};
        }
    }

    private static Metric queue(String name, String queue) {
        return new Metric("AWS/SQS", name, "QueueName", queue, "Maximum");
    }

    private static Metric function(String name, String function, String statistic) {
        return new Metric("AWS/Lambda", name, "FunctionName", function, statistic);
    }

    void write(Template template, Needs needs) {
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
        dashboard(template, needs);
    }

    private void alarm(Template template, String name, String description, Metric metric, int above) {
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
                        List.of(map("Name", metric.dimension(), "Value", metric.of())),
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

    private void dashboard(Template template, Needs needs) {
        List<Metric> workers = new ArrayList<>();
        needs.eachWorker((trust, references) ->
                workers.add(function("Errors", installation.builds().names().worker(trust, references), "Sum")));
        List<Metric> builds = new ArrayList<>();
        new BuildResources(installation).projects(needs).forEach(project -> {
            builds.add(new Metric("AWS/CodeBuild", "Builds", "ProjectName", project, "Sum"));
            builds.add(new Metric("AWS/CodeBuild", "FailedBuilds", "ProjectName", project, "Sum"));
        });
        List<Object> widgets = new ArrayList<>();
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

    private Metric table(String name) {
        return new Metric("AWS/DynamoDB", name, "TableName", names.table(), "Sum");
    }

    /** Two widgets stand side by side. */
    private static void add(List<Object> widgets, String title, List<Metric> metrics) {
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
                metrics.stream().map(Metric::inDashboard).toList());
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
