// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.blueprint;

import static dev.cumulane.azure.blueprint.Template.map;
import static dev.cumulane.azure.blueprint.Template.symbol;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cumulane.azure.client.AzureNames;
import java.util.List;
import java.util.Map;

/** Alerts for what people must look at, and a workbook with how the installation does. Both ask Application Insights, where the functions' host tells everything. */
final class Monitoring {
    private static final String WINDOW = "PT5M";
    private static final int WARNING = 2;

    private final Template template;
    private final AzureNames names;
    private final Resource component;

    Monitoring(Template template, AzureNames names, Resource component) {
        this.template = template;
        this.names = names;
        this.component = component;
    }

    void write() {
        String ingress = names.functionApp("ingress");
        String engine = names.functionApp("engine");
        alert(
                "dead-letters",
                "A message was taken so often that it is put aside; look at it, then redrive it.",
                "traces | where message has 'MaxDequeueCount'");
        alert(
                "engine-errors",
                "The engine's function fails; its log says why. What it was given comes again.",
                "requests | where cloud_RoleName =~ '" + engine + "' and success == false");
        alert(
                "ingress-errors",
                "Ingress answers with errors: webhooks, pages and builds get no answer.",
                "requests | where cloud_RoleName =~ '" + ingress + "' and toint(resultCode) >= 500");
        workbook();
    }

    private void alert(String name, String description, String query) {
        template.add(Resource.of(
                symbol(name + " alert"),
                Kind.ACTION_ALERT,
                names.namespace() + "-" + name,
                map(
                        "location",
                        Expression.LOCATION,
                        "properties",
                        map(
                                "displayName",
                                names.namespace() + " " + name,
                                "description",
                                description,
                                "enabled",
                                true,
                                "severity",
                                WARNING,
                                "scopes",
                                List.of(new Expression.Id(component)),
                                "evaluationFrequency",
                                WINDOW,
                                "windowSize",
                                WINDOW,
                                "autoMitigate",
                                true,
                                "criteria",
                                map("allOf", List.of(criterion(query)))))));
    }

    private static Map<String, Object> criterion(String query) {
        return map(
                "query",
                query,
                "timeAggregation",
                "Count",
                "operator",
                "GreaterThan",
                "threshold",
                0,
                "failingPeriods",
                map("numberOfEvaluationPeriods", 1, "minFailingPeriodsToAlert", 1));
    }

    private void workbook() {
        String all = "requests | where cloud_RoleName startswith '" + names.namespace() + "-' | summarize ";
        Map<String, Object> content = map(
                "version",
                "Notebook/1.0",
                "items",
                List.of(
                        chart("Invocations", all + "count() by cloud_RoleName, bin(timestamp, 5m)"),
                        chart("Failures", all + "countif(success == false) by cloud_RoleName, bin(timestamp, 5m)"),
                        chart(
                                "Duration, 95th percentile",
                                all + "percentile(duration, 95) by cloud_RoleName, bin(timestamp, 5m)"),
                        chart(
                                "Calls of services",
                                "dependencies | where cloud_RoleName startswith '" + names.namespace()
                                        + "-' | summarize count() by target, bin(timestamp, 5m)")));
        template.add(Resource.of(
                "workbook",
                Kind.WORKBOOK,
                names.uuid("workbook").toString(),
                map(
                        "location",
                        Expression.LOCATION,
                        "kind",
                        "shared",
                        "properties",
                        map(
                                "displayName",
                                "Cumulane " + names.namespace(),
                                "category",
                                "workbook",
                                "sourceId",
                                new Expression.Id(component),
                                "serializedData",
                                json(content)))));
    }

    private static Map<String, Object> chart(String title, String query) {
        return map(
                "type",
                3,
                "name",
                title,
                "content",
                map(
                        "version",
                        "KqlItem/1.0",
                        "title",
                        title,
                        "query",
                        query,
                        "size",
                        0,
                        "timeContext",
                        map("durationMs", 86_400_000),
                        "queryType",
                        0,
                        "resourceType",
                        "microsoft.insights/components",
                        "visualization",
                        "timechart"));
    }

    private static String json(Map<String, Object> content) {
        try {
            return new ObjectMapper().writeValueAsString(content);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a workbook of texts and maps could not be written", e);
        }
    }
}
