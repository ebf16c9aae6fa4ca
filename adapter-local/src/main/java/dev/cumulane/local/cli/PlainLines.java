// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import dev.cumulane.run.HistoryRecord;
import dev.cumulane.run.Lineage;
import dev.cumulane.run.Produced;
import dev.cumulane.run.RunEvent;
import dev.cumulane.run.RunEvent.Step;
import dev.cumulane.run.SourceEvent;
import dev.cumulane.run.Vote;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** A run's history as lines that a person reads: one for each event worth a line, with the time since the run began. Takes the records in order. */
final class PlainLines {
    private final Map<String, Instant> began = new HashMap<>();
    private Instant start = Instant.EPOCH;

    List<String> of(HistoryRecord record) {
        if (record.sequence() == 1) {
            start = record.at();
        }
        List<String> lines = new ArrayList<>();
        for (RunEvent event : record.events()) {
            String said = said(event, record.at());
            if (!said.isEmpty()) {
                lines.add(clock(Duration.between(start, record.at())) + "  " + said);
            }
        }
        return lines;
    }

    private String said(RunEvent event, Instant at) {
        if (event instanceof RunEvent.RunStarted started) {
            return started(started);
        } else if (event instanceof RunEvent.StageScheduled scheduled) {
            began.putIfAbsent(scheduled.stage(), at);
            return "";
        } else if (event instanceof RunEvent.WorkStarted work) {
            return work.stage() + " started" + (work.attempt() > 1 ? ", attempt " + work.attempt() : "");
        } else if (event instanceof RunEvent.RetryDelayed delayed) {
            return delayed.stage() + " tries again at " + Text.time(delayed.at());
        } else if (event instanceof RunEvent.StopRequested stop) {
            return stop.stage() + " is being stopped: " + Words.cause(stop.why());
        } else if (event instanceof RunEvent.AttemptFinished attempt) {
            return attempt.stage() + " attempt " + attempt.attempt() + " "
                    + ended(Words.outcome(attempt.verdict().outcome()), Words.verdict(attempt.verdict()))
                    + "; trying again";
        } else if (event instanceof RunEvent.ApprovalRequested asked) {
            began.putIfAbsent(asked.stage(), at);
            return asked.stage() + " waits for a decision, until " + Text.time(asked.expiresAt());
        } else if (event instanceof RunEvent.VoteCounted counted) {
            return counted.stage() + ": " + vote(counted.vote());
        } else if (event instanceof RunEvent.VoteRefused refused) {
            return refused.stage() + ": a vote of " + Text.clean(refused.vote().by()) + " does not count: "
                    + Words.refusal(refused.why());
        } else if (event instanceof RunEvent.EnvironmentAsked asked) {
            began.putIfAbsent(asked.stage(), at);
            return "";
        } else if (event instanceof RunEvent.EnvironmentGranted granted) {
            return granted.stage() + " has environment " + granted.environment() + " to itself";
        } else if (event instanceof RunEvent.StepStarted step) {
            return step.stage() + " " + step(step.step(), step.percent());
        } else if (event instanceof RunEvent.StepOverdue step) {
            return step.stage() + " step " + step.index() + " takes longer than it may; its end is looked for";
        } else if (event instanceof RunEvent.StepFinished step) {
            return step.succeeded()
                    ? ""
                    : step.stage() + " step " + step.index() + " failed: " + Text.clean(step.detail());
        } else if (event instanceof RunEvent.HoldStarted hold) {
            return hold.stage() + " holds its share until " + Text.time(hold.until());
        } else if (event instanceof RunEvent.AlarmRang rang) {
            return "alarm " + Text.clean(rang.alarm()) + " rings; " + rang.stage() + " is rolled back";
        } else if (event instanceof RunEvent.ReuseSought || event instanceof RunEvent.ItemsSought) {
            return "";
        } else if (event instanceof RunEvent.SkipRequested skip) {
            return ended(Text.clean(skip.by()) + " skips " + skip.stage(), Text.clean(skip.reason()));
        } else if (event instanceof RunEvent.FannedOut fanned) {
            return fanned.stage() + " has " + Text.count(fanned.cells(), "cell");
        } else if (event instanceof RunEvent.StageReused reused) {
            String others = reused.replaced().isEmpty()
                    ? ""
                    : ", with another "
                            + reused.replaced().stream().map(Produced::name).collect(Collectors.joining(", "));
            return reused.stage() + " is taken over from run " + reused.from() + others;
        } else if (event instanceof RunEvent.StageFinished finished) {
            String took = began.containsKey(finished.stage())
                    ? " after " + Text.duration(Duration.between(began.get(finished.stage()), at))
                    : "";
            return finished.stage() + " "
                    + ended(Words.outcome(finished.verdict().outcome()) + took, Words.verdict(finished.verdict()));
        }
        return saidOfTheRun(event);
    }

