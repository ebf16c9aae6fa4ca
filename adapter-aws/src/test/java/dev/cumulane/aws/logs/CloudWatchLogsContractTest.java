// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.logs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cumulane.aws.client.AwsClients;
import dev.cumulane.aws.emulator.Disturbed;
import dev.cumulane.aws.emulator.Emulators;
import dev.cumulane.aws.emulator.Moto;
import dev.cumulane.cloud.Logs;
import dev.cumulane.cloud.Logs.Piece;
import dev.cumulane.cloud.WorkRunner.Phase;
import dev.cumulane.cloud.contract.LogsContract;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudwatchlogs.model.InputLogEvent;

/** The contract on moto, for a build's stream; then what is of AWS alone. */
final class CloudWatchLogsContractTest extends LogsContract {
    private static final String STREAM = "0f7d2c1e-build";

    private final Disturbed network = Disturbed.before(Moto.endpoint(), "logs", 13);
    private final AwsClients clients = network.clients();
    private final AwsClients undisturbed = network.undisturbed();
    private final String project = Moto.name("project");
    private final long begin = Instant.now().toEpochMilli() - 60_000;
    private Phase phase = Phase.LIVING;
    private final Logs logs = new CloudWatchLogs(clients::logs, (attempt, serviceId) -> phase, Emulators.REGION.id());

    @BeforeEach
    void begin() {
        create("/aws/codebuild/" + project, STREAM);
    }

    @AfterEach
    void close() {
        network.close();
    }

    @Override
    protected Logs logs() {
        return logs;
    }

    @Override
    protected String serviceId() {
        return project + ":" + STREAM;
    }

    /** The agent of CodeBuild sends a line, or a part of one, as an event. */
    @Override
    protected void print(byte[] bytes) {
        List<String> lines = new ArrayList<>();
        for (String line : new String(bytes, UTF_8).split("(?<=\n)")) {
            lines.add(line);
        }
        put("/aws/codebuild/" + project, STREAM, 0, lines.toArray(String[]::new));
    }

    @Override
    protected void end() {
        phase = Phase.OVER;
    }

    @Test
    void a_log_that_nobody_has_begun_is_empty() {
        Piece piece = logs.read(ATTEMPT, "another-project:" + STREAM, 0, 100);

        assertThat(piece).isEqualTo(new Piece("", 0, false));
    }

    @Test
    void of_a_sandbox_the_lines_of_one_invocation_are_read() {
        String group = "/aws/lambda/" + project;
        create(group, "2026/11/23/[1]abc");
        put(
                group,
                "2026/11/23/[1]abc",
                0,
                "START RequestId: r-1 Version: 1\n",
                "theirs\n",
                "END RequestId: r-1\n",
                "REPORT\n");
        put(group, "2026/11/23/[1]abc", 0, "START RequestId: r-2 Version: 1\n", "ours 1\n");
        String ours = project + ":code-1:r-2";

        Piece first = logs.read(ATTEMPT, ours, 0, 100);
        put(group, "2026/11/23/[1]abc", 5, "ours 2\n", "END RequestId: r-2\n", "REPORT RequestId: r-2\n");
        Piece second = logs.read(ATTEMPT, ours, first.next(), 100);

        assertThat(first).extracting(Piece::text, Piece::ended).containsExactly("ours 1\n", false);
        assertThat(second).extracting(Piece::text, Piece::ended).containsExactly("ours 2\n", true);
        assertThat(logs.read(ATTEMPT, project + ":code-1:r-3", 0, 100)).isEqualTo(new Piece("", 0, false));
    }

    @Test
    void an_id_that_is_of_no_service_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> logs.read(ATTEMPT, "x/../y", 0, 100))
                .withMessageContaining("x/../y");
    }

    private void create(String group, String stream) {
        undisturbed.logs().createLogGroup(request -> request.logGroupName(group));
        undisturbed
                .logs()
                .createLogStream(request -> request.logGroupName(group).logStreamName(stream));
    }

    private void put(String group, String stream, long later, String... lines) {
        List<InputLogEvent> events = new ArrayList<>();
        for (String line : lines) {
            events.add(InputLogEvent.builder()
                    .timestamp(begin + later)
                    .message(line)
                    .build());
        }
        undisturbed
                .logs()
                .putLogEvents(request ->
                        request.logGroupName(group).logStreamName(stream).logEvents(events));
    }
}
