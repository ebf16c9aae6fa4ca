// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import dev.cumulane.engine.Engine;
import dev.cumulane.run.RunId;
import dev.cumulane.run.RunView;
import dev.cumulane.run.StageView;
import dev.cumulane.run.Vote;
import dev.cumulane.run.Voter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code approve} and {@code reject}: a vote on a waiting approval. */
abstract class VoteCommand extends SignalCommand {
    @Parameters(index = "1", paramLabel = "STAGE", description = "The approval.")
    private String stage = "";

    @Option(names = "--as", required = true, paramLabel = "NAME", description = "Who votes.")
    private String by = "";

    @Option(names = "--comment", paramLabel = "TEXT", description = "Why.")
    private String comment = "";

    VoteCommand(Tool tool) {
        super(tool);
    }

    /** Votes yes. */
    @Command(
            name = "approve",
            description = "Votes yes on a waiting approval.",
            footer = {"", "Examples:", "  approve latest release --as ada", "  approve latest release --as ada --resume"
            })
    static final class Approve extends VoteCommand {
        Approve(Tool tool) {
            super(tool);
        }

        @Override
        Vote.Decision decision() {
            return Vote.Decision.APPROVE;
        }
    }

    /** Votes no. */
    @Command(
            name = "reject",
            description = "Votes no on a waiting approval; one such vote decides.",
            footer = {"", "Examples:", "  reject latest release --as ada --comment 'the price is wrong'"})
    static final class Reject extends VoteCommand {
        Reject(Tool tool) {
            super(tool);
        }

        @Override
        Vote.Decision decision() {
            return Vote.Decision.REJECT;
        }
    }

    abstract Vote.Decision decision();

    @Override
    final void send(Engine engine, RunId run) {
        engine.vote(run, stage, new Voter(by, Vote.Via.COMMAND_LINE), decision(), comment);
    }

    @Override
    final Optional<String> counted(RunView run) {
        StageView view = run.stage(stage);
        Optional<Vote> mine = view.progress().votes().stream()
                .filter(vote -> vote.by().equals(by) && vote.decision() == decision())
                .findFirst();
        if (mine.isEmpty() && view.outcome().isPresent()) {
            throw new IllegalStateException("too late: " + stage + " of run " + run.id() + " "
                    + Words.outcome(view.outcome().get()) + " before the vote of " + Text.shown(by) + " was counted");
        }
        return mine.map(vote -> "the vote of " + vote.by() + " is counted: " + stage + " of run " + run.id() + " "
                + view.outcome().map(Words::outcome).orElse("waits for more votes"));
    }

    @Override
    final List<String> words(RunId run) {
        List<String> words = new ArrayList<>(
                List.of(decision() == Vote.Decision.APPROVE ? "approve" : "reject", run.value(), stage, "--as", by));
        if (!comment.isEmpty()) {
            words.addAll(List.of("--comment", comment));
        }
        return words;
    }
}
