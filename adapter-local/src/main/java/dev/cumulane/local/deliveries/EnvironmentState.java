// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.deliveries;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.DeploymentStep;
import dev.cumulane.cloud.StepReport;
import dev.cumulane.local.process.ProcessGroup;
import dev.cumulane.local.process.ProcessIdentity;
import dev.cumulane.local.process.StateFile;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.Produced;
import dev.cumulane.run.Release;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is known of one environment, kept in {@code environment.json}. Confined to the thread that holds the environment's lock.
 *
 * <p>A release is named by the fence of the deployment that made it. 0 is no release.
 */
final class EnvironmentState {
    private static final int MOST_REPORTS = 50;

    /** A release in place, whose files are in {@code releases/<fence>/}. */
    record Instance(long fence, Release release, int port, Optional<ProcessGroup> process) {
        boolean alive() {
            return process.map(ProcessGroup::alive).orElse(false);
        }
    }

    private final Path file;
    private final SortedMap<Long, Instance> releases = new TreeMap<>();
    private final Map<String, StepReport> reports = new LinkedHashMap<>();
    private OptionalInt port = OptionalInt.empty();
    private Optional<ProcessGroup> portSwitch = Optional.empty();
    private long fence;
    private int step;
    private long live;
    private long former;

    private EnvironmentState(Path file) {
        this.file = file;
    }

    /** Reads the state, or gives that of an environment that nothing was ever deployed to. */
    static EnvironmentState read(Path directory) {
        EnvironmentState state = new EnvironmentState(directory.resolve("environment.json"));
        StateFile.read(state.file).ifPresent(json -> {
            try {
                state.load(json);
            } catch (IllegalArgumentException e) {
                throw CloudException.permanent("disk", state.file + " is damaged: " + e.getMessage(), e);
            }
        });
        return state;
    }

    /** Writes the state; when this returns, it survives the loss of power. */
    void write() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("format", 1);
        port.ifPresent(number -> json.put("port", number));
        json.put("fence", fence);
        json.put("step", step);
        json.put("live", live);
        json.put("former", former);
        portSwitch.ifPresent(group -> json.set("switch", json(group)));
        ArrayNode listed = json.putArray("releases");
        for (Instance release : releases.values()) {
            ObjectNode entry = listed.addObject();
            entry.put("fence", release.fence());
            entry.put("name", release.release().name());
            ArrayNode artifacts = entry.putArray("artifacts");
            for (Produced artifact : release.release().artifacts()) {
                artifacts
                        .addObject()
                        .put("name", artifact.name())
                        .put("digest", artifact.digest().hex())
                        .put("size", artifact.size());
            }
            entry.put("port", release.port());
            release.process().ifPresent(group -> entry.set("process", json(group)));
        }
        ArrayNode told = json.putArray("reports");
        reports.forEach((step, report) -> {
            ObjectNode entry = told.addObject();
            entry.put("step", step);
            entry.put("succeeded", report.succeeded());
            entry.put("detail", report.detail());
            report.address().ifPresent(address -> entry.put("address", address));
        });
        StateFile.write(file, json);
    }

    /** Takes note of a step that is to be done: the first one of a deployment finds out what is live. */
    void enter(DeploymentStep next) {
        if (next.fence() > fence) {
            fence = next.fence();
            step = 0;
            former = live;
        }
        if (next.index() > step) {
            step = next.index();
            write();
        }
    }

    /** Why a step that was not done must not be done any more, if so: a later one has begun. */
    Optional<String> stale(DeploymentStep late) {
        if (late.fence() < fence) {
            return Optional.of("stale: this deployment to " + late.environment() + " has the number " + late.fence()
                    + ", and the environment has seen " + fence);
        }
        return late.fence() == fence && late.index() < step
                ? Optional.of("stale: this is step " + late.index() + ", and step " + step + " has begun")
                : Optional.empty();
    }

    long fence() {
        return fence;
    }

    long live() {
        return live;
    }

    void live(long release) {
        live = release;
    }

    /** The release that was live before the deployment under way. */
    long former() {
        return former;
    }

    OptionalInt port() {
        return port;
    }

    void port(int number) {
        port = OptionalInt.of(number);
    }

    Optional<ProcessGroup> portSwitch() {
        return portSwitch;
    }

    void portSwitch(Optional<ProcessGroup> group) {
        portSwitch = group;
    }

    Optional<Instance> release(long number) {
        return Optional.ofNullable(releases.get(number));
    }

    List<Instance> releases() {
        return new ArrayList<>(releases.values());
    }

    void put(Instance release) {
        releases.put(release.fence(), release);
    }

    void remove(long number) {
        releases.remove(number);
    }

    Optional<StepReport> report(DeploymentStep step) {
        return Optional.ofNullable(reports.get(key(step)));
    }

    void report(DeploymentStep step, StepReport report) {
        reports.put(key(step), report);
        while (reports.size() > MOST_REPORTS) {
            reports.remove(reports.keySet().iterator().next());
        }
    }

    static String key(DeploymentStep step) {
        return step.run() + "/" + step.stage() + "/" + step.fence() + "/" + step.index();
    }

    private void load(JsonNode json) {
        port = json.has("port") ? OptionalInt.of(json.get("port").asInt()) : OptionalInt.empty();
        fence = json.path("fence").asLong();
        step = json.path("step").asInt();
        live = json.path("live").asLong();
        former = json.path("former").asLong();
        portSwitch = group(json.path("switch"));
        for (JsonNode entry : json.path("releases")) {
            put(new Instance(
                    entry.path("fence").asLong(),
                    release(entry),
                    entry.path("port").asInt(),
                    group(entry.path("process"))));
        }
        for (JsonNode entry : json.path("reports")) {
            reports.put(
                    entry.path("step").asText(),
                    new StepReport(
                            entry.path("succeeded").asBoolean(),
                            entry.path("detail").asText(),
                            Optional.empty(),
                            entry.has("address")
                                    ? Optional.of(entry.get("address").asText())
                                    : Optional.empty()));
        }
    }

    private static Release release(JsonNode json) {
        List<Produced> artifacts = new ArrayList<>();
        for (JsonNode artifact : json.path("artifacts")) {
            artifacts.add(new Produced(
                    artifact.path("name").asText(),
                    new Digest(artifact.path("digest").asText()),
                    artifact.path("size").asLong()));
        }
        return new Release(json.path("name").asText(), artifacts);
    }

    private static ObjectNode json(ProcessGroup group) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("pid", group.leader().pid());
        json.put("mark", group.leader().mark());
        json.put("session", group.own());
        return json;
    }

    private static Optional<ProcessGroup> group(JsonNode json) {
        return json.isObject()
                ? Optional.of(new ProcessGroup(
                        new ProcessIdentity(
                                json.path("pid").asLong(), json.path("mark").asText()),
                        json.path("session").asBoolean()))
                : Optional.empty();
    }
}
