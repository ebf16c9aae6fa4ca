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
import dev.cumulane.cloud.PriceList;
import dev.cumulane.cloud.PriceList.Price;
import dev.cumulane.cloud.Secrets;
import dev.cumulane.cloud.SignalEnvelope;
import dev.cumulane.cloud.Signals;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.testing.SimulatedCloud;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;
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

    static final class OnSignedStore extends SignedStoreTest {
        @Override
        SignedStore tried(SignedStore right) {
            return (SignedStore) port.apply(right);
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
        return Stream.of(
                        WrongJournals.journals(),
                        WrongJournals.indexes(),
                        WrongStores.stores(),
                        WrongStores.signedStores(),
                        signals(),
                        others())
                .flatMap(List::stream);
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void a_wrong_port_fails_the_test_of_its_promise_which_a_right_one_passes(Wrong wrong) {
        TestExecutionSummary right = run(wrong, given -> given);
        TestExecutionSummary refused = run(wrong, wrong.port());

        assertThat(right.getTestsSucceededCount()).isPositive();
        assertThat(right.getTotalFailureCount()).isZero();
        assertThat(refused.getFailures())
                .isNotEmpty()
                .allSatisfy(failure -> assertThat(failure.getException()).isInstanceOf(AssertionError.class));
    }

    private static TestExecutionSummary run(Wrong wrong, Function<Object, Object> made) {
        port = made;
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectMethod(wrong.contract().getName() + "#" + wrong.test()))
                .configurationParameter("junit.jupiter.execution.parallel.enabled", "false")
                .build();
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create().execute(request, listener);
        return listener.getSummary();
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
                Wrong.of(
                        "knows every secret",
                        OnSecrets.class,
                        "a_secret_that_was_never_stored_does_not_exist",
                        Secrets.class,
                        "exists/1",
                        (right, given) -> true),
                Wrong.of(
                        "knows no secret",
                        OnSecrets.class,
                        "a_secret_that_was_stored_exists",
                        Secrets.class,
                        "exists/1",
                        (right, given) -> false),
                Wrong.of(
                        "reads a value of its own",
                        OnSecrets.class,
                        "the_engine_reads_the_value_that_was_stored",
                        Secrets.class,
                        "read/1",
                        (right, given) -> Optional.of(new byte[] {1})),
                Wrong.of(
                        "publishes nothing",
                        OnSink.class,
                        "an_event_that_was_published_is_received",
                        EventSink.class,
                        "publish/2",
                        (right, given) -> NOTHING),
                Wrong.of(
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
                Wrong.of(
                        "pays its users",
                        OnPrices.class,
                        "a_price_is_not_negative_and_says_what_it_buys_and_when_it_was_read",
                        PriceList.class,
                        "buildMinute/0",
                        (right, given) ->
                                Optional.of(new Price(BigDecimal.ONE.negate(), "minute", LocalDate.of(2026, 11, 23)))));
    }

    private static Wrong signals(String how, String test, String method, Twisted.Method<Signals> wrong) {
        return Wrong.of(how, OnSignals.class, test, Signals.class, method, wrong);
    }
}
