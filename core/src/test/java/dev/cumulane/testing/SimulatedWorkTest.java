// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.WorkOrder;
import dev.cumulane.cloud.WorkRunner.Phase;
import dev.cumulane.internal.order.JUnitReports;
import dev.cumulane.internal.order.OrderKeys;
import dev.cumulane.internal.order.ResultFile;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.Cause;
import dev.cumulane.run.Produced;
import dev.cumulane.run.RunId;
import dev.cumulane.run.TestSummary;
import dev.cumulane.run.TrustLevel;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SimulatedWorkTest {
    private static final RunId RUN = new RunId("shop-0k3v9q2m7xw4b1ce");

    private final SimulatedCloud cloud = SimulatedCloud.of(ShopPipeline.pipeline());
    private final List<String> told = new ArrayList<>();

    @BeforeEach
    void listen() {
        cloud.signals().deliverTo(signal -> told.add(signal.id()));
    }

    @Test
    void work_claims_its_attempt_writes_its_artifacts_and_a_result_and_tells_its_end() throws Exception {
        Instant before = cloud.clock().instant();
        String id = cloud.builds().start(build(1));
        assertThat(cloud.builds().look(attempt("build", 1), id)).isEqualTo(Phase.LIVING);

        cloud.settle();

        assertThat(cloud.artifacts().read(OrderKeys.claim(attempt("build", 1))))
                .hasValueSatisfying(token -> assertThat(token).asString(UTF_8).isEqualTo(id));
        Produced jar = result("build", 1).verdict().artifacts().get(0);
        assertThat(jar.name()).isEqualTo("jar");
        assertThat(cloud.artifacts().read(jar.digest(), 10_000))
                .hasValueSatisfying(bytes -> assertThat(bytes).hasSize((int) jar.size()));
        assertThat(told).containsExactly("over/build/1");
        assertThat(cloud.builds().look(attempt("build", 1), id)).isEqualTo(Phase.OVER);
        assertThat(cloud.clock().instant()).isEqualTo(before.plus(ofSeconds(11)));
        assertThat(cloud.logs().read(attempt("build", 1), id, 0, 1000).text()).isEqualTo("== mvn -B package\n");
    }

    @Test
    void artifacts_of_the_same_run_have_the_same_bytes_in_every_world() throws Exception {
        cloud.builds().start(build(1));
        cloud.settle();
        SimulatedCloud other = SimulatedCloud.of(ShopPipeline.pipeline());
        other.builds().start(build(1));
        other.settle();

        assertThat(other.artifacts()
                        .has(result("build", 1).verdict().artifacts().get(0).digest()))
                .isTrue();
    }

    @Test
    void an_attempt_that_was_claimed_before_it_began_never_starts() {
        cloud.artifacts().create(OrderKeys.claim(attempt("build", 1)), "engine".getBytes(UTF_8));
        cloud.builds().start(build(1));

        cloud.settle();

        assertThat(cloud.artifacts().read(OrderKeys.result(attempt("build", 1))))
                .isEmpty();
        assertThat(told).containsExactly("over/build/1");
    }

    @Test
    void failed_tests_are_in_the_report() throws Exception {
        cloud.stage("unit")
                .fails("GreetingTest.greetsByName", "expected \"Hello\" but was <Hi>")
                .fails("OtherTest.fails", "no")
                .reportsTests(12);

        cloud.builds().start(work("unit", 1));
        cloud.settle();

        ResultFile result = result("unit", 1);
        assertThat(result.verdict().cause()).isEqualTo(Cause.COMMAND_FAILED);
        try (InputStream reports =
                cloud.artifacts().open(result.reports().orElseThrow().digest()).orElseThrow()) {
            TestSummary tests = JUnitReports.read(reports).tests();
            assertThat(tests.total()).isEqualTo(12);
            assertThat(tests.failed()).isEqualTo(2);
            assertThat(tests.failures().get(0))
                    .isEqualTo(new TestSummary.Failure("GreetingTest.greetsByName", "expected \"Hello\" but was <Hi>"));
        }
    }

    @Test
    void a_failed_test_of_a_stage_without_reports_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> cloud.stage("build").fails("SomeTest.fails", "no"))
                .withMessageContaining("declares no reports");
    }

    @Test
    void a_build_that_loses_its_worker_is_told_of_and_leaves_no_result() {
        cloud.stage("build").first().losesItsWorker();
        String id = cloud.builds().start(build(1));

        cloud.settle();

        assertThat(told).containsExactly("over/build/1");
        assertThat(cloud.builds().look(attempt("build", 1), id)).isEqualTo(Phase.OVER);
        assertThat(cloud.artifacts().read(OrderKeys.result(attempt("build", 1))))
                .isEmpty();
    }

    @Test
    void a_function_that_loses_its_worker_tells_nobody_and_cannot_be_asked() {
        cloud.stage("inspect").losesItsWorker();
        String id = cloud.functions().start(work("inspect", 1));

        cloud.settle();

        assertThat(told).isEmpty();
        assertThat(cloud.functions().look(attempt("inspect", 1), id)).isEqualTo(Phase.UNKNOWN);
    }

    @Test
    void what_is_said_of_one_attempt_holds_for_that_one() throws Exception {
        cloud.stage("build").takes(ofMinutes(3)).first().fails("no space left on device");
        Instant before = cloud.clock().instant();

        cloud.builds().start(build(1));
        cloud.settle();
        cloud.builds().start(build(2));
        cloud.settle();

        assertThat(result("build", 1).verdict().detail()).isEqualTo("no space left on device");
        assertThat(result("build", 2).verdict().cause()).isEqualTo(Cause.COMPLETED);
        assertThat(cloud.clock().instant()).isEqualTo(before.plus(ofMinutes(6)).plus(ofSeconds(2)));
    }

    @Test
    void the_script_of_an_attempt_has_no_attempts_of_its_own() {
        ScriptedWork first = cloud.stage("build").first();

        assertThatIllegalStateException()
                .isThrownBy(() -> first.attempt(2))
                .withMessageContaining("attempt 1 of stage 'build'");
    }

    @Test
    void hanging_work_goes_on_until_it_is_stopped() {
        cloud.stage("build").hangs();
        String id = cloud.builds().start(build(1));
        cloud.advance(ofHours(24));
        assertThat(cloud.builds().look(attempt("build", 1), id)).isEqualTo(Phase.LIVING);

        cloud.builds().stop(attempt("build", 1), id);
        cloud.settle();

        assertThat(cloud.builds().look(attempt("build", 1), id)).isEqualTo(Phase.OVER);
        assertThat(told).containsExactly("over/build/1");
        assertThat(cloud.artifacts().read(OrderKeys.result(attempt("build", 1))))
                .isEmpty();
    }

    @Test
    void starting_an_attempt_again_finds_the_work_that_was_started() {
        String id = cloud.builds().start(build(1));

        assertThat(cloud.builds().start(build(1))).isEqualTo(id);
        assertThat(cloud.builds().find(attempt("build", 1))).contains(id);
        assertThat(cloud.builds().find(attempt("build", 2))).isEmpty();
    }

    @Test
    void refused_work_fails_for_good() {
        cloud.stage("build").isRefused("the quota is used up");

        assertThatExceptionOfType(CloudException.class)
                .isThrownBy(() -> cloud.builds().start(build(1)))
                .withMessage("the quota is used up")
                .satisfies(e -> assertThat(e.retryable()).isFalse());
    }

    private ResultFile result(String stage, int attempt) throws Exception {
        return ResultFile.parse(
                attempt(stage, attempt),
                cloud.artifacts()
                        .read(OrderKeys.result(attempt(stage, attempt)))
                        .orElseThrow());
    }

    private static AttemptId attempt(String stage, int number) {
        return new AttemptId(RUN, stage, number);
    }

    private static WorkOrder build(int attempt) {
        return work("build", attempt);
    }

    private static WorkOrder work(String stage, int attempt) {
        return new WorkOrder(
                attempt(stage, attempt),
                Digest.of(new byte[0]),
                new WorkOrder.Container("alpine:3.22"),
                ofMinutes(15),
                new TreeMap<>(),
                TrustLevel.TRUSTED);
    }
}
