// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.deliveries;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.azure.core.exception.HttpResponseException;
import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpMethod;
import com.azure.core.http.HttpRequest;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cumulane.azure.client.AzureClients;
import dev.cumulane.azure.client.AzureRest;
import dev.cumulane.azure.client.AzureService;
import dev.cumulane.cloud.CloudException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** One container app and its revisions, as the resource manager has them. */
final class ContainerApp {
    private static final String SERVICE = "Container Apps";
    private static final String VERSION = "2025-01-01";
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;

    private final AzureClients clients;
    private final AzureRest rest;
    private final String id;
    private final String name;
    private final ContainerAppsDeliveries.Pace pace;

    ContainerApp(AzureClients clients, ContainerAppEnvironment binding, ContainerAppsDeliveries.Pace pace) {
        this.clients = clients;
        this.name = binding.app();
        String group =
                binding.resourceGroup().orElse(clients.connection().names().resourceGroup());
        this.id = "/subscriptions/" + clients.connection().names().subscription() + "/resourceGroups/" + group
                + "/providers/Microsoft.App/containerApps/" + name;
        this.rest = clients.resourceManager(new AzureService(SERVICE, "app " + name + " in " + group));
        this.pace = pace;
    }

    String name() {
        return name;
    }

    /**
     * The app, when no change of it is under way.
     *
     * @throws CloudException permanent, if it is missing or has one revision at a time; retryable, if it is being changed for longer than the pace allows
     */
    JsonNode settled() {
        Waiting waiting = new Waiting(pace);
        while (true) {
            JsonNode app = rest.get("look at the app", clients.resource(id, VERSION));
            String state = app.at("/properties/provisioningState").asText();
            if (state.equals("Failed")) {
                // The change before this one has failed; its revision says why. Another change may follow.
                return app;
            }
            if (state.equals("Succeeded")) {
                check(app);
                return app;
            }
            waiting.pause("app " + name + " is being changed");
        }
    }

    private void check(JsonNode app) {
        String mode = app.at("/properties/configuration/activeRevisionsMode").asText();
        if (!mode.equalsIgnoreCase("multiple")) {
            throw CloudException.permanent(
                    SERVICE,
                    "app " + name + " keeps one revision at a time, so nothing can be prepared or brought back; "
                            + "'az containerapp revision set-mode --mode multiple' changes that");
        }
    }

    /** Changes the app, as a merge patch says. Whether it went through is told by {@link #settled}. */
    void change(String attempt, ObjectNode change) {
        HttpRequest request = new HttpRequest(
                        HttpMethod.PATCH, clients.resource(id, VERSION).toString())
                .setHeader(HttpHeaderName.CONTENT_TYPE, "application/json")
                .setBody(change.toString().getBytes(UTF_8));
        JsonNode unused = orBusy(attempt, request);
    }

    /** A revision, when it is decided whether it runs; empty if there is none of this name. */
    Optional<JsonNode> revision(String revision) {
        try {
            return Optional.of(rest.get("look at revision " + revision, clients.resource(path(revision), VERSION)));
        } catch (CloudException e) {
            if (status(e) == NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    void activate(String revision) {
        post("activate", revision);
    }

    void deactivate(String revision) {
        post("deactivate", revision);
    }

    private void post(String what, String revision) {
        HttpRequest request = new HttpRequest(
                        HttpMethod.POST,
                        clients.resource(path(revision) + "/" + what, VERSION).toString())
                .setBody(new byte[0]);
        JsonNode unused = orBusy(what + " revision " + revision, request);
    }

    /** Another change is under way: this one may go through later. */
    private JsonNode orBusy(String attempt, HttpRequest request) {
        try {
            return rest.send(attempt, request);
        } catch (CloudException e) {
            if (status(e) == CONFLICT) {
                throw CloudException.retryable(SERVICE, String.valueOf(e.getMessage()), e);
            }
            throw e;
        }
    }

    private String path(String revision) {
        return id + "/revisions/" + revision;
    }

    private static int status(CloudException e) {
        return e.getCause() instanceof HttpResponseException http ? AzureService.status(http) : 0;
    }

    /** Looks again and again, for as long as the pace allows. */
    static final class Waiting {
        private final ContainerAppsDeliveries.Pace pace;
        private final long end;

        Waiting(ContainerAppsDeliveries.Pace pace) {
            this.pace = pace;
            this.end = System.nanoTime() + pace.patience().toNanos();
        }

        /**
         * Lets some time pass.
         *
         * @throws CloudException retryable, once it has been enough: the engine begins the step again
         */
        void pause(String waited) {
            if (System.nanoTime() - end > 0) {
                throw CloudException.retryable(SERVICE, waited, new IllegalStateException(waited));
            }
            try {
                TimeUnit.NANOSECONDS.sleep(pace.pause().toNanos());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw CloudException.retryable(SERVICE, "interrupted: " + waited, e);
            }
        }
    }
}
