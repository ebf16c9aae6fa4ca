// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.deliveries;

import dev.cumulane.aws.deliveries.LambdaAliases.Found;
import dev.cumulane.aws.deliveries.LambdaAliases.Target;
import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.DeploymentProgress;
import dev.cumulane.cloud.DeploymentStep;
import dev.cumulane.cloud.StepReport;
import dev.cumulane.cloud.UnpackedArtifacts;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import software.amazon.awssdk.services.lambda.LambdaClient;

/** Carries out steps on one function. Each states what should be, and may be repeated. */
final class FunctionRollout {
    private final FunctionEnvironment binding;
    private final LambdaAliases aliases;
    private final LambdaReleases releases;
    private final ArtifactStore store;
    private final LambdaDeliveries.Pace pace;
    private final Predicate<String> rings;

    FunctionRollout(
            FunctionEnvironment binding,
            Supplier<LambdaClient> client,
            ArtifactStore store,
            LambdaDeliveries.Pace pace,
            Predicate<String> rings) {
        this.binding = binding;
        this.aliases = new LambdaAliases(client, binding.function());
        this.releases = new LambdaReleases(client, binding.function());
        this.store = store;
        this.pace = pace;
        this.rings = rings;
    }

    /** How far the latest deployment has come; empty if there was none. */
    Optional<DeploymentProgress> progress() {
        return aliases.read(binding.next()).flatMap(FunctionRollout::progress);
    }

    private static Optional<DeploymentProgress> progress(Found next) {
        return DeploymentProgress.read(next.target().version(), next.target().description());
    }

    /**
     * Carries out a step that is not stale.
     *
     * @throws ChangedMeanwhileException if an alias is changed by somebody else
     */
    StepReport carryOut(DeploymentStep step) {
        if (step.wanted() instanceof DeploymentStep.Prepared prepared) {
            return prepare(step, prepared);
        }
        Optional<DeploymentProgress> entered = enter(step);
        if (step.wanted() instanceof DeploymentStep.RolledBack) {
            return entered.map(this::rollBack).orElseGet(this::asItIs);
        }
        if (entered.isEmpty()) {
            return StepReport.failure("nothing was prepared by this deployment");
        }
        DeploymentProgress progress = entered.get();
        if (step.wanted() instanceof DeploymentStep.Shifted shifted) {
            return shift(step, progress, shifted.percent());
        }
        if (step.wanted() instanceof DeploymentStep.Healthy healthy) {
            return healthy(progress, healthy.alarm());
        }
        return shift(step, progress, 100);
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
        FunctionPackage code =
                FunctionPackage.of(store, wanted.release().artifacts().get(0));
        String version = releases.publish(code, pace.pause(), pace.patience());
        Optional<Found> live = aliases.read(binding.alias());
        Optional<Found> next = aliases.read(binding.next());
        Optional<DeploymentProgress> before = next.flatMap(FunctionRollout::progress);
        if (before.flatMap(progress -> progress.stale(step)).isPresent()) {
            throw new ChangedMeanwhileException(binding.next());
        }
        Optional<String> former = before.filter(progress -> progress.fence() == step.fence())
                .map(DeploymentProgress::former)
                .orElse(live.map(found -> found.target().version()));
        DeploymentProgress progress = new DeploymentProgress(step.fence(), step.index(), version, former);
        change(binding.next(), next, new Target(version, Map.of(), progress.description()));
        return sick(progress)
                .map(StepReport::failure)
                .orElseGet(() -> new StepReport(true, "", live.map(Found::revision), Optional.empty()));
    }

    /** Takes note that a step of the deployment has begun; empty if the deployment has prepared nothing. */
    private Optional<DeploymentProgress> enter(DeploymentStep step) {
        Optional<Found> next = aliases.read(binding.next());
        Optional<DeploymentProgress> now =
                next.flatMap(FunctionRollout::progress).filter(progress -> progress.fence() == step.fence());
        if (now.isPresent() && now.get().step() < step.index()) {
            DeploymentProgress entered = now.get().at(step.index());
            change(binding.next(), next, new Target(entered.prepared(), Map.of(), entered.description()));
            return Optional.of(entered);
        }
        if (now.flatMap(progress -> progress.stale(step)).isPresent()) {
            throw new ChangedMeanwhileException(binding.next());
        }
        return now;
    }

    private StepReport shift(DeploymentStep step, DeploymentProgress progress, int percent) {
        String former = progress.former().orElse(progress.prepared());
        boolean whole = percent == 100 || former.equals(progress.prepared());
        Target wanted = whole
                ? Target.all(progress.prepared())
                : new Target(former, Map.of(progress.prepared(), percent / 100.0), "");
        Optional<Found> live = aliases.read(binding.alias());
        if (live.isPresent() && leads(live.get(), wanted)) {
            return report(live.get());
        }
        if (step.version().isPresent() && !live.map(Found::revision).equals(step.version())) {
            return StepReport.failure("alias " + binding.alias() + " of function " + binding.function()
                    + " was changed since the step before, and not by this deployment");
        }
        return report(change(binding.alias(), live, wanted));
    }

    private StepReport healthy(DeploymentProgress progress, Optional<String> alarm) {
        Optional<String> wrong =
                sick(progress).or(() -> alarm.filter(rings).map(ringing -> "alarm '" + ringing + "' rings"));
        return wrong.map(StepReport::failure).orElseGet(this::asItIs);
    }

    private Optional<String> sick(DeploymentProgress progress) {
        return binding.health().flatMap(event -> releases.fails(progress.prepared(), event));
    }

    private StepReport rollBack(DeploymentProgress progress) {
        Optional<Found> live = aliases.read(binding.alias());
        if (progress.former().isPresent()) {
            Target wanted = Target.all(progress.former().get());
            return live.isPresent() && leads(live.get(), wanted)
                    ? report(live.get())
                    : report(change(binding.alias(), live, wanted));
        }
        if (live.isPresent()) {
            aliases.delete(binding.alias());
        }
        return new StepReport(true, "", Optional.empty(), Optional.empty());
    }

    private StepReport asItIs() {
        return aliases.read(binding.alias())
                .map(this::report)
                .orElseGet(() -> new StepReport(true, "", Optional.empty(), Optional.empty()));
    }

    private StepReport report(Found live) {
        return new StepReport(
                true,
                "",
                Optional.of(live.revision()),
                Optional.of(binding.address().orElse(live.arn())));
    }

    private Found change(String alias, Optional<Found> before, Target wanted) {
        return aliases.change(alias, before, wanted).orElseThrow(() -> new ChangedMeanwhileException(alias));
    }

    private static boolean leads(Found found, Target wanted) {
        return found.target().version().equals(wanted.version())
                && found.target().weights().equals(wanted.weights());
    }
}
