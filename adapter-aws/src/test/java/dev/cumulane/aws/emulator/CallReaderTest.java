// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.emulator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cumulane.aws.fake.WireRequest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CallReaderTest {
    private static final String HERE = "eu-west-1:123456789012:";

    private static Map<String, String> signed(String service, String target) {
        return Map.of(
                "Authorization",
                "AWS4-HMAC-SHA256 Credential=ENGINE/20261123/eu-west-1/" + service
                        + "/aws4_request, SignedHeaders=host, Signature=0",
                "X-Amz-Target",
                target);
    }

    private static List<RecordedCall> read(String service, String target, String method, String path, String body) {
        return CallReader.read(WireRequest.of(method, path, signed(service, target), body.getBytes(UTF_8)), 200);
    }

    private static RecordedCall call(String action, String resource) {
        return RecordedCall.of("ENGINE", action, resource, Map.of());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            dynamodb | DynamoDB_20120810.Query | {"TableName":"t","IndexName":"runs"} | dynamodb:Query | table/t/index/runs
            dynamodb | DynamoDB_20120810.BatchWriteItem | {"RequestItems":{"t":[]}} | dynamodb:BatchWriteItem | table/t
            sqs | AmazonSQS.DeleteMessageBatch | {"QueueUrl":"http://q/1/shop"} | sqs:DeleteMessage | shop
            sqs | AmazonSQS.GetQueueUrl | {"QueueName":"shop"} | sqs:GetQueueUrl | shop
            secretsmanager | secretsmanager.GetSecretValue | {"SecretId":"shop/key"} | secretsmanager:GetSecretValue | secret:shop/key-Ab1Cd2
            ssm | AmazonSSM.GetParameter | {"Name":"/shop/key"} | ssm:GetParameter | parameter/shop/key
            codebuild | CodeBuild_20161006.StopBuild | {"id":"p:1"} | codebuild:StopBuild | project/p
            events | AWSEvents.PutEvents | {"Entries":[{"EventBusName":"b"}]} | events:PutEvents | event-bus/b
            logs | Logs_20140328.GetLogEvents | {"logGroupName":"/g","logStreamName":"s"} | logs:GetLogEvents | log-group:/g:log-stream:s
            """)
    void calls_of_the_json_protocol_are_read(
            String service, String target, String body, String action, String resource) {
        assertThat(read(service, target, "POST", "/", body))
                .containsExactly(call(action, "arn:aws:" + service + ":" + HERE + resource));
    }

    @Test
    void a_build_with_a_role_of_its_own_passes_it() {
        String role = "arn:aws:iam::123456789012:role/shop-build-1";

        assertThat(read(
                        "codebuild",
                        "CodeBuild_20161006.StartBuild",
                        "POST",
                        "/",
                        "{\"projectName\":\"p\",\"serviceRoleOverride\":\"" + role + "\"}"))
                .containsExactly(
                        call("codebuild:StartBuild", "arn:aws:codebuild:" + HERE + "project/p"),
                        RecordedCall.of(
                                "ENGINE",
                                "iam:PassRole",
                                role,
                                Map.of("iam:PassedToService", "codebuild.amazonaws.com")));
    }

    @Test
    void an_object_that_is_missing_needs_the_right_to_list() {
        WireRequest request = WireRequest.of("GET", "/shop/claims/a%2F1", signed("s3", ""), new byte[0]);

        assertThat(CallReader.read(request, 200)).containsExactly(call("s3:GetObject", "arn:aws:s3:::shop/claims/a/1"));
        assertThat(CallReader.read(request, 404))
                .containsExactly(
                        call("s3:GetObject", "arn:aws:s3:::shop/claims/a/1"),
                        call("s3:ListBucket", "arn:aws:s3:::shop"));
    }

    @Test
    void a_signed_request_is_a_call_of_who_signed_it() {
        WireRequest request = WireRequest.of(
                "PUT",
                "/shop/objects/1?X-Amz-Credential=INGRESS%2F20261123%2Feu-west-1%2Fs3%2Faws4_request",
                Map.of("If-None-Match", "*"),
                new byte[0]);

        assertThat(CallReader.read(request, 200))
                .containsExactly(RecordedCall.of(
                        "INGRESS",
                        "s3:PutObject",
                        "arn:aws:s3:::shop/objects/1",
                        Map.of("s3:if-none-match", "*", "s3:ObjectCreationOperation", "true")));
    }

    @Test
    void an_invocation_names_the_alias_and_a_change_of_an_alias_the_function() {
        String function = "arn:aws:lambda:" + HERE + "function:api";

        assertThat(read("lambda", "", "POST", "/2015-03-31/functions/api/invocations?Qualifier=live", "{}"))
                .containsExactly(call("lambda:InvokeFunction", function + ":live"));
        assertThat(read("lambda", "", "PUT", "/2015-03-31/functions/api/aliases/live", "{}"))
                .containsExactly(call("lambda:UpdateAlias", function));
    }

    @Test
    void calls_that_no_function_makes_are_refused_and_unsigned_ones_are_none() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read("lambda", "", "DELETE", "/2015-03-31/functions/api/", ""));
        assertThatIllegalArgumentException().isThrownBy(() -> read("iam", "", "POST", "/", "{}"));
        assertThat(CallReader.read(WireRequest.of("GET", "/", Map.of(), new byte[0]), 200))
                .isEmpty();
    }
}
