// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.page;

import dev.cumulane.internal.html.Address;
import dev.cumulane.internal.html.Attr;
import dev.cumulane.internal.html.Html;
import dev.cumulane.internal.html.Tag;
import dev.cumulane.run.Lineage;
import dev.cumulane.run.RunId;
import dev.cumulane.run.RunState;
import dev.cumulane.run.RunView;
import dev.cumulane.run.StageView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A run: what it is for, where it is, its stages, and what they left. */
final class RunPage {
    private final Desk desk;
    private final RunView run;
    private final Instant now;

    private RunPage(Desk desk, RunView run) {
        this.desk = desk;
        this.run = run;
        this.now = desk.now();
    }

    /**
     * The page of a run.
     *
     * @param voted the approval on which the reader has just voted; empty for none
     */
    static Frame.Page of(Desk desk, RunView run, String voted) {
        return new RunPage(desk, run).page(voted);
    }

    private Frame.Page page(String voted) {
        Look look = Look.of(run);
        String ref = Words.ref(run.source().commit());
        String title = look.sign() + " " + run.pipeline() + (ref.isEmpty() ? "" : " on " + ref) + ": " + look.word();
        RunDetails details = new RunDetails(run, now);
        Html content = Html.of(
                Bits.part("head", Optional.of(head(look))),
                Bits.part("said", voted.isEmpty() ? Optional.empty() : Optional.of(Ballots.sent())),
                Bits.part("waiting", waiting()),
                Bits.part("stages", Optional.of(stages())),
                Bits.part("tests", details.tests()),
                log(),
                Bits.part("artifacts", details.artifacts()),
                Bits.part("votes", details.votes(desk.refusedVotes(run))),
                Bits.part("untold", details.untold()));
        return new Frame.Page(
                title,
                Frame.Place.RUNS,
                content,
                run.status().state() == RunState.FINISHED
                        ? Optional.empty()
                        : Optional.of(new Frame.Live(
                                Address.ours("runs", run.id().value(), "live"),
                                Long.toString(run.status().records()))));
    }

    private Html head(Look look) {
        List<Bits.Fact> facts = new ArrayList<>();
        facts.addAll(Bits.whatFor(run));
        run.status().times().began().ifPresent(began -> facts.add(new Bits.Fact("Began", Words.ago(began, now))));
        facts.add(new Bits.Fact("Took", Words.took(run.status().times(), now)));
        run.status().lineage().ifPresent(lineage -> facts.add(lineage(lineage)));
        run.status().cancelledBy().ifPresent(by -> facts.add(new Bits.Fact("Cancelled by", Bits.text(by))));
        run.status().waiting().ifPresent(waiting -> facts.add(new Bits.Fact("Waits for", Html.text(waiting.reason()))));
        run.parameters().forEach((name, value) -> facts.add(new Bits.Fact(name, Tag.CODE.of(Bits.text(value)))));
        facts.add(new Bits.Fact("Run", Tag.CODE.of(run.id().value())));
        return Html.of(
                Tag.H1
                        .of(Bits.text(run.pipeline()), Html.text(" "), look.badge())
                        .with(Attr.ROLE, "status"),
                Bits.facts(facts));
    }

    private static Bits.Fact lineage(Lineage lineage) {
        RunId of = lineage.of();
        if (lineage instanceof Lineage.Repetition repetition) {
            String how = switch (repetition.kind()) {
                case RERUN -> "all of it, asked for by ";
                case FAILED -> "what had not succeeded, asked for by ";
                case FORK -> "from a stage on, asked for by ";
            };
            return new Bits.Fact(
                    "Repeats",
                    Html.of(Bits.link(Bits.run(of), of.value()), Html.text(", " + how), Bits.text(repetition.by())));
        }
        Lineage.Child child = (Lineage.Child) lineage;
        return new Bits.Fact(
                "Part of",
                Bits.link(
                        Bits.stage(of, child.parent().stage()),
                        of.value() + ", stage " + child.parent().stage()));
    }

    private Optional<Html> waiting() {
        List<Html> asked = new ArrayList<>();
        for (StageView stage : Bits.waiting(run)) {
            StageView.Waiting waiting = stage.progress().waiting().orElseThrow();
            asked.add(Tag.DIV
                    .cls("ask")
                    .of(
                            Tag.P.of(
                                    Tag.STRONG.of(stage.name()),
                                    Html.text(" waits for "),
                                    Bits.deciders(stage),
                                    Html.of(waiting.until()
                                            .map(until -> Html.of(Html.text(", until "), Words.left(until, now))))),
                            Bits.link(Bits.vote(run.id(), stage.name()), "Look and decide")
                                    .with(Attr.CLASS, "button")
                                    .with(Attr.ID, "decide-" + stage.name())));
        }
        return asked.isEmpty()
                ? Optional.empty()
                : Optional.of(Tag.SECTION
                        .cls("card urgent")
                        .with(Attr.ARIA_LABEL, "Waiting for people")
                        .of(asked));
    }

    private Html stages() {
        return Bits.section("stages", "Stages", Html.of(Graph.of(run, desk.plan(run.id()))), StageTable.of(run, now));
    }

    /** The log of the stage that people look for first: one that works, else one that went wrong, else none. */
    private Html log() {
        Optional<StageView> shown = run.stages().stream()
                .filter(stage -> hasLog(stage) && stage.progress().state() == RunState.EXECUTING)
                .findFirst();
        if (shown.isEmpty()) {
            shown = run.stages().stream()
                    .filter(stage -> hasLog(stage)
                            && stage.outcome().filter(RunDetails::isBad).isPresent())
                    .findFirst();
        }
        return shown.map(stage -> LogPart.of(desk, run, stage)).orElseGet(() -> Bits.part("log", Optional.empty()));
    }

    private static boolean hasLog(StageView stage) {
        return LogPart.exists(stage);
    }
}
