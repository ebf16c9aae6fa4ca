// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.blueprint;

import static dev.cumulane.gcp.blueprint.Template.id;
import static dev.cumulane.gcp.blueprint.Template.map;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Alarms for what nobody would notice otherwise, and a dashboard. The alarms ring nowhere until somebody adds a channel to them. */
final class Monitoring {
    private static final int AN_HOUR = 3600;
    private static final String PERIOD = "300s";
    private static final int WIDE = 24;
    private static final int HIGH = 16;
    private static final String REQUESTS = "run.googleapis.com/request_count";

    private final Template template;
    private final Installation installation;

    Monitoring(Template template, Installation installation) {
        this.template = template;
        this.installation = installation;
    }

    void write() {
        String signals = DataResources.last(installation.names().signals());
        String dead = DataResources.last(installation.names().deadLetters());
        alarm(
                "dead letters",
                "A message was delivered so often that it is put aside; look at it, then publish it again.",
                subscription("num_undelivered_messages", dead),
                "ALIGN_MAX",
                0);
        alarm(
                "old signals",
                "A signal waits for more than an hour: the engine does not keep up, or fails.",
                subscription("oldest_unacked_message_age", signals),
                "ALIGN_MAX",
                AN_HOUR);
        for (String role : List.of("engine", "ingress")) {
            alarm(
                    role + " errors",
                    "Function " + role + " answers with errors; its log says why.",
                    service(REQUESTS, installation.function(role)) + " AND metric.labels.response_code_class = \"5xx\"",
                    "ALIGN_SUM",
                    0);
        }
        dashboard(signals, dead);
    }

    private static String subscription(String metric, String name) {
        return "resource.type = \"pubsub_subscription\" AND metric.type = \"pubsub.googleapis.com/subscription/"
                + metric + "\" AND resource.labels.subscription_id = \"" + name + "\"";
    }

    private static String service(String metric, String name) {
        return "resource.type = \"cloud_run_revision\" AND metric.type = \"" + metric
                + "\" AND resource.labels.service_name = \"" + name + "\"";
    }

    private void alarm(String name, String description, String filter, String aligner, int above) {
        template.resource(
                "google_monitoring_alert_policy",
                id(name),
                map(
                        "display_name",
                        installation.names().namespace() + ": " + name,
                        "combiner",
                        "OR",
                        "documentation",
                        map("content", description),
                        "conditions",
                        List.of(map(
                                "display_name",
                                name,
                                "condition_threshold",
                                map(
                                        "filter",
                                        filter,
                                        "comparison",
                                        "COMPARISON_GT",
                                        "threshold_value",
                                        above,
                                        "duration",
                                        "0s",
                                        "aggregations",
                                        List.of(map("alignment_period", PERIOD, "per_series_aligner", aligner))))),
                        "depends_on",
                        List.of("google_project_service.monitoring")));
    }

    private void dashboard(String signals, String dead) {
        List<Object> tiles = new ArrayList<>();
        add(tiles, "Signals that wait", subscription("num_undelivered_messages", signals), "ALIGN_MAX");
        add(tiles, "Oldest signal", subscription("oldest_unacked_message_age", signals), "ALIGN_MAX");
        add(tiles, "Dead letters", subscription("num_undelivered_messages", dead), "ALIGN_MAX");
        add(tiles, "Engine: requests", service(REQUESTS, installation.function("engine")), "ALIGN_RATE");
        add(tiles, "Ingress: requests", service(REQUESTS, installation.function("ingress")), "ALIGN_RATE");
        installation.needs().eachWorker((trust, references) -> {
            String worker = installation.work().worker(trust, references);
            add(tiles, worker + ": requests", service(REQUESTS, worker), "ALIGN_RATE");
        });
        template.resource(
                "google_monitoring_dashboard",
                "dashboard",
                map(
                        "dashboard_json",
                        Template.json(map(
                                "displayName",
                                installation.names().namespace(),
                                "mosaicLayout",
                                map("columns", 2 * WIDE, "tiles", tiles))),
                        "depends_on",
                        List.of("google_project_service.monitoring")));
    }

    /** Two tiles stand side by side. */
    private static void add(List<Object> tiles, String title, String filter, String aligner) {
        int n = tiles.size();
        Map<String, Object> query = map(
                "timeSeriesFilter",
                map("filter", filter, "aggregation", map("alignmentPeriod", PERIOD, "perSeriesAligner", aligner)));
        Map<String, Object> widget = map(
                "title", title, "xyChart", map("dataSets", List.of(map("timeSeriesQuery", query, "plotType", "LINE"))));
        tiles.add(map("xPos", n % 2 * WIDE, "yPos", n / 2 * HIGH, "width", WIDE, "height", HIGH, "widget", widget));
    }
}
