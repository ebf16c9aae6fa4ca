// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.blueprint;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cumulane.cloud.CloudException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Runs the command {@code terraform} in a directory, and understands what it prints. One thread; who is interrupted ends it, as Ctrl-C would. */
final class Terraform {
    private static final String NAME = "Terraform";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_LINES_TOLD = 20;

    private final String command;
    private final Path directory;

    Terraform(String command, Path directory) {
        this.command = command;
        this.directory = directory;
    }

    /** What a run printed, and the status that it ended with. */
    private record Ended(int status, String output, Optional<String> error) {}

    void init() {
        require("init", run(line -> {}, "init", "-input=false", "-no-color"));
    }

    /** Plans; false if nothing is to be changed. */
    boolean plan(String... more) {
        List<String> arguments =
                new ArrayList<>(List.of("plan", "-input=false", "-json", "-detailed-exitcode", "-out=plan"));
        arguments.addAll(List.of(more));
        Ended ended = run(line -> {}, arguments.toArray(String[]::new));
        if (ended.status() == 2) {
            return true;
        }
        require("plan", ended);
        return false;
    }

    /** Does what was planned. */
    void apply(Consumer<String> progress) {
        require("apply", run(progress, "apply", "-input=false", "-json", "plan"));
    }

    /** An output of the configuration. */
    Optional<String> output(String name) {
        Ended ended = run(line -> {}, "output", "-json", "-no-color");
        require("output", ended);
        try {
            return Optional.of(JSON.readTree(ended.output()).path(name).path("value"))
                    .filter(JsonNode::isTextual)
                    .map(JsonNode::asText);
        } catch (JsonProcessingException e) {
            throw CloudException.permanent(NAME, "'terraform output' printed no JSON", e);
        }
    }

    private void require(String what, Ended ended) {
        if (ended.status() == 0) {
            return;
        }
        Path saved = directory.resolve("errored.tfstate");
        String state = Files.exists(saved)
                ? "; its state could not be stored and is in " + saved + ", put it back by 'terraform state push'"
                : "";
        throw CloudException.permanent(
                NAME, "'terraform " + what + "' failed: " + ended.error().orElse(ended.output()) + state);
    }

    private Ended run(Consumer<String> progress, String... arguments) {
        List<String> line = new ArrayList<>(List.of(command));
        line.addAll(List.of(arguments));
        Path complaints = directory.resolve("complaints.txt");
        // Apart, since it also warns there, whatever else it prints.
        ProcessBuilder builder =
                new ProcessBuilder(line).directory(directory.toFile()).redirectError(complaints.toFile());
        builder.environment().put("TF_IN_AUTOMATION", "1");
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw CloudException.permanent(
                    NAME,
                    "the command '" + command
                            + "' cannot be run: install Terraform 1.11 or later, whose work it is to install on Google Cloud",
                    e);
        }
        try {
            process.getOutputStream().close();
            Ended ended = followed(process, progress);
            String said = ended.output() + "\n" + Files.readString(complaints);
            return ended.status() == 0 ? ended : new Ended(ended.status(), said.strip(), ended.error());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CloudException.retryable(NAME, "interrupted; the same command goes on where this one was", e);
        } finally {
            process.destroy();
        }
    }

    private static Ended followed(Process process, Consumer<String> progress) throws IOException, InterruptedException {
        Deque<String> last = new ArrayDeque<>();
        Optional<String> error = Optional.empty();
        try (BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                last.addLast(line);
                Optional<JsonNode> message = message(line);
                message.filter(each -> each.path("type").asText().equals("apply_complete"))
                        .ifPresent(each -> progress.accept(each.path("@message").asText()));
                if (error.isEmpty()) {
                    error = message.flatMap(Terraform::error);
                }
                if (message.isPresent() && last.size() > MOST_LINES_TOLD) {
                    last.removeFirst();
                }
            }
        }
        return new Ended(process.waitFor(), String.join("\n", last), error);
    }

    /** A line of the machine-readable interface. */
    private static Optional<JsonNode> message(String line) {
        if (!line.startsWith("{\"@")) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.readTree(line));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> error(JsonNode message) {
        JsonNode diagnostic = message.path("diagnostic");
        if (!diagnostic.path("severity").asText().equals("error")) {
            return Optional.empty();
        }
        String address = diagnostic.path("address").asText("");
        String detail = diagnostic.path("detail").asText("");
        return Optional.of((address.isEmpty() ? "" : address + ": ")
                + diagnostic.path("summary").asText()
                + (detail.isEmpty() ? "" : " (" + detail.replaceAll("\\s+", " ") + ")"));
    }
}
