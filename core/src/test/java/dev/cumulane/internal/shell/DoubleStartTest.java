// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.shell;

import static dev.cumulane.pipeline.Work.container;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.Cloud;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.SignalEnvelope;
import dev.cumulane.cloud.WorkOrder;
import dev.cumulane.cloud.WorkRunner;
import dev.cumulane.cloud.contract.Twisted;
import dev.cumulane.internal.order.OrderKeys;
import dev.cumulane.internal.order.ResultFile;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.Cause;
import dev.cumulane.run.Commit;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.RunId;
import dev.cumulane.run.RunView;
import dev.cumulane.run.SourceEvent;
import dev.cumulane.run.TrustLevel;
import dev.cumulane.run.Verdict;
import dev.cumulane.testing.SimulatedCloud;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A service starts one attempt twice: its first answer was lost, and its search does not find what it started. The engine knows the second worker; the first has the
 * claim.
 */
class DoubleStartTest {
    private static final Pipeline SHOP =
            Pipeline.define("shop", p -> p.build("build", container("alpine").runs("true")));

    private final SimulatedCloud world = SimulatedCloud.of(SHOP);
    private final Twice service = new Twice();
    private final Cloud cloud = Twisted.of(Cloud.class, world, "builds/0", (right, given) -> service);
    private final ArtifactStore store = world.artifacts();
    private final EngineCore engine = new EngineCore(cloud);
    private RunId run = new RunId("shop-0k3v9q2m7xw4b1ce");
    private AttemptId attempt = new AttemptId(run, "build", 1);

    /** Starts a worker for every call and answers only the second. */
    private static final class Twice implements WorkRunner {
        private final List<String> started = new ArrayList<>();
        private final TreeSet<String> over = new TreeSet<>();
        private final List<String> stopped = new ArrayList<>();

        @Override
        public String start(WorkOrder order) {
            started.add("worker/" + (started.size() + 1));
            if (started.size() == 1) {
                throw CloudException.retryable("builds", "no answer", new IOException("reset"));
            }
            return started.get(started.size() - 1);
        }

        @Override
        public void stop(AttemptId attempt, String serviceId) {
            stopped.add(serviceId);
        }

        @Override
        public Phase look(AttemptId attempt, String serviceId) {
            return over.contains(serviceId) ? Phase.OVER : Phase.LIVING;
        }

        @Override
        public Optional<String> find(AttemptId attempt) {
            return Optional.empty();
        }
    }

    @BeforeEach
    void startTwice() {
        engine.register(List.of(SHOP));
        world.signals().deliverTo(engine::handle);
        Commit head = new Commit("https://example.com/shop.git", "refs/heads/main", "4f1c2ab0".repeat(5));
        run = engine.start("shop", new SourceEvent.Pushed(head, "ada", TrustLevel.TRUSTED));
        attempt = new AttemptId(run, "build", 1);
        world.moveUntil(() -> service.started.size() == 2, Duration.ofMinutes(1));
        world.settle();
        assertThat(view().stages().get(0).progress().service()).contains("worker/2");
        store.create(OrderKeys.claim(attempt), "worker1.0123456789abcdef".getBytes(UTF_8));
    }

    @Test
    void theEndOfTheWorkerThatFoundTheAttemptClaimedIsNotTheAttemptsEnd() {
        end("worker/2");
        engine.sweep();
        world.settle();

        assertThat(view().outcome()).isEmpty();
        assertThat(store.read(OrderKeys.result(attempt)))
                .as("a result that the engine wrote")
                .isEmpty();

        store.create(OrderKeys.result(attempt), result());
        end("worker/1");

        assertThat(view().outcome()).contains(Outcome.SUCCESS);
        assertThat(service.started).hasSize(2);
    }

    @Test
    void whenTheClaimantIsOverTooTheWorkerIsLost() {
        end("worker/2");
        service.over.add("worker1");
        end("worker/1");

        assertThat(view().stages().get(0).progress().verdict().map(Verdict::cause))
                .contains(Cause.LOST_WORKER);
    }

    @Test
    void aCancellationStopsTheWorkerThatIsKnownAndTheOneThatWorks() {
        engine.cancel(run, "ada", "");
        world.settle();

        assertThat(service.stopped).contains("worker/2", "worker1");
        assertThat(view().outcome()).as("before the claimant is over").isEmpty();

        service.over.addAll(List.of("worker/2", "worker/1", "worker1"));
        end("worker/2");

        assertThat(view().outcome()).contains(Outcome.CANCELLATION);
    }

    private void end(String worker) {
        service.over.add(worker);
        engine.handle(SignalEnvelope.workOver(attempt));
        world.settle();
    }

    private byte[] result() {
        return new ResultFile(
                        attempt,
                        "worker1.0123456789abcdef",
                        Verdict.success(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty())
                .bytes();
    }

    private RunView view() {
        return engine.find(run).orElseThrow();
    }
}
