// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud.contract;

import static dev.cumulane.cloud.contract.Twisted.NOTHING;

import dev.cumulane.cloud.Journal;
import dev.cumulane.cloud.Journal.Append;
import dev.cumulane.cloud.Journal.Entry;
import dev.cumulane.cloud.Journal.Listed;
import dev.cumulane.cloud.Journal.Pending;
import dev.cumulane.cloud.Journal.Snapshot;
import dev.cumulane.cloud.StreamId;
import dev.cumulane.run.RunId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/** Journals that each break one promise. */
final class WrongJournals {
    private WrongJournals() {}

    static List<Wrong> journals() {
        Map<String, byte[]> last = new ConcurrentHashMap<>();
        return List.of(
                new Wrong(
                        "the last write wins",
                        ContractsRefuseTest.OnJournal.class,
                        "a_number_that_is_taken_is_refused_and_the_first_record_stays",
                        right -> Twisted.of(
                                Journal.class,
                                Twisted.of(
                                        Journal.class,
                                        (Journal) right,
                                        "read/3",
                                        (same, given) -> List.of(new Entry(1, last.getOrDefault("1", new byte[0])))),
                                "append/3",
                                (same, given) -> {
                                    boolean taken = last.put("1", (byte[]) given[2]) != null;
                                    return taken ? Append.EXISTS : Append.APPENDED;
                                })),
                journal(
                        "looks, then writes",
                        "of_32_writers_of_one_number_exactly_one_appends_and_its_bytes_are_the_ones_read",
                        "append/3",
                        (right, given) -> {
                            boolean taken = !right.read((StreamId) given[0], (Long) given[1], 1)
                                    .isEmpty();
                            LockSupport.parkNanos(1_000_000);
                            right.append((StreamId) given[0], (Long) given[1], (byte[]) given[2]);
                            return taken ? Append.EXISTS : Append.APPENDED;
                        }),
                journal(
                        "takes a repetition for an append",
                        "a_repeated_append_whose_answer_was_lost_is_found_by_reading_ones_own_bytes",
                        "append/3",
                        (right, given) -> {
                            right.append((StreamId) given[0], (Long) given[1], (byte[]) given[2]);
                            return Append.APPENDED;
                        }),
                journal(
                        "cuts what is too large",
                        "the_largest_record_is_stored_and_a_larger_one_is_refused_with_nothing_written",
                        "append/3",
                        (right, given) -> {
                            byte[] record = (byte[]) given[2];
                            return right.append(
                                    (StreamId) given[0],
                                    (Long) given[1],
                                    Arrays.copyOf(record, Math.min(record.length, Journal.LARGEST_RECORD)));
                        }),
                journal(
                        "reads one record too few",
                        "records_are_read_in_order_with_the_bytes_as_appended",
                        "read/3",
                        (right, given) -> {
                            List<Entry> entries = right.read((StreamId) given[0], (Long) given[1], (Integer) given[2]);
                            return entries.subList(0, Math.max(0, entries.size() - 1));
                        }),
                new Wrong(
                        "reads what was there a moment ago",
                        ContractsRefuseTest.OnJournalsApart.class,
                        "an_acknowledged_append_is_seen_by_another_instance",
                        right -> right instanceof Journal journal
                                ? Twisted.of(Journal.class, journal, "read/3", (same, given) -> List.of())
                                : right),
                journal(
                        "puts over what lies there",
                        "an_inbox_keeps_one_signal_of_an_id_the_first",
                        "putInbox/3",
                        (right, given) -> {
                            right.deleteInbox((StreamId) given[0], List.of((String) given[1]));
                            right.putInbox((StreamId) given[0], (String) given[1], (byte[]) given[2]);
                            return NOTHING;
                        }),
                journal(
                        "reads an inbox backwards",
                        "an_inbox_is_read_in_the_order_of_the_ids_up_to_the_limit",
                        "inbox/2",
                        (right, given) -> {
                            List<Pending> all = new ArrayList<>(right.inbox((StreamId) given[0], (Integer) given[1]));
                            Collections.reverse(all);
                            return all;
                        }),
                journal(
                        "deletes all that it read",
                        "a_deleted_signal_is_gone_deleting_again_changes_nothing_and_its_id_may_come_again",
                        "deleteInbox/2",
                        (right, given) -> {
                            StreamId stream = (StreamId) given[0];
                            right.deleteInbox(
                                    stream,
                                    right.inbox(stream, 1000).stream()
                                            .map(Pending::id)
                                            .toList());
                            return NOTHING;
                        }),
                journal(
                        "deletes nothing",
                        "a_thousand_signals_put_at_once_are_drained_once_each",
                        "deleteInbox/2",
                        (right, given) -> {
                            // So that the test's loop ends all the same.
                            List<Pending> all = right.inbox((StreamId) given[0], 1000);
                            right.deleteInbox(
                                    (StreamId) given[0],
                                    all.stream().map(Pending::id).limit(128).toList());
                            return NOTHING;
                        }),
                journal(
                        "lists inboxes no more",
                        "the_streams_whose_inbox_is_not_empty_are_listed_up_to_the_limit",
                        "inboxes/1",
                        (right, given) -> List.of()),
                journal(
                        "keeps the first snapshot",
                        "a_snapshot_takes_the_place_of_the_one_before",
                        "putSnapshot/2",
                        (right, given) -> {
                            Snapshot snapshot = (Snapshot) given[1];
                            if (last.putIfAbsent("first", snapshot.bytes()) == null) {
                                right.putSnapshot((StreamId) given[0], snapshot);
                            }
                            return NOTHING;
                        }));
    }

