// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.deliveries;

import com.azure.core.exception.HttpResponseException;
import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.net.UrlEscapers;
import dev.cumulane.azure.client.AzureClients;
import dev.cumulane.azure.client.AzureRest;
import dev.cumulane.azure.client.AzureService;
import dev.cumulane.cloud.CloudException;
import java.net.URI;
import java.util.regex.Pattern;

/** The alert rules of Azure Monitor that deployments watch: rules on metrics, by their names. */
final class MonitorAlarms {
    private static final String RULES = "Microsoft.Insights/metricAlerts";
    private static final String RULES_VERSION = "2018-03-01";
    private static final String ALERTS = "/providers/Microsoft.AlertsManagement/alerts";
    private static final String ALERTS_VERSION = "2019-03-01";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9 ._()-]{0,127}");
    private static final int NOT_FOUND = 404;

    private MonitorAlarms() {}

    /**
     * Whether an alert rule has fired and not been resolved.
     *
     * @param group the resource group of the rule
     * @throws CloudException permanent, if there is no such rule
     */
    static boolean rings(AzureClients clients, String group, String environment, String alarm) {
        AzureRest rest = clients.resourceManager(new AzureService("Azure Monitor", "alert rule " + alarm));
        String subscription = "/subscriptions/" + clients.connection().names().subscription();
        String rule = subscription + "/resourceGroups/" + group + "/providers/" + RULES + "/"
                + UrlEscapers.urlPathSegmentEscaper().escape(alarm);
        if (!NAME.matcher(alarm).matches() || !isThere(rest, clients.resource(rule, RULES_VERSION))) {
            throw CloudException.permanent(
                    "Azure Monitor", "environment '" + environment + "' has no alarm '" + alarm + "' to watch");
        }
        URI fired = URI.create(clients.resource(subscription + ALERTS, ALERTS_VERSION)
                + "&monitorCondition=Fired&timeRange=30d&alertRule="
                + UrlEscapers.urlFormParameterEscaper().escape(rule));
        for (JsonNode alert : rest.get("look at the alarm", fired).path("value")) {
            JsonNode essentials = alert.at("/properties/essentials");
            if (essentials.path("monitorCondition").asText().equals("Fired")
                    && essentials.path("alertRule").asText().equalsIgnoreCase(rule)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isThere(AzureRest rest, URI rule) {
        try {
            return rest.get("look at the alarm", rule).path("properties").isObject();
        } catch (CloudException e) {
            if (e.getCause() instanceof HttpResponseException http && AzureService.status(http) == NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }
}
