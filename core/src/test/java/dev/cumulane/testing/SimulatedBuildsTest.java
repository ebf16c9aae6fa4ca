// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.testing;

import static dev.cumulane.pipeline.Work.container;

import dev.cumulane.cloud.WorkOrder;
import dev.cumulane.cloud.WorkRunner;
import dev.cumulane.cloud.contract.WorkRunnerContract;
import dev.cumulane.internal.order.OrderKeys;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.RunId;
import dev.cumulane.run.TrustLevel;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;

/** Each look of the contract lets a second pass. */
class SimulatedBuildsTest extends WorkRunnerContract {
    private static final Duration FOR_EVER = Duration.ofDays(1000);

    private final SimulatedCloud cloud = SimulatedCloud.of(Pipeline.define(
            "shop", p -> p.test(ATTEMPT.stage(), container("alpine:3.22").runs("make"))));
    private final Set<AttemptId> told = new LinkedHashSet<>();

    @BeforeEach
    void listen() {
        cloud.signals().deliverTo(signal -> {
            String[] parts = signal.id().split("/");
            told.add(new AttemptId(new RunId(signal.stream().name()), parts[1], Integer.parseInt(parts[2])));
        });
    }

    @Override
    protected WorkRunner runner() {
        cloud.advance(Duration.ofSeconds(1));
        return cloud.builds();
    }

    @Override
    protected void restart() {
        cloud.restart();
        listen();
    }

    @Override
    protected WorkOrder brief(AttemptId attempt) {
        cloud.stage(attempt.stage()).succeeds();
        return order(attempt);
    }

    @Override
    protected WorkOrder endless(AttemptId attempt) {
        cloud.stage(attempt.stage()).succeeds().takes(FOR_EVER);
        return order(attempt);
    }

    @Override
    protected void letEnd(AttemptId attempt) {
        cloud.advance(FOR_EVER);
    }

    @Override
    protected WorkOrder refused(AttemptId attempt) {
        cloud.stage(attempt.stage()).isRefused("the quota is used up");
        return order(attempt);
    }

    @Override
    protected int begun(AttemptId attempt) {
        cloud.advance(Duration.ofSeconds(1));
        return cloud.artifacts().read(OrderKeys.claim(attempt)).isPresent() ? 1 : 0;
    }

    @Override
    protected boolean anythingRuns(AttemptId attempt) {
        return cloud.builds().look(attempt, "") == WorkRunner.Phase.LIVING;
    }

    @Override
    protected Collection<AttemptId> told() {
        cloud.advance(Duration.ofSeconds(1));
        return told;
    }

    private static WorkOrder order(AttemptId attempt) {
        return new WorkOrder(
                attempt,
                Digest.of(new byte[0]),
                new WorkOrder.Container("alpine:3.22"),
                Duration.ofHours(1),
                new TreeMap<>(),
                TrustLevel.TRUSTED);
    }
}
