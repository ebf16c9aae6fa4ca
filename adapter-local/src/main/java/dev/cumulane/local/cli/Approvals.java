// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import dev.cumulane.engine.Engine;
import dev.cumulane.pipeline.Approvers;
import dev.cumulane.run.Produced;
import dev.cumulane.run.RunView;
import dev.cumulane.run.StageView;
import dev.cumulane.run.Vote;
import dev.cumulane.run.Voter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Tells each question of a run once, and answers it where the user said in advance who approves. */
final class Approvals {
    private final Engine engine;
    private final Invocation invocation;
    private final Optional<String> approveAs;
    private final Set<String> told = new HashSet<>();

    Approvals(Engine engine, Invocation invocation, Optional<String> approveAs) {
        this.engine = engine;
        this.invocation = invocation;
        this.approveAs = approveAs;
    }

    /** Looks for new questions. */
    void look(RunView run, Display display) {
        for (StageView stage : run.stages()) {
            Optional<StageView.Waiting> waiting = stage.progress().waiting();
            Optional<StageView.Question> question = waiting.flatMap(StageView.Waiting::question);
            if (question.isPresent() && told.add(stage.name())) {
                ask(run, stage, waiting.get(), question.get(), display);
            }
        }
    }

    private void ask(
            RunView run, StageView stage, StageView.Waiting waiting, StageView.Question asked, Display display) {
        question(run, stage, waiting, asked).forEach(display::say);
        Approvers approvers = asked.approvers();
        if (approveAs.isPresent() && approvers.anyOf().contains(approveAs.get())) {
            String by = approveAs.get();
            display.say("  " + by + " approves, by --approve-as");
            try {
                Voter voter = new Voter(by, Vote.Via.COMMAND_LINE, Optional.of(asked.subject()));
                engine.vote(run.id(), stage.name(), voter, Vote.Decision.APPROVE, "by --approve-as");
            } catch (IllegalStateException e) {
                // Somebody else was faster; the history shows what they said.
                display.say("  " + Text.clean(String.valueOf(e.getMessage())));
            }
            return;
        }
        String name = approvers.anyOf().get(0);
        display.say("  to decide, type in another terminal:");
        display.say("    " + invocation.with("approve", run.id().value(), stage.name(), "--as", name));
        display.say(
                "    " + invocation.with("reject", run.id().value(), stage.name(), "--as", name, "--comment", "why"));
    }

    /** What people are asked, as lines. */
    static List<String> question(RunView run, StageView stage, StageView.Waiting waiting, StageView.Question asked) {
        List<String> followers = run.stages().stream()
                .filter(other -> other.after().contains(stage.name()) && !other.always())
                .map(StageView::name)
                .toList();
        List<String> lines = new ArrayList<>();
        lines.add(stage.name() + ": may " + Words.commit(run.source().commit()) + " go on"
                + (followers.isEmpty() ? "" : " to " + String.join(", ", followers)) + "? A vote of "
                + Words.approvers(asked.approvers())
                + " decides"
                + waiting.until()
                        .map(until -> ", until " + Text.deadline(until))
                        .orElse(""));
        for (Produced artifact : asked.artifacts()) {
            lines.add("  with " + artifact.name() + ", sha-256 "
                    + Text.brief(artifact.digest().hex()) + ", " + bytes(artifact.size()));
        }
        return lines;
    }

    private static String bytes(long size) {
        return size < 10_240 ? size + " bytes" : size < 10_485_760 ? size / 1024 + " KiB" : size / 1_048_576 + " MiB";
    }
}
