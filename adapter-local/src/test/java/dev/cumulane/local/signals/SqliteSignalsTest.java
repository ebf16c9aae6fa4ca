// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.signals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.cumulane.cloud.SignalEnvelope;
import dev.cumulane.cloud.StreamId;
import dev.cumulane.cloud.contract.MovedClock;
import dev.cumulane.run.RunId;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SqliteSignalsTest {
    private static final Instant START = Instant.parse("2026-11-23T08:00:00Z");

    @TempDir
    private Path directory;

    private final MovedClock clock = new MovedClock();
    private final BlockingQueue<String> delivered = new LinkedBlockingQueue<>();
    private SqliteSignals signals;

    @BeforeEach
    void open() {
        signals = SqliteSignals.open(directory, clock, () -> {});
    }

    @AfterEach
    void close() {
        signals.close();
    }

    @Test
    void signals_of_one_stream_are_handled_one_after_the_other_in_the_order_they_were_sent() throws Exception {
        Map<StreamId, AtomicInteger> atWork = new ConcurrentHashMap<>();
        AtomicInteger most = new AtomicInteger();
        for (int i = 0; i < 200; i++) {
            signals.send(signal(i % 4, String.format("%03d", i)));
        }

        signals.deliverTo(signal -> {
            AtomicInteger mine = atWork.computeIfAbsent(signal.stream(), stream -> new AtomicInteger());
            most.accumulateAndGet(mine.incrementAndGet(), Math::max);
            LockSupport.parkNanos(100_000);
            mine.decrementAndGet();
            delivered.add(signal.stream() + " " + signal.id());
        });

        List<String> all = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            all.add(next());
        }
        assertThat(most).hasValue(1);
        for (int stream = 0; stream < 4; stream++) {
            String prefix = stream(stream) + " ";
            assertThat(all.stream().filter(one -> one.startsWith(prefix)).toList())
                    .hasSize(50)
                    .isSorted();
        }
    }

    @Test
    void a_handler_that_takes_long_holds_up_its_own_stream_alone() throws Exception {
        CountDownLatch released = new CountDownLatch(1);
        signals.deliverTo(signal -> {
            if (signal.id().equals("slow")) {
                await(released);
            }
            delivered.add(signal.id());
        });
        signals.send(signal(1, "slow"));
        signals.send(signal(1, "behind it"));
        signals.send(signal(2, "beside it"));

        assertThat(next()).isEqualTo("beside it");
        released.countDown();
        assertThat(List.of(next(), next())).containsExactly("slow", "behind it");
    }

    @Test
    void after_an_exception_a_signal_rests_100_milliseconds_then_twice_as_long_each_time_up_to_a_minute()
            throws Exception {
        signals.deliverTo(signal -> {
            delivered.add(signal.id());
            throw new IllegalStateException("not yet");
        });
        signals.send(signal(1, "vote"));
        assertThat(next()).isEqualTo("vote");

        List<Duration> rests = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            Duration rest = Duration.ZERO;
            while (delivered.poll(rest.isZero() ? 0 : 60, TimeUnit.MILLISECONDS) == null) {
                Duration step = rest.compareTo(Duration.ofMillis(100)) < 0 ? Duration.ofMillis(100) : rest;
                clock.move(step);
                rest = rest.plus(step);
            }
            rests.add(rest);
        }

        // Each step doubles the time that has passed, so it meets the delay, or twice that if this machine was slow to
        // notice.
        for (int i = 0; i < rests.size(); i++) {
            Duration least = Duration.ofMillis(Math.min(100L << i, 60_000));
            assertThat(rests.get(i)).as("rest %d of %s", i, rests).isGreaterThanOrEqualTo(least);
        }
        assertThat(rests.get(0)).isLessThan(Duration.ofSeconds(30));
        assertThat(rests.get(11)).isLessThan(Duration.ofHours(2));
    }

    @Test
    void a_signal_never_comes_before_its_instant_not_even_by_a_nanosecond() throws Exception {
        Instant at = START.plusNanos(5_000_001);
        List<Instant> seen = new ArrayList<>();
        signals.deliverTo(signal -> {
            seen.add(clock.instant());
            delivered.add(signal.id());
        });
        signals.send(signal(1, "wake"), at);

        clock.move(Duration.ofMillis(5));
        signals.send(signal(2, "marker"));
        assertThat(next()).isEqualTo("marker");
        clock.move(Duration.ofMillis(1));
        assertThat(next()).isEqualTo("wake");

        assertThat(seen.get(1)).isAfterOrEqualTo(at);
    }

    @Test
    void a_signal_repeated_for_the_same_instant_waits_once() throws SQLException {
        for (int i = 0; i < 3; i++) {
            signals.send(signal(1, "wake"), START.plusSeconds(60));
        }
        signals.send(signal(1, "wake"), START.plusSeconds(61));
        signals.send(signal(2, "wake"), START.plusSeconds(60));

        assertThat(rows()).isEqualTo(3);
    }

    @Test
    void a_signal_that_was_handled_is_deleted_and_one_that_was_not_stays() throws Exception {
        signals.deliverTo(signal -> {
            delivered.add(signal.id());
            if (signal.id().equals("refused")) {
                throw new IllegalStateException("no");
            }
        });
        signals.send(signal(1, "taken"));
        signals.send(signal(2, "refused"));
        assertThat(List.of(next(), next())).containsExactlyInAnyOrder("taken", "refused");

        signals.close();

        assertThat(rows()).isEqualTo(1);
    }

    @Test
    void closing_waits_for_the_handler_at_work_and_begins_no_other() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        signals.deliverTo(signal -> {
            begun.countDown();
            await(released);
            delivered.add(signal.id());
        });
        signals.send(signal(1, "1"));
        signals.send(signal(1, "2"));
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();

        Thread closing = new Thread(signals::close);
        closing.start();
        while (closing.getState() != Thread.State.WAITING && closing.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        released.countDown();
        closing.join(10_000);

        assertThat(closing.isAlive()).isFalse();
        assertThat(delivered).containsExactly("1");
        assertThat(rows()).isEqualTo(1);
    }

    @Test
    void a_second_handler_and_calls_after_closing_are_refused() {
        signals.deliverTo(signal -> {});
        assertThatIllegalStateException()
                .isThrownBy(() -> signals.deliverTo(signal -> {}))
                .withMessageContaining("already");

        signals.close();

        assertThatIllegalStateException()
                .isThrownBy(() -> signals.send(signal(1, "late")))
                .withMessageContaining("closed");
        assertThatIllegalStateException()
                .isThrownBy(() -> signals.deliverTo(signal -> {}))
                .withMessageContaining("closed");
    }

    @Test
    void a_damaged_signal_is_not_handed_over_and_holds_up_no_other() throws Exception {
        signals.send(signal(1, "damaged"));
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate("UPDATE signals SET bytes = x'00'"))
                    .isEqualTo(1);
        }
        signals.send(signal(1, "whole"));

        signals.deliverTo(signal -> delivered.add(signal.id()));

        assertThat(next()).isEqualTo("whole");
        assertThat(delivered).isEmpty();
    }

    @Test
    void a_signal_of_another_instance_is_noticed_within_200_milliseconds() throws Exception {
        BlockingQueue<Long> arrived = new LinkedBlockingQueue<>();
        signals.deliverTo(signal -> arrived.add(System.nanoTime()));
        long[] millis = new long[11];
        try (SqliteSignals another = SqliteSignals.open(directory, clock, () -> {})) {
            for (int i = 0; i < millis.length; i++) {
                long sent = System.nanoTime();
                another.send(signal(i, "vote " + i));
                Long at = arrived.poll(20, TimeUnit.SECONDS);
                assertThat(at).isNotNull();
                millis[i] = TimeUnit.NANOSECONDS.toMillis(at - sent);
            }
        }

        // The middle one: a machine that is busy with something else may be late once or twice.
        Arrays.sort(millis);
        assertThat(millis[millis.length / 2]).as("%s", Arrays.toString(millis)).isLessThan(200);
    }

    private String next() throws InterruptedException {
        String id = delivered.poll(20, TimeUnit.SECONDS);
        assertThat(id).as("a signal within 20 seconds").isNotNull();
        return id;
    }

    private int rows() throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT count(*) FROM signals")) {
            return rows.getInt(1);
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + directory.resolve(SqliteSignals.FILE));
    }

    private static StreamId stream(int number) {
        return StreamId.of(new RunId(String.format("shop-%016d", number)));
    }

    private static SignalEnvelope signal(int stream, String id) {
        return new SignalEnvelope(id, stream(stream), new byte[] {1, 2, 3});
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
