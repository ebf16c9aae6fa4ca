// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.fake;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cumulane.cloud.contract.ShellSession;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/** One run of a pipeline of {@link FakeDevOps}: its steps really run, each in a session of its own, whose first process is {@code /bin/sh}. */
final class FakeRun {
    private static final String ORDER = "work order";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LONGEST_END_MILLIS = 5000;

    private final int id;
    private final Pipeline pipeline;
    private final ObjectNode yaml;
    private final Variables variables;
    private final Path directory;
    private final Instant queued;
    private final TreeSet<String> tags = new TreeSet<>();
    private final UUID record;
    private final UUID approval;
    private final CountDownLatch approved;
    private Thread agent = new Thread();
    private Optional<ShellSession> step = Optional.empty();
    private String status = "inProgress";
    private String result = "succeeded";

    /**
     * A pipeline.
     *
     * @param id its number
     * @param name its name
     * @param yaml its YAML
     * @param groups the variable groups that it may use
     */
    record Pipeline(int id, String name, String yaml, List<String> groups) {}

    /**
     * What a run's variables are.
     *
     * @param all by name
     * @param hidden the values that logs do not show
     */
    record Variables(Map<String, String> all, List<String> hidden) {}

    /** A run; where it deploys to an environment that asks, it waits for an approval. */
    FakeRun(
            int id,
            Pipeline pipeline,
            ObjectNode yaml,
            Variables variables,
            Path directory,
            Instant queued,
            boolean asks) {
        this.id = id;
        this.pipeline = pipeline;
        this.yaml = yaml;
        this.variables = variables;
        this.directory = directory.resolve("run-" + id);
        this.queued = queued;
        this.record = new UUID(0, id);
        this.approval = new UUID(1, id);
        this.approved = new CountDownLatch(asks && job().has("environment") ? 1 : 0);
    }

    int id() {
        return id;
    }

    Pipeline pipeline() {
        return pipeline;
    }

    String name() {
        return yaml.path("name").asText(Integer.toString(id));
    }

    synchronized boolean isOver() {
        return status.equals("completed");
    }

    synchronized boolean isTagged(String tag) {
        return tags.contains(tag);
    }

    synchronized void tag(String tag) {
        tags.add(tag);
    }

    private JsonNode job() {
        return yaml.path("jobs").path(0);
    }

    /** Whether an approval was this run's to wait for; it is given then. */
    boolean approve(String id) {
        boolean ours = id.equals(approval.toString());
        if (ours) {
            approved.countDown();
        }
        return ours;
    }

    /** The lines that its agent has uploaded: one that is not whole waits for its end, or the run's; each with a time. */
    List<String> lines() throws IOException {
        boolean whole = isOver();
        String text = Files.exists(log()) ? new String(Files.readAllBytes(log()), UTF_8) : "";
        List<String> lines = new ArrayList<>(List.of(text.split("\n", -1)));
        String last = lines.remove(lines.size() - 1);
        if (whole && !last.isEmpty()) {
            lines.add(last);
        }
        lines.replaceAll(line -> "2026-11-23T10:00:00.1234567Z " + line);
        return lines;
    }

    Path log() {
        int number = 1;
        for (JsonNode each : steps()) {
            if (each.path("displayName").asText().equals(ORDER)) {
                return ShellSession.log(directory.resolve("step-" + number));
            }
            number++;
        }
        return ShellSession.log(directory.resolve("step-1"));
    }

    private JsonNode steps() {
        return job().has("steps") ? job().path("steps") : job().at("/strategy/runOnce/deploy/steps");
    }

    /** Does the steps; a step after a failed one only if its condition says so. */
    void begin(Consumer<FakeRun> whenOver) {
        agent = new Thread(
                () -> {
                    work();
                    whenOver.accept(this);
                },
                "fake-agent");
        agent.setDaemon(true);
        agent.start();
    }

    private void work() {
        try {
            approved.await();
            Path tools = Files.createDirectories(directory.resolve("tools"));
            try (InputStream docker = FakeRun.class.getResourceAsStream("docker")) {
                Files.copy(java.util.Objects.requireNonNull(docker), tools.resolve("docker"));
            }
            tools.resolve("docker").toFile().setExecutable(true);
            int number = 0;
            for (JsonNode each : steps()) {
                number++;
                boolean always = each.path("condition").asText().equals("always()");
                if (each.has("script") && (always || goesOn()) && run(each, tools, number) != 0) {
                    failed();
                }
            }
        } catch (IOException | InterruptedException e) {
            failed();
        } finally {
            over();
        }
    }

