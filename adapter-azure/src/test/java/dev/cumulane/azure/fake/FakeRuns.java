// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.fake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/** The pipelines of {@link FakeDevOps}, their runs and the variable groups. */
public final class FakeRuns {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path directory;
    private final FakeHooks hooks;
    private final List<FakeRun.Pipeline> pipelines = new ArrayList<>();
    private final List<FakeRun> runs = new ArrayList<>();
    private final SortedMap<String, Map<String, String>> groups = new TreeMap<>();
    private boolean named = true;
    private int unlisted;
    private boolean asking;

    FakeRuns(Path directory, FakeHooks hooks) {
        this.directory = directory;
        this.hooks = hooks;
    }

    /**
     * Makes a pipeline.
     *
     * @param name its name
     * @param yaml its YAML
     * @param allowed the variable groups that it may use
     */
    public synchronized void pipeline(String name, String yaml, List<String> allowed) {
        pipelines.removeIf(each -> each.name().equals(name));
        pipelines.add(new FakeRun.Pipeline(40 + runs.size() + pipelines.size(), name, yaml, List.copyOf(allowed)));
    }

    /**
     * The number of a pipeline.
     *
     * @param name its name
     * @return its number
     */
    public int number(String name) {
        return definitions(name).path(0).path("id").asInt();
    }

    /**
     * Makes a variable group that is linked to a key vault.
     *
     * @param name its name
     * @param secrets its secrets by name
     */
    public synchronized void group(String name, Map<String, String> secrets) {
        groups.put(name, new TreeMap<>(secrets));
    }

    /**
     * Hides the latest runs from lists.
     *
     * @param latest how many
     */
    public synchronized void hide(int latest) {
        unlisted = latest;
    }

    /** Finds no run by its name from now on, as if Azure DevOps named runs otherwise. */
    public synchronized void findNoNames() {
        named = false;
    }

    /** Environments ask for an approval from now on. */
    public synchronized void ask() {
        asking = true;
    }

    /** Gives an approval that a run waits for. */
    synchronized boolean approve(String id) {
        return runs.stream().anyMatch(each -> each.approve(id));
    }

    /**
     * The runs so far.
     *
     * @return their ids, in the order of their starts
     */
    public synchronized List<String> ids() {
        return runs.stream().map(each -> Integer.toString(each.id())).toList();
    }

    /**
     * What a run printed.
     *
     * @param id its id
     * @return the file
     */
    public Path log(String id) {
        return run(Integer.parseInt(id)).orElseThrow().log();
    }

    /**
     * What lists show of a run.
     *
     * @param id its id
     * @return the build
     */
    public JsonNode build(String id) {
        return run(Integer.parseInt(id)).orElseThrow().build();
    }

    synchronized Optional<FakeRun> run(int id) {
        return runs.stream().filter(each -> each.id() == id).findFirst();
    }

    synchronized ArrayNode definitions(String name) {
        ArrayNode found = JSON.createArrayNode();
        pipelines.stream()
                .filter(each -> name.equals("*") || each.name().equalsIgnoreCase(name))
                .forEach(each -> found.addObject().put("id", each.id()).put("name", each.name()));
        return found;
    }

    synchronized FakeRun start(int pipeline, JsonNode asked) {
        FakeRun.Pipeline of = pipelines.stream()
                .filter(each -> each.id() == pipeline)
                .findFirst()
                .orElseThrow(() -> new FakeDevOps.RefusedException(404, "no pipeline " + pipeline));
        SortedMap<String, String> parameters = new TreeMap<>();
        asked.path("templateParameters")
                .properties()
                .forEach(each -> parameters.put(each.getKey(), each.getValue().asText()));
        ObjectNode yaml;
        try {
            yaml = PipelineYaml.expanded(of.yaml(), parameters);
        } catch (PipelineYaml.RefusedException e) {
            throw new FakeDevOps.RefusedException(400, String.valueOf(e.getMessage()));
        }
        FakeRun run = new FakeRun(
                401 + runs.size(),
                of,
                yaml,
                variables(of, yaml, asked),
                directory,
                Instant.parse("2026-11-23T10:00:00Z"),
                asking);
        runs.add(run);
        run.begin(over -> hooks.completed(over.build(), "2026-11-23T10:00:00Z"));
        return run;
    }

    private FakeRun.Variables variables(FakeRun.Pipeline pipeline, JsonNode yaml, JsonNode asked) {
        SortedMap<String, String> all = new TreeMap<>();
        List<String> hidden = new ArrayList<>();
        for (JsonNode each : yaml.path("variables")) {
            String group = each.path("group").asText();
            if (!groups.containsKey(group) || !pipeline.groups().contains(group)) {
                throw new FakeDevOps.RefusedException(
                        400,
                        "Variable group " + group
                                + " could not be found. The variable group does not exist or has not been authorized for use.");
            }
            all.putAll(groups.get(group));
            hidden.addAll(groups.get(group).values());
        }
        asked.path("variables").properties().forEach(each -> {
            String value = each.getValue().path("value").asText();
            all.put(each.getKey(), value);
            if (each.getValue().path("isSecret").asBoolean()) {
                hidden.add(value);
            }
        });
        return new FakeRun.Variables(all, hidden);
    }

    synchronized ArrayNode list(SortedMap<String, String> query) {
        Predicate<FakeRun> wanted = each -> true;
        if (query.containsKey("buildNumber")) {
            wanted = each -> named && each.name().equals(query.get("buildNumber"));
        }
        if (query.containsKey("tagFilters")) {
            wanted = wanted.and(each -> each.isTagged(query.get("tagFilters")));
        }
        ArrayNode found = JSON.createArrayNode();
        runs.subList(0, Math.max(0, runs.size() - unlisted)).stream()
                .filter(wanted)
                .sorted(Comparator.comparingInt(FakeRun::id).reversed())
                .limit(Integer.parseInt(query.getOrDefault("$top", "1000")))
                .forEach(each -> found.add(each.build()));
        return found;
    }

    /** Ends all runs. */
    void close() {
        List<FakeRun> all;
        synchronized (this) {
            all = List.copyOf(runs);
        }
        all.forEach(FakeRun::cancel);
        all.forEach(FakeRun::awaitEnd);
    }
}
