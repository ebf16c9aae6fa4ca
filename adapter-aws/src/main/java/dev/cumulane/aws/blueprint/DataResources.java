// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.blueprint;

import static dev.cumulane.aws.blueprint.Template.allow;
import static dev.cumulane.aws.blueprint.Template.allowService;
import static dev.cumulane.aws.blueprint.Template.arn;
import static dev.cumulane.aws.blueprint.Template.att;
import static dev.cumulane.aws.blueprint.Template.map;
import static dev.cumulane.aws.blueprint.Template.policy;
import static dev.cumulane.aws.blueprint.Template.ref;
import static dev.cumulane.aws.blueprint.Template.sub;

import dev.cumulane.aws.client.AwsNames;
import dev.cumulane.aws.journal.JournalTable;
import dev.cumulane.aws.secrets.SecretsManagerSecrets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;

/** The table, the bucket, the queues, the event bus and the group of timers. */
final class DataResources {
    static final String TABLE = "Journal";
    static final String BUCKET = "Artifacts";
    static final String QUEUE = "Signals";

    /** The reference of the secret that the template makes: nobody needs to know its value. */
    static final String TICKET_KEY = "ticket-key";

    private static final String DEAD_LETTERS = "DeadLetters";

    /** Lambda's longest time limit for a function that a queue invokes, six times over, as the developer guide advises. */
    private static final int HIDDEN_SECONDS = 6 * FunctionResources.ENGINE_SECONDS;

    private static final int MOST_RECEIVES = 20;
    private static final int KEPT_SECONDS = 14 * 24 * 3600;

    private final AwsNames names;

    DataResources(AwsNames names) {
        this.names = names;
    }

    /** The bucket's name, of which only the account knows a part. */
    static String bucketName(AwsNames names) {
        return names.namespace() + "-${AWS::AccountId}-${AWS::Region}";
    }

    void write(Template template) {
        template.kept(TABLE, "AWS::DynamoDB::Table", table());
        bucket(template);
        queues(template);
        template.resource(
                "TicketKey",
                "AWS::SecretsManager::Secret",
                map(
                        "Name",
                        SecretsManagerSecrets.name(names.namespace(), TICKET_KEY),
                        "Description",
                        "Signs the tickets by which builds ask ingress for signed requests.",
                        "GenerateSecretString",
                        map("PasswordLength", 64, "ExcludePunctuation", true)));
        template.resource("Bus", "AWS::Events::EventBus", map("Name", names.bus()));
        template.resource("Timers", "AWS::Scheduler::ScheduleGroup", map("Name", names.schedules()));
        template.role(
                "TimersRole",
                names.namespace() + "-timers",
                "scheduler",
                List.of(allow("sqs:SendMessage", att(QUEUE, "Arn"))));
    }

    /** As the journal itself defines it. */
    private Map<String, Object> table() {
        CreateTableRequest definition = JournalTable.definition(names.table());
        List<Object> attributes = new ArrayList<>();
        definition
                .attributeDefinitions()
                .forEach(each -> attributes.add(
                        map("AttributeName", each.attributeName(), "AttributeType", each.attributeTypeAsString())));
        List<Object> indexes = new ArrayList<>();
        definition.globalSecondaryIndexes().forEach(index -> {
            Map<String, Object> projection =
                    map("ProjectionType", index.projection().projectionTypeAsString());
            if (index.projection().hasNonKeyAttributes()) {
                projection.put("NonKeyAttributes", index.projection().nonKeyAttributes());
            }
            indexes.add(map(
                    "IndexName", index.indexName(), "KeySchema", keys(index.keySchema()), "Projection", projection));
        });
        return map(
                "TableName",
                names.table(),
                "BillingMode",
                definition.billingModeAsString(),
                "AttributeDefinitions",
                attributes,
                "KeySchema",
                keys(definition.keySchema()),
                "GlobalSecondaryIndexes",
                indexes,
                "TimeToLiveSpecification",
                map("AttributeName", "ttl", "Enabled", true),
                "PointInTimeRecoverySpecification",
                map("PointInTimeRecoveryEnabled", true));
    }

    private static List<Object> keys(List<KeySchemaElement> schema) {
        List<Object> keys = new ArrayList<>();
        schema.forEach(each -> keys.add(map("AttributeName", each.attributeName(), "KeyType", each.keyTypeAsString())));
        return keys;
    }

