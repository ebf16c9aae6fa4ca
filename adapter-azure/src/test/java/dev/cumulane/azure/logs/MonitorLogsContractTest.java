// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.logs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.cumulane.azure.client.AzureClients;
import dev.cumulane.azure.emulator.Emulators;
import dev.cumulane.azure.emulator.FaultProxy;
import dev.cumulane.azure.fake.FakeMonitor;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.Logs;
import dev.cumulane.cloud.Logs.Piece;
import dev.cumulane.cloud.WorkRunner.Phase;
import dev.cumulane.cloud.contract.LogsContract;
import dev.cumulane.cloud.contract.Scripted;
import dev.cumulane.run.AttemptId;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The contract on a fake of Azure Monitor, behind a network that disturbs every tenth request; then what is of Azure alone. */
final class MonitorLogsContractTest extends LogsContract {
    private static final Instant BEGIN = Instant.parse("2026-11-23T08:00:00.123Z");

    private final FakeMonitor monitor = new FakeMonitor();
    private final FaultProxy proxy = FaultProxy.before(monitor.endpoint(), 0.1, 13);
    private final AzureClients clients = Emulators.clients(Map.of("loganalytics", proxy.endpoint()));
    private Phase phase = Phase.LIVING;
    private final Logs logs = new MonitorLogs(clients, (attempt, serviceId) -> phase);

    @BeforeEach
    void begin() {
        monitor.print(BEGIN, "operation-1", MonitorLogs.begins(ATTEMPT));
    }

    @AfterEach
    void close() {
        proxy.close();
        monitor.close();
        assertThat(monitor.violations()).isEmpty();
    }

    @Override
    protected Logs logs() {
        return logs;
    }

    @Override
    protected String serviceId() {
        return "worker";
    }

    @Override
    protected void print(byte[] bytes) {
        for (String line : new String(bytes, UTF_8).split("(?<=\n)")) {
            monitor.print(BEGIN.plusMillis(5), "operation-1", line);
        }
    }

    @Override
    protected void end() {
        phase = Phase.OVER;
    }

    @Test
    void of_what_all_operations_print_the_attempts_own_is_read_up_to_its_end() {
        monitor.print(BEGIN, "operation-2", "theirs\n");
        monitor.print(BEGIN.plusMillis(1), "operation-1", "ours 1\n");
        Piece first = logs.read(ATTEMPT, "worker", 0, 100);
        monitor.print(BEGIN.plusSeconds(5), "operation-1", "ours 2\n");
        monitor.print(BEGIN.plusSeconds(5), "operation-1", MonitorLogs.ends(ATTEMPT));
        monitor.print(BEGIN.plusSeconds(6), "operation-1", "of the machinery\n");
        Piece second = logs.read(ATTEMPT, "worker", first.next(), 100);

        assertThat(first).extracting(Piece::text, Piece::ended).containsExactly("ours 1\n", false);
        assertThat(second).extracting(Piece::text, Piece::ended).containsExactly("ours 2\n", true);
    }

    @Test
    void a_log_that_nobody_has_begun_is_empty() {
        AttemptId other = new AttemptId(ATTEMPT.run(), "build", 1);

        assertThat(logs.read(other, "worker", 0, 100)).isEqualTo(new Piece("", 0, false));
    }

    @Test
    void a_line_without_a_time_is_told() {
        try (Scripted strange = new Scripted().then(200, "{\"tables\":[{\"rows\":[[\"yesterday\",\"x\"]]}]}")) {
            Logs lost = new MonitorLogs(
                    Emulators.clients(Map.of("loganalytics", strange.endpoint())), (attempt, id) -> Phase.OVER);

            assertThatExceptionOfType(CloudException.class)
                    .isThrownBy(() -> lost.read(ATTEMPT, "worker", 0, 100))
                    .satisfies(e -> assertThat(e.retryable()).isFalse());
        }
    }
}
