// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud.contract;

import static dev.cumulane.cloud.contract.Twisted.NOTHING;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.EventSink;
import dev.cumulane.cloud.Journal;
import dev.cumulane.cloud.Journal.Append;
import dev.cumulane.cloud.Journal.Entry;
import dev.cumulane.cloud.Journal.Listed;
import dev.cumulane.cloud.Journal.Pending;
import dev.cumulane.cloud.Journal.Snapshot;
import dev.cumulane.cloud.PriceList;
import dev.cumulane.cloud.PriceList.Price;
import dev.cumulane.cloud.Secrets;
import dev.cumulane.cloud.SignalEnvelope;
import dev.cumulane.cloud.Signals;
import dev.cumulane.cloud.StreamId;
import dev.cumulane.cloud.contract.SignedStore.Flaw;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.RunId;
import dev.cumulane.testing.SimulatedCloud;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** Each contract refuses what is wrong: a port with one wrong method fails the test that its promise has, which a right one passes. */
final class ContractsRefuseTest {
    /** Makes the port that the contract is tried on, of a right one; set before each trial. */
    private static Function<Object, Object> port = right -> right;

    private record Wrong(String how, Class<?> contract, String test, Function<Object, Object> port) {
        @Override
        public String toString() {
            return how;
        }
    }

    static final class OnJournal extends JournalContract {
        private final Journal journal = (Journal) port.apply(SimulatedCloud.of().journal());

        @Override
        protected Journal journal() {
            return journal;
        }

        @Override
        protected Journal another() {
            return journal;
        }
    }

    static final class OnJournalsApart extends JournalContract {
        private final Journal journal = SimulatedCloud.of().journal();

        @Override
        protected Journal journal() {
            return journal;
        }

        @Override
        protected Journal another() {
            return (Journal) port.apply(journal);
        }
    }

    static final class OnStore extends ArtifactStoreContract {
        private final MemoryArtifactStore right = new MemoryArtifactStore();
        private final ArtifactStore store = (ArtifactStore) port.apply(right);

        @Override
        protected ArtifactStore store() {
            return store;
        }

        @Override
        protected ArtifactStore another() {
            return store;
        }

        @Override
        protected void damage(Digest digest, byte[] bytes) {
            right.damage(digest, bytes);
        }
    }

    static final class OnSignedStore extends SignedRequestsContract {
        private volatile Instant now = Instant.EPOCH;
        private final SignedStore store = (SignedStore) port.apply(new SignedStore(() -> now, SignedStore.Words.S3));

        @Override
        protected ArtifactStore store() {
            return store;
        }

        @Override
        protected void advance(Duration by) {
            now = now.plus(by);
        }

        @AfterEach
        void close() {
            store.close();
        }
    }

    static class OnSignals extends SignalsContract {
        private SimulatedCloud cloud = SimulatedCloud.of();
        private Signals signals = (Signals) port.apply(cloud.signals());

        @Override
        protected Signals signals() {
            return signals;
        }

        @Override
        protected void restart() {
            cloud.restart();
        }

        @Override
        protected Instant now() {
            return cloud.clock().instant();
        }

        @Override
        protected void advance(Duration by) {
            cloud.advance(by);
        }

        @Override
        protected Duration patience() {
            return Duration.ofMillis(300);
        }

        void forget() {
            cloud = SimulatedCloud.of();
            signals = cloud.signals();
        }
    }

    static final class OnForgetfulSignals extends OnSignals {
        @Override
        protected void restart() {
            if (port.apply(this) == this) {
                super.restart();
            } else {
                forget();
            }
        }
    }

    static final class OnSecrets extends SecretsContract {
        private final SimulatedCloud cloud = SimulatedCloud.of();

        @Override
        protected Secrets secrets() {
            return (Secrets) port.apply(cloud.secrets());
        }

        @Override
        protected void store(String reference, String value) {
            cloud.addSecret(reference, value);
        }
    }

    static final class OnSink extends EventSinkContract {
        private final SimulatedCloud cloud = SimulatedCloud.of();
        private final EventSink sink = (EventSink) port.apply(cloud.events());

        @Override
        protected EventSink sink() {
            return sink;
        }

        @Override
        protected List<String> received() {
            return cloud.published();
        }
    }

    static final class OnPrices extends PriceListContract {
        @Override
        protected PriceList prices() {
            return (PriceList) port.apply(SimulatedCloud.of().prices());
        }
    }

