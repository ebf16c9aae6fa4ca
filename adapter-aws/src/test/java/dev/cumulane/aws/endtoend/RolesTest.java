// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.aws.AwsCloud;
import dev.cumulane.aws.emulator.RecordedCall;
import dev.cumulane.aws.iam.TemplateRoles;
import dev.cumulane.cloud.Blueprint;
import dev.cumulane.cloud.SignalEnvelope;
import dev.cumulane.cloud.StreamId;
import dev.cumulane.cloud.contract.Awaiting;
import dev.cumulane.endtoend.ShopRepository;
import dev.cumulane.endtoend.Story;
import dev.cumulane.engine.Engine;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.RunEvent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The roles of the template, held against every call of end-to-end runs: each is allowed, and nothing is allowed that none needs. Calls that runs make seldom are made beside them, by the
 * same ports with the same role.
 */
final class RolesTest {
    /** What no call on loopback needs, by the end of the role's name and the action, and why it is there. */
    private static final SortedMap<String, String> NOT_ON_LOOPBACK = new TreeMap<>(Map.ofEntries(
            Map.entry("-engine logs:CreateLogStream", "Lambda itself writes what a function prints"),
            Map.entry("-engine logs:PutLogEvents", "Lambda itself writes what a function prints"),
            Map.entry("-ingress logs:CreateLogStream", "Lambda itself writes what a function prints"),
            Map.entry("-ingress logs:PutLogEvents", "Lambda itself writes what a function prints"),
            Map.entry("-worker logs:CreateLogStream", "Lambda itself writes what a function prints"),
            Map.entry("-worker logs:PutLogEvents", "Lambda itself writes what a function prints"),
            Map.entry("-engine sqs:ReceiveMessage", "Lambda's event source mapping receives"),
            Map.entry("-engine sqs:DeleteMessage", "Lambda's event source mapping deletes"),
            Map.entry("-engine sqs:GetQueueAttributes", "Lambda's event source mapping looks at the queue"),
            Map.entry("-engine lambda:DeleteAlias", "a first release is rolled back; see LambdaDeliveriesTest"),
            Map.entry(
                    "-engine lambda:InvokeFunction",
                    "the deployed function has a health check; see LambdaDeliveriesTest"),
            Map.entry("-worker s3:AbortMultipartUpload", "a large output is given up; see S3ArtifactStoreTest")));

    private static final AwsOnLoopback.Setup SETUP =
            new AwsOnLoopback.Setup(1, InProcess::start, 1, 4, AwsOnLoopback.MOST_RECEIVES);

    @TempDir
    Path directory;

    private static TemplateRoles roles(AwsOnLoopback aws, ShopRepository repository) {
        Engine.Builder engine = ShopCi.setUp(
                Engine.on(aws.cloud()),
                Map.of(
                        ShopCi.NEIGHBOURS,
                        aws.neighbours().origin().toString(),
                        ShopCi.PAGES,
                        aws.ingressAddress().toString(),
                        ShopCi.REPOSITORY,
                        repository.directory().toString()));
        Blueprint blueprint = aws.cloud().blueprint().orElseThrow();
        return new TemplateRoles(blueprint.template(
                engine.demand(), new Blueprint.Code("shop.ci.ShopCi", Digest.of("the team's jar".getBytes(UTF_8)))));
    }

    /** What happens to the engine and to ingress now and then: a crowded run, a lost build, somebody who looks at logs, an event, a signal for much later, a message that cannot be handled. */
    private static void seldom(AwsOnLoopback aws, Story story) throws Exception {
        aws.send("neither a signal nor an event");
        AwsCloud engine = aws.cloudOf(aws.names().namespace() + "-engine");
        StreamId stream = StreamId.of(story.run());
        engine.journal().putInbox(stream, "s-1", new byte[] {1});
        engine.journal().deleteInbox(stream, List.of("s-1"));
        aws.clients()
                .eventBridge()
                .createEventBus(request -> request.name(aws.names().bus()));
        engine.events().publish("e-1", "{\"type\":\"dev.cumulane.run.finished\"}".getBytes(UTF_8));
        AttemptId build = new AttemptId(story.run(), "build", 1);
        assertThat(engine.builds().find(build)).isPresent();
        engine.builds().stop(build, serviceId(story, "build"));
        engine.signals()
                .send(SignalEnvelope.workOver(build), engine.clock().instant().plus(Duration.ofHours(1)));
        AttemptId inspection = new AttemptId(story.run(), "inspection", 1);
        String invocation = serviceId(story, "inspection");
        String group = "/aws/lambda/" + invocation.substring(0, invocation.indexOf(':'));
        aws.clients().logs().createLogGroup(request -> request.logGroupName(group));
        for (AwsCloud cloud : List.of(engine, aws.cloudOf(aws.names().namespace() + "-ingress"))) {
            cloud.logs().read(build, serviceId(story, "build"), 0, 1000);
            cloud.logs().read(inspection, invocation, 0, 1000);
        }
        awaitPutOff(aws);
    }