    private static String saidOfTheRun(RunEvent event) {
        if (event instanceof RunEvent.TurnAsked asked) {
            return "waits for its turn in group " + asked.group() + ", until " + Text.time(asked.until());
        } else if (event instanceof RunEvent.TurnGranted granted) {
            return "has its turn in group " + granted.group();
        } else if (event instanceof RunEvent.TurnRefused refused) {
            return "group " + refused.group() + " takes no more runs";
        } else if (event instanceof RunEvent.RunSuperseded superseded) {
            return "run " + superseded.by() + ", which is newer, takes its place";
        } else if (event instanceof RunEvent.TimeLimitReached limit) {
            return switch (limit.what()) {
                case TURN -> "its turn did not come in time";
                case RUN -> "the run's time limit has passed";
                case CLEAN_UP -> "the time limit of cleaning up has passed";
            };
        } else if (event instanceof RunEvent.CancellationRequested cancelled) {
            return ended(Text.clean(cancelled.by()) + " cancels the run", Text.clean(cancelled.reason()));
        } else if (event instanceof RunEvent.RunFinished finished) {
            return "run " + Words.outcome(finished.outcome());
        }
        throw new IllegalStateException("no line for " + event);
    }

    private static String started(RunEvent.RunStarted started) {
        SourceEvent source = started.source();
        return "run " + started.run() + " of " + Words.commit(source.commit()) + ", by " + Text.clean(source.by())
                + started.lineage().map(PlainLines::lineage).orElse("");
    }

    private static String lineage(Lineage lineage) {
        if (lineage instanceof Lineage.Repetition repetition) {
            String what = switch (repetition.kind()) {
                case RERUN -> ", repeats ";
                case FAILED -> ", runs again what failed in ";
                case FORK -> ", forked from ";
            };
            return what + repetition.of() + ", asked for by " + Text.clean(repetition.by());
        }
        Lineage.Child child = (Lineage.Child) lineage;
        return ", for stage " + child.parent().stage() + " of run " + child.of();
    }

    static String vote(Vote vote) {
        String decided = Text.clean(vote.by()) + (vote.decision() == Vote.Decision.APPROVE ? " approves" : " rejects");
        return ended(decided, Text.clean(vote.comment()));
    }

    private static String step(Step step, int percent) {
        return switch (step) {
            case PREPARE -> "starts the release beside the live one";
            case SHIFT -> "gives the release " + percent + " % of the traffic";
            case CHECK -> "looks whether the release is still healthy";
            case COMPLETE -> "makes the release the live one";
            case ROLL_BACK -> "rolls back to the release before";
        };
    }

    private static String ended(String how, String why) {
        return why.isEmpty() ? how : how + ": " + why;
    }

    private static String clock(Duration time) {
        long tenths = time.toMillis() / 100;
        return String.format(Locale.ROOT, "[%02d:%02d.%d]", tenths / 600, tenths / 10 % 60, tenths % 10);
    }
}
