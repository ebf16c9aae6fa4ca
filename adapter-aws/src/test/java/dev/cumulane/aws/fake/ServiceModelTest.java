// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.fake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.contracts.PublishedContracts;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The checker lets good requests and answers through, and refuses wrong ones by what is wrong. */
@Tag("contracts")
class ServiceModelTest {
    private static final String ALIAS = "/2015-03-31/functions/shop-api/aliases/live";

    private static ServiceModel model(String service) throws IOException {
        return ServiceModel.read(PublishedContracts.file("aws/" + service + ".json"));
    }

    private static WireRequest request(String service, String line, String body, String... headers) {
        Map<String, String> all = new TreeMap<>();
        all.put("authorization", "AWS4-HMAC-SHA256 Credential=AKID/20261123/eu-west-1/" + service + "/aws4_request, …");
        for (int i = 0; i < headers.length; i += 2) {
            all.put(headers[i], headers[i + 1]);
        }
        String[] parts = line.split(" ");
        return WireRequest.of(parts[0], parts[1], all, body.getBytes(UTF_8));
    }

    private static WireRequest build(String operation, String body) {
        return request(
                "codebuild",
                "POST /",
                body,
                "X-Amz-Target",
                "CodeBuild_20161006." + operation,
                "Content-Type",
                "application/x-amz-json-1.1");
    }

    static Stream<Arguments> right() {
        return Stream.of(
                Arguments.of("codebuild", build("StartBuild", """
                        {"projectName": "shop", "idempotencyToken": "t", "timeoutInMinutesOverride": 20, "imageOverride": "maven:3.9",
                         "environmentVariablesOverride": [{"name": "A", "value": "", "type": "PLAINTEXT"}]}""")),
                Arguments.of("codebuild", build("BatchGetBuilds", "{\"ids\": [\"shop:1\"]}")),
                Arguments.of("codepipeline", release("StartPipelineExecution", """
                        {"name": "shop-release", "clientRequestToken": "t-1", "sourceRevisions": [
                         {"actionName": "Source", "revisionType": "S3_OBJECT_VERSION_ID", "revisionValue": "v1"}]}""")),
                Arguments.of("lambda", request("lambda", "GET " + ALIAS, "")),
                Arguments.of("lambda", request("lambda", "PUT " + ALIAS, """
                        {"FunctionVersion": "2", "RevisionId": "r", "RoutingConfig": {"AdditionalVersionWeights": {"3": 0.1}}}""")),
                Arguments.of("lambda", request("lambda", "GET /2015-03-31/functions/shop/versions?MaxItems=50", "")),
                Arguments.of(
                        "lambda",
                        request(
                                "lambda",
                                "POST /2015-03-31/functions/shop%3A7/invocations",
                                "any bytes",
                                "X-Amz-Invocation-Type",
                                "Event")),
                Arguments.of("scheduler", request("scheduler", "POST /schedules/wake-1", """
                        {"ScheduleExpression": "at(2026-11-23T10:00:00)", "FlexibleTimeWindow": {"Mode": "OFF"}, "ClientToken": "t",
                         "Target": {"Arn": "arn:aws:sqs:eu-west-1:1:q", "RoleArn": "arn:aws:iam::123456789012:role/wake"}}""")));
    }

    @ParameterizedTest
    @MethodSource("right")
    void a_right_request_is_let_through(String service, WireRequest request) throws Exception {
        assertThat(model(service).request(request)).isEmpty();
    }

