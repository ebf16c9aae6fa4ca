// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.deliveries;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.DeploymentLedger;
import dev.cumulane.cloud.DeploymentStep;
import dev.cumulane.cloud.StepReport;
import dev.cumulane.cloud.UnpackedArtifacts;
import dev.cumulane.pipeline.Digest;
import java.util.Optional;
import java.util.function.Predicate;
import software.amazon.awssdk.services.codepipeline.model.PipelineExecution;
import software.amazon.awssdk.services.codepipeline.model.PipelineExecutionStatus;

/** Carries out steps by a pipeline of CodePipeline. Each states what should be, and may be repeated; those that an execution carries out go on after the call. */
final class PipelineRollout {
    private final PipelineEnvironment binding;
    private final PipelineExecutions executions;
    private final SourceBucket source;
    private final ArtifactStore store;
    private final DeploymentLedger ledger;
    private final HandOvers handOvers;
    private final Predicate<String> rings;
    private final String console;

    /** What a rollout is made with, beside its pipeline. */
    record Keeping(ArtifactStore store, DeploymentLedger ledger, HandOvers handOvers) {}

    PipelineRollout(
            PipelineEnvironment binding,
            PipelineExecutions executions,
            SourceBucket source,
            Keeping keeping,
            Predicate<String> rings,
            String console) {
        this.binding = binding;
        this.executions = executions;
        this.source = source;
        this.store = keeping.store();
        this.ledger = keeping.ledger();
        this.handOvers = keeping.handOvers();
        this.rings = rings;
        this.console = console;
    }

    /**
     * Carries out a step that is not stale.
     *
     * @return its report; empty while an execution goes on
     */
    Optional<StepReport> carryOut(DeploymentStep step) {
        if (step.wanted() instanceof DeploymentStep.Prepared prepared) {
            return Optional.of(prepare(step, prepared));
        }
        if (step.wanted() instanceof DeploymentStep.RolledBack) {
            return rollBack(step);
        }
        if (ledger.of(step).flatMap(DeploymentLedger.Entry::prepared).isEmpty()) {
            return failure("nothing was prepared by this deployment");
        }
        if (step.wanted() instanceof DeploymentStep.Shifted shifted) {
            return shifted.percent() == 100
                    ? shift(step)
                    : failure("pipeline " + binding.pipeline() + " takes a release over as a whole; it cannot give it "
                            + shifted.percent() + " percent of the traffic");
        }
        if (ledger.enter(step, entry -> entry).isEmpty()) {
            return stale(step);
        }
        if (step.wanted() instanceof DeploymentStep.Healthy healthy) {
            return healthy.alarm()
                    .filter(rings)
                    .map(ringing -> StepReport.failure("alarm '" + ringing + "' rings"))
                    .or(this::asItIs);
        }
        return asItIs();
    }

    private StepReport prepare(DeploymentStep step, DeploymentStep.Prepared wanted) {
        Optional<String> missing = UnpackedArtifacts.missing(store, wanted.release());
        if (missing.isPresent()) {
            return StepReport.failure(missing.get());
        }
        byte[] zip = UnpackedArtifacts.make(store, wanted.release().artifacts(), files -> files.packed("zip"));
        String version = source.put(zip);
        return ledger.enter(step, entry -> entry.preparing(version))
                .map(entry -> new StepReport(true, "", Optional.empty(), Optional.empty()))
                .orElseGet(() -> StepReport.failure(staleness(step)));
    }

    private Optional<StepReport> shift(DeploymentStep step) {
        Optional<DeploymentLedger.Entry> entered = ledger.enter(step, entry -> entry.leadingTo(entry.prepared()));
        return entered.isEmpty()
                ? stale(step)
                : execute(step, entered.get().prepared().orElseThrow());
    }

    private Optional<StepReport> rollBack(DeploymentStep step) {
        Optional<DeploymentLedger.Entry> entered = ledger.enter(step, entry -> entry.leadingTo(entry.former()));
        if (entered.isEmpty()) {
            return stale(step);
        }
        Optional<String> brought = entered.get().prepared();
        if (brought.isEmpty() || !handOvers.begun(step)) {
            // Nothing that was live was touched.
            return asItIs();
        }
        if (handOvers.of(step).isEmpty()) {
            executions.living(brought.get()).forEach(id -> executions.stop(id, "rolled back by Cumulane"));
        }
        return entered.get()
                .former()
                .map(former -> execute(step, former))
                .orElseGet(() -> failure("pipeline " + binding.pipeline()
                        + " has brought no release before this one, so there is none to bring back"));
    }

    /** Has the pipeline bring a release, and looks how far it is. */
    private Optional<StepReport> execute(DeploymentStep step, String version) {
        Optional<String> known = handOvers.of(step);
        if (known.isEmpty()) {
            handOvers.begins(step);
            known = Optional.of(handOvers.keep(step, executions.start(token(step), version)));
        }
        return progress(step, known.get());
    }

    private static String token(DeploymentStep step) {
        String wish = step.environment() + "/" + step.fence() + "/" + step.index();
        return Digest.of(wish.getBytes(UTF_8)).hex();
    }

    /** How far the execution of a step is: its report, or empty while it goes on. One that waits for the approval that is ours to give gets it. */
    Optional<StepReport> progress(DeploymentStep step, String id) {
        PipelineExecution execution = executions.read(id);
        PipelineExecutionStatus status = execution.status();
        if (!PipelineExecutions.isOver(status)) {
            executions.approve(id, "decided in run " + step.run() + ", stage " + step.stage());
            return Optional.empty();
        }
        if (status == PipelineExecutionStatus.SUCCEEDED) {
            return asItIs();
        }
        String what = "execution " + id + " of pipeline " + binding.pipeline() + " is "
                + status.toString().toLowerCase(java.util.Locale.ROOT);
        return failure(executions.failure(id).map(why -> what + ": " + why).orElse(what));
    }

    private Optional<StepReport> asItIs() {
        return Optional.of(StepReport.success(binding.address().orElse(console)));
    }

    private Optional<StepReport> stale(DeploymentStep step) {
        return failure(staleness(step));
    }

    private String staleness(DeploymentStep step) {
        return ledger.stale(step).orElse("stale: a later step has begun");
    }

    private static Optional<StepReport> failure(String why) {
        return Optional.of(StepReport.failure(why));
    }
}
