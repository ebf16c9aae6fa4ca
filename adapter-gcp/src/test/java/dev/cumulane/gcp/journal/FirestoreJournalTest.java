// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.Journal.Append;
import dev.cumulane.cloud.Journal.Listed;
import dev.cumulane.cloud.Journal.Pending;
import dev.cumulane.cloud.Journal.Snapshot;
import dev.cumulane.cloud.StreamId;
import dev.cumulane.cloud.contract.CloudJournalContract;
import dev.cumulane.cloud.contract.FaultProxy.Fault;
import dev.cumulane.cloud.contract.Scripted;
import dev.cumulane.gcp.client.GcpClients;
import dev.cumulane.gcp.client.GcpNames;
import dev.cumulane.gcp.client.GcpService;
import dev.cumulane.gcp.client.GoogleApi;
import dev.cumulane.gcp.emulator.CountedCalls;
import dev.cumulane.gcp.emulator.Disturbed;
import dev.cumulane.gcp.emulator.Emulators;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is Firestore's own: the price of a transition, the end of a stream, conditions, and what is said when something is missing. */
final class FirestoreJournalTest extends CloudJournalContract {
    private final CountedCalls calls = new CountedCalls();
    private final GcpClients clients = Emulators.clients(Map.of("firestore", Emulators.firestore()), calls);
    private final GcpNames names = Emulators.names();
    private final FirestoreJournal journal = another();
    private final Documents documents = new Documents(
            this::firestore,
            new GcpService("Firestore", "a test's database"),
            "projects/" + names.project() + "/databases/" + names.database() + "/documents");

    @Test
    void a_usual_record_is_a_small_request() {
        append(journal, 1, "x".repeat(600));

        System.out.println("a record of 600 bytes: 1 call, " + calls.bytes() + " bytes of request");
        assertThat(calls.bytes()).isLessThan(1300);
    }

    @Test
    void an_append_whose_answer_was_lost_is_known_as_our_own_when_the_client_repeats_it() {
        try (Disturbed network = Disturbed.onDemand("firestore", Emulators.firestore())) {
            network.proxy("firestore").next(1, "commit", Fault.LOST_ANSWER);

            assertThat(append(behind(network), 1, "mine")).isEqualTo(Append.APPENDED);

            assertThat(network.proxy("firestore").counts()).containsEntry(Fault.LOST_ANSWER, 1);
            assertThat(journal.read(RUN, 1, 1).get(0).bytes()).asString(UTF_8).isEqualTo("mine");
        }
    }

    @Test
    void an_append_that_lost_its_answer_behind_another_writer_is_told_apart() {
        append(journal, 1, "theirs");
        try (Disturbed network = Disturbed.onDemand("firestore", Emulators.firestore())) {
            network.proxy("firestore").next(1, "commit", Fault.LOST_ANSWER);

            assertThat(append(behind(network), 1, "mine")).isEqualTo(Append.EXISTS);

            assertThat(journal.read(RUN, 1, 1).get(0).bytes()).asString(UTF_8).isEqualTo("theirs");
        }
    }

    @Test
    void a_run_costs_two_writes_to_the_index() {
        Instant now = clock.instant();

        journal.list(new Listed(RUN_ID, now, now.plusSeconds(900)));
        append(journal, 1, "started");
        append(journal, 2, "finished");
        journal.unlist(RUN_ID);

        assertThat(calls.calls()).isEqualTo(Map.of("firestore.commit", 4));
    }

    @Test
    void a_conflict_costs_one_read_more() {
        append(journal, 1, "theirs");
        calls.reset();

        assertThat(append(another(), 1, "mine")).isEqualTo(Append.EXISTS);

        assertThat(calls.calls()).isEqualTo(Map.of("firestore.commit", 1, "firestore.get", 1));
    }

    @Test
    void the_inboxes_are_listed_by_a_query_for_each_however_much_lies_in_them() {
        for (int i = 0; i < 20; i++) {
            journal.putInbox(RUN, "signal-" + i, new byte[] {1});
        }
        journal.putInbox(StreamId.environment("production"), "a", new byte[] {1});
        calls.reset();

        assertThat(journal.inboxes(10)).containsExactly(StreamId.environment("production"), RUN);

        assertThat(calls.calls()).isEqualTo(Map.of("firestore.runQuery", 3));
    }

    @Test
    void ids_of_signals_keep_their_order_and_their_slashes() {
        List<String> ids = List.of("a", "a-b", "a.b", "a..b", "a/.b", "a/b", "a/b.a", "a/b.b", "a0");
        List<String> sorted = ids.stream().sorted().toList();
        for (int i = ids.size(); i > 0; i--) {
            journal.putInbox(RUN, ids.get(i - 1), new byte[0]);
        }

        assertThat(journal.inbox(RUN, 100)).extracting(Pending::id).containsExactlyElementsOf(sorted);
    }

    @Test
    void a_run_that_is_changed_by_others_in_between_is_looked_at_again() {
        Instant now = clock.instant();
        journal.list(new Listed(RUN_ID, now, now));
        Document before =
                documents.get("look", JournalCollections.RUNS, RUN_ID.value()).orElseThrow();
        journal.unlist(RUN_ID);

        assertThat(documents.replace("overtake", JournalCollections.RUNS, before, new Document.Fields()))
                .isFalse();
        journal.lookAgain(RUN_ID, now.plusSeconds(900));

        assertThat(journal.open(now.plusSeconds(900), 10)).isEmpty();
    }