    static Stream<Wrong> wrong() {
        return Stream.of(journals(), indexes(), stores(), signedStores(), signals(), others())
                .flatMap(List::stream);
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void a_wrong_port_fails_the_test_of_its_promise_which_a_right_one_passes(Wrong wrong) {
        TestExecutionSummary right = run(wrong, given -> given);
        TestExecutionSummary refused = run(wrong, wrong.port);

        assertThat(right.getTestsSucceededCount()).isPositive();
        assertThat(right.getTotalFailureCount()).isZero();
        assertThat(refused.getFailures())
                .isNotEmpty()
                .allSatisfy(failure -> assertThat(failure.getException()).isInstanceOf(AssertionError.class));
    }

    private static TestExecutionSummary run(Wrong wrong, Function<Object, Object> made) {
        port = made;
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectMethod(wrong.contract.getName() + "#" + wrong.test))
                .configurationParameter("junit.jupiter.execution.parallel.enabled", "false")
                .build();
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create().execute(request, listener);
        return listener.getSummary();
    }

    private static List<Wrong> journals() {
        Map<String, byte[]> last = new ConcurrentHashMap<>();
        return List.of(
                new Wrong(
                        "the last write wins",
                        OnJournal.class,
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
                        OnJournalsApart.class,
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

    private static List<Wrong> indexes() {
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

    private static List<Wrong> stores() {
        Map<String, byte[]> keys = new ConcurrentHashMap<>();
        return List.of(
                store(
                        "overwrites keys",
                        "a_key_keeps_the_value_that_created_it",
                        right -> Twisted.of(
                                ArtifactStore.class,
                                Twisted.of(
                                        ArtifactStore.class,
                                        right,
                                        "read/1",
                                        (same, given) -> Optional.ofNullable(keys.get((String) given[0]))),
                                "create/2",
                                (same, given) -> {
                                    keys.put((String) given[0], (byte[]) given[1]);
                                    return NOTHING;
                                })),
                store(
                        "gives each creator its own",
                        "of_32_creators_of_a_key_one_wins_and_all_read_its_value",
                        right -> {
                            Map<Thread, byte[]> mine = new ConcurrentHashMap<>();
                            return Twisted.of(
                                    ArtifactStore.class,
                                    Twisted.of(
                                            ArtifactStore.class,
                                            right,
                                            "read/1",
                                            (same, given) -> Optional.ofNullable(mine.get(Thread.currentThread()))),
                                    "create/2",
                                    (same, given) -> {
                                        mine.put(Thread.currentThread(), (byte[]) given[1]);
                                        return NOTHING;
                                    });
                        }),
                store(
                        "trusts the disk",
                        "a_damaged_object_is_refused_and_named",
                        right -> Twisted.of(
                                ArtifactStore.class,
                                right,
                                "read/2",
                                (same, given) -> same.open((Digest) given[0]).map(in -> {
                                    try (in) {
                                        return in.readAllBytes();
                                    } catch (java.io.IOException e) {
                                        throw new java.io.UncheckedIOException(e);
                                    }
                                }))),
                store(
                        "names objects as it likes",
                        "an_object_is_stored_under_the_sha256_of_its_bytes",
                        right -> Twisted.of(
                                ArtifactStore.class,
                                right,
                                "put/1",
                                (same, given) -> Digest.of("anything".getBytes(UTF_8)))),
                store(
                        "takes any key",
                        "a_hostile_key_is_refused_for_creating_and_reading(java.lang.String)",
                        right -> Twisted.of(ArtifactStore.class, right, "create/2", (same, given) -> NOTHING)),
                store(
                        "has what was never put",
                        "an_object_that_was_never_put_is_absent",
                        right -> Twisted.of(ArtifactStore.class, right, "has/1", (same, given) -> true)));
    }

    private static List<Wrong> signals() {
        Set<String> sent = ConcurrentHashMap.newKeySet();
        return List.of(
                signals(
                        "gives up after an exception",
                        "a_signal_whose_handler_failed_is_delivered_again_until_it_returns",
                        "deliverTo/1",
                        (right, given) -> right.deliverTo(signal -> {
                            try {
                                ((Signals.Handler) given[0]).handle(signal);
                            } catch (IllegalStateException e) {
                                sent.add(e.toString());
                            }
                        })),
                signals(
                        "delivers at once what is for later",
                        "a_signal_for_an_instant_comes_then_and_not_before",
                        "send/2",
                        (right, given) -> {
                            right.send((SignalEnvelope) given[0]);
                            return NOTHING;
                        }),
                signals(
                        "forgets what is for later",
                        "signals_of_different_instants_each_come_at_their_own",
                        "send/2",
                        (right, given) -> NOTHING),
                signals(
                        "remembers ids for ever",
                        "an_id_that_was_delivered_may_be_sent_and_is_delivered_again",
                        "send/1",
                        (right, given) -> {
                            if (sent.add("remembered " + ((SignalEnvelope) given[0]).id())) {
                                right.send((SignalEnvelope) given[0]);
                            }
                            return NOTHING;
                        }),
                signals(
                        "takes a signal at work for one that waits",
                        "a_signal_sent_while_the_same_one_is_being_handled_is_delivered_after_it",
                        "send/1",
                        (right, given) -> {
                            if (sent.add("at work " + ((SignalEnvelope) given[0]).id())) {
                                right.send((SignalEnvelope) given[0]);
                            }
                            return NOTHING;
                        }),
                signals("cuts large signals", "the_largest_signal_is_carried", "send/1", (right, given) -> {
                    SignalEnvelope signal = (SignalEnvelope) given[0];
                    right.send(new SignalEnvelope(signal.id(), signal.stream(), Arrays.copyOf(signal.bytes(), 1024)));
                    return NOTHING;
                }),
                new Wrong(
                        "forgets with its process",
                        OnForgetfulSignals.class,
                        "signals_survive_the_end_of_the_process",
                        right -> right instanceof OnSignals ? "wrong" : right));
    }

    private static List<Wrong> others() {
        return List.of(
                wrong(
                        "knows every secret",
                        OnSecrets.class,
                        "a_secret_that_was_never_stored_does_not_exist",
                        Secrets.class,
                        "exists/1",
                        (right, given) -> true),
                wrong(
                        "knows no secret",
                        OnSecrets.class,
                        "a_secret_that_was_stored_exists",
                        Secrets.class,
                        "exists/1",
                        (right, given) -> false),
                wrong(
                        "reads a value of its own",
                        OnSecrets.class,
                        "the_engine_reads_the_value_that_was_stored",
                        Secrets.class,
                        "read/1",
                        (right, given) -> Optional.of(new byte[] {1})),
                wrong(
                        "publishes nothing",
                        OnSink.class,
                        "an_event_that_was_published_is_received",
                        EventSink.class,
                        "publish/2",
                        (right, given) -> NOTHING),
                wrong(
                        "publishes line by line",
                        OnSink.class,
                        "an_event_written_on_several_lines_is_one_event",
                        EventSink.class,
                        "publish/2",
                        (right, given) -> {
                            new String((byte[]) given[1], UTF_8)
                                    .lines()
                                    .forEach(line -> right.publish((String) given[0], line.getBytes(UTF_8)));
                            return NOTHING;
                        }),
                wrong(
                        "pays its users",
                        OnPrices.class,
                        "a_price_is_not_negative_and_says_what_it_buys_and_when_it_was_read",
                        PriceList.class,
                        "buildMinute/0",
                        (right, given) ->
                                Optional.of(new Price(BigDecimal.ONE.negate(), "minute", LocalDate.of(2026, 11, 23)))));
    }

    private static List<Wrong> signedStores() {
        return List.of(
                signed(Flaw.NO_SIGNATURE_IS_CHECKED, "a_request_is_for_one_object_and_one_method"),
                signed(Flaw.NO_END_IS_CHECKED, "a_request_is_over_when_its_life_is"),
                signed(Flaw.NO_SIZE_IS_CHECKED, "a_body_of_another_size_than_was_signed_for_leaves_no_object"),
                signed(Flaw.NO_CHECKSUM_IS_CHECKED, "a_body_of_other_bytes_than_were_signed_for_leaves_no_object"),
                signed(
                        Flaw.THE_LAST_CREATOR_WINS,
                        "a_key_that_is_there_keeps_its_value_and_nobody_is_told_to_have_created_it"),
                signed(
                        Flaw.EVERY_CREATOR_IS_TOLD_TO_HAVE_WON,
                        "of_16_creators_of_a_key_one_alone_is_told_so_and_all_read_its_value"),
                signed(Flaw.THE_CONDITION_IS_NOT_SIGNED, "the_condition_of_a_creation_cannot_be_left_out"),
                signed(Flaw.WHAT_IS_ABSENT_IS_EMPTY, "what_is_absent_is_told_so_and_is_no_error_of_the_store"),
                signed(
                        Flaw.WHAT_IS_READ_NEEDS_A_HEADER,
                        "what_is_got_needs_no_headers_so_that_a_redirect_can_lead_to_it"),
                signed(Flaw.PUTS_ARE_FORGOTTEN, "an_object_is_put_and_the_store_has_it"));
    }

    private static Wrong signed(Flaw flaw, String test) {
        return new Wrong(flaw.name(), OnSignedStore.class, test, right -> ((SignedStore) right).with(flaw));
    }

    private static Wrong journal(String how, String test, String method, Twisted.Method<Journal> wrong) {
        return wrong(how, OnJournal.class, test, Journal.class, method, wrong);
    }

    private static Wrong store(String how, String test, Function<ArtifactStore, ArtifactStore> wrong) {
        return new Wrong(how, OnStore.class, test, right -> wrong.apply((ArtifactStore) right));
    }

    private static Wrong signals(String how, String test, String method, Twisted.Method<Signals> wrong) {
        return wrong(how, OnSignals.class, test, Signals.class, method, wrong);
    }

    private static <P> Wrong wrong(
            String how, Class<?> contract, String test, Class<P> port, String method, Twisted.Method<P> wrong) {
        return new Wrong(how, contract, test, right -> Twisted.of(port, port.cast(right), method, wrong));
    }
}