    static Stream<Arguments> wrongOfCodeBuild() {
        String project = "\"projectName\": \"shop\"";
        return Stream.of(
                Arguments.of(build("StartBuild", "{}"), "StartBuild.projectName: is missing"),
                Arguments.of(build("StartBuild", "{\"projectName\": 7}"), "StartBuild.projectName: is no text"),
                Arguments.of(build("StartBuild", "{\"projectName\": \"\"}"), "has a length of 0"),
                Arguments.of(
                        build("StartBuild", "{" + project + ", \"token\": \"t\"}"), "StartBuild.token: is unknown"),
                Arguments.of(
                        build("StartBuild", "{" + project + ", \"timeoutInMinutesOverride\": 4}"),
                        "is 4, not 5 to 2160"),
                Arguments.of(
                        build("StartBuild", "{" + project + ", \"timeoutInMinutesOverride\": \"20\"}"),
                        "is no whole number"),
                Arguments.of(
                        build("StartBuild", "{" + project + ", \"computeTypeOverride\": \"LARGE\"}"),
                        "is 'LARGE' and none of"),
                Arguments.of(
                        build("StartBuild", "{" + project + ", \"environmentVariablesOverride\": {}}"), "is no list"),
                Arguments.of(
                        build("StartBuild", "{" + project + ", \"environmentVariablesOverride\": [{\"name\": \"A\"}]}"),
                        "StartBuild.environmentVariablesOverride[0].value: is missing"),
                Arguments.of(
                        build("StartBuild", "{" + project + ", \"privilegedModeOverride\": \"yes\"}"), "is no boolean"),
                Arguments.of(build("BatchGetBuilds", "{\"ids\": []}"), "has a size of 0"),
                Arguments.of(build("StartBuilds", "{}"), "no operation of this service"),
                Arguments.of(build("StartBuild", "{"), "the body is no JSON"),
                Arguments.of(build("CreateProject", "{\"name\": \"shop main\"}"), "'shop main' does not match"),
                Arguments.of(
                        request("codebuild", "POST /builds", "{}", "X-Amz-Target", "CodeBuild_20161006.StopBuild"),
                        "no operation of this service"),
                Arguments.of(
                        request("codebuild", "POST /", "{}", "X-Amz-Target", "CodeBuild_20161006.ListProjects"),
                        "content-type"),
                Arguments.of(
                        request(
                                "lambda",
                                "POST /",
                                "{}",
                                "X-Amz-Target",
                                "CodeBuild_20161006.ListProjects",
                                "Content-Type",
                                "application/x-amz-json-1.1"),
                        "not signed for /codebuild/"));
    }

    @ParameterizedTest
    @MethodSource("wrongOfCodeBuild")
    void a_wrong_request_to_codebuild_is_refused(WireRequest request, String reason) throws Exception {
        assertThat(model("codebuild").request(request))
                .anySatisfy(problem -> assertThat(problem).contains(reason));
    }

    static Stream<Arguments> wrongOfLambda() {
        return Stream.of(
                Arguments.of(
                        "POST /2015-03-31/functions/shop/aliases",
                        "{\"Name\": \"live\"}",
                        "FunctionVersion: is missing"),
                Arguments.of("PUT " + ALIAS, "{\"FunctionVersion\": 2}", "FunctionVersion: is no text"),
                Arguments.of("PUT " + ALIAS, "{\"FunctionVersion\": \"two\"}", "'two' does not match"),
                Arguments.of("PUT " + ALIAS, "{\"Weights\": {}}", "Weights: is unknown"),
                Arguments.of(
                        "PUT " + ALIAS,
                        "{\"RoutingConfig\": {\"AdditionalVersionWeights\": {\"3\": 1.5}}}",
                        "AdditionalVersionWeights.3: is 1, not"),
                Arguments.of(
                        "PUT " + ALIAS,
                        "{\"RoutingConfig\": {\"AdditionalVersionWeights\": {\"3\": \"0.1\"}}}",
                        "AdditionalVersionWeights.3: is no number"),
                Arguments.of("PUT " + ALIAS, "{\"RoutingConfig\": []}", "RoutingConfig: is no object"),
                Arguments.of("PATCH " + ALIAS, "{}", "no operation of this service"),
                Arguments.of("GET /2015-03-31/function/shop/versions", "", "no operation of this service"),
                Arguments.of("GET /2015-03-31/functions/shop/versions?Max=1", "", "query.Max: is unknown"),
                Arguments.of(
                        "GET /2015-03-31/functions/shop/versions?MaxItems=many", "", "MaxItems: is no whole number"),
                Arguments.of("GET /2015-03-31/functions/not%20a%20name/versions", "", "does not match"));
    }

    @ParameterizedTest
    @MethodSource("wrongOfLambda")
    void a_wrong_request_to_lambda_is_refused(String line, String body, String reason) throws Exception {
        assertThat(model("lambda").request(request("lambda", line, body)))
                .anySatisfy(problem -> assertThat(problem).contains(reason));
    }

    private static WireRequest release(String operation, String body) {
        return request(
                "codepipeline",
                "POST /",
                body,
                "X-Amz-Target",
                "CodePipeline_20150709." + operation,
                "Content-Type",
                "application/x-amz-json-1.1");
    }

