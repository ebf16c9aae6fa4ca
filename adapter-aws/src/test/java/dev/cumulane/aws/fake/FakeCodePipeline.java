// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.fake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * CodePipeline with one pipeline of three stages: a source action on S3, a manual approval if it is told so, and an action that deploys. An execution ends at once, unless it
 * is held or waits for its approval. Executions are told apart by the token of their start, and each end is an event.
 */
public final class FakeCodePipeline extends FakeService {
    /** The pipeline's name. */
    public static final String PIPELINE = "shop-release";

    /** Its source action. */
    public static final String SOURCE = "Source";

    /** Its manual approval, where it has one. */
    public static final String APPROVAL = "Go-live";

    private static final String REVISION = "S3_OBJECT_VERSION_ID";

    private final Function<String, Optional<String>> deploys;
    private final Consumer<JsonNode> events;
    private final List<Execution> executions = new ArrayList<>();
    private final SortedMap<String, Execution> tokens = new TreeMap<>();
    private boolean held;
    private boolean asks;

    /** An execution, and where it is. */
    private static final class Execution {
        final String id = UUID.randomUUID().toString();
        final String version;
        final String approval = UUID.randomUUID().toString();
        String status = "InProgress";
        Optional<Boolean> approved = Optional.empty();
        String why = "";

        Execution(String version) {
            this.version = version;
        }

        boolean isOver() {
            return !status.equals("InProgress");
        }
    }

    /**
     * Starts the service.
     *
     * @param deploys deploys a version of the source's object, and says why it cannot
     * @param events is given each event of the pipeline
     */
    public FakeCodePipeline(Function<String, Optional<String>> deploys, Consumer<JsonNode> events) {
        super("codepipeline");
        this.deploys = deploys;
        this.events = events;
    }

    /**
     * Lets executions go on, or holds them before they deploy.
     *
     * @param yes whether they are held
     */
    public synchronized void hold(boolean yes) {
        held = yes;
        List.copyOf(executions).forEach(this::advance);
    }

    /** Makes executions ask for an approval before they deploy. */
    public synchronized void ask() {
        asks = true;
    }

    /**
     * How the executions are, in the order of their starts.
     *
     * @return their statuses
     */
    public synchronized List<String> statuses() {
        return executions.stream().map(execution -> execution.status).toList();
    }

    @Override
    protected synchronized WireAnswer handle(WireRequest request) {
        ObjectNode asked = body(request);
        String name = asked.path("pipelineName").asText(asked.path("name").asText());
        if (!name.equals(PIPELINE)) {
            throw new Refused(400, "PipelineNotFoundException", "Account has no pipeline with name '" + name + "'");
        }
        String operation = request.header("x-amz-target").orElse("").replaceFirst(".*\\.", "");
        return WireAnswer.json(
                200,
                switch (operation) {
                    case "StartPipelineExecution" -> start(asked);
                    case "GetPipelineExecution" ->
                        object().set(
                                        "pipelineExecution",
                                        shown(execution(asked)).put("pipelineName", PIPELINE));
                    case "ListPipelineExecutions" -> list();
                    case "ListActionExecutions" -> actions(asked.path("filter"));
                    case "GetPipelineState" -> state();
                    case "PutApprovalResult" -> approve(asked);
                    case "StopPipelineExecution" -> stop(asked);
                    default -> throw new Refused(400, "UnknownOperationException", operation);
                });
    }

    private ObjectNode start(ObjectNode asked) {
        JsonNode source = asked.path("sourceRevisions").path(0);
        if (!source.path("actionName").asText().equals(SOURCE)
                || !source.path("revisionType").asText().equals(REVISION)) {
            throw new Refused(400, "ValidationException", "Invalid source revision override");
        }
        Execution execution = tokens.computeIfAbsent(
                asked.path("clientRequestToken").asText(UUID.randomUUID().toString()), token -> {
                    Execution made = new Execution(source.path("revisionValue").asText());
                    executions.add(made);
                    advance(made);
                    return made;
                });
        return object().put("pipelineExecutionId", execution.id);
    }

