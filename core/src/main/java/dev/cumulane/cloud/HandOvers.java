// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cumulane.run.RunId;
import java.util.Optional;

/** Which executions of a service carry out which steps, in the artifact store. */
final class HandOvers {
    private final ArtifactStore store;

    HandOvers(ArtifactStore store) {
        this.store = store;
    }

    /**
     * The step that an execution carries out, as far as its report needs it.
     *
     * @param environment the environment's name
     * @param fence the deployment's number
     * @param index the step's number
     * @param run the run that deploys
     * @param stage its stage
     */
    record Step(String environment, long fence, int index, RunId run, String stage) {
        static Step of(DeploymentStep step) {
            return new Step(step.environment(), step.fence(), step.index(), step.run(), step.stage());
        }

        /** The step; what it wants does not matter to a report. */
        DeploymentStep step() {
            return new DeploymentStep(
                    run, stage, index, environment, fence, Optional.empty(), new DeploymentStep.Completed());
        }

        private String text() {
            return String.join(" ", environment, Long.toString(fence), Integer.toString(index), run.value(), stage);
        }

        private static Step read(byte[] bytes) {
            String[] parts = new String(bytes, UTF_8).split(" ");
            return new Step(
                    parts[0], Long.parseLong(parts[1]), Integer.parseInt(parts[2]), new RunId(parts[3]), parts[4]);
        }
    }

    /** Takes note, before an execution is started, that the deployment has touched its environment. */
    void begins(DeploymentStep step) {
        store.create(deployment(step) + "begun", Integer.toString(step.index()).getBytes(UTF_8));
    }

    /** Whether an execution was perhaps started for a step's deployment. */
    boolean begun(DeploymentStep step) {
        return store.read(deployment(step) + "begun").isPresent();
    }

    /** Takes note of a step's execution and gives the one that counts. */
    String keep(DeploymentStep step, String execution) {
        store.create(byExecution(execution), Step.of(step).text().getBytes(UTF_8));
        store.create(byStep(step), execution.getBytes(UTF_8));
        return of(step).orElse(execution);
    }

    /** The execution of a step; empty if none is known. */
    Optional<String> of(DeploymentStep step) {
        return store.read(byStep(step)).map(bytes -> new String(bytes, UTF_8));
    }

    /** The step of an execution; empty if it is not one of ours. */
    Optional<Step> of(String execution) {
        return execution.matches("[0-9A-Za-z-]{1,64}")
                ? store.read(byExecution(execution)).map(Step::read)
                : Optional.empty();
    }

    private static String deployment(DeploymentStep step) {
        return "deploys/" + step.environment() + "/" + step.fence() + "/";
    }

    private static String byStep(DeploymentStep step) {
        return deployment(step) + step.index() + ".execution";
    }

    private static String byExecution(String execution) {
        return "deploys/.executions/" + execution;
    }
}
