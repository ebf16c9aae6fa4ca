// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.shell;

import dev.cumulane.cloud.Capability;
import dev.cumulane.cloud.Cloud;
import dev.cumulane.pipeline.Environment;
import dev.cumulane.pipeline.Limits;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.pipeline.Rollout;
import dev.cumulane.pipeline.Service;
import dev.cumulane.pipeline.Stage;
import dev.cumulane.pipeline.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/** Says before a run starts what its cloud cannot do. All problems at once. */
final class PlanCheck {
    private static final Duration PORTABLE_FUNCTION = Duration.ofMinutes(10);

    private final Cloud cloud;
    private final List<String> problems = new ArrayList<>();

    private PlanCheck(Cloud cloud) {
        this.cloud = cloud;
    }

    /** The problems of a pipeline on a cloud; empty if it can run there. */
    static List<String> problems(Pipeline pipeline, Cloud cloud) {
        PlanCheck check = new PlanCheck(cloud);
        pipeline.plan().stages().forEach(check::stage);
        pipeline.children()
                .forEach((stage, child) -> problems(child, cloud)
                        .forEach(problem -> check.problems.add(
                                "pipeline '" + child.name() + "', which stage '" + stage + "' runs: " + problem)));
        return check.problems;
    }

    private void stage(Stage stage) {
        if (stage instanceof Stage.Build build) {
            commands(stage, build.commands(), build.limits());
        } else if (stage instanceof Stage.Test test) {
            commands(stage, test.commands(), test.limits());
        } else if (stage instanceof Stage.Function function) {
            need(stage, Capability.FUNCTION, "run function stages");
            if (function.limits().within().compareTo(PORTABLE_FUNCTION) > 0) {
                need(
                        stage,
                        Capability.LONG_FUNCTION,
                        "run a function for " + function.limits().within());
                cloud.longestFunction()
                        .filter(longest -> function.limits().within().compareTo(longest) > 0)
                        .ifPresent(longest -> problems.add("stage '" + stage.name() + "' may take "
                                + function.limits().within() + ", and a function of " + cloud.name() + " takes at most "
                                + longest));
            }
            secrets(stage, function.code().env());
        } else if (stage instanceof Stage.FanOut whole) {
            stage(whole.template());
        } else if (stage instanceof Stage.Deploy deploy) {
            deploy(deploy);
        }
    }

    private void commands(Stage stage, Stage.Commands commands, Limits limits) {
        cloud.builds()
                .refusal(commands.image(), limits.within())
                .ifPresent(why -> problems.add("stage '" + stage.name() + "' " + why));
        need(stage, Capability.BUILD, "run container builds");
        secrets(stage, commands.env());
        for (Service service : commands.services()) {
            need(stage, Capability.SERVICES, "run service '" + service.name() + "' beside it");
        }
    }

    private void deploy(Stage.Deploy deploy) {
        need(deploy, Capability.DEPLOY, "deploy");
        String environment = deploy.delivery().environment().name();
        if (deploy.delivery().environment().equals(Environment.ITSELF)) {
            need(deploy, Capability.UPDATE_SELF, "put a new version of its own code in place");
        } else if (!cloud.deliveries().environments().contains(environment)) {
            problems.add("stage '" + deploy.name() + "' deploys to environment '" + environment + "', which cloud "
                    + cloud.name() + " has no binding for; it has: "
                    + names(new TreeSet<>(cloud.deliveries().environments())));
        }
        Rollout rollout = deploy.delivery().rollout();
        if (rollout instanceof Rollout.Canary) {
            need(deploy, Capability.TRAFFIC_SHARES, "give a release a share of the traffic");
        }
        rollout.alarm().ifPresent(alarm -> need(deploy, Capability.ALARMS, "watch alarm '" + alarm + "'"));
    }

    /** What the cloud can do, and this environment perhaps not. */
    private void need(Stage.Deploy deploy, Capability capability, String what) {
        need((Stage) deploy, capability, what);
        String environment = deploy.delivery().environment().name();
        boolean bound = cloud.deliveries().environments().contains(environment);
        if (bound && cloud.deliveries().lacking(environment).contains(capability)) {
            problems.add("stage '" + deploy.name() + "' needs an environment that can " + what + "; '" + environment
                    + "', as it is bound in " + cloud.name() + ", cannot");
        }
    }

    private void secrets(Stage stage, SortedMap<String, Value> env) {
        env.forEach((name, value) -> {
            if (value instanceof Value.Secret secret && !cloud.secrets().exists(secret.reference())) {
                problems.add("stage '" + stage.name() + "' needs secret '" + secret.reference() + "' as " + name
                        + ", which cloud " + cloud.name() + " does not have");
            }
        });
    }

    private void need(Stage stage, Capability capability, String what) {
        if (!cloud.capabilities().contains(capability)) {
            problems.add(
                    "stage '" + stage.name() + "' needs a cloud that can " + what + "; " + cloud.name() + " cannot");
        }
    }

    private static String names(SortedSet<String> names) {
        return names.isEmpty() ? "none" : String.join(", ", names);
    }
}
