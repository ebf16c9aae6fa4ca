// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cumulane.cloud.Journal;
import dev.cumulane.cloud.Journal.Append;
import dev.cumulane.cloud.Journal.Entry;
import dev.cumulane.cloud.Journal.Listed;
import dev.cumulane.cloud.Journal.Pending;
import dev.cumulane.cloud.Journal.Snapshot;
import dev.cumulane.cloud.StreamId;
import dev.cumulane.run.RunId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every {@link Journal} does. Each test begins on an empty one. */
public abstract class JournalContract {
    private static final Instant NOW = Instant.parse("2026-11-23T08:00:00Z");
    private static final StreamId RUN = StreamId.of(run(0));
    private static final StreamId OTHER = StreamId.environment("production");

    /**
     * The journal under test, the same one during a test.
     *
     * @return a journal that was empty when the test began
     */
    protected abstract Journal journal();

    /**
     * Another instance on the same data, as another process would have.
     *
     * @return a journal
     */
    protected abstract Journal another();

    @Test
    void a_stream_that_does_not_exist_is_empty() {
        assertThat(journal().read(RUN, 1, 10)).isEmpty();
        assertThat(journal().snapshot(RUN)).isEmpty();
        assertThat(journal().inbox(RUN, 10)).isEmpty();
    }

    @Test
    void records_are_read_in_order_with_the_bytes_as_appended() {
        append(RUN, 1, "one");
        append(RUN, 2, "two");
        append(OTHER, 1, "other");
        append(RUN, 3, "three");

        assertThat(texts(RUN, 1, 10)).containsExactly("1 one", "2 two", "3 three");
        assertThat(texts(OTHER, 1, 10)).containsExactly("1 other");
    }

    @Test
    void any_byte_may_be_in_a_record_also_none() {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        journal().append(RUN, 1, all);
        journal().append(RUN, 2, new byte[0]);

        List<Entry> entries = journal().read(RUN, 1, 2);

        assertThat(entries.get(0).bytes()).isEqualTo(all);
        assertThat(entries.get(1).bytes()).isEmpty();
    }

    @Test
    void reading_begins_at_the_number_asked_for_and_ends_at_the_limit() {
        for (int i = 1; i <= 5; i++) {
            append(RUN, i, "r" + i);
        }

        assertThat(texts(RUN, 2, 3)).containsExactly("2 r2", "3 r3", "4 r4");
        assertThat(texts(RUN, 5, 3)).containsExactly("5 r5");
        assertThat(texts(RUN, 6, 3)).isEmpty();
    }

    @Test
    void a_thousand_records_are_read_at_once() throws Exception {
        for (int i = 1; i <= 1001; i++) {
            append(RUN, i, "r" + i);
        }

        assertThat(journal().read(RUN, 1, 1000)).extracting(Entry::sequence).containsExactlyElementsOf(numbers(1000));
    }

