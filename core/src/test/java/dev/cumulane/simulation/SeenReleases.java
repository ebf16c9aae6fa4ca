// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.simulation;

import dev.cumulane.cloud.DeploymentStep;
import dev.cumulane.internal.machine.Phase;
import dev.cumulane.internal.machine.StageSlot;
import dev.cumulane.pipeline.Artifact;
import dev.cumulane.pipeline.Stage;
import dev.cumulane.run.Cause;
import dev.cumulane.run.Deployment;
import dev.cumulane.run.Produced;
import dev.cumulane.run.Release;
import dev.cumulane.run.RunEvent;
import dev.cumulane.testing.Backstage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What really has the traffic of each environment, and the rules of releases: I20, of what is deployed, and I21, of what is given back. */
final class SeenReleases {
    private record Deploying(String environment, long fence) {}

    private final Invariants all;
    private final Backstage backstage;
    private final Map<Deploying, Optional<Release>> before = new HashMap<>();
    private final Set<String> uncertain = new HashSet<>();

    SeenReleases(Invariants all, Backstage backstage) {
        this.all = all;
        this.backstage = backstage;
    }

    /** A release is asked for: it is what the stages of this very run wrote. */
    void asked(SeenRun run, RunEvent.EnvironmentAsked asked) {
        List<Produced> written = new ArrayList<>();
        Stage.Delivery delivery =
                ((Stage.Deploy) run.plan().stage(run.plan().graph().number(asked.stage()))).delivery();
        for (Artifact artifact : delivery.artifacts()) {
            run.progress().slot(artifact.stage()).flatMap(StageSlot::verdict).orElseThrow().artifacts().stream()
                    .filter(one -> one.name().equals(artifact.name()))
                    .forEach(written::add);
        }
        check("I20", asked.release().artifacts().equals(written), "%s, and its stages wrote %s", asked, written);
    }

    /** A step is begun: the first of a deployment finds what the last good one left, and what it brings is what was recorded. */
    void began(DeploymentStep step, StageSlot.Rolling rolling) {
        Deploying deploying = new Deploying(step.environment(), step.fence());
        if (!before.containsKey(deploying)) {
            before.put(deploying, backstage.live(step.environment()));
            Optional<Release> good = all.locks().live(step.environment()).map(Deployment::release);
            check(
                    "I21",
                    uncertain.contains(step.environment()) || good.equals(backstage.live(step.environment())),
                    "%s begins with %s, the last good release is %s",
                    step,
                    backstage.live(step.environment()),
                    good);
        }
        if (step.wanted() instanceof DeploymentStep.Prepared prepared) {
            check("I20", prepared.release().equals(rolling.release()), "%s is not %s", step, rolling.release());
        }
    }

    /** A deployment has ended: its own release has the traffic or, if it was rolled back, the one that had it before, and no other has a share. */
    void ended(Stage.Deploy stage, StageSlot.Rolling rolling, Cause cause) {
        String environment = stage.delivery().environment().name();
        if (rolling.fence() == 0) {
            return;
        }
        if (cause == Cause.DEPLOYMENT_FAILED) {
            uncertain.add(environment);
            return;
        }
        Optional<Release> wanted = cause == Cause.COMPLETED
                ? Optional.of(rolling.release())
                : before.getOrDefault(new Deploying(environment, rolling.fence()), backstage.live(environment));
        if (cause == Cause.COMPLETED) {
            uncertain.remove(environment);
        }
        check(
                "I21",
                backstage.live(environment).equals(wanted) && backstage.percent(environment) == 0,
                "%s ends in %s with %s live and %d percent elsewhere, not with %s",
                stage.name(),
                cause,
                backstage.live(environment),
                backstage.percent(environment),
                wanted);
    }

    /** An alarm that is recorded rings. */
    void mustRing(SeenRun run, RunEvent.AlarmRang rang) {
        String environment = ((Stage.Deploy) run.plan().stage(run.plan().graph().number(rang.stage())))
                .delivery()
                .environment()
                .name();
        check(
                "I9",
                all.pipeline().health(environment) == RandomPipeline.Health.RINGING,
                "%s, and it is %s",
                rang,
                all.pipeline().health(environment));
    }

    /** What failed is on its way back with the very record that says so. */
    void mustGoBack(SeenRun run) {
        for (int stage = 0; stage < run.plan().size(); stage++) {
            StageSlot slot = run.progress().slot(stage);
            boolean failed = slot.rollout().flatMap(StageSlot.Rolling::failed).isPresent();
            boolean back = slot.rollout().flatMap(StageSlot.Rolling::step).equals(Optional.of(RunEvent.Step.ROLL_BACK));
            check("I21", !failed || back || slot.phase() == Phase.FINISHED, "%s failed and is %s", run, slot);
        }
    }

    private void check(String invariant, boolean holds, String what, Object... about) {
        all.check(invariant, holds, what, about);
    }
}
