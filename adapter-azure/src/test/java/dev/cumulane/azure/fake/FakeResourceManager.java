// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.fake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A resource manager with one resource group: deployment stacks, whose changes take some looks to be over, secrets of vaults, deleted vaults, tags; and the sites where function apps take their
 * packages. What the interfaces do not allow is kept as a violation.
 */
public final class FakeResourceManager extends FakeRest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern STACK =
            Pattern.compile(".*/Microsoft\\.Resources/deploymentStacks/([^/]+)(/exportTemplate)?");
    private static final Pattern VAULT = Pattern.compile(".*/locations/westeurope/deletedVaults/([^/]+)(/purge)?");
    private static final Pattern SECRET = Pattern.compile(".*/vaults/([^/]+)/secrets/([^/]+)");
    private static final Pattern TAGS =
            Pattern.compile(".*/sites/([^/]+)/providers/Microsoft\\.Resources/tags/default");
    private static final Pattern SITE = Pattern.compile("/scm/([^/]+)/api/(publish|deployments/latest)");
    private static final int LOOKS = 2;

    private final String group;
    private final Map<String, ObjectNode> stacks = new TreeMap<>();
    private final Map<String, Integer> changing = new TreeMap<>();
    private final Map<String, String> secrets = new TreeMap<>();
    private final Set<String> deletedVaults = new TreeSet<>();
    private final Map<String, String> codes = new TreeMap<>();
    private final Map<String, byte[]> packages = new TreeMap<>();
    private final Map<String, String> failures = new TreeMap<>();
    private final Set<String> refusing = new TreeSet<>();
    private final List<String> asked = new ArrayList<>();
    private boolean denies;

    /**
     * A resource group.
     *
     * @param subscription the subscription's id
     * @param name the group's name
     */
    public FakeResourceManager(String subscription, String name) {
        this.group = "/subscriptions/" + subscription + "/resourceGroups/" + name;
    }

    /** From now on a resource of this name cannot be made, once. */
    public synchronized void fail(String name, String why) {
        failures.put(name, why);
    }

    /** From now on an app does not take packages, once. */
    public synchronized void refusePackage(String app) {
        refusing.add(app);
    }

    /** From now on nobody may do anything. */
    public synchronized void deny() {
        denies = true;
    }

    /** Puts a stack there that somebody else has made. */
    public synchronized void foreign(String stack) {
        ObjectNode made = JSON.createObjectNode();
        made.putObject("properties").put("provisioningState", "succeeded");
        stacks.put(stack, made);
    }

    /** What was asked: method and path. */
    public synchronized List<String> asked() {
        return List.copyOf(asked);
    }

    /** What an app was given last. */
    public synchronized Optional<byte[]> packageOf(String app) {
        return Optional.ofNullable(packages.get(app));
    }

    /** The value of a secret. */
    public synchronized Optional<String> secret(String name) {
        return Optional.ofNullable(secrets.get(name));
    }

    @Override
    protected synchronized Answer answer(Asked request) throws IOException {
        asked.add(request.method() + " " + request.path());
        if (denies) {
            return refused(403, "AuthorizationFailed", "The client does not have authorization to perform action");
        }
        Matcher site = SITE.matcher(request.path());
        if (site.matches()) {
            return site(request, site.group(1), site.group(2));
        }
        if (request.uri().getQuery() == null || !request.uri().getQuery().matches("api-version=[0-9-]{10}(&.*)?")) {
            return violated("no version in " + request.uri());
        }
        if (request.path().equals(group)) {
            return found(JSON.createObjectNode().put("location", "westeurope"));
        }
        Matcher stack = STACK.matcher(request.path());
        Matcher vault = VAULT.matcher(request.path());
        Matcher secret = SECRET.matcher(request.path());
        Matcher tags = TAGS.matcher(request.path());
        if (stack.matches()) {
            return stack.group(2) == null ? stack(request, stack.group(1)) : exported(request, stack.group(1));
        }
        if (vault.matches()) {
            return vault(request, vault.group(1));
        }
        if (secret.matches()) {
            return secret(request, secret.group(2));
        }
        if (tags.matches()) {
            return tags(request, tags.group(1));
        }
        return request.path().endsWith("/operations")
                ? operations(request.path())
                : violated("no operation: " + request.uri());
    }

    private Answer stack(Asked request, String name) throws IOException {
        ObjectNode stack = stacks.get(name);
        switch (request.method()) {
            case "GET":
                return stack == null
                        ? refused(404, "DeploymentStackNotFound", "no stack " + name)
                        : looked(name, stack);
            case "PUT":
                return changing.containsKey(name) ? busy() : changed(name, JSON.readTree(request.body()));
            case "DELETE":
                if (!request.uri().getQuery().contains("unmanageAction.Resources=delete")) {
                    return violated("a stack deleted without its resources");
                }
                if (stack != null) {
                    state(stack, "deleting");
                    changing.put(name, LOOKS);
                }
                return new Answer(stack == null ? 204 : 202, "");
            default:
                return violated("no operation of stacks: " + request.method());
        }
    }

    private static Answer busy() {
        return refused(409, "DeploymentStackInNonTerminalState", "the stack is changing");
    }

    private Answer changed(String name, JsonNode sent) {
        Optional<String> wrong = wrong(sent);
        if (wrong.isPresent()) {
            return violated(wrong.get());
        }
        ObjectNode stack = sent.deepCopy();
        ObjectNode properties = (ObjectNode) stack.path("properties");
        properties.put("deploymentId", group + "/providers/Microsoft.Resources/deployments/" + name);
        properties.set("sent", sent.at("/properties/template"));
        state(stack, "deploying");
        boolean first = stacks.put(name, stack) == null;
        changing.put(name, LOOKS);
        return new Answer(first ? 201 : 200, stack.toString());
    }

    private static Optional<String> wrong(JsonNode sent) {
        JsonNode properties = sent.path("properties");
        if (!properties.at("/actionOnUnmanage/resources").asText().matches("delete|detach")
                || !properties.at("/denySettings/mode").asText().matches("none|denyDelete|denyWriteAndDelete")) {
            return Optional.of("a stack does not say what becomes of what is no longer in it");
        }
        Set<String> ids = new TreeSet<>();
        for (JsonNode resource : properties.at("/template/resources")) {
            String names = resource.path("name").asText().replace("/", "', '");
            if (!ids.add("[resourceId('" + resource.path("type").asText() + "', '" + names + "')]")) {
                return Optional.of("two resources " + names);
            }
        }
        for (JsonNode resource : properties.at("/template/resources")) {
            for (JsonNode after : resource.path("dependsOn")) {
                if (!ids.contains(after.asText())) {
                    return Optional.of(resource.path("name") + " waits for " + after + ", which is not there");
                }
            }
        }
        return ids.isEmpty() ? Optional.of("a template without resources") : Optional.empty();
    }

    /** A change is over when it was looked at often enough. */
    private Answer looked(String name, ObjectNode stack) {
        if (changing.merge(name, -1, Integer::sum) <= 0) {
            changing.remove(name);
            if (stack.at("/properties/provisioningState").asText().equals("deleting")) {
                return deleted(name, stack);
            }
            settle(stack);
        }
        return found(stack);
    }

    private Answer deleted(String name, ObjectNode stack) {
        stacks.remove(name);
        stack.at("/properties/resources").forEach(each -> {
            String id = each.path("id").asText();
            if (id.matches(".*/Microsoft.KeyVault/vaults/[^/]+")) {
                deletedVaults.add(id.substring(id.lastIndexOf('/') + 1));
            }
        });
        secrets.clear();
        codes.clear();
        return refused(404, "DeploymentStackNotFound", "no stack " + name);
    }

    private void settle(ObjectNode stack) {
        if (!stack.at("/properties/provisioningState").asText().equals("deploying")) {
            return;
        }
        ObjectNode properties = (ObjectNode) stack.path("properties");
        ArrayNode operations = properties.putArray("operations");
        ArrayNode resources = properties.putArray("resources");
        String end = "succeeded";
        for (JsonNode resource : properties.at("/sent/resources")) {
            String name = resource.path("name").asText();
            String type = resource.path("type").asText();
            ObjectNode operation = operations.addObject().putObject("properties");
            operation.putObject("targetResource").put("resourceType", type).put("resourceName", name);
            String failure = failures.remove(name);
            operation.put("provisioningState", failure == null ? "Succeeded" : "Failed");
            if (failure != null) {
                operation.putObject("statusMessage").putObject("error").put("message", failure);
                end = "failed";
            }
            resources.addObject().put("id", id(type, name)).put("status", "managed");
            codes.remove(name);
        }
        properties
                .putObject("outputs")
                .putObject("ingress")
                .put("type", "String")
                .put("value", "https://shop-ci-ingress.azurewebsites.net");
        state(stack, end);
    }

    private String id(String type, String name) {
        String[] types = type.split("/");
        String[] names = name.split("/");
        StringBuilder id = new StringBuilder(group).append("/providers/").append(types[0]);
        for (int i = 0; i < names.length; i++) {
            id.append('/').append(types[i + 1]).append('/').append(names[i]);
        }
        return id.toString();
    }

    private static void state(ObjectNode stack, String state) {
        ((ObjectNode) stack.path("properties")).put("provisioningState", state);
    }

    private Answer exported(Asked request, String name) {
        if (!request.method().equals("POST") || !stacks.containsKey(name)) {
            return violated("no template of " + name + " to export");
        }
        return found(JSON.createObjectNode().set("template", stacks.get(name).at("/properties/sent")));
    }

    private Answer operations(String path) {
        String name = path.replaceFirst("/operations$", "").replaceFirst(".*/", "");
        ObjectNode stack = stacks.get(name);
        JsonNode operations = stack == null ? JSON.createArrayNode() : stack.at("/properties/operations");
        return found(JSON.createObjectNode().set("value", operations));
    }

    private Answer vault(Asked request, String name) {
        if (!deletedVaults.contains(name)) {
            return refused(404, "DeletedVaultNotFound", "no vault " + name);
        }
        if (request.method().equals("POST")) {
            deletedVaults.remove(name);
            return new Answer(202, "");
        }
        return found(JSON.createObjectNode().put("name", name));
    }

    private Answer secret(Asked request, String name) throws IOException {
        if (request.method().equals("PUT")) {
            secrets.put(
                    name, JSON.readTree(request.body()).at("/properties/value").asText());
        }
        return secrets.containsKey(name)
                ? found(JSON.createObjectNode().put("name", name))
                : refused(404, "SecretNotFound", "no secret " + name);
    }

    private Answer tags(Asked request, String app) throws IOException {
        if (request.method().equals("PATCH")) {
            JsonNode sent = JSON.readTree(request.body());
            if (!sent.path("operation").asText().equals("Merge")) {
                return violated("tags that are not merged");
            }
            codes.put(app, sent.at("/properties/tags/cumulane-code").asText());
        }
        ObjectNode tags = JSON.createObjectNode();
        ObjectNode all = tags.putObject("properties").putObject("tags");
        Optional.ofNullable(codes.get(app)).ifPresent(code -> all.put("cumulane-code", code));
        return found(tags);
    }

    private Answer site(Asked request, String app, String operation) {
        if (operation.equals("publish")) {
            if (!request.method().equals("POST")
                    || !String.valueOf(request.headers().getFirst("Content-Type"))
                            .equals("application/zip")) {
                return violated("no package in zip");
            }
            packages.put(app, request.body());
            return new Answer(202, "\"id\"");
        }
        int status = refusing.remove(app) ? 3 : 4;
        return found(JSON.createObjectNode()
                .put("status", status)
                .put("status_text", status == 3 ? "no functions found" : ""));
    }

    private static Answer found(JsonNode body) {
        return new Answer(200, body.toString());
    }

    private static Answer refused(int status, String code, String message) {
        ObjectNode error = JSON.createObjectNode();
        error.putObject("error").put("code", code).put("message", message);
        return new Answer(status, error.toString());
    }
}
