// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.deliveries;

import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.DeploymentLedger;
import dev.cumulane.cloud.DeploymentLedger.Entry;
import dev.cumulane.cloud.DeploymentStep;
import dev.cumulane.cloud.StepReport;
import dev.cumulane.cloud.UnpackedArtifacts;
import dev.cumulane.gcp.client.GrpcClients;
import dev.cumulane.gcp.deliveries.RunTraffic.Found;
import dev.cumulane.run.Produced;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Carries out steps on one function. Each states what should be, and may be repeated. */
final class FunctionRollout {
    /** What fits into a function's memory beside what else the step needs. */
    private static final int MOST_BYTES = 100 * 1024 * 1024;

    private static final int DIGITS = 32;

    private final FunctionEnvironment binding;
    private final GrpcClients clients;
    private final FunctionReleases releases;
    private final ArtifactStore store;
    private final DeploymentLedger ledger;
    private final CloudRunDeliveries.Pace pace;
    private final Alarms alarms;

    FunctionRollout(
            FunctionEnvironment binding,
            String location,
            GrpcClients clients,
            ArtifactStore store,
            DeploymentLedger ledger,
            CloudRunDeliveries.Pace pace) {
        this.binding = binding;
        this.clients = clients;
        this.releases = new FunctionReleases(clients::functions, location + "/functions/" + binding.function());
        this.store = store;
        this.ledger = ledger;
        this.pace = pace;
        this.alarms = new Alarms(clients::monitoring, location.replaceFirst("/locations/.*", ""));
    }

    /**
     * Carries out a step that is not stale.
     *
     * @throws ChangedMeanwhileException if something is changed by somebody else
     */
    StepReport carryOut(DeploymentStep step) {
        if (step.wanted() instanceof DeploymentStep.Prepared prepared) {
            return prepare(step, prepared);
        }
        if (step.wanted() instanceof DeploymentStep.RolledBack) {
            return rollBack(step);
        }
        if (ledger.of(step).flatMap(Entry::prepared).isEmpty()) {
            return StepReport.failure("nothing was prepared by this deployment");
        }
        if (step.wanted() instanceof DeploymentStep.Healthy healthy) {
            enter(step, entry -> entry);
            return healthy.alarm()
                    .filter(alarm -> rings(step.environment(), alarm))
                    .map(ringing -> StepReport.failure("alarm '" + ringing + "' rings"))
                    .orElseGet(() -> report(traffic().read()));
        }
        int percent = step.wanted() instanceof DeploymentStep.Shifted shifted ? shifted.percent() : 100;
        return shift(step, percent);
    }

    /** Whether an alarm of the project rings. */
    boolean rings(String environment, String alarm) {
        return alarms.rings(environment, alarm);
    }

    private StepReport prepare(DeploymentStep step, DeploymentStep.Prepared wanted) {
        Optional<String> missing = UnpackedArtifacts.missing(store, wanted.release());
        if (missing.isPresent()) {
            return StepReport.failure(missing.get());
        }
        if (wanted.release().artifacts().size() != 1) {
            return StepReport.failure("a function takes one artifact, and the release "
                    + wanted.release().name() + " has "
                    + wanted.release().artifacts().size());
        }
        Produced artifact = wanted.release().artifacts().get(0);
        String release = "n" + step.fence() + "-" + artifact.digest().hex().substring(0, DIGITS);
        RunTraffic traffic = traffic();
        traffic.pin();
        String revision = releases.publish(release, () -> source(artifact), pace);
        enter(step, entry -> entry.preparing(revision));
        return new StepReport(true, "", Optional.of(traffic.read().etag()), Optional.empty());
    }

    /** What Cloud Functions takes is a zip: of sources, or of one jar that has all in it. */
    private byte[] source(Produced artifact) {
        byte[] zip = UnpackedArtifacts.make(store, List.of(artifact), files -> files.packed("zip"));
        if (zip.length > MOST_BYTES) {
            throw CloudException.permanent(
                    "Cloud Functions",
                    "the package of artifact " + artifact.name() + " has " + zip.length + " bytes; at most "
                            + MOST_BYTES + " are deployed");
        }
        return zip;
    }

    private Entry enter(DeploymentStep step, UnaryOperator<Entry> change) {
        return ledger.enter(step, change)
                .orElseThrow(() -> new ChangedMeanwhileException("the ledger of " + step.environment()));
    }

    private StepReport shift(DeploymentStep step, int percent) {
        Entry entry = enter(step, before -> before.leadingTo(before.prepared()));
        String prepared = entry.prepared().orElseThrow();
        String former = entry.former().orElse(prepared);
        boolean whole = percent == 100 || former.equals(prepared);
        Map<String, Integer> wanted = whole ? Map.of(prepared, 100) : Map.of(prepared, percent, former, 100 - percent);
        Found now = traffic().read();
        if (!now.leads(wanted)
                && step.version().isPresent()
                && !step.version().get().equals(now.etag())) {
            return StepReport.failure("the traffic of function " + binding.function()
                    + " was changed since the step before, and not by this deployment");
        }
        return report(led(now, wanted));
    }

    private StepReport rollBack(DeploymentStep step) {
        boolean begun = ledger.of(step).isPresent();
        Entry entry = enter(step, before -> before.leadingTo(before.former()));
        Found now = traffic().read();
        Optional<String> target = entry.former().or(() -> begun ? now.origin() : Optional.empty());
        if (target.isEmpty()) {
            return new StepReport(true, "", Optional.of(now.etag()), Optional.empty());
        }
        Found back = led(now, Map.of(target.get(), 100));
        return entry.former().isPresent()
                ? report(back)
                : new StepReport(true, "", Optional.of(back.etag()), Optional.empty());
    }

    private Found led(Found now, Map<String, Integer> wanted) {
        if (now.leads(wanted)) {
            return now;
        }
        RunTraffic traffic = traffic();
        traffic.change(now, wanted);
        return traffic.read();
    }

    private StepReport report(Found live) {
        return new StepReport(
                true,
                "",
                Optional.of(live.etag()),
                Optional.of(binding.address().orElse(live.address())));
    }

    private RunTraffic traffic() {
        return new RunTraffic(clients::services, releases.runService());
    }
}
