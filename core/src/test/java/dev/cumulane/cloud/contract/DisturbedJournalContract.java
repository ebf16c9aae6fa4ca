// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.Journal;
import dev.cumulane.cloud.Journal.Append;
import dev.cumulane.cloud.contract.FaultProxy.Fault;
import org.junit.jupiter.api.Test;

/** What every journal in a cloud does whose client repeats calls by itself: lost answers and services that are pressed. */
public abstract class DisturbedJournalContract extends CloudJournalContract {
    /**
     * What stands between the journal and its storage.
     *
     * @return the proxy, the same one during a test
     */
    protected abstract FaultProxy disturbed();

    /**
     * What an append asks for on the wire.
     *
     * @return a part of the request, as {@link FaultProxy#next} takes it
     */
    protected abstract String request();

    /**
     * How often the client tries.
     *
     * @return the number of attempts
     */
    protected abstract int attempts();

    @Test
    void an_append_whose_answer_was_lost_is_known_as_our_own_when_the_client_repeats_it() {
        Journal journal = another();
        disturbed().next(1, request(), Fault.LOST_ANSWER);

        assertThat(append(journal, 1, "mine")).isEqualTo(Append.APPENDED);

        assertThat(disturbed().counts()).containsEntry(Fault.LOST_ANSWER, 1);
        assertThat(first(journal)).isEqualTo("mine");
    }

    @Test
    void an_append_that_lost_its_answer_behind_another_writer_is_told_apart() {
        Journal journal = another();
        append(another(), 1, "theirs");
        disturbed().next(1, request(), Fault.LOST_ANSWER);

        assertThat(append(journal, 1, "mine")).isEqualTo(Append.EXISTS);

        assertThat(first(journal)).isEqualTo("theirs");
    }

    @Test
    void a_service_that_throttles_for_good_is_a_failure_that_may_pass() {
        disturbed().next(1000, request(), Fault.THROTTLE);

        assertThatExceptionOfType(CloudException.class)
                .isThrownBy(() -> append(another(), 1, "x"))
                .withMessageContaining("append record 1 of " + RUN)
                .satisfies(e -> assertThat(e.retryable()).isTrue());

        assertThat(disturbed().counts()).containsEntry(Fault.THROTTLE, attempts());
    }

    @Test
    void a_service_that_cannot_be_reached_is_a_failure_that_may_pass() {
        disturbed().close();

        assertThatExceptionOfType(CloudException.class)
                .isThrownBy(() -> another().read(RUN, 1, 1))
                .satisfies(e -> assertThat(e.retryable()).isTrue());
    }

    private static String first(Journal journal) {
        return new String(journal.read(RUN, 1, 1).get(0).bytes(), UTF_8);
    }
}
