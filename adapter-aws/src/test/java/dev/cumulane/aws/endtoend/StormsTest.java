// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.aws.endtoend.AwsOnLoopback.Setup;
import dev.cumulane.aws.fake.WireRequest;
import dev.cumulane.cloud.FunctionCall;
import dev.cumulane.cloud.SignalEnvelope;
import dev.cumulane.cloud.SignalMessage;
import dev.cumulane.cloud.StreamId;
import dev.cumulane.cloud.WorkRunner;
import dev.cumulane.cloud.contract.FaultProxy.Fault;
import dev.cumulane.endtoend.ShopRepository;
import dev.cumulane.endtoend.Story;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.Cause;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.RunEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What an account does to an installation on a bad day. Handlers run in the test's JVM. */
final class StormsTest {
    private static final long SEED = 20261123;
    private static final int FEW_RECEIVES = 3;

    @TempDir
    Path directory;

    private final AtomicInteger deaths = new AtomicInteger();
    private ShopRepository repository;
    private AwsOnLoopback aws;

    @BeforeEach
    void install() throws IOException {
        repository = ShopRepository.in(directory.resolve("team"));
        start(AwsOnLoopback.MOST_RECEIVES);
    }

    private void start(int mostReceives) throws IOException {
        aws = new AwsOnLoopback(
                directory, repository.directory().toString(), new Setup(SEED, this::sandbox, 1, 1, mostReceives));
    }

    @AfterEach
    void remove() {
        aws.close();
    }

    private Sandboxes.Sandbox sandbox(Map<String, String> variables, Path log) {
        Sandboxes.Sandbox usual = InProcess.start(variables, log);
        return variables.getOrDefault("CUMULANE_ROLE", "").equals("worker") ? new DyingWorker(usual) : usual;
    }

    /** Claims its attempt as a worker does, and dies, as often as the test says. */
    private final class DyingWorker implements Sandboxes.Sandbox {
        private final Sandboxes.Sandbox usual;

        DyingWorker(Sandboxes.Sandbox usual) {
            this.usual = usual;
        }

        @Override
        public byte[] invoke(String arn, String id, byte[] payload)
                throws FunctionFailedException, InterruptedException {
            if (deaths.getAndUpdate(left -> Math.max(0, left - 1)) == 0) {
                return usual.invoke(arn, id, payload);
            }
            String[] called = arn.split(":");
            String token = called[6] + ":" + called[7] + ":" + id + "." + "0f".repeat(16);
            aws.cloud().artifacts().create("claims/" + attempt(payload).key(), token.getBytes(UTF_8));
            throw new FunctionFailedException(id + " Task timed out after 900.00 seconds");
        }

        private static AttemptId attempt(byte[] payload) {
            return FunctionCall.parse(new String(payload, UTF_8)).attempt();
        }

        @Override
        public void close() {
            usual.close();
        }
    }

    @Test
    void a_storm_of_throttling_delays_a_run_and_changes_nothing_else() throws Exception {
        aws.wire().proxy("dynamodb").next(8, "DynamoDB", Fault.THROTTLE);
        aws.wire().proxy("codebuild").next(5, "StartBuild", Fault.THROTTLE);
        aws.wire().proxy("lambda").next(5, "invocations", Fault.THROTTLE);
        aws.wire().proxy("*").next(5, "SendMessage", Fault.THROTTLE);

        Story.push(aws, repository, "A change in a storm")
                .approve()
                .ends(Outcome.SUCCESS)
                .wasDoneOnce();

        assertThat(aws.wire().faults()).containsEntry(Fault.THROTTLE, 8 + 5 + 5 + 5);
        assertThat(aws.deadLetters()).isZero();
    }

    @Test
    void a_worker_that_dies_after_fifteen_minutes_is_told_and_replaced() throws Exception {
        deaths.set(1);

        Story story = Story.push(aws, repository, "A change");
        story.await(RunEvent.ApprovalRequested.class);

        assertThat(story.events(RunEvent.AttemptFinished.class)).singleElement().satisfies(lost -> {
            assertThat(lost.stage()).isEqualTo("inspection");
            assertThat(lost.verdict().cause()).isEqualTo(Cause.LOST_WORKER);
        });
        assertThat(story.events(RunEvent.StageScheduled.class)).contains(new RunEvent.StageScheduled("inspection", 2));
    }

    @Test
    void the_sweep_finds_a_build_whose_end_nobody_told() throws Exception {
        aws.codeBuild().tellEvents(0);
        Story story = Story.push(aws, repository, "A change");
        story.await(RunEvent.WorkStarted.class);
        RunEvent.WorkStarted build = story.events(RunEvent.WorkStarted.class).get(0);
        AttemptId attempt = new AttemptId(story.run(), build.stage(), build.attempt());
        Story.patiently(
                "the build is over",
                () -> aws.cloud().builds().look(attempt, build.service()) == WorkRunner.Phase.OVER && aws.isQuiet());
        assertThat(story.events(RunEvent.StageFinished.class)).isEmpty();

        aws.sweep();

        story.await(RunEvent.StageFinished.class);
        assertThat(repository.built(story.commit())).isEqualTo(1);
    }