    @Test
    void reading_refuses_a_first_number_below_one_and_a_limit_outside_one_to_a_thousand() {
        assertThatIllegalArgumentException().isThrownBy(() -> journal().read(RUN, 0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> journal().read(RUN, 1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> journal().read(RUN, 1, 1001));
        assertThatIllegalArgumentException().isThrownBy(() -> journal().inbox(RUN, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> journal().inbox(RUN, 1001));
        assertThatIllegalArgumentException().isThrownBy(() -> journal().recent(0));
        assertThatIllegalArgumentException().isThrownBy(() -> journal().recent(1001));
    }

    @Test
    void a_number_that_is_taken_is_refused_and_the_first_record_stays() {
        assertThat(append(RUN, 1, "first")).isEqualTo(Append.APPENDED);

        assertThat(append(RUN, 1, "second")).isEqualTo(Append.EXISTS);
        assertThat(append(another(), RUN, 1, "third")).isEqualTo(Append.EXISTS);

        assertThat(texts(RUN, 1, 10)).containsExactly("1 first");
    }

    @Test
    void a_repeated_append_whose_answer_was_lost_is_found_by_reading_ones_own_bytes() {
        append(RUN, 1, "writer-7 started");

        assertThat(append(RUN, 1, "writer-7 started")).isEqualTo(Append.EXISTS);

        assertThat(texts(RUN, 1, 1)).containsExactly("1 writer-7 started");
    }

    @Test
    void of_32_writers_of_one_number_exactly_one_appends_and_its_bytes_are_the_ones_read() throws Exception {
        Journal second = another();
        for (int sequence = 1; sequence <= 20; sequence++) {
            int number = sequence;

            List<Append> answers =
                    Together.run(32, i -> () -> append(i % 2 == 0 ? journal() : second, RUN, number, "writer " + i));

            assertThat(answers).containsOnlyOnce(Append.APPENDED);
            assertThat(texts(RUN, number, 1)).containsExactly(number + " writer " + answers.indexOf(Append.APPENDED));
        }
    }

    @Test
    void writers_of_different_streams_do_not_hinder_each_other() throws Exception {
        List<Boolean> all = Together.run(
                16,
                i -> () -> IntStream.rangeClosed(1, 50)
                        .allMatch(n -> append(StreamId.of(run(i)), n, i + "/" + n) == Append.APPENDED));

        assertThat(all).containsOnly(true);
        for (int i = 0; i < 16; i++) {
            assertThat(journal().read(StreamId.of(run(i)), 1, 1000)).hasSize(50);
        }
    }

    @Test
    void an_acknowledged_append_is_seen_by_another_instance() {
        Journal second = another();
        append(RUN, 1, "one");

        assertThat(second.read(RUN, 1, 1)).hasSize(1);
        assertThat(another().read(RUN, 1, 1)).hasSize(1);
    }

    @Test
    void the_largest_record_is_stored_and_a_larger_one_is_refused_with_nothing_written() {
        byte[] largest = randomBytes(Journal.LARGEST_RECORD);
        journal().append(RUN, 1, largest);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> journal().append(RUN, 2, randomBytes(Journal.LARGEST_RECORD + 1)));

        List<Entry> entries = journal().read(RUN, 1, 10);
        assertThat(entries).hasSize(1);
        assertThat(entries.get(0).bytes()).isEqualTo(largest);
        assertThat(append(RUN, 2, "fits")).isEqualTo(Append.APPENDED);
    }

    @Test
    void a_number_below_one_is_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> append(RUN, 0, "zero"));
        assertThatIllegalArgumentException().isThrownBy(() -> append(RUN, -1, "minus"));

        assertThat(texts(RUN, 1, 10)).isEmpty();
    }

    @Test
    void an_inbox_keeps_one_signal_of_an_id_the_first() {
        put("a", "first");
        put("a", "second");

        assertThat(inbox(10)).containsExactly("a first");
    }

    @Test
    void an_inbox_is_read_in_the_order_of_the_ids_up_to_the_limit() {
        put("c", "3");
        put("a", "1");
        put("b", "2");

        assertThat(inbox(10)).containsExactly("a 1", "b 2", "c 3");
        assertThat(inbox(2)).containsExactly("a 1", "b 2");
    }

    @Test
    void each_stream_has_an_inbox_of_its_own() {
        put("a", "mine");
        journal().putInbox(OTHER, "a", "theirs".getBytes(UTF_8));

        journal().deleteInbox(OTHER, List.of("a"));

        assertThat(inbox(10)).containsExactly("a mine");
        assertThat(journal().inbox(OTHER, 10)).isEmpty();
    }

    @Test
    void a_deleted_signal_is_gone_deleting_again_changes_nothing_and_its_id_may_come_again() {
        put("a", "1");
        put("b", "2");

        journal().deleteInbox(RUN, List.of("a", "never-there"));
        journal().deleteInbox(RUN, List.of("a"));
        journal().deleteInbox(RUN, List.of());

        assertThat(inbox(10)).containsExactly("b 2");
        put("a", "again");
        assertThat(inbox(10)).containsExactly("a again", "b 2");
    }

