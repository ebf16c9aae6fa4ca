// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.deliveries;

import com.google.cloud.deploy.v1.Phase;
import com.google.cloud.deploy.v1.Release;
import com.google.cloud.deploy.v1.Rollout;
import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.DeploymentLedger;
import dev.cumulane.cloud.DeploymentLedger.Entry;
import dev.cumulane.cloud.DeploymentStep;
import dev.cumulane.cloud.StepReport;
import dev.cumulane.cloud.StepState;
import dev.cumulane.cloud.UnpackedArtifacts;
import dev.cumulane.pipeline.Digest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/** Carries out steps by a delivery pipeline of Cloud Deploy. Each states what should be, and may be repeated; what the pipeline does goes on after the call. */
final class PipelineRollout {
    private final PipelineEnvironment binding;
    private final DeliveryPipeline pipeline;
    private final ArtifactStore store;
    private final DeploymentLedger ledger;
    private final Function<Digest, String> archive;
    private final Predicate<String> rings;
    private final String console;

    /**
     * What a rollout needs to know besides its pipeline.
     *
     * @param archive where Cloud Deploy finds an object of the store
     * @param rings whether an alarm rings
     * @param console where people look at the pipeline
     */
    record Surroundings(Function<Digest, String> archive, Predicate<String> rings, String console) {}

    PipelineRollout(
            PipelineEnvironment binding,
            DeliveryPipeline pipeline,
            ArtifactStore store,
            DeploymentLedger ledger,
            Surroundings surroundings) {
        this.binding = binding;
        this.pipeline = pipeline;
        this.store = store;
        this.ledger = ledger;
        this.archive = surroundings.archive();
        this.rings = surroundings.rings();
        this.console = surroundings.console();
    }

    /**
     * Carries out a step that is not stale.
     *
     * @return its report; empty while the pipeline goes on
     */
    Optional<StepReport> carryOut(DeploymentStep step) {
        if (step.wanted() instanceof DeploymentStep.Prepared prepared) {
            return prepare(step, prepared);
        }
        if (step.wanted() instanceof DeploymentStep.RolledBack) {
            return rollBack(step);
        }
        if (ledger.of(step).flatMap(Entry::prepared).isEmpty()) {
            return failure("nothing was prepared by this deployment");
        }
        if (step.wanted() instanceof DeploymentStep.Shifted shifted) {
            return shift(step, shifted.percent());
        }
        if (ledger.enter(step, entry -> entry).isEmpty()) {
            return stale(step);
        }
        Optional<String> alarm =
                step.wanted() instanceof DeploymentStep.Healthy healthy ? healthy.alarm() : Optional.empty();
        return alarm.filter(rings)
                .map(ringing -> StepReport.failure("alarm '" + ringing + "' rings"))
                .or(this::asItIs);
    }

    private Optional<StepReport> prepare(DeploymentStep step, DeploymentStep.Prepared wanted) {
        // Cloud Deploy reads the archive by itself, and Cloud Storage compares no digests with names.
        Optional<String> unfit = UnpackedArtifacts.unfit(store, wanted.release());
        if (unfit.isPresent()) {
            return failure(unfit.get());
        }
        int artifacts = wanted.release().artifacts().size();
        if (artifacts != 1) {
            return failure("Cloud Deploy takes one archive, and the release "
                    + wanted.release().name() + " has " + artifacts + " artifacts");
        }
        Digest artifact = wanted.release().artifacts().get(0).digest();
        String id = HandedOver.release(step, artifact);
        if (ledger.enter(step, entry -> entry.preparing(id)).isEmpty()) {
            return stale(step);
        }
        pipeline.create(id, archive.apply(artifact), HandedOver.note(step));
        return pipeline.read(id).flatMap(this::rendered);
    }

    /** How far the rendering of a release is: its report, or empty while it goes on. */
    Optional<StepReport> rendered(Release release) {
        Release.TargetRender ours =
                release.getTargetRendersOrDefault(binding.target(), Release.TargetRender.getDefaultInstance());
        return switch (release.getRenderState()) {
            case SUCCEEDED -> Optional.of(new StepReport(true, "", Optional.empty(), Optional.empty()));
            case FAILED ->
                failure("release " + id(release.getName()) + " was not rendered: "
                        + (ours.getFailureMessage().isEmpty()
                                ? "its log in Cloud Deploy says why"
                                : ours.getFailureMessage()));
            default -> Optional.empty();
        };
    }

