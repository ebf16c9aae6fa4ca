// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.fake;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * CloudFormation as far as one stack needs it: creations, changes and deletions that take some looks, events, failures that are rolled back, and what is refused in which status. It makes no
 * resources.
 */
public final class FakeCloudFormation extends FakeService {
    private static final String ACCOUNT = "123456789012";
    private static final String NAMESPACE = "http://cloudformation.amazonaws.com/doc/2010-05-15/";
    private static final String INGRESS = "https://k3v9.lambda-url.eu-west-1.on.aws/";
    private static final String WHEN = "2026-11-23T12:00:00.000Z";
    private static final int LOOKS = 2;
    private static final int PAGE = 20;

    private final Function<String, byte[]> templates;
    private final Map<String, Stack> stacks = new LinkedHashMap<>();
    private final SortedMap<String, ObjectNode> tokens = new TreeMap<>();
    private Optional<Failure> failure = Optional.empty();
    private boolean denied;
    private int numbers;

    private record Failure(String logicalId, String reason) {}

    /** One stack; a deleted one is found by its id alone. */
    private static final class Stack {
        private final String name;
        private final String id;
        private String status = "";
        private String reason = "";
        private String template = "";
        private int looks;
        private Runnable end = () -> {};
        private final SortedMap<String, String> parameters = new TreeMap<>();
        private final SortedMap<String, String> tags = new TreeMap<>();
        private final SortedMap<String, JsonNode> resources = new TreeMap<>();
        private final List<ObjectNode> events = new ArrayList<>();

        Stack(String name, String id) {
            this.name = name;
            this.id = id;
        }
    }

    /**
     * Starts the service.
     *
     * @param templates reads a template by its URL
     */
    public FakeCloudFormation(Function<String, byte[]> templates) {
        super(ServiceModel.ofBotocore("cloudformation"));
        this.templates = templates;
    }

    /**
     * Lets the next change fail at a resource.
     *
     * @param logicalId the resource
     * @param reason why
     */
    public synchronized void fail(String logicalId, String reason) {
        failure = Optional.of(new Failure(logicalId, reason));
    }

    /** Refuses everything from now on, as to somebody without rights. */
    public synchronized void deny() {
        denied = true;
    }

    /**
     * Puts a stack into a status that it does not leave by itself.
     *
     * @param name the stack
     * @param status its status
     */
    public synchronized void setStatus(String name, String status) {
        Stack stack = stacks.computeIfAbsent(name, this::newStack);
        stack.tags.put("cumulane:namespace", name);
        stack.status = status;
    }

    /**
     * Makes a stack that somebody else has made.
     *
     * @param name its name
     */
    public synchronized void foreign(String name) {
        Stack stack = stacks.computeIfAbsent(name, this::newStack);
        stack.status = "CREATE_COMPLETE";
        stack.template = "{\"Resources\": {}}";
    }

    /**
     * What is in a stack.
     *
     * @param name the stack
     * @return the logical ids; none if there is no stack
     */
    public synchronized List<String> resources(String name) {
        return stacks.containsKey(name) ? List.copyOf(stacks.get(name).resources.keySet()) : List.of();
    }

    private Stack newStack(String name) {
        return new Stack(name, "arn:aws:cloudformation:eu-west-1:" + ACCOUNT + ":stack/" + name + "/" + ++numbers);
    }

    @Override
    protected WireAnswer throttled() {
        return error(400, "Throttling", "Rate exceeded");
    }

    @Override
    protected WireAnswer error(int status, String type, String message) {
        ObjectNode error = object().put("Type", "Sender").put("Code", type).put("Message", message);
        return xml(status, "ErrorResponse", object().set("Error", error));
    }

