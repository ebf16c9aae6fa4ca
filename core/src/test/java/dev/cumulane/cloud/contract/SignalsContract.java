// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.cloud.Journal;
import dev.cumulane.cloud.SignalEnvelope;
import dev.cumulane.cloud.Signals;
import dev.cumulane.cloud.StreamId;
import dev.cumulane.run.RunId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every {@link Signals} does. Each test begins with none. Duplicates are allowed everywhere: a test waits for what must come and never counts. */
public abstract class SignalsContract {
    private static final StreamId RUN = StreamId.of(new RunId("shop-0k3v9q2m7xw4b1ce"));

    private final BlockingQueue<SignalEnvelope> delivered = new LinkedBlockingQueue<>();

    /**
     * The port under test, the same one until {@link #restart()}.
     *
     * @return a port without any signal when the test began
     */
    protected abstract Signals signals();

    /** Ends the process that the port stands for and starts another one on the same data; it does not deliver until it is told to. */
    protected abstract void restart();

    /**
     * The time by which signals become due.
     *
     * @return now
     */
    protected abstract Instant now();

    /**
     * Moves the time on. A simulation delivers what has become due; elsewhere that happens on threads of its own.
     *
     * @param by how far, perhaps zero
     */
    protected abstract void advance(Duration by);

    /**
     * Starts delivering to a handler; a cloud whose services call a function calls this handler from it.
     *
     * @param handler takes what is delivered
     */
    protected void deliver(Signals.Handler handler) {
        assertThat(signals().deliverTo(handler)).isTrue();
    }

    /**
     * How long a signal that is due may take in real time.
     *
     * @return a time after which a test fails
     */
    protected Duration patience() {
        return Duration.ofSeconds(20);
    }

    @Test
    void a_signal_is_delivered_as_it_was_sent() throws Exception {
        deliver(delivered::add);
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }

        signals().send(new SignalEnvelope("vote/ada", StreamId.environment("production"), all));