    static Stream<Arguments> wrongOfCodePipeline() {
        String name = "\"name\": \"shop-release\"";
        String decision = "\"pipelineName\": \"p\", \"stageName\": \"s\", \"actionName\": \"a\", ";
        String token = "\"token\": \"0f7d0f7d-0f7d-0f7d-0f7d-0f7d0f7d0f7d\", ";
        return Stream.of(
                Arguments.of("StartPipelineExecution", "{}", "StartPipelineExecution.name: is missing"),
                Arguments.of("StartPipelineExecution", "{\"name\": \"shop release\"}", "'shop release' does not match"),
                Arguments.of("StartPipelineExecution", "{" + name + ", \"token\": \"t\"}", "token: is unknown"),
                Arguments.of(
                        "StartPipelineExecution", "{" + name + ", \"clientRequestToken\": \"a/b\"}", "does not match"),
                Arguments.of("StartPipelineExecution", "{" + name + ", \"variables\": []}", "has a size of 0"),
                Arguments.of(
                        "StartPipelineExecution",
                        "{" + name + ", \"sourceRevisions\": {\"Source\": \"v1\"}}",
                        "sourceRevisions: is no list"),
                Arguments.of(
                        "StartPipelineExecution",
                        "{" + name + ", \"sourceRevisions\": [{\"actionName\": \"S\", \"revisionType\": \"S3_VERSION\","
                                + " \"revisionValue\": \"v1\"}]}",
                        "is 'S3_VERSION' and none of"),
                Arguments.of(
                        "StartPipelineExecution",
                        "{" + name + ", \"sourceRevisions\": [{\"actionName\": \"S\", \"revisionType\":"
                                + " \"S3_OBJECT_VERSION_ID\"}]}",
                        "revisionValue: is missing"),
                Arguments.of(
                        "GetPipelineExecution",
                        "{\"pipelineName\": \"p\", \"pipelineExecutionId\": \"latest\"}",
                        "'latest' does not match"),
                Arguments.of(
                        "StopPipelineExecution",
                        "{\"pipelineName\": \"p\", \"pipelineExecutionId\":"
                                + " \"0f7d0f7d-0f7d-0f7d-0f7d-0f7d0f7d0f7d\", \"abandon\": \"yes\"}",
                        "abandon: is no boolean"),
                Arguments.of(
                        "PutApprovalResult",
                        "{" + decision + token + "\"result\": {\"summary\": \"\", \"status\": \"Yes\"}}",
                        "is 'Yes' and none of"),
                Arguments.of(
                        "PutApprovalResult",
                        "{" + decision + token + "\"result\": {\"status\": \"Approved\"}}",
                        "summary: is missing"),
                Arguments.of(
                        "ListPipelineExecutions",
                        "{\"pipelineName\": \"p\", \"maxResults\": 101}",
                        "is 101, not 1 to 100"),
                Arguments.of("StartExecution", "{}", "no operation of this service"));
    }

    @ParameterizedTest
    @MethodSource("wrongOfCodePipeline")
    void a_wrong_request_to_codepipeline_is_refused(String operation, String body, String reason) throws Exception {
        assertThat(model("codepipeline").request(release(operation, body)))
                .anySatisfy(problem -> assertThat(problem).contains(reason));
    }

    static Stream<Arguments> wrongOfScheduler() {
        String at = "\"ScheduleExpression\": \"at(2026-11-23T10:00:00)\", ";
        String whole = "\"FlexibleTimeWindow\": {\"Mode\": \"OFF\"}, ";
        String arn = "\"Arn\": \"arn:aws:sqs:eu-west-1:1:q\"";
        String role = "\"RoleArn\": \"arn:aws:iam::123456789012:role/wake\"";
        String target = "\"Target\": {" + arn + ", " + role + "}";
        return Stream.of(
                Arguments.of("{" + whole + target + "}", "ScheduleExpression: is missing"),
                Arguments.of("{" + at + target + "}", "FlexibleTimeWindow: is missing"),
                Arguments.of("{" + at + "\"FlexibleTimeWindow\": {\"Mode\": \"NONE\"}, " + target + "}", "none of"),
                Arguments.of("{" + at + "\"FlexibleTimeWindow\": \"OFF\", " + target + "}", "is no object"),
                Arguments.of("{" + at + whole + "\"Target\": {" + role + "}}", "Target.Arn: is missing"),
                Arguments.of("{" + at + whole + "\"Target\": {" + arn + "}}", "Target.RoleArn: is missing"),
                Arguments.of(
                        "{" + at + whole + "\"Target\": {" + arn + ", \"RoleArn\": \"wake\"}}",
                        "'wake' does not match"),
                Arguments.of(
                        "{" + at + whole + "\"ActionAfterCompletion\": \"KEEP\", " + target + "}",
                        "is 'KEEP' and none of"),
                Arguments.of("{" + at + whole + "\"State\": true, " + target + "}", "State: is no text"),
                Arguments.of("{" + at + whole + "\"StartDate\": \"today\", " + target + "}", "no timestamp"),
                Arguments.of("{" + at + whole + "\"GroupName\": \"my group\", " + target + "}", "does not match"),
                Arguments.of("{" + at + whole + "\"Delay\": 5, " + target + "}", "Delay: is unknown"));
    }

