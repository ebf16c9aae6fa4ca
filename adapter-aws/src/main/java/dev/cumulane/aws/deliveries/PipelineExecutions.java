// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.deliveries;

import dev.cumulane.aws.client.AwsService;
import dev.cumulane.cloud.CloudException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.codepipeline.CodePipelineClient;
import software.amazon.awssdk.services.codepipeline.model.ActionExecutionDetail;
import software.amazon.awssdk.services.codepipeline.model.ActionExecutionStatus;
import software.amazon.awssdk.services.codepipeline.model.ActionState;
import software.amazon.awssdk.services.codepipeline.model.ApprovalAlreadyCompletedException;
import software.amazon.awssdk.services.codepipeline.model.ApprovalStatus;
import software.amazon.awssdk.services.codepipeline.model.ConcurrentPipelineExecutionsLimitExceededException;
import software.amazon.awssdk.services.codepipeline.model.DuplicatedStopRequestException;
import software.amazon.awssdk.services.codepipeline.model.InvalidApprovalTokenException;
import software.amazon.awssdk.services.codepipeline.model.PipelineExecution;
import software.amazon.awssdk.services.codepipeline.model.PipelineExecutionNotStoppableException;
import software.amazon.awssdk.services.codepipeline.model.PipelineExecutionStatus;
import software.amazon.awssdk.services.codepipeline.model.PipelineExecutionSummary;
import software.amazon.awssdk.services.codepipeline.model.SourceRevisionOverride;
import software.amazon.awssdk.services.codepipeline.model.SourceRevisionType;
import software.amazon.awssdk.services.codepipeline.model.StageState;

/** The executions of one pipeline. */
final class PipelineExecutions {
    private static final String SERVICE = "CodePipeline";
    private static final int MOST_LISTED = 100;

    private final Supplier<CodePipelineClient> client;
    private final PipelineEnvironment binding;
    private final AwsService service;

    PipelineExecutions(Supplier<CodePipelineClient> client, PipelineEnvironment binding) {
        this.client = client;
        this.binding = binding;
        this.service = new AwsService(SERVICE, "pipeline " + binding.pipeline());
    }

    /**
     * Starts an execution that reads this version of the source's object.
     *
     * @param token the same for the same wish: CodePipeline then gives the execution that it started
     * @return the execution's id
     */
    String start(String token, String version) {
        SourceRevisionOverride source = SourceRevisionOverride.builder()
                .actionName(binding.source().action())
                .revisionType(SourceRevisionType.S3_OBJECT_VERSION_ID)
                .revisionValue(version)
                .build();
        try {
            return client.get()
                    .startPipelineExecution(request -> request.name(binding.pipeline())
                            .clientRequestToken(token)
                            .sourceRevisions(source))
                    .pipelineExecutionId();
        } catch (ConcurrentPipelineExecutionsLimitExceededException e) {
            throw CloudException.retryable(
                    SERVICE, "no execution more of pipeline " + binding.pipeline() + " may run now", e);
        } catch (SdkException e) {
            throw service.failure("start an execution", e);
        }
    }

    PipelineExecution read(String id) {
        return service.call(
                "look at execution " + id,
                () -> client.get()
                        .getPipelineExecution(request ->
                                request.pipelineName(binding.pipeline()).pipelineExecutionId(id))
                        .pipelineExecution());
    }

    /** Whether nothing of it goes on any more. */
    static boolean isOver(PipelineExecutionStatus status) {
        return switch (status) {
            case SUCCEEDED, FAILED, STOPPED, SUPERSEDED, CANCELLED -> true;
            default -> false;
        };
    }

    /** Executions that go on and read this version, whoever started them. */
    List<String> living(String version) {
        return service
                .call(
                        "list its executions",
                        () -> client.get()
                                .listPipelineExecutions(request ->
                                        request.pipelineName(binding.pipeline()).maxResults(MOST_LISTED)))
                .pipelineExecutionSummaries()
                .stream()
                .filter(each -> !isOver(each.status()))
                .filter(each -> each.sourceRevisions().stream()
                        .anyMatch(source ->
                                source.actionName().equals(binding.source().action())
                                        && version.equals(source.revisionId())))
                .map(PipelineExecutionSummary::pipelineExecutionId)
                .toList();
    }

    /** Stops an execution without waiting for the action that is under way. */
    void stop(String id, String why) {
        try {
            client.get()
                    .stopPipelineExecution(request -> request.pipelineName(binding.pipeline())
                            .pipelineExecutionId(id)
                            .abandon(true)
                            .reason(why));
        } catch (DuplicatedStopRequestException | PipelineExecutionNotStoppableException e) {
            // It stops already, or is over.
        } catch (SdkException e) {
            throw service.failure("stop execution " + id, e);
        }
    }

    /** What failed in an execution; empty if CodePipeline names no action. */
    Optional<String> failure(String id) {
        return service
                .call(
                        "list the actions of execution " + id,
                        () -> client.get()
                                .listActionExecutions(request -> request.pipelineName(binding.pipeline())
                                        .maxResults(MOST_LISTED)
                                        .filter(filter -> filter.pipelineExecutionId(id))))
                .actionExecutionDetails()
                .stream()
                .filter(action -> action.status() == ActionExecutionStatus.FAILED)
                .findFirst()
                .map(PipelineExecutions::told);
    }

    private static String told(ActionExecutionDetail action) {
        String name = "action '" + action.actionName() + "' of stage '" + action.stageName() + "' failed";
        if (action.output() == null || action.output().executionResult() == null) {
            return name;
        }
        var result = action.output().executionResult();
        String why = result.errorDetails() == null
                ? result.externalExecutionSummary()
                : result.errorDetails().message();
        return why == null || why.isBlank() ? name : name + ": " + why;
    }

    /** Gives the manual approval that an execution waits for, if it is the one that is given by us. */
    void approve(String id, String summary) {
        Optional<String> wanted = binding.approval();
        if (wanted.isEmpty()) {
            return;
        }
        var state = service.call(
                "look at its stages", () -> client.get().getPipelineState(request -> request.name(binding.pipeline())));
        for (StageState stage : state.stageStates()) {
            boolean here = stage.latestExecution() != null
                    && stage.latestExecution().pipelineExecutionId().equals(id);
            if (here) {
                stage.actionStates().stream()
                        .filter(action -> wanted.get().equals(action.actionName()))
                        .forEach(action -> approve(stage.stageName(), action, summary));
            }
        }
    }

    private void approve(String stage, ActionState action, String summary) {
        var waits = action.latestExecution();
        if (waits == null || waits.status() != ActionExecutionStatus.IN_PROGRESS || waits.token() == null) {
            return;
        }
        try {
            client.get()
                    .putApprovalResult(request -> request.pipelineName(binding.pipeline())
                            .stageName(stage)
                            .actionName(action.actionName())
                            .token(waits.token())
                            .result(result ->
                                    result.status(ApprovalStatus.APPROVED).summary(summary)));
        } catch (ApprovalAlreadyCompletedException | InvalidApprovalTokenException e) {
            // Somebody has decided meanwhile.
        } catch (SdkException e) {
            throw service.failure("give approval " + action.actionName(), e);
        }
    }
}