    @Test
    void messages_that_come_once_more_change_nothing() throws Exception {
        Story story = Story.push(aws, repository, "A change").approve().ends(Outcome.SUCCESS);
        Story.patiently("the queue is empty", aws::isQuiet);
        List<RunEvent> before = story.events();
        int builds = aws.codeBuild().requests("StartBuild").size();
        List<String> traffic = aws.lambda().traffic(ShopCi.FUNCTION, "live");

        List<String> messages = aws.messages();
        messages.forEach(aws::send);
        Story.patiently("all have come", () -> aws.messages().size() >= 2 * messages.size() && aws.isQuiet());

        assertThat(story.events()).isEqualTo(before);
        assertThat(aws.codeBuild().requests("StartBuild")).hasSize(builds);
        assertThat(aws.lambda().traffic(ShopCi.FUNCTION, "live")).isEqualTo(traffic);
        story.wasDoneOnce();
    }

    @Test
    void a_run_in_flight_keeps_its_plan_and_its_worker_when_other_code_is_deployed() throws Exception {
        Files.createFile(repository.gate());
        Story old = Story.push(aws, repository, "A change");
        old.await(RunEvent.WorkStarted.class);

        aws.deploy("the team's next jar");
        Files.delete(repository.gate());
        old.approve().ends(Outcome.SUCCESS).wasDoneOnce();
        Story next = Story.push(aws, repository, "Another change");
        next.await(RunEvent.ApprovalRequested.class);

        assertThat(next.view().plan()).isNotEqualTo(old.view().plan());
        assertThat(aws.lambda().requests("/invocations").stream()
                        .map(WireRequest::query)
                        .map(query -> query.getOrDefault("Qualifier", ""))
                        .filter(alias -> alias.startsWith("code-"))
                        .distinct())
                .hasSize(2);
    }

    @Test
    void code_that_is_older_than_a_record_leaves_it_to_the_code_that_knows_it() throws Exception {
        Story story = Story.push(aws, repository, "A change");
        story.await(RunEvent.ApprovalRequested.class);
        int records = story.records();
        byte[] known = rewrite(
                story,
                records,
                bytes -> new String(bytes, UTF_8)
                        .replace("\"format\":1", "\"format\":2")
                        .getBytes(UTF_8));
        aws.restart();

        SignalEnvelope cancel = SignalEnvelope.workOver(new AttemptId(story.run(), "build", 1));
        aws.cloud().signals().send(new SignalEnvelope("later", StreamId.of(story.run()), cancel.bytes()));
        Story.patiently(
                "the signal is sent again",
                () -> aws.messages().stream()
                        .map(SignalMessage::read)
                        .anyMatch(signal ->
                                signal.isPresent() && signal.get().id().startsWith("newer/1/")));
        assertThat(aws.cloud().journal().read(StreamId.of(story.run()), 1, 1000))
                .as("records, the newer one included")
                .hasSize(records);

        rewrite(story, records, bytes -> known);
        aws.restart();
        story.approve();
        story.await(RunEvent.VoteCounted.class);
    }

    @FunctionalInterface
    private interface Change {
        byte[] of(byte[] bytes);
    }

    /** Changes a record behind everybody's back; gives what it was. */
    private byte[] rewrite(Story story, int sequence, Change change) {
        String table = aws.names().table();
        Map<String, AttributeValue> key = Map.of(
                "pk", AttributeValue.fromS(StreamId.of(story.run()).value()),
                "sk", AttributeValue.fromS("r%012d".formatted(sequence)));
        var client = aws.clients().dynamoDb();
        AttributeValue item = client.getItem(
                        request -> request.tableName(table).key(key).consistentRead(true))
                .item()
                .get("b");
        byte[] before = item.b().asByteArray();
        client.updateItem(request -> request.tableName(table)
                .key(key)
                .updateExpression("SET b = :b")
                .expressionAttributeValues(
                        Map.of(":b", AttributeValue.fromB(SdkBytes.fromByteArray(change.of(before))))));
        return before;
    }

    @Test
    void a_poisoned_message_becomes_a_dead_letter_and_holds_nobody_up() throws Exception {
        aws.close();
        start(FEW_RECEIVES);
        aws.send("what is this " + Digest.of(new byte[0]));
        aws.send("{\"source\":\"aws.somewhere\"}");

        Story.push(aws, repository, "A change").await(RunEvent.ApprovalRequested.class);

        Story.patiently("both are dead letters", () -> aws.deadLetters() == 2);
    }
}