    private void bucket(Template template) {
        template.kept(
                BUCKET,
                "AWS::S3::Bucket",
                map(
                        "BucketName",
                        sub(bucketName(names)),
                        "BucketEncryption",
                        map(
                                "ServerSideEncryptionConfiguration",
                                List.of(map("ServerSideEncryptionByDefault", map("SSEAlgorithm", "AES256")))),
                        "PublicAccessBlockConfiguration",
                        map(
                                "BlockPublicAcls",
                                true,
                                "BlockPublicPolicy",
                                true,
                                "IgnorePublicAcls",
                                true,
                                "RestrictPublicBuckets",
                                true),
                        "LifecycleConfiguration",
                        map(
                                "Rules",
                                List.of(
                                        expiring("claims/", 90),
                                        expiring("cancel/", 90),
                                        expiring("results/", 90),
                                        expiring("caches/", 30),
                                        abandoned()))));
        template.resource(
                "ArtifactsPolicy",
                "AWS::S3::BucketPolicy",
                map("Bucket", ref(BUCKET), "PolicyDocument", policy(List.of(onlyIfAbsent(), onlyEncrypted()))));
    }

    private static Map<String, Object> expiring(String prefix, int days) {
        return map(
                "Id",
                "expire-" + prefix.replace("/", ""),
                "Status",
                "Enabled",
                "Prefix",
                prefix,
                "ExpirationInDays",
                days);
    }

    private static Map<String, Object> abandoned() {
        return map(
                "Id",
                "abandoned-uploads",
                "Status",
                "Enabled",
                "AbortIncompleteMultipartUpload",
                map("DaysAfterInitiation", 7));
    }

    /** Who writes unconditionally could take another's claim or result, or put other bytes into an object's place. */
    private static Map<String, Object> onlyIfAbsent() {
        return map(
                "Sid",
                "NothingIsOverwritten",
                "Effect",
                "Deny",
                "Principal",
                "*",
                "Action",
                "s3:PutObject",
                "Resource",
                List.of(
                        sub("${Artifacts.Arn}/claims/*"),
                        sub("${Artifacts.Arn}/results/*"),
                        sub("${Artifacts.Arn}/objects/*")),
                "Condition",
                map(
                        "Null",
                        map("s3:if-none-match", "true"),
                        // A part of an upload creates nothing; what completes it carries the condition.
                        "Bool",
                        map("s3:ObjectCreationOperation", "true")));
    }

    private static Map<String, Object> onlyEncrypted() {
        return map(
                "Sid",
                "NothingTravelsInTheClear",
                "Effect",
                "Deny",
                "Principal",
                "*",
                "Action",
                "s3:*",
                "Resource",
                List.of(att(BUCKET, "Arn"), sub("${Artifacts.Arn}/*")),
                "Condition",
                map("Bool", map("aws:SecureTransport", "false")));
    }

    private void queues(Template template) {
        template.resource(
                DEAD_LETTERS,
                "AWS::SQS::Queue",
                map(
                        "QueueName",
                        names.deadLetters(),
                        "MessageRetentionPeriod",
                        KEPT_SECONDS,
                        "SqsManagedSseEnabled",
                        true));
        template.resource(
                QUEUE,
                "AWS::SQS::Queue",
                map(
                        "QueueName",
                        names.queue(),
                        "MessageRetentionPeriod",
                        KEPT_SECONDS,
                        "VisibilityTimeout",
                        HIDDEN_SECONDS,
                        "SqsManagedSseEnabled",
                        true,
                        "RedrivePolicy",
                        map("deadLetterTargetArn", att(DEAD_LETTERS, "Arn"), "maxReceiveCount", MOST_RECEIVES)));
        Map<String, Object> sending = allowService("events", "sqs:SendMessage");
        sending.put("Resource", att(QUEUE, "Arn"));
        sending.put(
                "Condition",
                map(
                        "ArnEquals",
                        map(
                                "aws:SourceArn",
                                List.of(
                                        arn("events", "rule/" + names.namespace() + "-builds"),
                                        arn("events", "rule/" + DeployResources.ruleName(names.namespace()))))));
        template.resource(
                "SignalsPolicy",
                "AWS::SQS::QueuePolicy",
                map("Queues", List.of(ref(QUEUE)), "PolicyDocument", policy(List.of(sending))));
    }
}
