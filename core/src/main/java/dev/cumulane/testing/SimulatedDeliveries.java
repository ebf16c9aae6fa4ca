// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.testing;

import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.Deliveries;
import dev.cumulane.cloud.DeploymentStep;
import dev.cumulane.cloud.SignalEnvelope;
import dev.cumulane.cloud.StepReport;
import dev.cumulane.cloud.StepState;
import dev.cumulane.run.EnvironmentView;
import dev.cumulane.run.Produced;
import dev.cumulane.run.Release;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Deployments to scripted environments. */
final class SimulatedDeliveries implements Deliveries {
    private record Key(String run, String stage, int index) {
        static Key of(DeploymentStep step) {
            return new Key(step.run().value(), step.stage(), step.index());
        }
    }

    private final World world;
    private final SimulatedSignals signals;
    private final SimulatedArtifacts artifacts;
    private final Map<String, ScriptedEnvironment> environments;
    private final Map<Key, StepReport> reports = new HashMap<>();
    private final Set<Key> underWay = new HashSet<>();

    SimulatedDeliveries(
            World world,
            SimulatedSignals signals,
            SimulatedArtifacts artifacts,
            Map<String, ScriptedEnvironment> environments) {
        this.world = world;
        this.signals = signals;
        this.artifacts = artifacts;
        this.environments = environments;
    }

    @Override
    public Set<String> environments() {
        return java.util.Collections.unmodifiableSet(environments.keySet());
    }

    @Override
    public void begin(DeploymentStep step) {
        world.run("begin of", step, () -> beginNow(step));
    }

    private synchronized void beginNow(DeploymentStep step) {
        world.witness().began(step);
        ScriptedEnvironment environment = environments.get(step.environment());
        if (environment == null) {
            throw CloudException.permanent(
                    "simulated deliveries",
                    "no environment '" + step.environment() + "'; there are: "
                            + String.join(", ", environments.keySet()));
        }
        Key key = Key.of(step);
        StepReport done = reports.get(key);
        if (done != null) {
            signals.sendFromService(SignalEnvelope.stepOver(step, done), world.instant());
        } else if (underWay.add(key)) {
            environment.refusal(step);
            if (!environment.hangs(step)) {
                world.planIn(environment.stepTakes(), () -> end(step, environment));
            }
        }
    }

    private synchronized void end(DeploymentStep step, ScriptedEnvironment environment) {
        Optional<String> wrong = carryOut(step, environment);
        StepReport report = wrong.map(StepReport::failure)
                .orElseGet(() -> new StepReport(true, "", Optional.empty(), environment.address()));
        underWay.remove(Key.of(step));
        reports.put(Key.of(step), report);
        signals.sendFromService(SignalEnvelope.stepOver(step, report), world.instant());
    }

    private Optional<String> carryOut(DeploymentStep step, ScriptedEnvironment environment) {
        Optional<String> refusal = environment.refusal(step);
        world.witness().stepped(step, refusal);
        if (refusal.isPresent()) {
            return refusal;
        }
        DeploymentStep.Wanted wanted = step.wanted();
        if (wanted instanceof DeploymentStep.Prepared prepared) {
            return missing(prepared.release()).or(() -> environment.prepare(prepared.release()));
        }
        if (wanted instanceof DeploymentStep.Shifted shifted) {
            return environment.shift(shifted.percent(), world.instant());
        }
        if (wanted instanceof DeploymentStep.Healthy healthy) {
            return environment.check(healthy.alarm(), world.instant());
        }
        return wanted instanceof DeploymentStep.Completed
                ? environment.complete(step.fence())
                : environment.rollBack(step.fence());
    }

    private Optional<String> missing(Release release) {
        return release.artifacts().stream()
                .map(Produced::digest)
                .filter(artifact -> !artifacts.hasNow(artifact))
                .findFirst()
                .map(artifact -> "artifact " + artifact + " is not there");
    }

    @Override
    public EnvironmentView.Service service(String environment) {
        return world.call("look at environment", environment, () -> {
            synchronized (this) {
                return Optional.ofNullable(environments.get(environment))
                        .map(ScriptedEnvironment::service)
                        .orElse(EnvironmentView.Service.UNKNOWN);
            }
        });
    }

    @Override
    public boolean rings(String environment, String alarm) {
        return world.call("look at alarm", alarm, () -> {
            synchronized (this) {
                ScriptedEnvironment known = environments.get(environment);
                return known != null && known.rings(alarm, world.instant());
            }
        });
    }

    @Override
    public StepState look(DeploymentStep step) {
        return world.call("look at", step, () -> {
            synchronized (this) {
                StepReport done = reports.get(Key.of(step));
                if (done != null) {
                    return new StepState.Ended(done);
                }
                return underWay.contains(Key.of(step)) ? new StepState.UnderWay() : new StepState.Unknown();
            }
        });
    }
}
