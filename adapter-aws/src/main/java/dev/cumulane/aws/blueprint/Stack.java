// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.blueprint;

import dev.cumulane.aws.client.AwsClients;
import dev.cumulane.aws.client.AwsService;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.Pace;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.AlreadyExistsException;
import software.amazon.awssdk.services.cloudformation.model.Capability;
import software.amazon.awssdk.services.cloudformation.model.CloudFormationException;
import software.amazon.awssdk.services.cloudformation.model.Parameter;
import software.amazon.awssdk.services.cloudformation.model.StackEvent;
import software.amazon.awssdk.services.cloudformation.model.StackResourceSummary;
import software.amazon.awssdk.services.cloudformation.model.Tag;
import software.amazon.awssdk.services.cloudformation.model.TemplateStage;

/** One stack of CloudFormation: what is in it, and how it is changed. Changing calls return when CloudFormation has begun; {@link #settled} waits. */
final class Stack {
    /** By which a stack is known to be ours. */
    static final String TAG = "cumulane:namespace";

    private static final String SERVICE = "CloudFormation";
    private static final String REFUSED = "ValidationError";

    private final AwsClients clients;
    private final String name;
    private final AwsService service;
    private final Pace pace;

    /** The stack as it is: its id, its status, why, its outputs and parameters, and whether we made it. */
    record State(
            String id,
            String status,
            String reason,
            Map<String, String> outputs,
            Map<String, String> parameters,
            boolean isOurs) {
        boolean isChanging() {
            return status.endsWith("_IN_PROGRESS") && !status.equals("REVIEW_IN_PROGRESS");
        }

        /** Whether it never came to be, so that it can only be deleted. */
        boolean isStillborn() {
            return List.of("ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED", "REVIEW_IN_PROGRESS")
                    .contains(status);
        }

        boolean isWhole() {
            return List.of("CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "IMPORT_COMPLETE")
                    .contains(status);
        }

        boolean isGone() {
            return status.equals("DELETE_COMPLETE");
        }
    }

    Stack(AwsClients clients, String name, Pace pace) {
        this.clients = clients;
        this.name = name;
        this.pace = pace;
        this.service = new AwsService(
                SERVICE,
                "stack " + name + " in " + clients.connection().region().id());
    }

    String description() {
        return service.resource();
    }

    /** The stack of this name, or of this id, under which one that is deleted is still found. */
    Optional<State> state(String nameOrId) {
        return service.call("look at it", () -> {
            try {
                return client().describeStacks(request -> request.stackName(nameOrId)).stacks().stream()
                        .map(Stack::state)
                        .findFirst();
            } catch (CloudFormationException e) {
                if (AwsService.code(e).equals(REFUSED)
                        && String.valueOf(e.getMessage()).contains("does not exist")) {
                    return Optional.empty();
                }
                throw e;
            }
        });
    }

    Optional<State> state() {
        return state(name).filter(found -> !found.isGone());
    }

    private static State state(software.amazon.awssdk.services.cloudformation.model.Stack stack) {
        Map<String, String> outputs = new TreeMap<>();
        stack.outputs().forEach(each -> outputs.put(each.outputKey(), each.outputValue()));
        Map<String, String> parameters = new TreeMap<>();
        stack.parameters().forEach(each -> parameters.put(each.parameterKey(), each.parameterValue()));
        return new State(
                stack.stackId(),
                stack.stackStatusAsString(),
                Optional.ofNullable(stack.stackStatusReason()).orElse(""),
                outputs,
                parameters,
                stack.tags().stream().anyMatch(tag -> tag.key().equals(TAG)));
    }

    /** The template as it was sent. */
    Deployed template() {
        return Deployed.parse(service.call(
                "read its template",
                () -> client().getTemplate(request -> request.stackName(name).templateStage(TemplateStage.ORIGINAL))
                        .templateBody()));
    }

    /** What is in it. */
    List<StackResourceSummary> resources() {
        return service.call(
                "list its resources",
                () ->
                        client()
                                .listStackResourcesPaginator(request -> request.stackName(name))
                                .stackResourceSummaries()
                                .stream()
                                .filter(each -> !each.resourceStatusAsString().equals("DELETE_COMPLETE"))
                                .toList());
    }

    void create(String templateUrl, Map<String, String> parameters) {
        String token = UUID.randomUUID().toString();
        service.call("create it", () -> {
            try {
                return client().createStack(request -> request.stackName(name)
                                .templateURL(templateUrl)
                                .parameters(parameters(parameters))
                                .capabilities(Capability.CAPABILITY_NAMED_IAM)
                                .tags(Tag.builder().key(TAG).value(name).build())
                                .clientRequestToken(token))
                        .stackId();
            } catch (AlreadyExistsException e) {
                // The answer to the call before this one was lost, or somebody else was faster; it is followed either
                // way.
                return name;
            }
        });
    }

    /** Begins to change it; false if there is nothing to change. */
    boolean update(String templateUrl, Map<String, String> parameters) {
        String token = UUID.randomUUID().toString();
        return service.call("change it", () -> {
            try {
                client().updateStack(request -> request.stackName(name)
                        .templateURL(templateUrl)
                        .parameters(parameters(parameters))
                        .capabilities(Capability.CAPABILITY_NAMED_IAM)
                        .tags(Tag.builder().key(TAG).value(name).build())
                        .clientRequestToken(token));
                return true;
            } catch (CloudFormationException e) {
                if (AwsService.code(e).equals(REFUSED)
                        && String.valueOf(e.getMessage()).contains("No updates are to be performed")) {
                    return false;
                }
                throw e;
            }
        });
    }

    void delete() {
        String token = UUID.randomUUID().toString();
        service.call(
                "delete it",
                () -> client().deleteStack(request -> request.stackName(name).clientRequestToken(token)));
    }

    /**
     * Waits until nothing changes any more, telling what happens to its resources.
     *
     * @param id the stack's id
     * @param seen the newest event before the change
     * @param progress takes lines
     * @return how it is then
     * @throws CloudException if it takes longer than an hour, or the service does not answer
     */
    State settled(String id, Optional<String> seen, Consumer<String> progress) {
        Optional<String> newest = seen;
        for (Pace.Waiting waiting = pace.begin(SERVICE, description()); ; waiting.pause()) {
            Optional<State> now = waiting.patiently(() -> state(id));
            newest = waiting.patiently(told(id, newest, progress));
            if (now.isEmpty() || !now.get().isChanging()) {
                return now.orElse(new State(id, "DELETE_COMPLETE", "", Map.of(), Map.of(), true));
            }
        }
    }

    private Supplier<Optional<String>> told(String id, Optional<String> newest, Consumer<String> progress) {
        return () -> {
            List<StackEvent> events = eventsAfter(id, newest);
            events.stream().map(Stack::line).flatMap(Optional::stream).forEach(progress);
            return events.isEmpty()
                    ? newest
                    : Optional.of(events.get(events.size() - 1).eventId());
        };
    }

    /** The newest event's id. */
    Optional<String> newestEvent(String id) {
        return service.call(
                "read its events",
                () -> client().describeStackEvents(request -> request.stackName(id)).stackEvents().stream()
                        .findFirst()
                        .map(StackEvent::eventId));
    }

    /** Events that came after one, oldest first. The service tells the newest first. */
    List<StackEvent> eventsAfter(String id, Optional<String> seen) {
        List<StackEvent> after = new ArrayList<>();
        service.call("read its events", () -> {
            after.clear();
            for (StackEvent event : client().describeStackEventsPaginator(request -> request.stackName(id))
                    .stackEvents()) {
                if (seen.equals(Optional.of(event.eventId()))) {
                    break;
                }
                after.add(0, event);
            }
            return after;
        });
        return after;
    }

    private static Optional<String> line(StackEvent event) {
        String status = event.resourceStatusAsString();
        boolean isItself =
                event.physicalResourceId() != null && event.physicalResourceId().equals(event.stackId());
        if (isItself || status.endsWith("_IN_PROGRESS") && !status.contains("ROLLBACK")) {
            return Optional.empty();
        }
        String name = Optional.ofNullable(event.physicalResourceId())
                .filter(each -> !each.isEmpty())
                .orElse(event.logicalResourceId());
        String why = status.endsWith("_FAILED") && event.resourceStatusReason() != null
                ? ": " + event.resourceStatusReason()
                : "";
        return Optional.of(Differences.kind(event.resourceType()) + " " + name + " " + words(status) + why);
    }

    private static String words(String status) {
        return switch (status) {
            case "CREATE_COMPLETE" -> "is created";
            case "UPDATE_COMPLETE" -> "is changed";
            case "DELETE_COMPLETE" -> "is deleted";
            case "DELETE_SKIPPED" -> "is kept";
            case "CREATE_FAILED" -> "could not be created";
            case "UPDATE_FAILED" -> "could not be changed";
            case "DELETE_FAILED" -> "could not be deleted";
            default -> status.toLowerCase(Locale.ROOT).replace('_', ' ');
        };
    }

    /** Why something failed after an event: what failed first of its own accord. */
    String failure(String id, Optional<String> seen, State end) {
        return eventsAfter(id, seen).stream()
                .filter(event -> event.resourceStatusAsString().endsWith("_FAILED"))
                .filter(event -> !String.valueOf(event.resourceStatusReason()).contains("cancelled"))
                .findFirst()
                .flatMap(Stack::line)
                .orElse(end.reason().isEmpty() ? end.status() : end.reason());
    }

    private static List<Parameter> parameters(Map<String, String> values) {
        List<Parameter> parameters = new ArrayList<>();
        new TreeMap<>(values)
                .forEach((key, value) -> parameters.add(Parameter.builder()
                        .parameterKey(key)
                        .parameterValue(value)
                        .build()));
        return parameters;
    }

    private CloudFormationClient client() {
        return clients.cloudFormation();
    }
}