    @Test
    void all_records_of_a_run_end_when_the_first_one_said_and_its_name_stays_taken() {
        append(journal, 1, "one");
        clock.move(Duration.ofDays(30));
        append(journal, 2, "two");
        append(another(), 3, "three");

        Instant end = Instant.parse("2026-11-23T08:00:00Z").plus(KEPT);
        List<Document> records = records(RUN);
        assertThat(records)
                .hasSize(3)
                .allSatisfy(record ->
                        assertThat(record.number(JournalCollections.ENDS)).hasValue(end.getEpochSecond()));
        assertThat(records)
                .extracting(record -> record.fields().at("/ttl/timestampValue").asText())
                .containsExactly(end.plus(KEPT).toString(), end.toString(), end.toString());
    }

    @Test
    void nothing_of_a_lock_is_to_be_deleted() {
        StreamId lock = StreamId.environment("production");
        journal.append(lock, 1, "asked".getBytes(UTF_8));

        assertThat(records(lock))
                .allSatisfy(record ->
                        assertThat(record.has(JournalCollections.TIME_TO_LIVE)).isFalse());
    }

    @Test
    void a_snapshot_is_kept_packed_and_a_damaged_one_is_as_good_as_none() {
        journal.putSnapshot(RUN, new Snapshot(64, "stage ".repeat(10_000).getBytes(UTF_8)));
        String id = JournalCollections.id(RUN);

        Document kept = documents.get("look", JournalCollections.SNAPSHOTS, id).orElseThrow();
        assertThat(kept.bytes(JournalCollections.BYTES)).hasSizeLessThan(1000);
        assertThat(journal.snapshot(RUN).orElseThrow().bytes()).hasSize(60_000);

        documents.put(
                "damage",
                JournalCollections.SNAPSHOTS,
                id,
                new Document.Fields()
                        .number(JournalCollections.SEQUENCE, 64)
                        .bytes(JournalCollections.BYTES, new byte[] {1, 2, 3}));
        assertThat(journal.snapshot(RUN)).isEmpty();
    }

    @Test
    void a_record_that_is_missing_between_others_is_damage_and_said_so() {
        append(journal, 1, "one");
        append(journal, 2, "two");
        append(journal, 3, "three");
        documents.delete("damage", JournalCollections.RECORDS, List.of(JournalCollections.recordId(RUN, 2)));

        assertThatExceptionOfType(CloudException.class)
                .isThrownBy(() -> journal.read(RUN, 1, 10))
                .withMessageContaining("record 2 of run/shop-0k3v9q2m7xw4b1ce is missing");
    }

    @Test
    void a_database_that_is_missing_is_named_with_the_command_that_installs_it() {
        String missing =
                "{\"error\":{\"code\":404,\"message\":\"The database x does not exist\",\"status\":\"NOT_FOUND\"}}";
        try (Scripted scripted = new Scripted().then(404, missing)) {
            FirestoreJournal lost = on(scripted);

            assertThatExceptionOfType(CloudException.class)
                    .isThrownBy(() -> append(lost, 1, "x"))
                    .withMessageContaining("database " + names.database() + " in test-project is missing")
                    .withMessageContaining(GcpNames.INSTALL)
                    .satisfies(e -> assertThat(e.retryable()).isFalse());
            assertThatExceptionOfType(CloudException.class)
                    .isThrownBy(() -> lost.read(RUN, 1, 1))
                    .withMessageContaining(GcpNames.INSTALL);
        }
    }

    @Test
    void a_service_that_throttles_for_good_is_a_failure_that_may_pass() {
        String throttled = "{\"error\":{\"code\":429,\"message\":\"slowly\",\"status\":\"RESOURCE_EXHAUSTED\"}}";
        try (Scripted scripted = new Scripted().then(429, throttled)) {
            assertThatExceptionOfType(CloudException.class)
                    .isThrownBy(() -> append(on(scripted), 1, "x"))
                    .withMessageContaining("append record 1 of run/shop-0k3v9q2m7xw4b1ce")
                    .withMessageContaining("RESOURCE_EXHAUSTED: slowly")
                    .satisfies(e -> assertThat(e.retryable()).isTrue());

            assertThat(scripted.requests()).hasSize(GoogleApi.ATTEMPTS);
        }
    }

    @Test
    void a_query_that_fails_after_its_status_was_sent_is_tried_again() {
        String cut = "[{\"error\":{\"code\":503,\"message\":\"later\",\"status\":\"UNAVAILABLE\"}}]";
        try (Scripted scripted = new Scripted().then(200, cut).then(200, "[{\"readTime\":\"2026-11-23T08:00:00Z\"}]")) {
            assertThatExceptionOfType(CloudException.class)
                    .isThrownBy(() -> on(scripted).read(RUN, 1, 1))
                    .withMessageContaining("UNAVAILABLE: later")
                    .satisfies(e -> assertThat(e.retryable()).isTrue());
            assertThat(on(scripted).read(RUN, 1, 1)).isEmpty();
        }
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
        return "firestore.commit";
    }

    @Override
    protected FirestoreJournal another() {
        return new FirestoreJournal(this::firestore, names, KEPT, clock);
    }

    private FirestoreJournal behind(Disturbed network) {
        return new FirestoreJournal(() -> network.clients().api("firestore"), names, KEPT, clock);
    }

    private FirestoreJournal on(Scripted scripted) {
        GcpClients elsewhere = Emulators.clients(Map.of("firestore", scripted.endpoint()));
        return new FirestoreJournal(() -> elsewhere.api("firestore"), names, KEPT, clock);
    }

    private GoogleApi firestore() {
        return clients.api("firestore");
    }

    private List<Document> records(StreamId stream) {
        return documents.between(
                "look",
                JournalCollections.RECORDS,
                JournalCollections.first(stream),
                JournalCollections.last(stream),
                1000);
    }
}
