// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud;

import java.util.Optional;

/**
 * Carries out steps by a delivery service. Each states what should be, and may be repeated; those that an execution carries out go on after the call.
 *
 * @param service what deploys
 * @param store holds artifacts
 * @param ledger who deploys when
 * @param handOvers which execution carries out which step
 */
record HandedOverRollout(
        HandedOverSteps.Service service, ArtifactStore store, DeploymentLedger ledger, HandOvers handOvers) {
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
                    : failure(service.name() + " takes a release over as a whole; it cannot give it "
                            + shifted.percent() + " percent of the traffic");
        }
        if (ledger.enter(step, entry -> entry).isEmpty()) {
            return stale(step);
        }
        if (step.wanted() instanceof DeploymentStep.Healthy healthy) {
            return healthy.alarm()
                    .filter(service::rings)
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
        String version = service.put(zip);
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
            service.stop(step, brought.get());
        }
        return entered.get()
                .former()
                .map(former -> execute(step, former))
                .orElseGet(() -> failure(
                        service.name() + " has brought no release before this one, so there is none to bring back"));
    }

    /** Has the service bring a release, and looks how far it is. */
    private Optional<StepReport> execute(DeploymentStep step, String version) {
        Optional<String> known = handOvers.of(step);
        if (known.isEmpty()) {
            handOvers.begins(step);
            known = Optional.of(handOvers.keep(step, service.start(step, version)));
        }
        return progress(step, known.get());
    }

    /** How far the execution of a step is: its report, or empty while it goes on. */
    Optional<StepReport> progress(DeploymentStep step, String execution) {
        return service.ended(step, execution)
                .map(why -> why.isEmpty() ? StepReport.success(service.address()) : StepReport.failure(why));
    }

    private Optional<StepReport> asItIs() {
        return Optional.of(StepReport.success(service.address()));
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
