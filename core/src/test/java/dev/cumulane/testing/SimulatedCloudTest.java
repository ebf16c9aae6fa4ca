// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.Journal.Append;
import dev.cumulane.cloud.SignalEnvelope;
import dev.cumulane.cloud.StreamId;
import dev.cumulane.run.RunId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SimulatedCloudTest {
    private static final StreamId RUN = StreamId.of(new RunId("shop-0k3v9q2m7xw4b1ce"));

    private final SimulatedCloud cloud = SimulatedCloud.of(ShopPipeline.pipeline());
    private final List<String> delivered = new ArrayList<>();

    @Test
    void its_time_stands_still_until_it_is_moved() {
        Instant before = cloud.clock().instant();

        cloud.settle();
        assertThat(cloud.clock().instant()).isEqualTo(before);

        cloud.advance(ofDays(4));
        assertThat(cloud.clock().instant()).isEqualTo(before.plus(ofDays(4)));
    }

    @Test
    void time_does_not_go_back() {
        assertThatIllegalArgumentException().isThrownBy(() -> cloud.advance(ofSeconds(-1)));
    }

    @Test
    void what_comes_at_the_same_instant_happens_in_the_order_in_which_it_was_sent() {
        cloud.signals().deliverTo(signal -> delivered.add(signal.id()));
        Instant then = cloud.clock().instant().plus(ofHours(1));
        for (int i = 0; i < 20; i++) {
            cloud.signals().send(signal("signal " + i), then);
        }

        cloud.advance(ofHours(1));

        assertThat(delivered).hasSize(20).startsWith("signal 0", "signal 1").endsWith("signal 19");
    }

    @Test
    void settling_delivers_what_is_under_way_and_leaves_timers() {
        cloud.signals().deliverTo(signal -> delivered.add(signal.id()));
        Instant before = cloud.clock().instant();
        cloud.signals().send(signal("vote"));
        cloud.signals().send(signal("expiry"), before.plus(ofDays(3)));

        cloud.settle();

        assertThat(delivered).containsExactly("vote");
        assertThat(cloud.clock().instant()).isEqualTo(before);
    }

    @Test
    void a_task_of_its_timer_runs_once_in_each_interval() {
        List<Instant> ran = new ArrayList<>();
        Instant before = cloud.clock().instant();
        cloud.every(ofMinutes(5), () -> ran.add(cloud.clock().instant()));

        cloud.advance(ofMinutes(16));

        assertThat(ran)
                .containsExactly(before.plus(ofMinutes(5)), before.plus(ofMinutes(10)), before.plus(ofMinutes(15)));
    }

    @Test
    void waiting_for_a_condition_ends_with_it_or_with_the_time() {
        cloud.signals().deliverTo(signal -> delivered.add(signal.id()));
        cloud.signals().send(signal("wake"), cloud.clock().instant().plus(ofHours(2)));

        assertThat(cloud.moveUntil(() -> delivered.contains("wake"), ofHours(1)))
                .isFalse();
        assertThat(cloud.moveUntil(() -> delivered.contains("wake"), ofHours(3)))
                .isTrue();
    }

    @Test
    void a_world_that_goes_round_in_circles_is_stopped() {
        cloud.signals().deliverTo(signal -> cloud.signals().send(signal));
        cloud.signals().send(signal("again"));

        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(cloud::settle)
                .withMessageContaining("does not come to rest");
    }

    @Test
    void the_reason_of_a_failed_delivery_is_kept() {
        cloud.signals().deliverTo(signal -> {
            throw new IllegalStateException("cannot handle " + signal.id());
        });
        cloud.signals().send(signal("vote"));

        cloud.advance(ofSeconds(1));

        assertThat(cloud.lastFailure()).hasValueSatisfying(e -> assertThat(e).hasMessage("cannot handle vote"));
    }

    @Test
    void an_unknown_stage_cannot_be_scripted_and_the_message_names_those_that_can() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> cloud.stage("biuld"))
                .withMessage("there is no stage 'biuld'; stages with work to script: build, unit, inspect, clean-up");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> cloud.stage("release"))
                .withMessageContaining("is an approval");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> cloud.stage("deploy-production"))
                .withMessageContaining("its environment 'production'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> cloud.environment("prod"))
                .withMessage("no environment 'prod'; there are: production");
    }

    @Test
    void it_has_the_environments_and_secrets_that_its_pipelines_need() {
        assertThat(cloud.deliveries().environments()).containsExactly("production");
        assertThat(cloud.secrets().exists("npm-token")).isTrue();
        assertThat(cloud.secrets().exists("other")).isFalse();
    }

    @Test
    void a_call_whose_answer_is_lost_has_taken_effect() {
        cloud.setFaults(Faults.from(1).losingAnswers(100));
        assertThatExceptionOfType(CloudException.class)
                .isThrownBy(() -> cloud.journal().append(RUN, 1, "one".getBytes(UTF_8)))
                .satisfies(e -> assertThat(e.retryable()).isTrue());

        cloud.setFaults(Faults.none());
        assertThat(cloud.journal().append(RUN, 1, "two".getBytes(UTF_8))).isEqualTo(Append.EXISTS);
        assertThat(cloud.journal().read(RUN, 1, 1).get(0).bytes())
                .asString(UTF_8)
                .isEqualTo("one");
    }

    @Test
    void a_call_that_is_refused_for_the_moment_has_no_effect() {
        cloud.setFaults(Faults.from(1).refusingCalls(100));
        assertThatExceptionOfType(CloudException.class)
                .isThrownBy(() -> cloud.journal().append(RUN, 1, "one".getBytes(UTF_8)));

        cloud.setFaults(Faults.none());
        assertThat(cloud.journal().read(RUN, 1, 1)).isEmpty();
    }

    @Test
    void signals_are_lost_repeated_and_delayed_as_told() {
        assertThat(deliveredOfThousand(Faults.from(1).losingSignals(100))).isEmpty();
        assertThat(deliveredOfThousand(Faults.from(1).repeatingSignals(100))).hasSize(2000);
        assertThat(deliveredOfThousand(Faults.from(1).losingSignals(10))).hasSizeBetween(850, 950);
        assertThat(deliveredOfThousand(Faults.from(1).delayingSignals(50)))
                .hasSize(1000)
                .isNotEqualTo(deliveredOfThousand(Faults.none()));
    }

    @Test
    void the_same_seed_makes_the_same_faults() {
        Faults faults = Faults.from(7).losingSignals(5).repeatingSignals(20).delayingSignals(30);

        assertThat(deliveredOfThousand(faults)).isEqualTo(deliveredOfThousand(faults));
        assertThat(deliveredOfThousand(faults))
                .isNotEqualTo(deliveredOfThousand(
                        Faults.from(8).losingSignals(5).repeatingSignals(20).delayingSignals(30)));
    }

    @Test
    void a_percentage_beyond_a_hundred_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Faults.none().losingSignals(101))
                .withMessage("lost is a percentage, 0 to 100, not 101");
    }

    @Test
    void a_crash_before_a_call_leaves_it_undone_and_one_after_it_leaves_it_done() {
        cloud.crashAt(0);
        assertThatExceptionOfType(SimulatedCrash.class)
                .isThrownBy(() -> cloud.journal().append(RUN, 1, new byte[0]));
        cloud.restart();
        assertThat(cloud.journal().read(RUN, 1, 1)).isEmpty();

        cloud.crashAt(1);
        assertThatExceptionOfType(SimulatedCrash.class)
                .isThrownBy(() -> cloud.journal().append(RUN, 1, new byte[0]));
        cloud.restart();
        assertThat(cloud.journal().read(RUN, 1, 1)).hasSize(1);
    }

    @Test
    void a_crashed_process_calls_no_port_any_more_until_another_takes_its_place() {
        cloud.crashAt(0);
        assertThatExceptionOfType(SimulatedCrash.class)
                .isThrownBy(() -> cloud.journal().recent(1));

        assertThat(cloud.crashed()).isTrue();
        assertThatExceptionOfType(SimulatedCrash.class)
                .isThrownBy(() -> cloud.journal().recent(1));

        cloud.restart();
        assertThat(cloud.crashed()).isFalse();
        assertThat(cloud.journal().recent(1)).isEmpty();
    }

    @Test
    void a_signal_that_was_being_handled_in_a_crash_is_delivered_to_the_next_process() {
        cloud.signals().deliverTo(signal -> cloud.journal().append(RUN, 1, new byte[0]));
        cloud.signals().send(signal("vote"));
        cloud.crashAt(1);
        cloud.settle();
        assertThat(cloud.crashed()).isTrue();

        cloud.restart();
        cloud.signals().deliverTo(signal -> delivered.add(signal.id()));
        cloud.settle();

        assertThat(delivered).containsExactly("vote");
    }

    private List<String> deliveredOfThousand(Faults faults) {
        SimulatedCloud world = SimulatedCloud.of();
        world.setFaults(faults);
        List<String> ids = new ArrayList<>();
        world.signals().deliverTo(signal -> ids.add(signal.id()));
        for (int i = 0; i < 1000; i++) {
            world.signals().send(signal("signal " + i));
        }
        world.settle();
        return ids;
    }

    private static SignalEnvelope signal(String id) {
        return new SignalEnvelope(id, RUN, id.getBytes(UTF_8));
    }
}
