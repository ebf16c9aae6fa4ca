// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** An approval while its pipeline is being defined. */
public final class ApprovalHandle extends StageHandle<ApprovalHandle> {
    private final Approvers approvers;
    private final List<Stage.VotingRule> rules = new ArrayList<>();
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

    /**
     * Approves it, and does not end it as a TIMEOUT, when its time is over and nobody has rejected it.
     *
     * @return this stage
     */
    public ApprovalHandle approvingOnExpiry() {
        return under(Stage.VotingRule.SILENCE_APPROVES);
    }

    /**
     * Takes no vote of who started the run or repeated it, or pushed or proposed what it is for. Where nobody knows who that was, it is rejected.
     *
     * @return this stage
     */
    public ApprovalHandle notByAuthor() {
        return under(Stage.VotingRule.NOT_BY_AUTHOR);
    }

    /**
     * Takes no vote without a comment.
     *
     * @return this stage
     */
    public ApprovalHandle commented() {
        return under(Stage.VotingRule.COMMENTED);
    }

    private ApprovalHandle under(Stage.VotingRule rule) {
        owner().checkOpen();
        rules.add(rule);
        return this;
    }

    @Override
    ApprovalHandle self() {
        return this;
    }

    @Override
    Stage compile(Stage.Needs needs) {
        return new Stage.Approval(name(), needs, approvers, expiresAfter, rules);
    }
}
