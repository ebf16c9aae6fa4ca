// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.azure.data.tables.models.TableEntity;
import dev.cumulane.azure.client.AzureClients;
import dev.cumulane.azure.client.AzureNames;
import dev.cumulane.azure.emulator.Azurite;
import dev.cumulane.azure.emulator.CountedCalls;
import dev.cumulane.azure.emulator.Emulators;
import dev.cumulane.azure.emulator.FaultProxy;
import dev.cumulane.azure.emulator.Storage;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.Journal.Listed;
import dev.cumulane.cloud.Journal.Snapshot;
import dev.cumulane.cloud.StreamId;
import dev.cumulane.cloud.contract.DisturbedJournalContract;
import dev.cumulane.run.RunId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is Table storage's own: lost answers, the price of a transition, the end of a stream, and what is said when something is missing. */
final class TableJournalTest extends DisturbedJournalContract {
    private final CountedCalls calls = new CountedCalls();

    @RegisterExtension
    final Storage storage = new Storage(0, 0);

    private final FaultProxy proxy = storage.proxy(Azurite.Service.TABLE);
    private final AzureClients clients = storage.clients(calls);
    private final TableJournal journal = another();

    @Test
    void a_table_that_is_missing_is_named_with_the_command_that_installs_it() {
        storage.undisturbed().tables().deleteTable(Emulators.NAMES.table());

        assertThatExceptionOfType(CloudException.class)
                .isThrownBy(() -> append(journal, 1, "x"))
                .withMessageContaining("table journal of shop-ci in shop is missing")
                .withMessageContaining(AzureNames.INSTALL)
                .satisfies(e -> assertThat(e.retryable()).isFalse());
    }

    @Test
    void a_usual_record_is_a_kilobyte_on_the_wire() {
        append(journal, 1, "x".repeat(600));

        assertThat(calls.bytes()).isLessThan(1100);
    }

    @Test
    void a_run_costs_four_calls_to_the_index() {
        Instant now = clock.instant();

        journal.list(new Listed(RUN_ID, now, now.plusSeconds(900)));
        append(journal, 1, "started");
        append(journal, 2, "finished");
        journal.unlist(RUN_ID);

        assertThat(calls.calls())
                .isEqualTo(Map.of("POST journal", 3, "GET journal", 1, "PUT journal", 1, "DELETE journal", 1));
    }

    @Test
    void all_records_of_a_run_end_when_the_first_one_said() {
        append(journal, 1, "one");
        clock.move(Duration.ofDays(30));
        append(journal, 2, "two");
        append(another(), 3, "three");

        long end = Instant.parse("2026-11-23T08:00:00Z").plus(KEPT).getEpochSecond();
        assertThat(entities())
                .hasSize(3)
                .allSatisfy(record ->
                        assertThat(Entities.number(record, Entities.ENDS)).hasValue(end));
    }

    @Test
    void what_has_ended_is_deleted_but_for_the_tombstone_that_keeps_the_name_taken_as_long_again() {
        run(RUN_ID);
        journal.append(StreamId.following(RUN_ID), 1, "told".getBytes(UTF_8));
        journal.putInbox(RUN, "late", "vote".getBytes(UTF_8));
        journal.putSnapshot(RUN, new Snapshot(2, "state".getBytes(UTF_8)));
        clock.move(KEPT.minusDays(1));
        RunId later = new RunId("shop-1111111111111111");
        run(later);
        assertThat(journal.deleteEnded(100)).isZero();

        clock.move(Duration.ofDays(1));
        assertThat(journal.deleteEnded(100)).isEqualTo(1);

        assertThat(entities())
                .extracting(TableEntity::getPartitionKey)
                .containsOnly("run_" + RUN_ID, "run_" + later, "done", "gone");
        assertThat(journal.recent(10)).extracting(Listed::run).containsExactly(later);
        assertThatExceptionOfType(CloudException.class).isThrownBy(() -> append(another(), 1, "again"));
        assertThat(journal.deleteEnded(100)).isZero();

        clock.move(KEPT);
        assertThat(journal.deleteEnded(100)).isEqualTo(2);
        assertThat(entities()).extracting(TableEntity::getPartitionKey).containsOnly("run_" + later, "gone");
    }

    @Test
    void a_snapshot_is_packed_and_cut_and_a_damaged_one_is_as_good_as_none() {
        byte[] incompressible = new byte[200_000];
        new Random(1).nextBytes(incompressible);
        journal.putSnapshot(RUN, new Snapshot(64, incompressible));

        assertThat(entities().get(0).getProperties()).containsKeys("b0", "b1", "b2", "b3");
        assertThat(journal.snapshot(RUN).orElseThrow().bytes()).isEqualTo(incompressible);

        journal.putSnapshot(RUN, new Snapshot(128, "stage ".repeat(10_000).getBytes(UTF_8)));
        assertThat(Entities.bytes(entities().get(0), "b0").orElseThrow()).hasSizeLessThan(1000);
        assertThat(entities().get(0).getProperties()).doesNotContainKey("b1");

        storage.undisturbed()
                .tables()
                .getTableClient(Emulators.NAMES.table())
                .upsertEntity(entities().get(0).addProperty("b0", new byte[] {1, 2, 3}));
        assertThat(journal.snapshot(RUN)).isEmpty();
    }

    private void run(RunId run) {
        journal.list(new Listed(run, clock.instant(), clock.instant()));
        journal.append(StreamId.of(run), 1, "started".getBytes(UTF_8));
        journal.append(StreamId.of(run), 2, "finished".getBytes(UTF_8));
        journal.unlist(run);
    }

    @Override
    protected TableJournal another() {
        return new TableJournal(clients::tables, Emulators.NAMES, KEPT, clock);
    }

    @Override
    protected FaultProxy disturbed() {
        return proxy;
    }

    @Override
    protected String request() {
        return "POST";
    }

    @Override
    protected int attempts() {
        return AzureClients.ATTEMPTS;
    }

    @Override
    protected Map<String, Integer> calls() {
        return calls.calls();
    }

    @Override
    protected void forgetCalls() {
        calls.reset();
    }

    @Override
    protected String append() {
        return "POST journal";
    }

    private List<TableEntity> entities() {
        return storage.undisturbed().tables().getTableClient(Emulators.NAMES.table()).listEntities().stream()
                .toList();
    }
}
