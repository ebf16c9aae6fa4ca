// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.Journal;
import dev.cumulane.cloud.StreamId;
import dev.cumulane.run.RunId;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What every journal in a cloud does, beside what {@link JournalContract} says: the streams of runs end, and a transition is one call. Each test begins on an empty one, and
 * with no calls counted.
 */
public abstract class CloudJournalContract {
    /** A run. */
    protected static final RunId RUN_ID = new RunId("shop-0k3v9q2m7xw4b1ce");

    /** Its stream. */
    protected static final StreamId RUN = StreamId.of(RUN_ID);

    /** How long the journal keeps the streams of runs. */
    protected static final Duration KEPT = Duration.ofDays(400);

    private static final int TRANSITIONS = 200;

    /** What the journal takes the time from. */
    protected final MovedClock clock = new MovedClock();

    /**
     * Another journal on the same storage, as another process has it, which keeps streams for {@link #KEPT} by {@link #clock}.
     *
     * @return a journal that knows nothing yet
     */
    protected abstract Journal another();

    /**
     * What the journals have called.
     *
     * @return how often each operation was called since the calls were last forgotten
     */
    protected abstract Map<String, Integer> calls();

    /** Forgets the calls. */
    protected abstract void forgetCalls();

    /**
     * The operation that appends.
     *
     * @return its name, as {@link #calls} has it
     */
    protected abstract String append();

    /**
     * Appends to the stream of the run.
     *
     * @param to a journal
     * @param sequence the record's number
     * @param text the record
     * @return what became of it
     */
    protected static Journal.Append append(Journal to, long sequence, String text) {
        return to.append(RUN, sequence, text.getBytes(UTF_8));
    }

    @Test
    void a_warm_process_writes_once_for_a_transition_and_reads_nothing() {
        Journal journal = another();
        String usual = "x".repeat(600);

        for (int i = 1; i <= TRANSITIONS; i++) {
            append(journal, i, usual);
        }

        assertThat(calls()).isEqualTo(Map.of(append(), TRANSITIONS));
    }

    @Test
    void a_cold_process_that_has_read_the_stream_appends_without_reading_more() {
        append(another(), 1, "one");
        Journal cold = another();
        cold.read(RUN, 1, 10);
        forgetCalls();

        append(cold, 2, "two");

        assertThat(calls()).isEqualTo(Map.of(append(), 1));
    }

    @Test
    void a_stream_that_has_ended_reads_as_absent_whatever_was_deleted_already_and_takes_no_more() {
        Journal journal = another();
        append(journal, 1, "one");
        append(journal, 2, "two");
        clock.move(KEPT);

        assertThat(journal.read(RUN, 1, 10)).isEmpty();
        assertThat(another().read(RUN, 2, 10)).isEmpty();
        assertThatExceptionOfType(CloudException.class)
                .isThrownBy(() -> append(another(), 1, "again"))
                .withMessageContaining("was kept until 2027-12-28T08:00:00Z")
                .satisfies(e -> assertThat(e.retryable()).isFalse());
        assertThatExceptionOfType(CloudException.class)
                .isThrownBy(() -> append(another(), 3, "more"))
                .satisfies(e -> assertThat(e.retryable()).isFalse());
    }

    @Test
    void the_stream_of_a_lock_does_not_end() {
        StreamId lock = StreamId.environment("production");
        another().append(lock, 1, "asked".getBytes(UTF_8));
        clock.move(KEPT.multipliedBy(10));

        assertThat(another().read(lock, 1, 10)).hasSize(1);
    }
}
