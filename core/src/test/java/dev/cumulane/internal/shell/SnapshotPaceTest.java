// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;

class SnapshotPaceTest {
    private static final int RECORD = 300;

    @Test
    void a_small_state_is_kept_every_64_records() {
        assertThat(kept(256, sequence -> 5_000)).containsExactly(64L, 128L, 192L, 256L);
    }

    @Test
    void a_state_as_large_as_200_records_is_kept_every_256_records() {
        assertThat(kept(1_000, sequence -> 200 * RECORD)).containsExactly(64L, 320L, 576L, 832L);
    }

    @Test
    void a_state_that_grows_with_the_records_is_kept_ever_more_rarely() {
        List<Long> kept = kept(100_000, sequence -> 100 * sequence);

        assertThat(kept).hasSizeLessThan(40);
        long all = kept.stream().mapToLong(sequence -> 100 * sequence).sum();
        assertThat(all - 100 * kept.get(kept.size() - 1)).isLessThan(100_000L * RECORD);
    }

    @Test
    void who_reads_a_snapshot_and_the_records_behind_it_goes_on_at_the_same_pace() {
        SnapshotPace pace = new SnapshotPace();
        pace.snapshot(3 * RECORD);
        pace.recorded(RECORD);
        pace.recorded(RECORD);

        assertThat(pace.isDue(128)).isFalse();
        pace.recorded(RECORD);
        assertThat(pace.isDue(128)).isTrue();
        assertThat(pace.isDue(129)).isFalse();
    }

    /** After which records a state of these sizes is kept. */
    private static List<Long> kept(int records, LongUnaryOperator size) {
        SnapshotPace pace = new SnapshotPace();
        List<Long> kept = new ArrayList<>();
        for (long sequence = 1; sequence <= records; sequence++) {
            pace.recorded(RECORD);
            if (pace.isDue(sequence)) {
                pace.snapshot((int) size.applyAsLong(sequence));
                kept.add(sequence);
            }
        }
        return kept;
    }
}
