// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.deliveries;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.gcp.client.GcpService;
import dev.cumulane.gcp.client.GoogleApi;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/** The alerting policies of Cloud Monitoring that deployments watch, by their display names. */
final class Alarms {
    private static final String SERVICE = "Cloud Monitoring";
    private static final int PAGE = 1000;

    private final Supplier<GoogleApi> api;
    private final String project;

    /**
     * The policies of a project.
     *
     * @param api makes the API of Cloud Monitoring on first use
     * @param project {@code projects/P}
     */
    Alarms(Supplier<GoogleApi> api, String project) {
        this.api = api;
        this.project = project;
    }

    /**
     * Whether an alert of a policy is open.
     *
     * @throws CloudException permanent, if there is no such policy, or one that cannot ring because it is disabled
     */
    boolean rings(String environment, String alarm) {
        GcpService service = new GcpService(SERVICE, "alerting policy " + alarm);
        Set<String> policies = new TreeSet<>();
        boolean found = false;
        String token = "";
        do {
            String path = "/v3/" + project + "/alertPolicies?filter="
                    + GoogleApi.encoded("display_name=\"" + alarm.replaceAll("([\"\\\\])", "\\\\$1") + "\"")
                    + page(token);
            JsonNode page =
                    service.call("look at the alerting policy", () -> api.get().get("listAlertPolicies", path));
            for (JsonNode policy : page.path("alertPolicies")) {
                found = true;
                if (policy.path("enabled").asBoolean(true)) {
                    policies.add(policy.path("name").asText());
                }
            }
            token = page.path("nextPageToken").asText("");
        } while (!token.isEmpty());
        if (policies.isEmpty()) {
            throw CloudException.permanent(
                    SERVICE,
                    "environment '" + environment + "' has no alerting policy '" + alarm + "' to watch"
                            + (found ? "; the one of this name is disabled" : ""));
        }
        return isOpen(service, policies);
    }

    private boolean isOpen(GcpService service, Set<String> policies) {
        String token = "";
        do {
            String path = "/v3/" + project + "/alerts?filter=" + GoogleApi.encoded("state=\"OPEN\"") + page(token);
            JsonNode page = service.call("look at the alerts", () -> api.get().get("listAlerts", path));
            for (JsonNode alert : page.path("alerts")) {
                if (alert.path("state").asText().equals("OPEN")
                        && policies.contains(alert.path("policy").path("name").asText())) {
                    return true;
                }
            }
            token = page.path("nextPageToken").asText("");
        } while (!token.isEmpty());
        return false;
    }

    private static String page(String token) {
        return "&pageSize=" + PAGE + (token.isEmpty() ? "" : "&pageToken=" + GoogleApi.encoded(token));
    }
}
