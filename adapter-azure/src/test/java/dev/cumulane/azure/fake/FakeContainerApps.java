// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.fake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The resource manager with one container app that shares its traffic between revisions, and with alert rules. A change takes some looks; while it is under way, another one is
 * refused. It has a revision already, which answers nothing and gets whatever traffic nobody has pinned.
 */
public final class FakeContainerApps extends FakeRest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SUBSCRIPTION = "/subscriptions/0b1f6471-1bf0-4dda-aec3-cb9272f09590";
    private static final String APPS = SUBSCRIPTION + "/resourceGroups/shop/providers/Microsoft.App/containerApps/";
    private static final String RULES =
            SUBSCRIPTION + "/resourceGroups/shop/providers/Microsoft.Insights/metricAlerts/";
    private static final String ALERTS = SUBSCRIPTION + "/providers/Microsoft.AlertsManagement/alerts";
    private static final Pattern REVISION = Pattern.compile("/revisions/([a-z0-9-]+)(/activate|/deactivate)?");

    private final String name;
    private final Map<String, Revision> revisions = new LinkedHashMap<>();
    private final Map<String, Image> images = new TreeMap<>();
    private final Map<String, Boolean> rules = new TreeMap<>();
    private final List<String> requests = new ArrayList<>();
    private final List<String> shares = new ArrayList<>();
    private ObjectNode app;
    private int looks = 2;
    private int underWay;
    private int lost;
    private int throttled;
    private int draws;

    private record Image(String word, boolean sick) {}

    private static final class Revision {
        private final String image;
        private boolean active = true;
        private int looks;

        Revision(String image, int looks) {
            this.image = image;
            this.looks = looks;
        }
    }

    /** A container app of this name in resource group {@code shop}, in the mode of several revisions. */
    public FakeContainerApps(String name) {
        this.name = name;
        String first = name + "--first";
        revisions.put(first, new Revision("mcr.microsoft.com/k8se/quickstart:latest", 0));
        app = JSON.createObjectNode().put("name", name);
        ObjectNode properties = app.putObject("properties")
                .put("provisioningState", "Succeeded")
                .put("latestRevisionName", first)
                .put("latestReadyRevisionName", first);
        ObjectNode configuration = properties.putObject("configuration").put("activeRevisionsMode", "Multiple");
        configuration
                .putObject("ingress")
                .put("fqdn", name + ".jollybeach-0f7d2c1e.westeurope.azurecontainerapps.io")
                .putArray("traffic")
                .addObject()
                .put("latestRevision", true)
                .put("weight", 100);
        ArrayNode containers = properties.putObject("template").putArray("containers");
        containers.addObject().put("name", "proxy").put("image", "envoy:1");
        containers.addObject().put("name", "app").put("image", "mcr.microsoft.com/k8se/quickstart:latest");
    }

    /** An image of a registry, whose container answers a word if it is not sick. */
    public synchronized void image(String image, String word, boolean sick) {
        images.put(image, new Image(word, sick));
    }

    /** An alert rule that has fired, or not. */
    public synchronized void rule(String rule, boolean fired) {
        rules.put(rule, fired);
    }

    /** Keeps one revision at a time. */
    public synchronized void keepOneRevision() {
        ((ObjectNode) app.at("/properties/configuration")).put("activeRevisionsMode", "Single");
    }

    /** Changes and revisions take so many looks from now on. */
    public synchronized void takeLooks(int number) {
        looks = number;
    }

    /** The answers of the next changes are lost, though they are made. */
    public synchronized void loseAnswers(int number) {
        lost = number;
    }

    /** The next requests are refused as too many. */
    public synchronized void throttle(int number) {
        throttled = number;
    }

    /** Somebody else gives all traffic to a revision. */
    public synchronized void moveTraffic(String revision) {
        ArrayNode traffic = ((ObjectNode) app.at("/properties/configuration/ingress")).putArray("traffic");
        traffic.addObject().put("revisionName", revision).put("weight", 100);
    }

    /** What was asked of it, as method and path. */
    public synchronized List<String> requests(String part) {
        return requests.stream().filter(each -> each.contains(part)).toList();
    }

    /** How the traffic was shared after each change that shared it anew, revisions by their numbers. */
    public synchronized List<String> shares() {
        return List.copyOf(shares);
    }

    private String shared() {
        List<String> known = List.copyOf(revisions.keySet());
        List<String> all = new ArrayList<>();
        for (JsonNode entry : traffic()) {
            if (entry.path("weight").asInt() > 0) {
                all.add(known.indexOf(named(entry)) + 1 + "="
                        + entry.path("weight").asInt());
            }
        }
        return String.join(" ", all);
    }

    /** The revisions that are active. */
    public synchronized Set<String> active() {
        Set<String> active = new TreeSet<>();
        revisions.forEach((revision, state) -> {
            if (state.active) {
                active.add(revision);
            }
        });
        return active;
    }

    /** How many revisions answer a word. */
    public synchronized int starts(String word) {
        return (int) revisions.values().stream()
                .map(revision -> images.get(revision.image))
                .filter(image -> image != null && image.word().equals(word))
                .count();
    }

    /** What the app answers, by the shares of its traffic. */
    public synchronized Optional<String> answer() {
        int drawn = draws++ * 37 % 100;
        for (JsonNode entry : traffic()) {
            drawn -= entry.path("weight").asInt();
            if (drawn < 0) {
                Revision revision = revisions.get(named(entry));
                return Optional.ofNullable(images.get(revision.image)).map(Image::word);
            }
        }
        return Optional.empty();
    }

    private JsonNode traffic() {
        return app.at("/properties/configuration/ingress/traffic");
    }

    private String named(JsonNode entry) {
        return entry.path("latestRevision").asBoolean()
                ? app.at("/properties/latestReadyRevisionName").asText()
                : entry.path("revisionName").asText();
    }

    @Override
    protected synchronized Answer answer(Asked asked) throws IOException {
        requests.add(asked.method() + " " + asked.path());
        if (throttled-- > 0) {
            return error(429, "TooManyRequests", "slow down");
        }
        String query = String.valueOf(asked.uri().getRawQuery());
        if (asked.path().startsWith(RULES) || asked.path().equals(ALERTS)) {
            return alarms(asked, query);
        }
        if (!query.equals("api-version=2025-01-01")) {
            return violated("no version of Container Apps: " + query);
        }
        if (!asked.path().startsWith(APPS)) {
            return violated("no resource of this manager: " + asked.path());
        }
        String rest = asked.path().substring(APPS.length());
        if (!rest.equals(name) && !rest.startsWith(name + "/")) {
            return error(
                    404, "ResourceNotFound", "The Resource 'Microsoft.App/containerApps/" + rest + "' was not found");
        }
        Matcher revision = REVISION.matcher(rest.substring(name.length()));
        if (revision.matches()) {
            return revision(asked.method(), revision.group(1), Optional.ofNullable(revision.group(2)));
        }
        return switch (asked.method()) {
            case "GET" -> look();
            case "PATCH" -> answered(change(asked));
            default -> violated("no operation of an app: " + asked.method());
        };
    }

    private Answer answered(Answer answer) {
        if (answer.status() < 300 && lost > 0) {
            lost--;
            return Answer.LOST;
        }
        return answer;
    }

    private Answer look() {
        if (underWay > 0 && --underWay == 0) {
            settle();
        }
        return new Answer(200, app.toString());
    }

    private void settle() {
        ObjectNode properties = (ObjectNode) app.path("properties");
        String latest = properties.path("latestRevisionName").asText();
        boolean sick = isSick(revisions.get(latest));
        properties.put("provisioningState", sick ? "Failed" : "Succeeded");
        if (!sick) {
            properties.put("latestReadyRevisionName", latest);
        }
    }

    private boolean isSick(Revision revision) {
        Image image = images.get(revision.image);
        return image != null && image.sick();
    }

    private Answer revision(String method, String revision, Optional<String> action) {
        Revision found = revisions.get(revision);
        if (found == null) {
            return error(404, "RevisionNotFound", "revision " + revision);
        }
        if (action.isEmpty()) {
            return method.equals("GET") ? new Answer(200, shown(revision, found)) : violated("a revision is read");
        }
        if (!method.equals("POST")) {
            return violated("a revision is activated by POST");
        }
        boolean activate = action.get().equals("/activate");
        for (JsonNode entry : traffic()) {
            if (!activate && entry.path("weight").asInt() > 0 && named(entry).equals(revision)) {
                return violated("a revision with traffic is deactivated");
            }
        }
        found.looks = activate && !found.active ? looks : found.looks;
        found.active = activate;
        return answered(new Answer(200, ""));
    }

    private String shown(String revision, Revision state) {
        boolean decided = state.looks-- <= 0;
        boolean sick = decided && isSick(state);
        ObjectNode shown = JSON.createObjectNode().put("name", revision);
        ObjectNode properties = shown.putObject("properties").put("active", state.active);
        properties.put("provisioningState", sick ? "Failed" : decided ? "Provisioned" : "Provisioning");
        properties.put(
                "runningState", sick ? "Failed" : !decided ? "Processing" : state.active ? "Running" : "Stopped");
        if (sick) {
            properties.put("provisioningError", "Container 'app' was terminated with exit code '1'");
        }
        return shown.toString();
    }

    private Answer change(Asked asked) throws IOException {
        JsonNode patch = JSON.readTree(asked.body());
        if (!String.valueOf(asked.headers().getFirst("Content-Type")).startsWith("application/json")) {
            return violated("a patch that is not JSON");
        }
        if (underWay > 0) {
            return error(409, "ContainerAppOperationInProgress", "another operation is in progress");
        }
        Optional<String> wrong = wrong(patch);
        if (wrong.isPresent()) {
            return violated(wrong.get());
        }
        app = (ObjectNode) merged(app, patch);
        if (patch.at("/properties/configuration/ingress/traffic").isArray()) {
            shares.add(shared());
        }
        String suffix = patch.at("/properties/template/revisionSuffix").asText();
        if (!suffix.isEmpty()) {
            String image = app.at("/properties/template/containers/1/image").asText();
            revisions.put(name + "--" + suffix, new Revision(image, looks));
            ((ObjectNode) app.path("properties")).put("latestRevisionName", name + "--" + suffix);
        }
        ((ObjectNode) app.path("properties")).put("provisioningState", "InProgress");
        underWay = looks;
        return new Answer(202, "");
    }

    private Optional<String> wrong(JsonNode patch) {
        JsonNode template = patch.at("/properties/template");
        JsonNode shared = patch.at("/properties/configuration/ingress/traffic");
        if (!keys(patch).equals(Set.of("properties")) || template.isObject() == shared.isArray()) {
            return Optional.of("a patch of other than the template or the traffic: " + patch);
        }
        if (template.isObject()) {
            String suffix = template.path("revisionSuffix").asText();
            boolean right = keys(template).equals(Set.of("revisionSuffix", "containers"))
                    && suffix.matches("[a-z]([a-z0-9-]*[a-z0-9])?")
                    && suffix.length() <= 30
                    && !revisions.containsKey(name + "--" + suffix)
                    && template.path("containers").size() == 2;
            return right ? Optional.empty() : Optional.of("a template that makes no revision: " + template);
        }
        int sum = 0;
        for (JsonNode entry : shared) {
            sum += entry.path("weight").asInt(1000);
            Revision revision = revisions.get(named(entry));
            if (revision == null || !revision.active || isSick(revision)) {
                return Optional.of("traffic for a revision that does not run: " + entry);
            }
        }
        return sum == 100 ? Optional.empty() : Optional.of("shares that are not 100 percent: " + shared);
    }

    private static Set<String> keys(JsonNode object) {
        Set<String> keys = new TreeSet<>();
        for (Iterator<String> each = object.fieldNames(); each.hasNext(); ) {
            keys.add(each.next());
        }
        return keys;
    }

    /** By RFC 7396. */
    private static JsonNode merged(JsonNode target, JsonNode patch) {
        if (!patch.isObject()) {
            return patch;
        }
        ObjectNode result = target.isObject() ? (ObjectNode) target : JSON.createObjectNode();
        patch.properties()
                .forEach(entry -> result.set(entry.getKey(), merged(result.path(entry.getKey()), entry.getValue())));
        return result;
    }

    private Answer alarms(Asked asked, String query) {
        if (asked.path().startsWith(RULES)) {
            String rule = asked.path().substring(RULES.length());
            return rules.containsKey(rule) && query.equals("api-version=2018-03-01")
                    ? new Answer(200, "{\"properties\":{\"enabled\":true}}")
                    : error(404, "ResourceNotFound", "rule " + rule);
        }
        String asks = URLDecoder.decode(query, StandardCharsets.UTF_8);
        if (!asks.startsWith("api-version=2019-03-01&monitorCondition=Fired&timeRange=30d&alertRule=" + RULES)) {
            return violated("no question about alerts: " + asks);
        }
        String rule = asks.substring(asks.indexOf(RULES) + RULES.length());
        ObjectNode found = JSON.createObjectNode();
        ArrayNode value = found.putArray("value");
        if (rules.getOrDefault(rule, false)) {
            value.addObject()
                    .putObject("properties")
                    .putObject("essentials")
                    .put("monitorCondition", "Fired")
                    .put("alertRule", (RULES + rule).toLowerCase());
        }
        return new Answer(200, found.toString());
    }

    private static Answer error(int status, String code, String message) {
        ObjectNode error = JSON.createObjectNode();
        error.putObject("error").put("code", code).put("message", message);
        return new Answer(status, error.toString());
    }
}
