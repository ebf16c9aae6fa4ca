// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.logs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.logging.v2.LogEntry;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.Value;
import dev.cumulane.cloud.Logs;
import dev.cumulane.cloud.Logs.Piece;
import dev.cumulane.cloud.WorkRunner.Phase;
import dev.cumulane.cloud.contract.LogsContract;
import dev.cumulane.gcp.client.GcpNames;
import dev.cumulane.gcp.emulator.Disturbed;
import dev.cumulane.gcp.emulator.Emulators;
import dev.cumulane.gcp.fake.FakeCloudLogging;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The contract on a Cloud Logging of ours, for a build's lines, behind a network that disturbs every second request; then what is of Google alone. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CloudLogsContractTest extends LogsContract {
    private static final String BUILD = "41a1fe52-2fff-4ed6-aa56-efb2ef3cdd6a";

    private final FakeCloudLogging logging = new FakeCloudLogging();
    private final Disturbed network = Disturbed.before(Map.of("logging", logging.endpoint()), 0.5, 11);
    private final GcpNames names = Emulators.names();
    private Phase phase = Phase.LIVING;
    private final Logs logs =
            new CloudLogs(() -> network.clients().api("logging"), (attempt, serviceId) -> phase, names);
    private String unfinished = "";
    private long second = 1_795_000_000L;

    @BeforeEach
    void begin() {
        logging.clear();
        unfinished = "";
        phase = Phase.LIVING;
    }

    @AfterAll
    void closeAndCount() {
        network.closeAndCount();
        logging.close();
    }

    @Override
    protected Logs logs() {
        return logs;
    }

    @Override
    protected String serviceId() {
        return BUILD;
    }

    /** Cloud Build sends a line as an entry when it is whole, without its end. */
    @Override
    protected void print(byte[] bytes) {
        String[] lines = (unfinished + new String(bytes, UTF_8)).split("\n", -1);
        for (int i = 0; i < lines.length - 1; i++) {
            write(line(BUILD, lines[i]));
        }
        unfinished = lines[lines.length - 1];
    }

    @Override
    protected void end() {
        if (!unfinished.isEmpty()) {
            write(line(BUILD, unfinished));
        }
        phase = Phase.OVER;
    }

    @Test
    void lines_of_other_builds_and_audit_logs_are_left_out() {
        write(line("0b9c7a52-2fff-4ed6-aa56-efb2ef3cdd6a", "theirs"));
        write(line(BUILD, "ours"));
        write(line(BUILD, "audited").setLogName("projects/test-project/logs/cloudaudit.googleapis.com%2Factivity"));

        assertThat(logs.read(ATTEMPT, "projects/test-project/locations/europe-west1/builds/" + BUILD, 0, 100)
                        .text())
                .isEqualTo("ours\n");
    }

    @Test
    void lines_of_a_function_are_those_labelled_with_the_attempt() {
        write(labelled("shop-0k3v9q2m7xw4b1ce/unit-tests/2", "of another attempt"));
        write(labelled(ATTEMPT.key(), "one"));
        write(labelled(ATTEMPT.key(), "two"));

        Piece first = logs.read(ATTEMPT, "call-7", 0, 4);
        Piece second = logs.read(ATTEMPT, "call-7", first.next(), 100);

        assertThat(first.text()).isEqualTo("one\n");
        assertThat(second.text()).isEqualTo("two\n");
    }

    @Test
    void many_lines_of_one_millisecond_are_read_once_each() {
        for (int i = 0; i < 7; i++) {
            logging.write(line(BUILD, "line " + i)
                    .setTimestamp(Timestamp.newBuilder().setSeconds(second))
                    .build());
        }

        StringBuilder read = new StringBuilder();
        long position = 0;
        for (int i = 0; i < 7; i++) {
            Piece piece = logs.read(ATTEMPT, BUILD, position, 9);
            read.append(piece.text());
            position = piece.next();
        }

        assertThat(read).hasToString("line 0\nline 1\nline 2\nline 3\nline 4\nline 5\nline 6\n");
    }

    @Test
    void an_id_that_is_of_no_service_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> logs.read(ATTEMPT, "x\" OR resource.type=\"project", 0, 100))
                .withMessageContaining("not the id of a build");
    }

    private LogEntry.Builder line(String build, String text) {
        LogEntry.Builder entry = LogEntry.newBuilder().setLogName("projects/test-project/logs/cloudbuild");
        entry.getResourceBuilder().setType("build").putLabels("build_id", build);
        return entry.setTextPayload(text);
    }

    private LogEntry.Builder labelled(String attempt, String message) {
        LogEntry.Builder entry =
                LogEntry.newBuilder().setLogName("projects/test-project/logs/run.googleapis.com%2Fstdout");
        entry.getResourceBuilder().setType("cloud_run_revision");
        return entry.putLabels(CloudLogs.ATTEMPT, attempt)
                .setJsonPayload(Struct.newBuilder()
                        .putFields(
                                "message",
                                Value.newBuilder().setStringValue(message).build()));
    }

    private void write(LogEntry.Builder entry) {
        second++;
        logging.write(
                entry.setTimestamp(Timestamp.newBuilder().setSeconds(second).setNanos(1_500_000))
                        .build());
    }
}