    static List<Wrong> indexes() {
        return List.of(
                journal(
                        "shows runs before they are due",
                        "a_listed_run_is_open_when_it_is_due_and_not_before",
                        "open/2",
                        (right, given) -> right.open(((Instant) given[0]).plusSeconds(3600), (Integer) given[1])),
                journal("lists anew", "listing_an_open_run_again_changes_nothing", "list/1", (right, given) -> {
                    right.unlist(((Listed) given[0]).run());
                    right.list((Listed) given[0]);
                    return NOTHING;
                }),
                journal(
                        "never opens again",
                        "a_run_listed_after_it_was_taken_off_is_open_again",
                        "list/1",
                        (right, given) -> {
                            Listed listed = (Listed) given[0];
                            if (right.recent(1000).stream()
                                    .noneMatch(one -> one.run().equals(listed.run()))) {
                                right.list(listed);
                            }
                            return NOTHING;
                        }),
                journal(
                        "looks again never",
                        "a_run_looked_at_is_due_again_at_the_instant_written",
                        "lookAgain/2",
                        (right, given) -> NOTHING),
                journal(
                        "opens what it is to look at",
                        "looking_again_at_a_run_that_is_not_open_does_not_open_it",
                        "lookAgain/2",
                        (right, given) -> {
                            right.list(new Listed((RunId) given[0], (Instant) given[1], (Instant) given[1]));
                            return NOTHING;
                        }),
                journal(
                        "keeps finished runs open",
                        "a_run_taken_off_is_not_open_any_more_and_stays_among_the_recent_ones",
                        "unlist/1",
                        (right, given) -> NOTHING),
                journal(
                        "shows the oldest first",
                        "recent_runs_come_latest_first_up_to_the_limit",
                        "recent/1",
                        (right, given) -> {
                            List<Listed> all = new ArrayList<>(right.recent(1000));
                            Collections.reverse(all);
                            return all.subList(0, Math.min(all.size(), (Integer) given[0]));
                        }));
    }

    private static Wrong journal(String how, String test, String method, Twisted.Method<Journal> wrong) {
        return Wrong.of(how, ContractsRefuseTest.OnJournal.class, test, Journal.class, method, wrong);
    }
}
