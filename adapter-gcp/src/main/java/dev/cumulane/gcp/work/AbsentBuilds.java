// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.work;

import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.WorkOrder;
import dev.cumulane.cloud.WorkRunner;
import dev.cumulane.run.AttemptId;
import java.util.Optional;

/**
 * Work that this adapter cannot start; its capability is not declared, so that a plan with such work is refused before a run starts.
 *
 * @param kind what is not here, such as {@code builds}
 */
public record AbsentBuilds(String kind) implements WorkRunner {
    @Override
    public String start(WorkOrder order) {
        throw CloudException.permanent("Google Cloud", "this adapter starts no " + kind + " yet");
    }

    @Override
    public void stop(AttemptId attempt, String serviceId) {
        // Nothing was started.
    }

    @Override
    public Phase look(AttemptId attempt, String serviceId) {
        return Phase.UNKNOWN;
    }

    @Override
    public Optional<String> find(AttemptId attempt) {
        return Optional.empty();
    }
}