    @Override
    protected synchronized WireAnswer handle(WireRequest request) {
        SortedMap<String, String> form = QueryBinding.form(request);
        String action = QueryBinding.action(request);
        if (denied) {
            throw new Refused(
                    403,
                    "AccessDenied",
                    "User: arn:aws:iam::123456789012:user/ada is not authorized to perform: cloudformation:" + action);
        }
        Optional<ObjectNode> repeated = Optional.ofNullable(tokens.get(form.getOrDefault("ClientRequestToken", "")));
        ObjectNode result = repeated.orElseGet(() -> handle(action, form));
        if (form.containsKey("ClientRequestToken")) {
            tokens.put(form.get("ClientRequestToken"), result);
        }
        ObjectNode answer = object();
        if (!action.equals("DeleteStack")) {
            answer.set(action + "Result", result);
        }
        answer.set("ResponseMetadata", object().put("RequestId", "r-" + ++numbers));
        return xml(200, action + "Response", answer);
    }

    private ObjectNode handle(String action, SortedMap<String, String> form) {
        return switch (action) {
            case "CreateStack" -> create(form);
            case "UpdateStack" -> update(form);
            case "DeleteStack" -> delete(form);
            case "DescribeStacks" -> describe(existing(form));
            case "DescribeStackEvents" -> events(existing(form), form);
            case "ListStackResources" -> resources(existing(form));
            case "GetTemplate" -> object().put("TemplateBody", existing(form).template);
            default -> throw new Refused(400, "InvalidAction", "this fake has no " + action);
        };
    }

    private Stack existing(SortedMap<String, String> form) {
        String name = form.getOrDefault("StackName", "");
        return stacks.values().stream()
                .filter(each ->
                        each.id.equals(name) || each.name.equals(name) && !each.status.equals("DELETE_COMPLETE"))
                .findFirst()
                .orElseThrow(() -> new Refused(400, "ValidationError", "Stack with id " + name + " does not exist"));
    }

    private ObjectNode create(SortedMap<String, String> form) {
        String name = form.getOrDefault("StackName", "");
        Stack before = stacks.get(name);
        if (before != null && !before.status.equals("DELETE_COMPLETE")) {
            throw new Refused(400, "AlreadyExistsException", "Stack [" + name + "] already exists");
        }
        Stack stack = newStack(name);
        String template = template(form);
        if (before != null) {
            stacks.put(before.id, before);
        }
        stacks.put(name, stack);
        begin(stack, "CREATE", template, form);
        return object().put("StackId", stack.id);
    }

    private ObjectNode update(SortedMap<String, String> form) {
        Stack stack = existing(form);
        if (!List.of("CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE")
                .contains(stack.status)) {
            throw new Refused(
                    400,
                    "ValidationError",
                    "Stack:" + stack.id + " is in " + stack.status + " state and can not be updated.");
        }
        String template = template(form);
        if (template.equals(stack.template)
                && numbered(form, "Parameters", "ParameterKey", "ParameterValue")
                        .equals(stack.parameters)) {
            throw new Refused(400, "ValidationError", "No updates are to be performed.");
        }
        begin(stack, "UPDATE", template, form);
        return object().put("StackId", stack.id);
    }

    private String template(SortedMap<String, String> form) {
        String text = new String(templates.apply(form.getOrDefault("TemplateURL", "")), UTF_8);
        JsonNode template = parsed(text);
        if (template.toString().contains("\"RoleName\"") && !form.containsValue("CAPABILITY_NAMED_IAM")) {
            throw new Refused(
                    400, "InsufficientCapabilitiesException", "Requires capabilities : [CAPABILITY_NAMED_IAM]");
        }
        SortedMap<String, String> given = numbered(form, "Parameters", "ParameterKey", "ParameterValue");
        template.path("Parameters").fieldNames().forEachRemaining(name -> {
            if (!given.containsKey(name)) {
                throw new Refused(400, "ValidationError", "Parameters: [" + name + "] must have values");
            }
        });
        return text;
    }

