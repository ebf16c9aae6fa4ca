// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.blueprint;

import com.azure.core.http.HttpMethod;
import com.azure.core.http.HttpRequest;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cumulane.azure.client.AzureClients;
import dev.cumulane.azure.client.AzureNames;
import dev.cumulane.azure.client.AzureRest;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.Pace;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One deployment stack of the resource manager: what is in it, and how it is changed. Changing calls return when the change has begun; {@link #settled} waits. */
final class DeploymentStack {
    /** By which a stack is known to be ours. */
    static final String NAMESPACE = "cumulane-namespace";

    /** Under which it keeps the sha-256 of the template that it was given last. */
    static final String TEMPLATE = "cumulane-template";

    private static final Logger LOG = LoggerFactory.getLogger(DeploymentStack.class);

    static final String SERVICE = "the resource manager";

    private static final String VERSION = "2024-03-01";
    private static final String OPERATIONS_VERSION = "2021-04-01";
    private static final String BUSY = "DeploymentStackInNonTerminalState";
    private static final Set<String> ENDS = Set.of("succeeded", "failed", "canceled");

    private final AzureClients clients;
    private final AzureNames names;
    private final AzureRest rest;
    private final Pace pace;

    /** The stack as it is: its status, its tags, outputs and resources, the deployment that changed it last, and what went wrong. */
    record State(
            String status,
            Map<String, String> tags,
            Map<String, String> outputs,
            List<String> resources,
            String deployment,
            String error) {
        boolean isChanging() {
            return !ENDS.contains(status);
        }

        boolean isWhole() {
            return status.equals("succeeded");
        }

        boolean isOurs() {
            return tags.containsKey(NAMESPACE);
        }
    }

    DeploymentStack(AzureClients clients, Pace pace) {
        this.clients = clients;
        this.names = clients.connection().names();
        this.rest = clients.resourceManager();
        this.pace = pace;
    }

    String description() {
        return "deployment stack " + names.namespace() + " in " + names.resourceGroup();
    }

    private URI address(String operation, String query) {
        String id = names.resourceId("Microsoft.Resources/deploymentStacks", names.namespace());
        return URI.create(clients.resource(id + operation, VERSION) + query);
    }

    Optional<State> state() {
        return rest.find("look at " + description(), address("", "")).map(DeploymentStack::state);
    }

    private static State state(JsonNode stack) {
        JsonNode properties = stack.path("properties");
        Map<String, String> tags = new TreeMap<>();
        stack.path("tags")
                .properties()
                .forEach(tag -> tags.put(tag.getKey(), tag.getValue().asText()));
        Map<String, String> outputs = new TreeMap<>();
        properties
                .path("outputs")
                .properties()
                .forEach(output -> outputs.put(
                        output.getKey(), output.getValue().path("value").asText()));
        List<String> resources = new ArrayList<>();
        properties
                .path("resources")
                .forEach(resource -> resources.add(resource.path("id").asText()));
        return new State(
                properties.path("provisioningState").asText().toLowerCase(Locale.ROOT),
                tags,
                outputs,
                resources,
                properties.path("deploymentId").asText(),
                message(properties.path("error")));
    }

    /** What the innermost of errors says, which is the one that explains. */
    private static String message(JsonNode error) {
        JsonNode inner = error.path("details").path(0);
        return inner.isMissingNode() ? error.path("message").asText() : message(inner);
    }

    /** The template as it was sent. */
    JsonNode template() {
        return rest.post(
                        "read the template of " + description(),
                        address("/exportTemplate", ""),
                        "application/json",
                        new byte[0])
                .path("template");
    }

    /** Makes it what the template says, and deletes what is no longer in it. Who has begun that already, perhaps by a call whose answer was lost, is followed. */
    void put(ObjectNode template, String digest) {
        ObjectNode stack = JsonNodeFactory.instance.objectNode();
        stack.putObject("tags").put(NAMESPACE, names.namespace()).put(TEMPLATE, digest);
        ObjectNode properties = stack.putObject("properties");
        properties
                .putObject("actionOnUnmanage")
                .put("resources", "delete")
                .put("resourceGroups", "detach")
                .put("managementGroups", "detach");
        properties.putObject("denySettings").put("mode", "none");
        properties.putObject("parameters");
        properties.set("template", template);
        begun("change " + description(), () -> rest.put("change " + description(), address("", ""), stack));
    }

    /** Deletes it with all that is in it. */
    void delete() {
        String unmanage = "&unmanageAction.Resources=delete&unmanageAction.ResourceGroups=detach"
                + "&unmanageAction.ManagementGroups=detach";
        HttpRequest request =
                new HttpRequest(HttpMethod.DELETE, address("", unmanage).toString());
        begun("delete " + description(), () -> rest.send("delete " + description(), request));
    }

    private static void begun(String attempt, Runnable call) {
        try {
            call.run();
        } catch (CloudException e) {
            if (!String.valueOf(e.getMessage()).contains(BUSY)) {
                throw e;
            }
            LOG.info("Already begun to {}", attempt);
        }
    }

    /**
     * Waits until nothing changes any more, telling what happens to its resources.
     *
     * @param progress takes lines
     * @return how it is then; empty if it is gone
     */
    Optional<State> settled(Consumer<String> progress) {
        Set<String> told = new TreeSet<>();
        for (Pace.Waiting waiting = pace.begin(SERVICE, description()); ; waiting.pause()) {
            Optional<State> now = waiting.patiently(this::state);
            if (now.isPresent() && !now.get().deployment().isEmpty()) {
                List<JsonNode> operations = waiting.patiently(() -> operations(now.get()));
                operations.stream()
                        .flatMap(each -> line(each).stream())
                        .filter(told::add)
                        .forEach(progress);
            }
            if (now.isEmpty() || !now.get().isChanging()) {
                return now;
            }
        }
    }

    private List<JsonNode> operations(State state) {
        List<JsonNode> operations = new ArrayList<>();
        rest.find("follow " + description(), clients.resource(state.deployment() + "/operations", OPERATIONS_VERSION))
                .ifPresent(found -> found.path("value").forEach(operations::add));
        return operations;
    }

    private static Optional<String> line(JsonNode operation) {
        JsonNode target = operation.at("/properties/targetResource");
        String status = operation.at("/properties/provisioningState").asText();
        if (target.isMissingNode() || !status.equals("Succeeded") && !status.equals("Failed")) {
            return Optional.empty();
        }
        String name = Kind.words(target.path("resourceType").asText()) + " "
                + target.path("resourceName").asText();
        return Optional.of(
                status.equals("Succeeded") ? name + " is ready" : name + " could not be made" + why(operation));
    }

    private static String why(JsonNode operation) {
        String message = message(operation.at("/properties/statusMessage/error"));
        return message.isEmpty() ? "" : ": " + message;
    }

    /** Why a change failed: what failed of its resources, else what the stack says. */
    String failure(State end) {
        return operations(end).stream()
                .filter(each ->
                        each.at("/properties/provisioningState").asText().equals("Failed"))
                .flatMap(each -> line(each).stream())
                .findFirst()
                .orElse(end.error().isEmpty() ? end.status() : end.error());
    }
}