        SignalEnvelope got = await(signal -> true);
        assertThat(got.id()).isEqualTo("vote/ada");
        assertThat(got.stream()).isEqualTo(StreamId.environment("production"));
        assertThat(got.bytes()).isEqualTo(all);
    }

    @Test
    void the_largest_signal_is_carried() throws Exception {
        deliver(delivered::add);
        byte[] largest = new byte[Journal.LARGEST_RECORD];
        Arrays.fill(largest, (byte) 0xfe);

        signals().send(new SignalEnvelope("i".repeat(200), RUN, largest));

        assertThat(await(signal -> true).bytes()).isEqualTo(largest);
    }

    @Test
    void a_signal_sent_before_anybody_takes_it_is_delivered_later() throws Exception {
        signals().send(signal("early"));

        deliver(delivered::add);

        await("early");
    }

    @Test
    void a_signal_for_a_past_instant_is_delivered_now() throws Exception {
        deliver(delivered::add);

        signals().send(signal("late"), now().minus(Duration.ofDays(1)));

        await("late");
    }

    @Test
    void a_signal_for_an_instant_comes_then_and_not_before() throws Exception {
        deliver(delivered::add);
        signals().send(signal("wake"), now().plus(Duration.ofHours(3)));

        advance(Duration.ofHours(2));
        signals().send(signal("marker"));
        await("marker");
        assertThat(delivered).extracting(SignalEnvelope::id).doesNotContain("wake");

        advance(Duration.ofHours(1).plusMinutes(1));
        await("wake");
    }

    @Test
    void signals_of_different_instants_each_come_at_their_own() throws Exception {
        deliver(delivered::add);
        signals().send(signal("in four days"), now().plus(Duration.ofDays(4)));
        signals().send(signal("in an hour"), now().plus(Duration.ofHours(1)));

        advance(Duration.ofHours(2));
        await("in an hour");
        advance(Duration.ofDays(3));
        signals().send(signal("marker"));
        await("marker");
        assertThat(delivered).extracting(SignalEnvelope::id).doesNotContain("in four days");

        advance(Duration.ofDays(1));
        await("in four days");
    }

    @Test
    void an_id_that_was_delivered_may_be_sent_and_is_delivered_again() throws Exception {
        deliver(delivered::add);
        signals().send(new SignalEnvelope("drain", RUN, "1".getBytes(UTF_8)));
        await(signal -> text(signal).equals("1"));

        signals().send(new SignalEnvelope("drain", RUN, "2".getBytes(UTF_8)));

        await(signal -> text(signal).equals("2"));
    }

    @Test
    void an_id_that_waits_for_a_later_instant_is_delivered_now_if_it_is_sent_for_now() throws Exception {
        deliver(delivered::add);
        signals().send(signal("wake"), now().plus(Duration.ofDays(2)));

        signals().send(signal("wake"));

        await("wake");
    }

    @Test
    void a_signal_sent_while_the_same_one_is_being_handled_is_delivered_after_it() throws Exception {
        AtomicInteger handled = new AtomicInteger();
        deliver(signal -> {
            if (handled.getAndIncrement() == 0) {
                signals().send(new SignalEnvelope("drain", RUN, "2".getBytes(UTF_8)));
            }
            delivered.add(signal);
        });

        signals().send(new SignalEnvelope("drain", RUN, "1".getBytes(UTF_8)));

        await(signal -> text(signal).equals("2"));
    }

    @Test
    void a_signal_whose_handler_failed_is_delivered_again_until_it_returns() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        deliver(signal -> {
            if (calls.incrementAndGet() <= 3) {
                throw new IllegalStateException("not yet");
            }
            delivered.add(signal);
        });

        signals().send(signal("vote"));

        awaitAdvancing("vote", Duration.ofMinutes(15));
        assertThat(calls.get()).isGreaterThanOrEqualTo(4);
    }

    @Test
    void a_failing_signal_does_not_hold_up_the_others() throws Exception {
        deliver(signal -> {
            if (signal.id().equals("poison")) {
                throw new IllegalStateException("never");
            }
            delivered.add(signal);
        });
        signals().send(signal("poison"));

        for (int i = 0; i < 10; i++) {
            signals().send(signal("healthy " + i));
            await("healthy " + i);
        }
    }

    @Test
    void signals_survive_the_end_of_the_process() throws Exception {
        signals().send(signal("now"));
        signals().send(signal("later"), now().plus(Duration.ofHours(1)));

        restart();
        deliver(delivered::add);

        await("now");
        advance(Duration.ofHours(2));
        await("later");
    }

    @Test
    void a_signal_whose_handler_failed_survives_the_end_of_the_process() throws Exception {
        BlockingQueue<String> failed = new LinkedBlockingQueue<>();
        deliver(signal -> {
            failed.add(signal.id());
            throw new IllegalStateException("not in this process");
        });
        signals().send(signal("vote"));
        advance(Duration.ZERO);
        assertThat(failed.poll(patience().toMillis(), TimeUnit.MILLISECONDS)).isEqualTo("vote");

        restart();
        deliver(delivered::add);

        awaitAdvancing("vote", Duration.ofMinutes(15));
    }

    @Test
    void a_signal_that_was_handled_is_not_delivered_for_ever() throws Exception {
        deliver(delivered::add);
        signals().send(signal("vote"));
        await("vote");

        restart();
        delivered.clear();
        deliver(delivered::add);
        advance(Duration.ofDays(1));
        // At most a late duplicate: what was handled before the one that follows does not come after it.
        signals().send(signal("marker"));
        await("marker");
        delivered.clear();
        advance(Duration.ofDays(1));
        signals().send(signal("marker 2"));
        await("marker 2");

        assertThat(delivered).extracting(SignalEnvelope::id).doesNotContain("vote");
    }

    @Test
    void of_a_thousand_signals_sent_at_once_all_are_delivered() throws Exception {
        deliver(delivered::add);
        Set<String> sent =
                IntStream.range(0, 1000).mapToObj(i -> "signal " + i).collect(Collectors.toCollection(TreeSet::new));

        Together.run(8, i -> () -> {
            List<String> mine = new ArrayList<>(sent);
            for (int n = i; n < mine.size(); n += 8) {
                signals().send(new SignalEnvelope(mine.get(n), StreamId.of(JournalContract.run(n % 50)), new byte[] {1
                }));
            }
            return true;
        });

        Set<String> missing = new TreeSet<>(sent);
        while (!missing.isEmpty()) {
            missing.remove(await(signal -> true).id());
        }
    }

    private static SignalEnvelope signal(String id) {
        return new SignalEnvelope(id, RUN, id.getBytes(UTF_8));
    }

    private static String text(SignalEnvelope signal) {
        return new String(signal.bytes(), UTF_8);
    }

    private void await(String id) throws InterruptedException {
        await(signal -> signal.id().equals(id));
    }

    private SignalEnvelope await(Predicate<SignalEnvelope> wanted) throws InterruptedException {
        advance(Duration.ZERO);
        long until = System.nanoTime() + patience().toNanos();
        for (long left = patience().toNanos(); left > 0; left = until - System.nanoTime()) {
            SignalEnvelope signal = delivered.poll(left, TimeUnit.NANOSECONDS);
            if (signal != null && wanted.test(signal)) {
                return signal;
            }
        }
        throw new AssertionError("the signal was not delivered within " + patience());
    }

    private void awaitAdvancing(String id, Duration step) throws InterruptedException {
        long until = System.nanoTime() + patience().toNanos();
        while (System.nanoTime() < until) {
            advance(step);
            SignalEnvelope signal = delivered.poll(20, TimeUnit.MILLISECONDS);
            if (signal != null && signal.id().equals(id)) {
                return;
            }
        }
        throw new AssertionError("signal " + id + " was not delivered within " + patience());
    }
}