    private synchronized boolean goesOn() {
        return status.equals("inProgress") && result.equals("succeeded");
    }

    private synchronized void failed() {
        if (status.equals("inProgress")) {
            result = "failed";
        }
    }

    private synchronized void over() {
        status = "completed";
    }

    private int run(JsonNode each, Path tools, int number) throws IOException {
        Map<String, String> values = new TreeMap<>(variables.all());
        values.put("Build.BuildId", Integer.toString(id));
        SortedMap<String, String> environment = new TreeMap<>();
        environment.put("PATH", tools + ":" + System.getenv("PATH"));
        environment.put("AGENT_NAME", "fake");
        environment.put("BUILD_BUILDID", Integer.toString(id));
        each.path("env")
                .properties()
                .forEach(variable -> environment.put(
                        variable.getKey(),
                        PipelineYaml.macros(variable.getValue().asText(), values)));
        String script = PipelineYaml.macros(each.path("script").asText(), values);
        ShellSession session;
        synchronized (this) {
            session = ShellSession.begin(script, environment, variables.hidden(), directory.resolve("step-" + number));
            step = Optional.of(session);
        }
        int exit = session.process().onExit().join().exitValue();
        session.end();
        if (!each.at("/target/commands").asText().equals("restricted")) {
            commands(directory.resolve("step-" + number));
        }
        return exit;
    }

    /** Obeys one of the commands that a step may print whose target does not restrict them. */
    private void commands(Path place) throws IOException {
        String tagging = "##vso[build.addbuildtag]";
        Files.readAllLines(ShellSession.log(place)).stream()
                .filter(line -> line.startsWith(tagging))
                .forEach(line -> tag(line.substring(tagging.length())));
    }

    /** Ends all that runs of it; a step that always runs follows. */
    void cancel() {
        Optional<ShellSession> running;
        synchronized (this) {
            if (isOver()) {
                return;
            }
            status = "cancelling";
            result = "canceled";
            running = step;
        }
        approved.countDown();
        running.ifPresent(ShellSession::end);
    }

    /** Waits until nothing of it writes any more. */
    void awaitEnd() {
        try {
            agent.join(LONGEST_END_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The run as the interface of pipelines shows it. */
    synchronized ObjectNode run() {
        ObjectNode run = JSON.createObjectNode();
        run.put("id", id).put("name", name()).put("createdDate", queued.toString());
        run.put(
                "state",
                switch (status) {
                    case "completed" -> "completed";
                    case "cancelling" -> "canceling";
                    default -> "inProgress";
                });
        if (isOver()) {
            run.put("result", result);
        }
        run.putObject("pipeline").put("id", pipeline.id()).put("name", pipeline.name());
        return run;
    }

    /** The run as the interface of builds shows it. */
    synchronized ObjectNode build() {
        ObjectNode build = JSON.createObjectNode();
        build.put("id", id).put("buildNumber", name()).put("status", status).put("reason", "manual");
        build.put("queueTime", queued.toString());
        if (isOver()) {
            build.put("result", result).put("finishTime", queued.toString());
        }
        build.putObject("definition").put("id", pipeline.id()).put("name", pipeline.name());
        build.putObject("orchestrationPlan").put("planId", record.toString());
        build.set("tags", JSON.valueToTree(tags));
        return build;
    }

    /** What the run did, with where the output of its job is. */
    synchronized ObjectNode timeline() {
        ObjectNode timeline = JSON.createObjectNode();
        ArrayNode records = timeline.putArray("records");
        if (job().has("environment")) {
            records.addObject()
                    .put("id", approval.toString())
                    .put("type", "Checkpoint.Approval")
                    .put("name", "Checkpoint.Approval")
                    .put("state", approved.getCount() > 0 ? "inProgress" : "completed");
        }
        ObjectNode job = records.addObject();
        job.put("id", record.toString()).put("type", "Job").put("name", "work").put("attempt", 1);
        job.put("state", isOver() ? "completed" : "inProgress");
        if (isOver()) {
            job.put("result", result);
        }
        if (isOver() && result.equals("failed")) {
            job.putArray("issues").addObject().put("type", "error").put("message", "Bash exited with code '1'.");
        }
        if (Files.exists(log())) {
            records.addObject()
                    .put("id", new UUID(2, id).toString())
                    .put("type", "Task")
                    .put("name", ORDER)
                    .putObject("log")
                    .put("id", 1)
                    .put("type", "Container");
        }
        return timeline;
    }
}
