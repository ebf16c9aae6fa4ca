// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.machine;

import dev.cumulane.run.RunEvent;
import dev.cumulane.run.StageValue;
import dev.cumulane.run.TestSummary;
import dev.cumulane.run.Verdict;
import dev.cumulane.run.Vote;
import java.util.List;
import java.util.Map;

/** How many bytes an event takes in a record, at most: a record has a limit, and a step ends before it. */
public final class Weight {
    /** More is not put into one record; the journal's limit is 60 KiB, and the record's own fields need some. */
    static final int MOST = 58 * 1024;

    /** What one stage's opening or end by itself adds at most. */
    static final int OPENING = 22 * 1024;

    /** Names, numbers and instants of any event. */
    private static final int FIXED = 180;

    private static final int PER_ARTIFACT = 170;

    /** A stored value with its digest and size; more than an inline one without its text. */
    private static final int PER_VALUE = 140;

    private Weight() {}

    static int of(RunEvent event) {
        if (event instanceof RunEvent.RunStarted started) {
            // A source event is a commit and a few names, or a little more; it comes first and alone.
            int weight = 4 * FIXED
                    + text(started.source().toString())
                    + started.lineage().map(from -> text(from.toString())).orElse(0);
            for (Map.Entry<String, String> parameter : started.parameters().entrySet()) {
                weight += 10 + text(parameter.getKey()) + text(parameter.getValue());
            }
            return weight;
        }
        if (event instanceof RunEvent.SkipRequested skip) {
            return FIXED + text(skip.by()) + text(skip.reason());
        }
        if (event instanceof RunEvent.StageReused reused) {
            return FIXED
                    + text(reused.from().value())
                    + PER_ARTIFACT * reused.replaced().size();
        }
        if (event instanceof RunEvent.WorkStarted started) {
            return FIXED + text(started.service());
        }
        if (event instanceof RunEvent.AttemptFinished finished) {
            return FIXED + of(finished.verdict());
        }
        if (event instanceof RunEvent.StageFinished finished) {
            return FIXED + of(finished.verdict());
        }
        if (event instanceof RunEvent.ApprovalRequested asked) {
            return 2 * FIXED + PER_ARTIFACT * asked.artifacts().size();
        }
        if (event instanceof RunEvent.EnvironmentAsked asked) {
            return 2 * FIXED + PER_ARTIFACT * asked.release().artifacts().size();
        }
        if (event instanceof RunEvent.VoteCounted counted) {
            return of(counted.vote());
        }
        if (event instanceof RunEvent.VoteRefused refused) {
            return of(refused.vote());
        }
        if (event instanceof RunEvent.StepFinished finished) {
            return FIXED
                    + text(finished.detail())
                    + text(finished.version().orElse(""))
                    + text(finished.address().orElse(""));
        }
        if (event instanceof RunEvent.AlarmRang rang) {
            return FIXED + text(rang.alarm());
        }
        if (event instanceof RunEvent.CancellationRequested cancelled) {
            return FIXED + text(cancelled.by()) + text(cancelled.reason());
        }
        return FIXED;
    }

    private static int of(Vote vote) {
        return 2 * FIXED + text(vote.by()) + text(vote.comment());
    }

    private static int of(Verdict verdict) {
        int weight = PER_ARTIFACT * verdict.artifacts().size()
                + text(verdict.detail())
                + text(verdict.address().orElse(""));
        for (TestSummary.Failure failure :
                verdict.tests().map(TestSummary::failures).orElse(List.of())) {
            weight += 40
                    + text(failure.test())
                    + text(failure.message())
                    + failure.place().map(place -> 40 + text(place.file())).orElse(0);
        }
        for (Map.Entry<String, StageValue> value : verdict.values().entrySet()) {
            weight += PER_VALUE
                    + text(value.getKey())
                    + (value.getValue() instanceof StageValue.Inline inline ? text(inline.text()) : 0);
        }
        return weight;
    }

    /** As many bytes as JSON in UTF-8 needs for a text, at most. */
    public static int text(String text) {
        int bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            bytes += c == '\n' || c == '"' || c == '\\' ? 2 : c < ' ' ? 6 : c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
        }
        return bytes;
    }
}