    private void begin(Stack stack, String kind, String template, SortedMap<String, String> form) {
        JsonNode wanted = parsed(template).path("Resources");
        Optional<Failure> failing = failure.filter(each -> wanted.has(each.logicalId()));
        failure = Optional.empty();
        stack.status = kind + "_IN_PROGRESS";
        stack.looks = LOOKS;
        stack.tags.putAll(numbered(form, "Tags", "Key", "Value"));
        event(stack, stack.name, stack.id, "AWS::CloudFormation::Stack", stack.status, "User Initiated");
        stack.end = () -> {
            if (failing.isPresent()) {
                failed(stack, kind, wanted, failing.get());
                return;
            }
            wanted.properties().stream()
                    .filter(each -> !each.getValue().equals(stack.resources.get(each.getKey())))
                    .forEach(each -> event(stack, each.getKey(), each.getValue(), kind + "_COMPLETE", ""));
            stack.resources.clear();
            wanted.properties().forEach(each -> stack.resources.put(each.getKey(), each.getValue()));
            stack.template = template;
            stack.parameters.clear();
            stack.parameters.putAll(numbered(form, "Parameters", "ParameterKey", "ParameterValue"));
            end(stack, kind + "_COMPLETE");
        };
    }

    private void failed(Stack stack, String kind, JsonNode wanted, Failure failing) {
        JsonNode resource = wanted.path(failing.logicalId());
        event(stack, failing.logicalId(), resource, kind + "_FAILED", failing.reason());
        event(stack, "Other", resource, kind + "_FAILED", "Resource creation cancelled");
        if (kind.equals("CREATE")) {
            stack.reason = "The following resource(s) failed to create: [" + failing.logicalId() + "].";
            end(stack, "ROLLBACK_COMPLETE");
        } else {
            end(stack, "UPDATE_ROLLBACK_COMPLETE");
        }
    }

    private ObjectNode delete(SortedMap<String, String> form) {
        String name = form.getOrDefault("StackName", "");
        Stack stack = stacks.get(name);
        if (stack != null && !stack.status.equals("DELETE_COMPLETE")) {
            stack.status = "DELETE_IN_PROGRESS";
            stack.looks = LOOKS;
            Optional<Failure> failing = failure;
            failure = Optional.empty();
            stack.end = () -> {
                if (failing.isPresent()) {
                    String id = failing.get().logicalId();
                    event(
                            stack,
                            id,
                            stack.resources.get(id),
                            "DELETE_FAILED",
                            failing.get().reason());
                    end(stack, "DELETE_FAILED");
                    return;
                }
                stack.resources.forEach((id, resource) -> event(
                        stack,
                        id,
                        resource,
                        resource.has("DeletionPolicy") ? "DELETE_SKIPPED" : "DELETE_COMPLETE",
                        ""));
                stack.resources.clear();
                end(stack, "DELETE_COMPLETE");
            };
        }
        return object();
    }

    private void end(Stack stack, String status) {
        stack.status = status;
        event(stack, stack.name, stack.id, "AWS::CloudFormation::Stack", status, "");
    }

    private void event(Stack stack, String logicalId, JsonNode resource, String status, String reason) {
        event(
                stack,
                logicalId,
                physicalId(logicalId, resource),
                resource.path("Type").asText(),
                status,
                reason);
    }

    private void event(Stack stack, String logicalId, String physicalId, String type, String status, String reason) {
        stack.events.add(
                0,
                object().put("StackId", stack.id)
                        .put("EventId", "e-" + ++numbers)
                        .put("StackName", stack.name)
                        .put("LogicalResourceId", logicalId)
                        .put("PhysicalResourceId", physicalId)
                        .put("ResourceType", type)
                        .put("Timestamp", WHEN)
                        .put("ResourceStatus", status)
                        .put("ResourceStatusReason", reason));
    }

    private static String physicalId(String logicalId, JsonNode resource) {
        for (String name : List.of("RoleName", "FunctionName", "QueueName", "TableName", "BucketName", "Name")) {
            JsonNode value = resource.path("Properties").path(name);
            String text = value.has("Fn::Sub") ? value.path("Fn::Sub").asText() : value.asText();
            if (!text.isEmpty()) {
                return text.replace("${AWS::AccountId}", ACCOUNT).replace("${AWS::Region}", "eu-west-1");
            }
        }
        return logicalId;
    }

