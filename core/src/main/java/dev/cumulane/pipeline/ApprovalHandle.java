// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

import java.time.Duration;

/** An approval while its pipeline is being defined. */
public final class ApprovalHandle extends StageHandle<ApprovalHandle> {
    private final Approvers approvers;
    private Duration expiresAfter = Duration.ofDays(7);

    ApprovalHandle(PipelineDefinition owner, String name, Approvers approvers) {
        super(owner, name);
        this.approvers = approvers;
    }

    /**
     * Ends it as a TIMEOUT when nobody has decided in this time; seven days unless said otherwise.
     *
     * @param time more than zero, at most 365 days
     * @return this stage
     */
    public ApprovalHandle expiresAfter(Duration time) {
        owner().checkOpen();
        expiresAfter = Limits.check("an approval's time", time, Limits.LONGEST_APPROVAL);
        return this;
    }

    @Override
    ApprovalHandle self() {
        return this;
    }

    @Override
    Stage compile(Stage.Needs needs) {
        return new Stage.Approval(name(), needs, approvers, expiresAfter);
    }
}