    private void advance(Execution execution) {
        if (execution.isOver()) {
            return;
        }
        if (asks && execution.approved.isEmpty()) {
            tell(execution, "CodePipeline Action Execution State Change", "STARTED");
            return;
        }
        if (held) {
            return;
        }
        Optional<String> wrong = deploys.apply(execution.version);
        wrong.ifPresent(why -> execution.why = why);
        end(execution, wrong.isPresent() ? "Failed" : "Succeeded");
    }

    private void end(Execution execution, String status) {
        execution.status = status;
        tell(execution, "CodePipeline Pipeline Execution State Change", status.toUpperCase(java.util.Locale.ROOT));
    }

    /** In the form of the service's documentation. */
    private void tell(Execution execution, String type, String state) {
        ObjectNode event = object().put("source", "aws.codepipeline").put("detail-type", type);
        event.putObject("detail")
                .put("pipeline", PIPELINE)
                .put("execution-id", execution.id)
                .put("state", state);
        events.accept(event);
    }

    private Execution execution(JsonNode asked) {
        String id = asked.path("pipelineExecutionId").asText();
        return executions.stream()
                .filter(each -> each.id.equals(id))
                .findFirst()
                .orElseThrow(() -> new Refused(400, "PipelineExecutionNotFoundException", "no execution " + id));
    }

    private static ObjectNode shown(Execution execution) {
        return object().put("pipelineExecutionId", execution.id).put("status", execution.status);
    }

    private ObjectNode list() {
        ObjectNode answer = object();
        ArrayNode all = answer.putArray("pipelineExecutionSummaries");
        for (int i = executions.size() - 1; i >= 0; i--) {
            ObjectNode summary = shown(executions.get(i));
            summary.putArray("sourceRevisions")
                    .addObject()
                    .put("actionName", SOURCE)
                    .put("revisionId", executions.get(i).version);
            all.add(summary);
        }
        return answer;
    }

    private ObjectNode actions(JsonNode filter) {
        Execution execution = execution(filter);
        ObjectNode answer = object();
        ObjectNode deploy = answer.putArray("actionExecutionDetails")
                .addObject()
                .put("pipelineExecutionId", execution.id)
                .put("stageName", "Production")
                .put("actionName", "Deploy")
                .put(
                        "status",
                        Map.of("Failed", "Failed", "Succeeded", "Succeeded")
                                .getOrDefault(execution.status, "Abandoned"));
        if (!execution.why.isEmpty()) {
            deploy.putObject("output")
                    .putObject("executionResult")
                    .putObject("errorDetails")
                    .put("code", "JobFailed")
                    .put("message", execution.why);
        }
        return answer;
    }

    private ObjectNode state() {
        ObjectNode answer = object().put("pipelineName", PIPELINE);
        Execution latest = executions.get(executions.size() - 1);
        ObjectNode stage = answer.putArray("stageStates").addObject().put("stageName", "Production");
        stage.putObject("latestExecution")
                .put("pipelineExecutionId", latest.id)
                .put("status", latest.isOver() ? "Succeeded" : "InProgress");
        ObjectNode action = stage.putArray("actionStates").addObject().put("actionName", APPROVAL);
        action.putObject("latestExecution")
                .put("status", latest.approved.isPresent() ? "Succeeded" : "InProgress")
                .put("token", latest.approval);
        return answer;
    }

    private ObjectNode approve(ObjectNode asked) {
        Execution execution = executions.stream()
                .filter(each -> each.approval.equals(asked.path("token").asText()))
                .findFirst()
                .orElseThrow(() -> new Refused(400, "InvalidApprovalTokenException", "no such token"));
        if (execution.approved.isPresent()) {
            throw new Refused(400, "ApprovalAlreadyCompletedException", "decided already");
        }
        boolean yes = asked.path("result").path("status").asText().equals("Approved");
        execution.approved = Optional.of(yes);
        advance(execution);
        return object().put("approvedAt", 1_795_000_000.5);
    }

    private ObjectNode stop(ObjectNode asked) {
        Execution execution = execution(asked);
        if (execution.isOver()) {
            throw new Refused(400, "PipelineExecutionNotStoppableException", "it is over");
        }
        end(execution, "Stopped");
        return object().put("pipelineExecutionId", execution.id);
    }
}