    @ParameterizedTest
    @MethodSource("wrongOfScheduler")
    void a_wrong_request_to_scheduler_is_refused(String body, String reason) throws Exception {
        assertThat(model("scheduler").request(request("scheduler", "POST /schedules/wake-1", body)))
                .anySatisfy(problem -> assertThat(problem).contains(reason));
    }

    @Test
    void a_wrong_path_of_scheduler_and_a_wrong_answer_of_codepipeline_are_refused() throws Exception {
        assertThat(model("scheduler").request(request("scheduler", "POST /schedule/wake-1", "{}")))
                .anySatisfy(problem -> assertThat(problem).contains("no operation of this service"));
        WireRequest start = release("StartPipelineExecution", "{\"name\": \"p\"}");
        assertThat(model("codepipeline").answer(start, answer(200, "{\"pipelineExecutionId\": \"7\"}")))
                .singleElement()
                .asString()
                .contains("'7' does not match");
    }

    @Test
    void a_header_of_a_wrong_value_is_refused() throws Exception {
        WireRequest invoke = request(
                "lambda", "POST /2015-03-31/functions/shop/invocations", "{}", "X-Amz-Invocation-Type", "Asynchronous");

        assertThat(model("lambda").request(invoke))
                .singleElement()
                .asString()
                .contains("InvocationType: is 'Asynchronous' and none of");
    }

    @Test
    void a_wrong_answer_is_refused_and_a_right_one_is_not() throws Exception {
        WireRequest request = build("BatchGetBuilds", "{\"ids\": [\"shop:1\"]}");
        ServiceModel model = model("codebuild");

        assertThat(model.answer(request, answer(200, "{\"builds\": [{\"id\": \"shop:1\", \"startTime\": 1.795E9}]}")))
                .isEmpty();
        assertThat(model.answer(request, answer(200, "{\"builds\": [{\"startTime\": \"2026-11-23T03:34:03.818Z\"}]}")))
                .containsExactly("BatchGetBuilds.builds[0].startTime: is no timestamp in seconds");
        assertThat(model.answer(request, answer(200, "{\"builds\": [{\"buildStatus\": \"DONE\"}], \"more\": 1}")))
                .hasSize(2);
        assertThat(model.answer(request, WireAnswer.error(400, "ResourceNotFoundException", "")))
                .singleElement()
                .asString()
                .contains("answers no error 'ResourceNotFoundException'");
        assertThat(model.answer(request, WireAnswer.error(400, "InvalidInputException", "")))
                .isEmpty();
    }

    @Test
    void a_wrong_answer_of_a_rest_service_is_refused() throws Exception {
        WireRequest request = request("lambda", "GET " + ALIAS, "");

        assertThat(model("lambda").answer(request, answer(200, "{\"Name\": \"live\", \"RevisionId\": 3}")))
                .containsExactly("AliasConfiguration.RevisionId: is no text");
        assertThat(model("lambda").answer(request, answer(201, "{\"Name\": \"live\"}")))
                .containsExactly("GetAlias: answers 200, not 201");
    }

    private static WireAnswer answer(int status, String body) {
        return new WireAnswer(status, new TreeMap<>(), body.getBytes(UTF_8));
    }

    @Test
    void every_pattern_of_the_published_models_can_be_read() throws Exception {
        for (String service : List.of("codebuild", "codepipeline", "lambda", "scheduler")) {
            assertThat(model(service).unreadablePatterns()).as(service).isEmpty();
        }
    }
}
