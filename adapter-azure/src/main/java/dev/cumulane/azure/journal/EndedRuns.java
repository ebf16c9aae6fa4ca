// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.journal;

import com.azure.data.tables.models.TableEntity;
import dev.cumulane.cloud.StreamId;
import dev.cumulane.run.RunId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Deletes what no reader sees any more, since a table has no time to live. A run that has ended lies under the time of its start, so the oldest are found without looking
 * at the others. Each step may be repeated: the entry by which a run is found goes last.
 */
final class EndedRuns {
    private static final String ATTEMPT = "delete what is kept no longer";
    private static final int AT_ONCE = 1000;

    private final JournalTable table;
    private final Duration kept;
    private final InstantSource clock;

    EndedRuns(JournalTable table, Duration kept, InstantSource clock) {
        this.table = table;
        this.kept = kept;
        this.clock = clock;
    }

    int delete(int most) {
        int deleted = 0;
        for (TableEntity entry : olderThan(Keys.DONE, kept, most)) {
            RunId run = Keys.timedRun(entry.getRowKey());
            Optional<Long> ends = ends(run);
            // A run is put on the list a moment before its first record says when it ends.
            if (ends.isEmpty() || ends.get() <= clock.instant().getEpochSecond()) {
                deleteRecords(run, ends);
                table.put(ATTEMPT, new TableEntity(Keys.GONE, entry.getRowKey()));
                table.delete(ATTEMPT, Keys.DONE, entry.getRowKey());
                deleted++;
            }
        }
        for (TableEntity entry : olderThan(Keys.GONE, kept.multipliedBy(2), most - deleted)) {
            table.delete(ATTEMPT, Keys.partition(StreamId.of(Keys.timedRun(entry.getRowKey()))), Keys.recordRow(1));
            table.delete(ATTEMPT, Keys.GONE, entry.getRowKey());
            deleted++;
        }
        return deleted;
    }

    private List<TableEntity> olderThan(String partition, Duration age, int most) {
        Instant before = clock.instant().minus(age);
        String older = JournalTable.in(partition) + " and RowKey ge '" + Keys.inverted(before) + "'";
        return most < 1 ? List.of() : table.query(ATTEMPT, older, most);
    }

    /** Empty for a run that never had a record. */
    private Optional<Long> ends(RunId run) {
        return table.get(ATTEMPT, Keys.partition(StreamId.of(run)), Keys.recordRow(1), Entities.ENDS)
                .flatMap(record -> Entities.number(record, Entities.ENDS));
    }

    private void deleteRecords(RunId run, Optional<Long> ends) {
        StreamId stream = StreamId.of(run);
        String inbox = Keys.inboxStart(stream);
        deleteAll(JournalTable.rows(Keys.INBOX, inbox, Keys.after(inbox)));
        deleteAll(JournalTable.in(Keys.partition(StreamId.following(run))));
        deleteAll(JournalTable.in(Keys.partition(stream)) + " and RowKey gt '" + Keys.recordRow(1) + "'");
        // What is left of the first record says nothing but that there was one.
        ends.ifPresent(at -> table.put(ATTEMPT, Keys.record(stream, 1).addProperty(Entities.ENDS, at)));
    }

    private void deleteAll(String filter) {
        List<TableEntity> some = table.query(ATTEMPT, filter, AT_ONCE);
        while (!some.isEmpty()) {
            table.delete(
                    ATTEMPT,
                    some.get(0).getPartitionKey(),
                    some.stream().map(TableEntity::getRowKey).toList());
            some = table.query(ATTEMPT, filter, AT_ONCE);
        }
    }
}