    /** A message that failed twice is put off. */
    private static void awaitPutOff(AwsOnLoopback aws) throws Exception {
        Awaiting.until(
                "a message is put off",
                Duration.ofMinutes(1),
                () -> aws.wire().calls().stream()
                        .anyMatch(call -> call.action().equals("sqs:ChangeMessageVisibility")));
    }

    private static String serviceId(Story story, String stage) {
        return story.events(RunEvent.WorkStarted.class).stream()
                .filter(started -> started.stage().equals(stage))
                .map(RunEvent.WorkStarted::service)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void every_call_is_allowed_and_every_permission_is_needed() throws Exception {
        ShopRepository repository = ShopRepository.in(directory.resolve("team"));
        try (AwsOnLoopback aws =
                new AwsOnLoopback(directory, repository.directory().toString(), SETUP)) {
            Story.push(aws, repository, "A change").approve().ends(Outcome.SUCCESS);
            Story second = Story.push(aws, repository, "A change for the worse")
                    .approve()
                    .alarm()
                    .ends(Outcome.FAILURE);
            aws.sweep();
            seldom(aws, second);

            List<RecordedCall> calls = aws.wire().calls();
            TemplateRoles roles = roles(aws, repository);
            assertThat(roles.refused(calls)).isEmpty();
            assertNothingIsSpare(roles, calls, aws.names().namespace());
        }
    }

    /** Roles of builds, of the timers and of the sweep are taken by services that are played here; those of workers differ in names alone. */
    private static void assertNothingIsSpare(TemplateRoles roles, List<RecordedCall> calls, String namespace) {
        List<String> spare = new ArrayList<>();
        TreeSet<String> shapes = new TreeSet<>();
        for (String role : roles.names()) {
            boolean isWorker = role.startsWith(namespace + "-worker-");
            if (isWorker) {
                shapes.add(roles.shape(role));
            }
            if (role.matches(namespace + "-(engine|ingress|worker-trusted-.*)")) {
                String kind = isWorker ? "-worker" : role.substring(namespace.length());
                roles.unused(role, calls).forEach(line -> spare.add(kind + " " + line));
            }
        }
        assertThat(spare)
                .extracting(line -> line.replaceFirst(" on .*", ""))
                .containsExactlyInAnyOrderElementsOf(NOT_ON_LOOPBACK.keySet());
        assertThat(shapes).hasSize(1);
    }

    @Test
    void a_call_that_nobody_foresaw_and_one_of_another_role_are_refused() throws Exception {
        ShopRepository repository = ShopRepository.in(directory.resolve("team"));
        try (AwsOnLoopback aws =
                new AwsOnLoopback(directory, repository.directory().toString(), SETUP)) {
            TemplateRoles roles = roles(aws, repository);
            String namespace = aws.names().namespace();
            String bucket = "arn:aws:s3:::" + aws.names().bucket();
            String claim = bucket + "/claims/r/s/1";
            List<RecordedCall> wrong = List.of(
                    RecordedCall.of(namespace + "-ingress", "dynamodb:PutItem", table(namespace), Map.of()),
                    RecordedCall.of(namespace + "-engine", "dynamodb:DeleteTable", table(namespace), Map.of()),
                    RecordedCall.of(namespace + "-engine", "dynamodb:GetItem", table("other"), Map.of()),
                    RecordedCall.of(
                            namespace + "-engine", "s3:PutObject", claim, Map.of("s3:ObjectCreationOperation", "true")),
                    RecordedCall.of(
                            namespace + "-engine",
                            "iam:PassRole",
                            "arn:aws:iam::123456789012:role/" + namespace + "-timers",
                            Map.of("iam:PassedToService", "lambda.amazonaws.com")),
                    RecordedCall.of("somebody", "s3:GetObject", bucket + "/objects/a", Map.of()));

            assertThat(roles.refused(wrong)).hasSameSizeAs(wrong);
            assertThat(roles.refused(List.of(RecordedCall.of(
                            namespace + "-engine",
                            "s3:PutObject",
                            claim,
                            Map.of("s3:ObjectCreationOperation", "true", "s3:if-none-match", "*")))))
                    .isEmpty();
        }
    }

    private static String table(String namespace) {
        return "arn:aws:dynamodb:eu-west-1:123456789012:table/" + namespace + "-journal";
    }
}