    private Optional<StepReport> shift(DeploymentStep step, int percent) {
        if (percent != 100) {
            return failure("pipeline " + binding.pipeline() + " takes a release over as a whole; it cannot give it "
                    + percent + " percent of the traffic");
        }
        Optional<Entry> entered = ledger.enter(step, entry -> entry.leadingTo(entry.prepared()));
        return entered.isEmpty()
                ? stale(step)
                : rolledOut(step, entered.get().prepared().orElseThrow());
    }

    private Optional<StepReport> rollBack(DeploymentStep step) {
        Optional<Entry> entered = ledger.enter(step, entry -> entry.leadingTo(entry.former()));
        if (entered.isEmpty()) {
            return stale(step);
        }
        Optional<String> brought = entered.get().prepared();
        if (brought.isEmpty()) {
            return asItIs();
        }
        // First: a call that was held up could begin a rollout after the list was read.
        pipeline.abandon(brought.get());
        List<Rollout> begun = pipeline.rollouts(brought.get());
        if (begun.isEmpty()) {
            // Nothing that was live was touched.
            return asItIs();
        }
        begun.stream().filter(rollout -> !isOver(rollout.getState())).forEach(pipeline::cancel);
        return entered.get()
                .former()
                .map(former -> rolledOut(step, former))
                .orElseGet(() -> failure("pipeline " + binding.pipeline()
                        + " has brought no release before this one, so there is none to bring back"));
    }

    private Optional<StepReport> rolledOut(DeploymentStep step, String release) {
        String id = HandedOver.rollout(step);
        Optional<Rollout> found = pipeline.read(release, id);
        if (found.isEmpty()) {
            pipeline.start(release, id, binding.target(), HandedOver.note(step));
            found = pipeline.read(release, id);
        }
        return found.flatMap(this::ended);
    }

    /** How far a rollout is: its report, or empty while it goes on. What it waits for from us it gets. */
    Optional<StepReport> ended(Rollout rollout) {
        Rollout.State state = rollout.getState();
        if (state == Rollout.State.SUCCEEDED) {
            return asItIs();
        }
        if (isOver(state)) {
            String what = "rollout " + id(rollout.getName()) + " of pipeline " + binding.pipeline() + " is "
                    + state.name().toLowerCase(Locale.ROOT).replace('_', ' ');
            String why = rollout.getFailureReason();
            return failure(why.isBlank() ? what : what + ": " + why);
        }
        if (state == Rollout.State.PENDING_APPROVAL && binding.approves()) {
            pipeline.approve(rollout);
        }
        if (state == Rollout.State.IN_PROGRESS && binding.advances()) {
            waiting(rollout.getPhasesList()).ifPresent(phase -> pipeline.advance(rollout, phase));
        }
        return Optional.empty();
    }

    /** The phase that a rollout waits before: all before it are done, and there is one. */
    private static Optional<String> waiting(List<Phase> phases) {
        for (int i = 0; i < phases.size(); i++) {
            Phase.State state = phases.get(i).getState();
            if (state == Phase.State.PENDING && i > 0) {
                return Optional.of(phases.get(i).getId());
            }
            if (state != Phase.State.SUCCEEDED && state != Phase.State.SKIPPED) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    /** What became of a step that has no report yet. */
    StepState look(DeploymentStep step) {
        Optional<Entry> entry = ledger.of(step).filter(latest -> latest.step() == step.index());
        if (entry.isEmpty()) {
            return new StepState.Unknown();
        }
        if (step.wanted() instanceof DeploymentStep.Prepared) {
            return entry.get()
                    .prepared()
                    .flatMap(pipeline::read)
                    .map(release -> state(rendered(release)))
                    .orElseGet(StepState.Unknown::new);
        }
        return entry.get()
                .live()
                .flatMap(release -> pipeline.read(release, HandedOver.rollout(step)))
                .map(rollout -> state(ended(rollout)))
                .orElseGet(StepState.Unknown::new);
    }

    private static StepState state(Optional<StepReport> report) {
        return report.<StepState>map(StepState.Ended::new).orElseGet(StepState.UnderWay::new);
    }

    private static boolean isOver(Rollout.State state) {
        return switch (state) {
            case SUCCEEDED, FAILED, APPROVAL_REJECTED, CANCELLED, HALTED -> true;
            default -> false;
        };
    }

    private static String id(String name) {
        return name.substring(name.lastIndexOf('/') + 1);
    }

    private Optional<StepReport> asItIs() {
        return Optional.of(StepReport.success(binding.address().orElse(console)));
    }

    private Optional<StepReport> stale(DeploymentStep step) {
        return failure(ledger.stale(step).orElse("stale: a later step has begun"));
    }

    private static Optional<StepReport> failure(String why) {
        return Optional.of(StepReport.failure(why));
    }
}
