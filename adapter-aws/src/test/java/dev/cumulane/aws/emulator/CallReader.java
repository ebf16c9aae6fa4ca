// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.emulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cumulane.aws.fake.WireRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads from a request on the wire which action on which resource IAM would be asked about. It knows the calls that the adapter makes, and refuses others.
 *
 * <p>Who calls stands in the scope of the signature; so does the service. Names of actions and resources are those of the service authorization reference.
 */
public final class CallReader {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern SCOPE = Pattern.compile("([^/ =]+)/[0-9]{8}/[^/]+/([^/]+)/aws4_request");
    private static final Pattern FUNCTION = Pattern.compile("/2015-03-31/functions/([^/]+)/([^/]+)(/[^/]+)?/?");
    private static final Pattern ALARM = Pattern.compile("AlarmNames\\.member\\.[0-9]+=([^&]+)");
    private static final Pattern QUERY_ACTION = Pattern.compile("(?:^|&)Action=([A-Za-z]+)");
    private static final int NOT_FOUND = 404;

    private CallReader() {}

    /** Which key signed a request, and for which service. */
    private record Scope(String key, String service) {}

    /**
     * The calls that a request is.
     *
     * @param request the request
     * @param status what it was answered
     * @return one for each resource; none if it is not signed
     * @throws IllegalArgumentException if it is a call that no function makes
     */
    public static List<RecordedCall> read(WireRequest request, int status) {
        return scope(request)
                .map(scope -> switch (scope.service()) {
                    case "s3" -> s3(scope.key(), request, status);
                    case "lambda" -> List.of(lambda(scope.key(), request));
                    case "scheduler" -> scheduler(scope.key(), request);
                    case "monitoring" -> alarms(scope.key(), request);
                    case "sts" -> List.of(call(scope.key(), "sts:" + queryAction(request), "*"));
                    default -> targeted(scope, request);
                })
                .orElse(List.of());
    }

    private static Optional<Scope> scope(WireRequest request) {
        String text = request.header("authorization")
                .orElse(request.query().getOrDefault("X-Amz-Credential", "").replace("%2F", "/"));
        Matcher matcher = SCOPE.matcher(text);
        return matcher.find() ? Optional.of(new Scope(matcher.group(1), matcher.group(2))) : Optional.empty();
    }

    private static List<RecordedCall> targeted(Scope scope, WireRequest request) {
        String target = request.header("x-amz-target").orElse("");
        String operation = target.substring(target.indexOf('.') + 1);
        JsonNode body = json(request);
        String action = scope.service() + ":" + operation;
        List<RecordedCall> calls = new ArrayList<>();
        for (String resource : resources(scope.service(), body)) {
            calls.add(call(scope.key(), action.replaceFirst("^(sqs:.*)Batch$", "$1"), resource));
        }
        String role = body.path("serviceRoleOverride").asText();
        if (!role.isEmpty()) {
            calls.add(passing(scope.key(), role, "codebuild.amazonaws.com"));
        }
        return calls;
    }

    private static Set<String> resources(String service, JsonNode body) {
        Set<String> resources = new LinkedHashSet<>();
        switch (service) {
            case "dynamodb" -> tables(body, resources);
            case "sqs" -> {
                String queue =
                        body.path("QueueUrl").asText(body.path("QueueName").asText());
                resources.add(arn(service, queue.substring(queue.lastIndexOf('/') + 1)));
            }
            // Secrets Manager adds a hyphen and six characters of its own.
            case "secretsmanager" ->
                resources.add(arn(service, "secret:" + body.path("SecretId").asText() + "-Ab1Cd2"));
            case "ssm" ->
                resources.add(arn(service, "parameter" + body.path("Name").asText()));
            case "codebuild" -> projects(body, resources);
            case "events" ->
                body.path("Entries")
                        .forEach(entry -> resources.add(arn(
                                service,
                                "event-bus/" + entry.path("EventBusName").asText())));
            case "logs" ->
                resources.add(arn(
                        service,
                        "log-group:" + body.path("logGroupName").asText() + ":log-stream:"
                                + body.path("logStreamName").asText()));
            default -> throw new IllegalArgumentException("no function calls the service " + service);
        }
        return resources;
    }

    private static void tables(JsonNode body, Set<String> resources) {
        body.path("RequestItems")
                .fieldNames()
                .forEachRemaining(table -> resources.add(arn("dynamodb", "table/" + table)));
        if (body.has("TableName")) {
            String index = body.path("IndexName").asText();
            resources.add(arn(
                    "dynamodb",
                    "table/" + body.path("TableName").asText() + (index.isEmpty() ? "" : "/index/" + index)));
        }
    }