    @Test
    void an_inbox_holds_the_largest_signal_and_ids_of_200_characters_and_refuses_more() {
        String longest = "i".repeat(200);
        journal().putInbox(RUN, longest, randomBytes(Journal.LARGEST_RECORD));

        assertThatIllegalArgumentException().isThrownBy(() -> put("i".repeat(201), "x"));
        assertThatIllegalArgumentException().isThrownBy(() -> put("", "x"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> journal().putInbox(RUN, "large", randomBytes(Journal.LARGEST_RECORD + 1)));

        assertThat(journal().inbox(RUN, 10)).extracting(Pending::id).containsExactly(longest);
    }

    @Test
    void an_id_is_any_text() {
        List<String> ids = List.of("'; DROP TABLE records; --", "%_\\", "../../x", "vote/ada@example.com", "ünï – 中");
        ids.forEach(id -> put(id, id));

        assertThat(journal().inbox(RUN, 10)).extracting(Pending::id).containsExactlyInAnyOrderElementsOf(ids);

        journal().deleteInbox(RUN, ids);
        assertThat(journal().inbox(RUN, 10)).isEmpty();
    }

    @Test
    void a_thousand_signals_put_at_once_are_drained_once_each() throws Exception {
        Together.run(8, i -> () -> {
            for (int n = i; n < 1000; n += 8) {
                put(String.format("signal-%04d", n), "s" + n);
            }
            return true;
        });

        List<String> drained = new ArrayList<>();
        for (List<Pending> some = journal().inbox(RUN, 64);
                !some.isEmpty();
                some = journal().inbox(RUN, 64)) {
            List<String> ids = some.stream().map(Pending::id).toList();
            drained.addAll(ids);
            journal().deleteInbox(RUN, ids);
        }

        assertThat(drained).hasSize(1000).doesNotHaveDuplicates().isSorted();
    }

    @Test
    void the_streams_whose_inbox_is_not_empty_are_listed_up_to_the_limit() {
        assertThat(journal().inboxes(10)).isEmpty();
        put("a", "1");
        put("b", "2");
        journal().putInbox(OTHER, "a", new byte[0]);

        assertThat(journal().inboxes(10)).containsExactlyInAnyOrder(RUN, OTHER);
        assertThat(journal().inboxes(1)).hasSize(1);

        journal().deleteInbox(RUN, List.of("a", "b"));
        assertThat(journal().inboxes(10)).containsExactly(OTHER);
    }

    @Test
    void a_snapshot_takes_the_place_of_the_one_before() {
        journal().putSnapshot(RUN, new Snapshot(64, "old".getBytes(UTF_8)));
        journal().putSnapshot(RUN, new Snapshot(128, "new".getBytes(UTF_8)));

        Snapshot kept = journal().snapshot(RUN).orElseThrow();

        assertThat(kept.sequence()).isEqualTo(128);
        assertThat(kept.bytes()).asString(UTF_8).isEqualTo("new");
        assertThat(journal().snapshot(OTHER)).isEmpty();
        assertThat(another().snapshot(RUN)).isPresent();
    }

    @Test
    void the_largest_snapshot_is_kept_and_a_larger_one_is_refused() {
        byte[] largest = randomBytes(Journal.LARGEST_SNAPSHOT);
        journal().putSnapshot(RUN, new Snapshot(64, largest));

        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        journal().putSnapshot(RUN, new Snapshot(128, randomBytes(Journal.LARGEST_SNAPSHOT + 1))));

        assertThat(journal().snapshot(RUN).orElseThrow().bytes()).isEqualTo(largest);
    }

    @Test
    void a_listed_run_is_open_when_it_is_due_and_not_before() {
        Listed listed = new Listed(run(1), NOW, NOW.plus(Duration.ofMinutes(5)));

        journal().list(listed);

        assertThat(journal().open(NOW.plus(Duration.ofMinutes(5)).minusMillis(1), 10))
                .isEmpty();
        assertThat(journal().open(NOW.plus(Duration.ofMinutes(5)), 10)).containsExactly(listed);
        assertThat(another().open(NOW.plus(Duration.ofDays(1)), 10)).containsExactly(listed);
    }

    @Test
    void listing_an_open_run_again_changes_nothing() {
        Listed listed = new Listed(run(1), NOW, NOW.plusSeconds(60));
        journal().list(listed);

        journal().list(new Listed(run(1), NOW.plusSeconds(900), NOW.plusSeconds(960)));

        assertThat(journal().open(NOW.plusSeconds(60), 10)).containsExactly(listed);
        assertThat(journal().recent(10)).containsExactly(listed);
    }

