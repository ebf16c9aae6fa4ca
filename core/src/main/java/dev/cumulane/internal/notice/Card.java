// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.notice;

import dev.cumulane.internal.status.Descriptions;
import dev.cumulane.run.Commit;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.Produced;
import dev.cumulane.run.RunView;
import dev.cumulane.run.SourceEvent;
import dev.cumulane.run.StageView;
import dev.cumulane.run.TestSummary;
import dev.cumulane.run.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a notice says, before any service's own writing: plain text throughout. It carries no vote, only the address of the page where one can be cast.
 *
 * @param title one line
 * @param tone how it is meant
 * @param summary one line
 * @param facts names and values
 * @param details lines that say more, such as failed tests
 * @param page where to see more, made of configuration alone
 */
record Card(String title, Tone tone, String summary, List<Fact> facts, List<String> details, Optional<String> page) {
    private static final int MOST_DETAILS = 10;
    private static final int MOST_FACTS = 10;
    private static final int LONGEST = 300;

    /** How a card is meant. */
    enum Tone {
        /** All is well. */
        GOOD,
        /** Something went wrong. */
        BAD,
        /** Somebody has to do something. */
        URGENT,
        /** It is only said. */
        NEUTRAL
    }

    /** A name and a value, one line each. */
    record Fact(String name, String value) {
        Fact {
            value = cut(value, LONGEST);
        }
    }

    /** Copies the lists and cuts the lines. */
    Card {
        title = cut(title, LONGEST);
        summary = cut(summary, LONGEST);
        facts = List.copyOf(facts.subList(0, Math.min(facts.size(), MOST_FACTS)));
        details = List.copyOf(details);
    }

    /** The same card, which says other words of the same run. */
    Card saying(String newTitle, String newSummary) {
        return new Card(newTitle, tone, newSummary, facts, List.of(), page);
    }

    /** The same card, which names these artifacts by their digests, too. */
    Card with(List<Produced> artifacts) {
        List<String> lines = new ArrayList<>(artifacts.stream()
                .limit(MOST_DETAILS)
                .map(artifact -> artifact.name() + " sha256:" + artifact.digest())
                .toList());
        lines.addAll(details);
        return new Card(title, tone, summary, facts, lines, page);
    }

    /** The card of a note. */
    static Card of(Note note, RunView run, Optional<String> page) {
        String stages =
                String.join(", ", note.stages().stream().map(StageView::name).toList());
        String pipeline = run.pipeline();
        return switch (note.moment()) {
            case STARTED -> card(pipeline + " has begun", Tone.NEUTRAL, note, run, page);
            case WAITING -> card(pipeline + " waits for you: " + stages, Tone.URGENT, note, run, page);
            case SUCCEEDED -> card(pipeline + " succeeded", Tone.GOOD, note, run, page);
            case FIXED -> card(pipeline + " is fixed", Tone.GOOD, note, run, page);
            case FAILED ->
                card(
                        pipeline + " " + run.outcome().map(Descriptions::word).orElse("failed"),
                        Tone.BAD,
                        note,
                        run,
                        page);
            case FIRST_FAILURE -> card(pipeline + " fails from this commit on", Tone.BAD, note, run, page);
            case CANCELLED -> card(pipeline + " was cancelled", Tone.NEUTRAL, note, run, page);
        };
    }

    /** The card of a run as it is now. */
    static Card of(RunView run, Optional<String> page) {
        Tone tone = run.outcome().map(Card::tone).orElse(Tone.NEUTRAL);
        String title =
                run.pipeline() + " " + run.outcome().map(Descriptions::word).orElseGet(() -> standing(run));
        return card(title, tone, new Note("now", dev.cumulane.notify.Moment.STARTED, List.of()), run, page);
    }

    private static Tone tone(Outcome outcome) {
        return switch (outcome) {
            case SUCCESS -> Tone.GOOD;
            case FAILURE, ERROR, TIMEOUT -> Tone.BAD;
            case CANCELLATION, SKIP -> Tone.NEUTRAL;
        };
    }

    /** How a run is that has not ended: what it asks people is more than that other stages of it run. */
    private static String standing(RunView run) {
        String asked = run.stages().stream()
                .filter(stage -> stage.progress()
                        .waiting()
                        .flatMap(StageView.Waiting::question)
                        .isPresent())
                .map(StageView::name)
                .collect(Collectors.joining(", "));
        return asked.isEmpty() ? "goes on" : "waits for " + asked;
    }

    private static Card card(String title, Tone tone, Note note, RunView run, Optional<String> page) {
        List<Fact> facts = new ArrayList<>();
        Commit commit = run.source().commit();
        facts.add(new Fact(
                "Commit", commit.id().substring(0, 10) + (commit.ref().isEmpty() ? "" : " of " + commit.ref())));
        facts.add(new Fact("By", run.source().by()));
        if (run.source() instanceof SourceEvent.ChangeProposed proposed) {
            facts.add(new Fact("Change", proposed.change() + " into " + proposed.target()));
        }
        String owners = String.join(
                ", ",
                note.stages().stream()
                        .flatMap(stage -> stage.owner().stream())
                        .distinct()
                        .toList());
        if (!owners.isEmpty()) {
            facts.add(new Fact("Owner", owners));
        }
        note.stages().stream()
                .flatMap(stage -> stage.progress().waiting().flatMap(StageView.Waiting::until).stream())
                .findFirst()
                .ifPresent(until -> facts.add(new Fact("Until", until.toString())));
        facts.add(new Fact("Run", run.id().value()));
        return new Card(title, tone, Descriptions.of(run), facts, details(note.stages()), page);
    }

    /** What went wrong, stage by stage, and the first failed tests. */
    static List<String> details(List<StageView> stages) {
        List<String> all = new ArrayList<>();
        for (StageView stage : stages) {
            Optional<Verdict> verdict = stage.progress().verdict();
            verdict.filter(one -> !one.detail().isEmpty())
                    .ifPresent(one -> all.add(cut(stage.name() + ": " + one.detail(), LONGEST)));
            verdict.flatMap(Verdict::tests).stream()
                    .flatMap(tests -> tests.failures().stream())
                    .forEach(failure -> all.add(cut(line(failure), LONGEST)));
        }
        if (all.size() <= MOST_DETAILS) {
            return all;
        }
        List<String> first = new ArrayList<>(all.subList(0, MOST_DETAILS));
        first.add("and " + (all.size() - MOST_DETAILS) + " more");
        return first;
    }

    private static String line(TestSummary.Failure failure) {
        return failure.message().isEmpty() ? failure.test() : failure.test() + ": " + failure.message();
    }

    static String cut(String text, int most) {
        return text.length() > most ? text.substring(0, most - 1) + "…" : text;
    }
}
