// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.fake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** One build of {@link FakeCodeBuild}: a session of processes of its own, whose first is {@code /bin/sh} with the buildspec's commands. Guarded by the fake. */
final class FakeBuild {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ACCOUNT = "123456789012";
    private static final int PRINTED_WITHIN_MILLIS = 1000;

    private final String id;
    private final long number;
    private final Instant started;
    private final ObjectNode request;
    private final ObjectNode project;
    private final Path directory;
    private Optional<Process> process = Optional.empty();
    private Thread printer = new Thread();
    private Optional<Instant> ended = Optional.empty();
    private String status = "IN_PROGRESS";

    FakeBuild(String id, long number, Instant started, ObjectNode request, ObjectNode project, Path directory) {
        this.id = id;
        this.number = number;
        this.started = started;
        this.request = request;
        this.project = project;
        this.directory = directory;
    }

    String id() {
        return id;
    }

    Instant started() {
        return started;
    }

    ObjectNode request() {
        return request;
    }

    boolean isOver() {
        return ended.isPresent();
    }

    String projectName() {
        return project.path("name").asText();
    }

    /** Begins the commands; a build whose buildspec or secrets are wrong ends at once. */
    Optional<Process> begin(Map<String, String> secrets) {
        SortedMap<String, String> variables = new TreeMap<>();
        List<String> masked = new ArrayList<>();
        for (JsonNode each : request.path("environmentVariablesOverride")) {
            String value = each.path("value").asText();
            boolean plain = each.path("type").asText("PLAINTEXT").equals("PLAINTEXT");
            if (!plain && !secrets.containsKey(value)) {
                return Optional.empty();
            }
            String given = plain ? value : secrets.getOrDefault(value, "");
            variables.put(each.path("name").asText(), given);
            if (!plain) {
                masked.add(given);
            }
        }
        Optional<String> script = script(request.path("buildspecOverride").asText());
        if (script.isEmpty()) {
            return Optional.empty();
        }
        try {
            Path workspace = Files.createDirectories(directory.resolve("src"));
            Path file = Files.writeString(directory.resolve("commands.sh"), script.get());
            ProcessBuilder builder = new ProcessBuilder("setsid", "/bin/sh", file.toString())
                    .directory(workspace.toFile())
                    .redirectErrorStream(true)
                    .redirectInput(Path.of("/dev/null").toFile());
            builder.environment().keySet().retainAll(List.of("PATH"));
            builder.environment().put("HOME", directory.toString());
            builder.environment().put("CODEBUILD_BUILD_ID", id);
            builder.environment().put("CODEBUILD_SRC_DIR", workspace.toString());
            builder.environment().putAll(variables);
            Process started = builder.start();
            process = Optional.of(started);
            printer = new Thread(() -> print(started, masked), "build-log");
            printer.setDaemon(true);
            printer.start();
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The user guide: what was bound from Secrets Manager or Parameter Store is hidden in the log. */
    private void print(Process started, List<String> masked) {
        try (BufferedReader lines = started.inputReader();
                BufferedWriter log = Files.newBufferedWriter(log())) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                for (String secret : masked) {
                    line = line.replace(secret, "***");
                }
                log.write(line);
                log.newLine();
                log.flush();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path log() {
        return directory.resolve("log.txt");
    }

    /** The first failing command ends the phase, as in CodeBuild. */
    private static Optional<String> script(String buildspec) {
        try {
            JsonNode spec = JSON.readTree(buildspec);
            JsonNode commands = spec.path("phases").path("build").path("commands");
            if (!spec.path("version").asText().equals("0.2") || !commands.isArray() || commands.isEmpty()) {
                return Optional.empty();
            }
            StringBuilder script = new StringBuilder();
            commands.forEach(command -> script.append(command.asText()).append("\n[ $? -eq 0 ] || exit 1\n"));
            return Optional.of(script.toString());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Ends the build, whatever still runs of it: its container is gone. */
    void end(String how, Instant at) {
        if (ended.isEmpty()) {
            status = how;
            ended = Optional.of(at);
            process.ifPresent(FakeBuild::killSession);
            awaitPrinted();
        }
    }

    /** What outlives the build may hold its output open; its lines are nobody's. */
    private void awaitPrinted() {
        try {
            printer.join(PRINTED_WITHIN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void killSession(Process process) {
        try {
            new ProcessBuilder("/bin/sh", "-c", "kill -s KILL -- -" + process.pid() + " 2>/dev/null")
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    String arn() {
        return "arn:aws:codebuild:eu-west-1:" + ACCOUNT + ":build/" + id;
    }

    private String override(String name, String otherwise) {
        return request.path(name).asText(otherwise);
    }

    ObjectNode environment() {
        JsonNode usual = project.path("environment");
        ObjectNode environment = JSON.createObjectNode();
        for (String name : List.of("type", "image", "computeType", "imagePullCredentialsType")) {
            String override = name.equals("type") ? "environmentTypeOverride" : name + "Override";
            environment.put(name, override(override, usual.path(name).asText("CODEBUILD")));
        }
        environment.put("privilegedMode", usual.path("privilegedMode").asBoolean());
        Iterator<JsonNode> variables =
                request.path("environmentVariablesOverride").elements();
        var all = environment.putArray("environmentVariables");
        variables.forEachRemaining(each -> {
            ObjectNode variable = all.addObject();
            variable.put("name", each.path("name").asText());
            variable.put("value", each.path("value").asText());
            variable.put("type", each.path("type").asText("PLAINTEXT"));
        });
        return environment;
    }

    /** The build as the calls answer it. */
    ObjectNode json() {
        ObjectNode build = JSON.createObjectNode();
        build.put("id", id).put("arn", arn()).put("buildNumber", number);
        build.put("startTime", started.toEpochMilli() / 1000.0);
        ended.ifPresent(at -> build.put("endTime", at.toEpochMilli() / 1000.0));
        build.put("currentPhase", isOver() ? "COMPLETED" : "BUILD").put("buildStatus", status);
        build.put("projectName", projectName()).put("buildComplete", isOver());
        build.put(
                "serviceRole",
                override("serviceRoleOverride", project.path("serviceRole").asText()));
        build.set("environment", environment());
        build.putObject("source").put("type", "NO_SOURCE").put("buildspec", override("buildspecOverride", ""));
        build.putObject("artifacts").put("location", "");
        build.putObject("logs")
                .put("groupName", "/aws/codebuild/" + projectName())
                .put("streamName", id.substring(id.indexOf(':') + 1));
        build.put("timeoutInMinutes", request.path("timeoutInMinutesOverride").asInt(60));
        build.put(
                "queuedTimeoutInMinutes",
                request.path("queuedTimeoutInMinutesOverride").asInt(480));
        return build;
    }

    /** The event that EventBridge delivers, in the form of the user guide's sample. */
    ObjectNode event(String eventId, Instant at) {
        ObjectNode event = JSON.createObjectNode();
        event.put("version", "0").put("id", eventId).put("detail-type", "CodeBuild Build State Change");
        event.put("source", "aws.codebuild").put("account", ACCOUNT).put("time", at.toString());
        event.put("region", "eu-west-1").putArray("resources").add(arn());
        ObjectNode detail = event.putObject("detail");
        detail.put("build-status", status).put("project-name", projectName()).put("build-id", arn());
        detail.put("current-phase", isOver() ? "COMPLETED" : "SUBMITTED").put("version", "1");
        ObjectNode more = detail.putObject("additional-information");
        more.put("build-complete", isOver()).put("initiator", "shop-ci-engine");
        ObjectNode environment = more.putObject("environment");
        ObjectNode known = environment();
        environment
                .put("image", known.path("image").asText())
                .put("type", known.path("type").asText());
        environment.put("compute-type", known.path("computeType").asText());
        environment.set("environment-variables", known.path("environmentVariables"));
        return event;
    }
}