    private static void projects(JsonNode body, Set<String> resources) {
        List<String> projects = new ArrayList<>();
        body.path("ids").forEach(id -> projects.add(id.asText()));
        projects.add(body.path("id").asText());
        projects.add(body.path("projectName").asText());
        for (String project : projects) {
            if (!project.isEmpty()) {
                resources.add(arn("codebuild", "project/" + project.replaceFirst(":.*", "")));
            }
        }
    }

    private static List<RecordedCall> s3(String key, WireRequest request, int status) {
        String path = URLDecoder.decode(request.path(), StandardCharsets.UTF_8).substring(1);
        int slash = path.indexOf('/');
        String bucket = "arn:aws:s3:::" + (slash < 0 ? path : path.substring(0, slash));
        if (slash < 0 || slash == path.length() - 1) {
            return List.of(call(key, "s3:ListBucket", bucket));
        }
        String object = "arn:aws:s3:::" + path;
        switch (request.method()) {
            case "GET", "HEAD" -> {
                List<RecordedCall> calls = new ArrayList<>(List.of(call(key, "s3:GetObject", object)));
                if (status == NOT_FOUND) {
                    // Without it the answer were 403.
                    calls.add(call(key, "s3:ListBucket", bucket));
                }
                return calls;
            }
            case "DELETE" -> {
                return List.of(call(
                        key,
                        request.query().containsKey("uploadId") ? "s3:AbortMultipartUpload" : "s3:DeleteObject",
                        object));
            }
            default -> {
                Map<String, String> context = new TreeMap<>();
                request.header("if-none-match").ifPresent(condition -> context.put("s3:if-none-match", condition));
                // What begins a multipart upload, or brings a part, creates nothing yet.
                boolean creates = !request.query().containsKey("uploads")
                        && !request.query().containsKey("partNumber");
                context.put("s3:ObjectCreationOperation", String.valueOf(creates));
                return List.of(RecordedCall.of(key, "s3:PutObject", object, context));
            }
        }
    }

    private static RecordedCall lambda(String key, WireRequest request) {
        Matcher path = FUNCTION.matcher(URLDecoder.decode(request.path(), StandardCharsets.UTF_8));
        if (!path.matches()) {
            throw new IllegalArgumentException("no function calls " + request);
        }
        String what = request.method() + " " + path.group(2) + (path.group(3) == null ? "" : "/");
        String action = switch (what) {
            case "POST invocations" -> "InvokeFunction";
            case "GET configuration" -> "GetFunctionConfiguration";
            case "PUT code" -> "UpdateFunctionCode";
            case "POST versions" -> "PublishVersion";
            case "POST aliases" -> "CreateAlias";
            case "GET aliases/" -> "GetAlias";
            case "PUT aliases/" -> "UpdateAlias";
            case "DELETE aliases/" -> "DeleteAlias";
            default -> throw new IllegalArgumentException("no function calls " + request);
        };
        String qualifier = request.query().getOrDefault("Qualifier", "");
        return call(
                key,
                "lambda:" + action,
                arn("lambda", "function:" + path.group(1) + (qualifier.isEmpty() ? "" : ":" + qualifier)));
    }

    private static List<RecordedCall> scheduler(String key, WireRequest request) {
        JsonNode body = json(request);
        String schedule = body.path("GroupName").asText() + request.path().substring("/schedules".length());
        return List.of(
                call(key, "scheduler:CreateSchedule", arn("scheduler", "schedule/" + schedule)),
                passing(key, body.path("Target").path("RoleArn").asText(), "scheduler.amazonaws.com"));
    }

    private static List<RecordedCall> alarms(String key, WireRequest request) {
        Matcher names = ALARM.matcher(URLDecoder.decode(text(request), StandardCharsets.UTF_8));
        List<RecordedCall> calls = new ArrayList<>();
        while (names.find()) {
            calls.add(call(key, "cloudwatch:" + queryAction(request), arn("cloudwatch", "alarm:" + names.group(1))));
        }
        return calls;
    }

    private static String queryAction(WireRequest request) {
        Matcher action = QUERY_ACTION.matcher(text(request));
        if (!action.find()) {
            throw new IllegalArgumentException("not of the query protocol: " + request);
        }
        return action.group(1);
    }

    private static RecordedCall passing(String key, String role, String service) {
        return RecordedCall.of(key, "iam:PassRole", role, Map.of("iam:PassedToService", service));
    }

    private static RecordedCall call(String key, String action, String resource) {
        return RecordedCall.of(key, action, resource, Map.of());
    }

    private static String arn(String service, String resource) {
        return "arn:aws:" + service + ":" + Emulators.REGION.id() + ":" + Emulators.ACCOUNT + ":" + resource;
    }

    private static String text(WireRequest request) {
        return new String(request.body(), StandardCharsets.UTF_8);
    }

    private static JsonNode json(WireRequest request) {
        try {
            return JSON.readTree(request.body());
        } catch (IOException e) {
            throw new UncheckedIOException("not JSON: " + request, e);
        }
    }
}
