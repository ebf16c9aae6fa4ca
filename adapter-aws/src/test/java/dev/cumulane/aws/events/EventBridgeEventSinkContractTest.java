// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cumulane.aws.client.AwsClients;
import dev.cumulane.aws.client.AwsNames;
import dev.cumulane.aws.emulator.Disturbed;
import dev.cumulane.aws.emulator.Emulators;
import dev.cumulane.aws.emulator.Moto;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.EventSink;
import dev.cumulane.cloud.contract.EventSinkContract;
import dev.cumulane.cloud.contract.Scripted;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.eventbridge.model.Target;

/** The contract on moto: a rule sends what the bus receives to a queue, behind a network that disturbs every tenth request. */
final class EventBridgeEventSinkContractTest extends EventSinkContract {
    private final Disturbed network = Disturbed.before(Moto.endpoint(), "*", 11);
    private final AwsClients clients = network.clients();
    private final AwsClients undisturbed = network.undisturbed();
    private final AwsNames names = new AwsNames(Emulators.REGION, Moto.name("ns"), () -> Emulators.ACCOUNT);
    private final EventSink sink = new EventBridgeEventSink(clients::eventBridge, names);
    private final List<JsonNode> events = new ArrayList<>();
    private String queue = "";

    @BeforeEach
    void subscribe() {
        queue = undisturbed
                .sqs()
                .createQueue(request -> request.queueName(names.queue()))
                .queueUrl();
        undisturbed.eventBridge().createEventBus(request -> request.name(names.bus()));
        undisturbed
                .eventBridge()
                .putRule(request ->
                        request.name("all").eventBusName(names.bus()).eventPattern("{\"source\":[\"cumulane\"]}"));
        undisturbed
                .eventBridge()
                .putTargets(request -> request.rule("all")
                        .eventBusName(names.bus())
                        .targets(Target.builder()
                                .id("queue")
                                .arn(names.queueArn())
                                .build()));
    }

    @AfterEach
    void close() {
        network.close();
    }

    @Override
    protected EventSink sink() {
        return sink;
    }

    @Override
    protected List<String> received() throws IOException {
        var messages = undisturbed
                .sqs()
                .receiveMessage(request -> request.queueUrl(queue).maxNumberOfMessages(10))
                .messages();
        while (!messages.isEmpty()) {
            for (var message : messages) {
                events.add(new ObjectMapper().readTree(message.body()));
                undisturbed
                        .sqs()
                        .deleteMessage(request -> request.queueUrl(queue).receiptHandle(message.receiptHandle()));
            }
            messages = undisturbed
                    .sqs()
                    .receiveMessage(request -> request.queueUrl(queue).maxNumberOfMessages(10))
                    .messages();
        }
        return events.stream().map(event -> event.path("detail").toString()).toList();
    }

    @Test
    void a_rule_can_match_the_type_of_the_event() throws IOException {
        sink.publish("e-1", "{\"type\":\"dev.cumulane.run.finished\"}".getBytes(UTF_8));
        sink.publish("e-2", "{\"no\":\"type\"}".getBytes(UTF_8));

        assertThat(received()).hasSizeGreaterThanOrEqualTo(2);
        assertThat(events)
                .extracting(event -> event.path("detail-type").asText())
                .contains("dev.cumulane.run.finished", "dev.cumulane.event");
    }

    @Test
    void an_event_that_is_too_large_or_no_json_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> sink.publish("e-1", new byte[256 * 1024]))
                .withMessageContaining("e-1");
        assertThatIllegalArgumentException().isThrownBy(() -> sink.publish("e-1", "{".getBytes(UTF_8)));
    }

    @ParameterizedTest
    @CsvSource({"InternalFailure,true", "ThrottlingException,true", "MalformedDetail,false"})
    void an_event_that_fails_within_a_call_that_succeeds_is_a_failure(String code, boolean retryable) {
        String answer =
                "{\"FailedEntryCount\":1,\"Entries\":[{\"ErrorCode\":\"" + code + "\",\"ErrorMessage\":\"no\"}]}";
        try (Scripted refusing = new Scripted().then(200, answer);
                AwsClients scripted = Emulators.clients(Map.of("events", refusing.endpoint()))) {
            EventSink lost = new EventBridgeEventSink(scripted::eventBridge, names);

            assertThatExceptionOfType(CloudException.class)
                    .isThrownBy(() -> lost.publish("e-1", "{\"type\":\"x\"}".getBytes(UTF_8)))
                    .withMessageContaining(code)
                    .satisfies(e -> assertThat(e.retryable()).isEqualTo(retryable));
        }
    }
}
