// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is asked of a pipeline that replaces the code it is run by. */
final class SelfUpdate {
    static final String STAGE = "update-self";

    private SelfUpdate() {}

    static void checkOther(String stage, Environment environment) {
        if (environment.equals(Environment.ITSELF)) {
            throw new IllegalArgumentException("stage " + Names.shown(stage) + " cannot deploy to environment '"
                    + environment.name() + "', which is the installation itself; say p.updateSelf(...)");
        }
    }

    /** Lets the stage, if it is an update, run only for the branches that triggers name. */
    static void restrict(String pipeline, List<Trigger> triggers, @Nullable StageHandle<?> stage) {
        if (!(stage instanceof DeployHandle update && update.isOfItself())) {
            return;
        }
        Set<String> branches = new LinkedHashSet<>();
        for (Trigger trigger : triggers) {
            if (trigger instanceof Trigger.Push push) {
                branches.addAll(push.branches());
                if (push.branches().isEmpty()) {
                    branches.add("*");
                }
            }
        }
        if (branches.isEmpty() || branches.stream().anyMatch(branch -> branch.contains("*"))) {
            throw new IllegalArgumentException("pipeline '" + pipeline
                    + "' updates itself, so its pushes must name the protected branch, as in p.on(push().to(\"main\")); "
                    + (branches.isEmpty() ? "it has no trigger for pushes" : "they are to " + branches));
        }
        update.onlyWhen(Condition.branch().is(branches.toArray(new String[0])));
    }
}