    private ObjectNode describe(Stack stack) {
        if (stack.status.endsWith("_IN_PROGRESS") && --stack.looks <= 0) {
            stack.end.run();
        }
        ObjectNode described = object().put("StackId", stack.id)
                .put("StackName", stack.name)
                .put("CreationTime", WHEN)
                .put("StackStatus", stack.status);
        if (!stack.reason.isEmpty()) {
            described.put("StackStatusReason", stack.reason);
        }
        pairs(described.putArray("Parameters"), stack.parameters, "ParameterKey", "ParameterValue");
        pairs(described.putArray("Tags"), stack.tags, "Key", "Value");
        SortedMap<String, String> outputs = new TreeMap<>();
        if (parsed(stack.template).path("Outputs").has("Ingress")) {
            outputs.put("Ingress", INGRESS);
        }
        pairs(described.putArray("Outputs"), outputs, "OutputKey", "OutputValue");
        ObjectNode result = object();
        result.putArray("Stacks").add(described);
        return result;
    }

    private static void pairs(ArrayNode array, SortedMap<String, String> values, String key, String value) {
        values.forEach((name, text) -> array.addObject().put(key, name).put(value, text));
    }

    private static ObjectNode events(Stack stack, SortedMap<String, String> form) {
        int from = Integer.parseInt(form.getOrDefault("NextToken", "0"));
        ObjectNode result = object();
        ArrayNode events = result.putArray("StackEvents");
        stack.events.stream().skip(from).limit(PAGE).forEach(events::add);
        if (stack.events.size() > from + PAGE) {
            result.put("NextToken", String.valueOf(from + PAGE));
        }
        return result;
    }

    private static ObjectNode resources(Stack stack) {
        ObjectNode result = object();
        ArrayNode summaries = result.putArray("StackResourceSummaries");
        stack.resources.forEach((id, resource) -> summaries
                .addObject()
                .put("LogicalResourceId", id)
                .put("PhysicalResourceId", physicalId(id, resource))
                .put("ResourceType", resource.path("Type").asText())
                .put("LastUpdatedTimestamp", WHEN)
                .put("ResourceStatus", "CREATE_COMPLETE"));
        return result;
    }

    private static SortedMap<String, String> numbered(
            SortedMap<String, String> form, String list, String key, String value) {
        SortedMap<String, String> pairs = new TreeMap<>();
        for (int i = 1; form.containsKey(list + ".member." + i + "." + key); i++) {
            pairs.put(form.get(list + ".member." + i + "." + key), form.get(list + ".member." + i + "." + value));
        }
        return pairs;
    }

    private static JsonNode parsed(String template) {
        try {
            return template.isEmpty() ? object() : JSON.readTree(template);
        } catch (IOException e) {
            throw new Refused(400, "ValidationError", "Template format error: JSON not well-formed.");
        }
    }

    private static WireAnswer xml(int status, String root, JsonNode body) {
        StringBuilder xml = new StringBuilder("<" + root + " xmlns=\"" + NAMESPACE + "\">");
        append(xml, body);
        return new WireAnswer(
                status, new TreeMap<>(Map.of("content-type", "text/xml")), (xml + "</" + root + ">").getBytes(UTF_8));
    }

    private static void append(StringBuilder xml, JsonNode value) {
        if (value.isArray()) {
            value.forEach(each -> element(xml, "member", each));
        } else if (value.isObject()) {
            value.properties().forEach(each -> element(xml, each.getKey(), each.getValue()));
        } else {
            xml.append(value.asText().replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"));
        }
    }

    private static void element(StringBuilder xml, String name, JsonNode value) {
        xml.append('<').append(name).append('>');
        append(xml, value);
        xml.append("</").append(name).append('>');
    }
}
