// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.examples.aws;

import dev.cumulane.aws.client.AwsClients;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.MapTrait;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.codebuild.model.BatchGetBuildsResponse;
import software.amazon.awssdk.services.codepipeline.model.ApprovalStatus;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.scheduler.model.FlexibleTimeWindowMode;

/** Calls every operation that deployed functions use, with the classes of whatever loader has loaded it, and walks through all that their answers may hold. */
public final class Operations implements Consumer<URI> {
    private static final Map<String, AttributeValue> KEY =
            Map.of("pk", AttributeValue.builder().s("run/a").build());

    private final Set<Class<?>> seen = new HashSet<>();

    /** Made by the class loader under test. */
    public Operations() {}

    @Override
    public void accept(URI services) {
        try (AwsClients clients = new AwsClients(new AwsClients.Connection(
                Region.EU_WEST_1,
                StaticCredentialsProvider.create(AwsBasicCredentials.create("AKID", "secret")),
                Map.of("*", services),
                List.of()))) {
            data(clients);
            builds(clients);
            functions(clients);
            pipelines(clients);
            small(clients);
        }
    }

    private void data(AwsClients clients) {
        walk(clients.dynamoDb().putItem(r -> r.tableName("t-1").item(KEY)));
        walk(clients.dynamoDb().getItem(r -> r.tableName("t-1").key(KEY)));
        walk(clients.dynamoDb().updateItem(r -> r.tableName("t-1").key(KEY)));
        walk(clients.dynamoDb().query(r -> r.tableName("t-1")));
        walk(clients.dynamoDb().scan(r -> r.tableName("t-1")));
        walk(clients.dynamoDb()
                .batchWriteItem(r -> r.requestItems(
                        Map.of("t-1", List.of(WriteRequest.builder().build())))));
        walk(clients.s3().putObject(r -> r.bucket("b-1").key("k"), RequestBody.fromString("x")));
        clients.s3().getObjectAsBytes(r -> r.bucket("b-1").key("k"));
        walk(clients.s3().headObject(r -> r.bucket("b-1").key("k")));
        walk(clients.s3().createMultipartUpload(r -> r.bucket("b-1").key("k")));
        walk(clients.s3()
                .uploadPart(r -> r.bucket("b-1").key("k").uploadId("u").partNumber(1), RequestBody.fromString("x")));
        walk(clients.s3().completeMultipartUpload(r -> r.bucket("b-1").key("k").uploadId("u")));
        walk(clients.s3().abortMultipartUpload(r -> r.bucket("b-1").key("k").uploadId("u")));
        clients.s3Presigner()
                .presignPutObject(r -> r.signatureDuration(Duration.ofMinutes(1))
                        .putObjectRequest(put -> put.bucket("b-1").key("k")));
        clients.s3Presigner()
                .presignGetObject(r -> r.signatureDuration(Duration.ofMinutes(1))
                        .getObjectRequest(get -> get.bucket("b-1").key("k")));
    }

    private void builds(AwsClients clients) {
        walk(clients.codeBuild().startBuild(r -> r.projectName("p")));
        walk(clients.codeBuild().stopBuild(r -> r.id("p:1")));
        BatchGetBuildsResponse builds = clients.codeBuild().batchGetBuilds(r -> r.ids("p:1"));
        walk(builds);
        walk(clients.codeBuild().listBuildsForProject(r -> r.projectName("p")));
    }

    private void functions(AwsClients clients) {
        walk(clients.lambda().createAlias(r -> r.functionName("f").name("a").functionVersion("1")));
        walk(clients.lambda().updateAlias(r -> r.functionName("f").name("a")));
        walk(clients.lambda().deleteAlias(r -> r.functionName("f").name("a")));
        walk(clients.lambda().getAlias(r -> r.functionName("f").name("a")));
        walk(clients.lambda().getFunctionConfiguration(r -> r.functionName("f")));
        walk(clients.lambda().invoke(r -> r.functionName("f")));
        walk(clients.lambda().publishVersion(r -> r.functionName("f")));
        walk(clients.lambda().putFunctionEventInvokeConfig(r -> r.functionName("f")));
        walk(clients.lambda().updateFunctionCode(r -> r.functionName("f")));
        walk(clients.lambda().updateFunctionConfiguration(r -> r.functionName("f")));
    }

    private void pipelines(AwsClients clients) {
        walk(clients.codePipeline().startPipelineExecution(r -> r.name("p")));
        walk(clients.codePipeline()
                .stopPipelineExecution(r -> r.pipelineName("p").pipelineExecutionId("e")));
        walk(clients.codePipeline()
                .getPipelineExecution(r -> r.pipelineName("p").pipelineExecutionId("e")));
        walk(clients.codePipeline().getPipelineState(r -> r.name("p")));
        walk(clients.codePipeline().listPipelineExecutions(r -> r.pipelineName("p")));
        walk(clients.codePipeline().listActionExecutions(r -> r.pipelineName("p")));
        walk(clients.codePipeline()
                .putApprovalResult(r -> r.pipelineName("p")
                        .stageName("s")
                        .actionName("a")
                        .token("t")
                        .result(result -> result.status(ApprovalStatus.APPROVED).summary("x"))));
    }

    private void small(AwsClients clients) {
        walk(clients.sqs().getQueueUrl(r -> r.queueName("q")));
        walk(clients.sqs().sendMessage(r -> r.queueUrl("https://q").messageBody("x")));
        walk(clients.sqs().receiveMessage(r -> r.queueUrl("https://q")));
        walk(clients.sqs().deleteMessage(r -> r.queueUrl("https://q").receiptHandle("h")));
        walk(clients.sqs().changeMessageVisibility(r -> r.queueUrl("https://q").receiptHandle("h")));
        walk(clients.scheduler()
                .createSchedule(r -> r.name("s")
                        .scheduleExpression("at(2026-11-24T00:00:00)")
                        .flexibleTimeWindow(window -> window.mode(FlexibleTimeWindowMode.OFF))
                        .target(target -> target.arn("a").roleArn("r"))));
        walk(clients.secretsManager().getSecretValue(r -> r.secretId("s")));
        walk(clients.secretsManager().describeSecret(r -> r.secretId("s")));
        walk(clients.ssm().getParameter(r -> r.name("p")));
        walk(clients.cloudWatch().describeAlarms(r -> r.alarmNames("a")));
        walk(clients.logs().getLogEvents(r -> r.logGroupName("g").logStreamName("s")));
        walk(clients.logs().filterLogEvents(r -> r.logGroupName("g")));
        walk(clients.eventBridge()
                .putEvents(r -> r.entries(PutEventsRequestEntry.builder().build())));
        walk(clients.sts().getCallerIdentity(r -> {}));
        walk(clients.sts().assumeRole(r -> r.roleArn("r").roleSessionName("s")));
    }

    /** An answer of ours is empty; a real one may have members, which have members. */
    private void walk(SdkPojo shape) {
        if (seen.add(shape.getClass())) {
            shape.sdkFields().forEach(this::walkInto);
        }
    }

    private void walkInto(SdkField<?> field) {
        Optional.ofNullable(field.getTrait(ListTrait.class)).ifPresent(list -> walkInto(list.memberFieldInfo()));
        Optional.ofNullable(field.getTrait(MapTrait.class)).ifPresent(map -> walkInto(map.valueFieldInfo()));
        if (field.constructor() != null) {
            walk(field.constructor().get());
        }
    }
}