    @Test
    void open_runs_come_longest_due_first_up_to_the_limit() {
        journal().list(new Listed(run(1), NOW, NOW.plusSeconds(30)));
        journal().list(new Listed(run(2), NOW, NOW.plusSeconds(10)));
        journal().list(new Listed(run(3), NOW, NOW.plusSeconds(20)));

        assertThat(journal().open(NOW.plusSeconds(30), 10))
                .extracting(Listed::run)
                .containsExactly(run(2), run(3), run(1));
        assertThat(journal().open(NOW.plusSeconds(30), 2))
                .extracting(Listed::run)
                .containsExactly(run(2), run(3));
    }

    @Test
    void a_run_looked_at_is_due_again_at_the_instant_written() {
        journal().list(new Listed(run(1), NOW, NOW));

        journal().lookAgain(run(1), NOW.plusSeconds(900));

        assertThat(journal().open(NOW.plusSeconds(899), 10)).isEmpty();
        assertThat(journal().open(NOW.plusSeconds(900), 10))
                .containsExactly(new Listed(run(1), NOW, NOW.plusSeconds(900)));
    }

    @Test
    void a_run_taken_off_is_not_open_any_more_and_stays_among_the_recent_ones() {
        journal().list(new Listed(run(1), NOW, NOW));
        journal().list(new Listed(run(2), NOW.plusSeconds(1), NOW));

        journal().unlist(run(1));
        journal().unlist(run(1));

        assertThat(journal().open(NOW.plusSeconds(900), 10))
                .extracting(Listed::run)
                .containsExactly(run(2));
        assertThat(journal().recent(10)).extracting(Listed::run).containsExactly(run(2), run(1));
    }

    @Test
    void looking_again_at_a_run_that_is_not_open_does_not_open_it() {
        journal().list(new Listed(run(1), NOW, NOW));
        journal().unlist(run(1));

        journal().lookAgain(run(1), NOW);
        journal().lookAgain(run(2), NOW);
        journal().unlist(run(3));

        assertThat(journal().open(NOW.plusSeconds(900), 10)).isEmpty();
        assertThat(journal().recent(10)).extracting(Listed::run).containsExactly(run(1));
    }

    @Test
    void a_run_listed_after_it_was_taken_off_is_open_again() {
        journal().list(new Listed(run(1), NOW, NOW));
        journal().unlist(run(1));

        Listed again = new Listed(run(1), NOW.plusSeconds(30), NOW.plusSeconds(60));
        journal().list(again);

        assertThat(journal().open(NOW.plusSeconds(60), 10)).containsExactly(again);
    }

    @Test
    void recent_runs_come_latest_first_up_to_the_limit() {
        List<Integer> shuffled = new ArrayList<>(IntStream.range(0, 20).boxed().toList());
        Collections.shuffle(shuffled, new Random(7));
        shuffled.forEach(i -> journal().list(new Listed(run(i), NOW.plusSeconds(i), NOW)));

        assertThat(journal().recent(3)).extracting(Listed::run).containsExactly(run(19), run(18), run(17));
        assertThat(journal().recent(1000)).hasSize(20);
    }

    /**
     * A run's id.
     *
     * @param number tells it from others
     * @return the id
     */
    protected static RunId run(int number) {
        return new RunId(String.format("shop-%016d", number));
    }

    private Append append(StreamId stream, long sequence, String text) {
        return append(journal(), stream, sequence, text);
    }

    private static Append append(Journal journal, StreamId stream, long sequence, String text) {
        return journal.append(stream, sequence, text.getBytes(UTF_8));
    }

    private void put(String id, String text) {
        journal().putInbox(RUN, id, text.getBytes(UTF_8));
    }

    private List<String> texts(StreamId stream, long from, int limit) {
        return journal().read(stream, from, limit).stream()
                .map(entry -> entry.sequence() + " " + new String(entry.bytes(), UTF_8))
                .toList();
    }

    private List<String> inbox(int limit) {
        return journal().inbox(RUN, limit).stream()
                .map(pending -> pending.id() + " " + new String(pending.bytes(), UTF_8))
                .toList();
    }

    private static List<Long> numbers(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(i -> (long) i).toList();
    }

    private static byte[] randomBytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}
