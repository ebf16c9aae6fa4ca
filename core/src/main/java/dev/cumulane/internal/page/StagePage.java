// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.page;

import dev.cumulane.internal.html.Address;
import dev.cumulane.internal.html.Html;
import dev.cumulane.internal.html.Tag;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.RunState;
import dev.cumulane.run.RunView;
import dev.cumulane.run.StageValue;
import dev.cumulane.run.StageView;
import dev.cumulane.run.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One stage of a run with the log of one attempt. */
final class StagePage {
    private final Desk desk;
    private final RunView run;
    private final StageView stage;
    private final Instant now;

    private StagePage(Desk desk, RunView run, StageView stage) {
        this.desk = desk;
        this.run = run;
        this.stage = stage;
        this.now = desk.now();
    }

    /**
     * The page of a stage.
     *
     * @param attempt whose log is shown; 0 for the latest
     * @param from where the log begins that is shown
     */
    static Frame.Page of(Desk desk, RunView run, StageView stage, int attempt, long from) {
        return new StagePage(desk, run, stage).page(attempt, from);
    }

    private Frame.Page page(int attempt, long from) {
        Look look = Look.of(stage);
        RunView alone = new RunView(run.id(), run.pipeline(), run.plan(), run.source(), run.status(), List.of(stage));
        RunDetails details = new RunDetails(alone, now);
        Html content = Html.of(
                Bits.part("head", Optional.of(head(look))),
                Bits.part("tests", details.tests()),
                Bits.part("artifacts", details.artifacts()),
                Bits.part("votes", details.votes(desk.refusedVotes(run))),
                log(attempt, from));
        boolean isOver = stage.progress().state() == RunState.FINISHED;
        Optional<Frame.Live> live = isOver || attempt > 0 || from > 0
                ? Optional.empty()
                : Optional.of(new Frame.Live(
                        Address.ours("runs", run.id().value(), "stages", stage.name(), "live"),
                        Long.toString(run.status().records())));
        return new Frame.Page(
                look.sign() + " " + stage.name() + " of " + run.pipeline() + ": " + look.word(),
                Frame.Place.RUNS,
                content,
                live);
    }

    private Html head(Look look) {
        StageView.Progress progress = stage.progress();
        List<Bits.Fact> facts = new ArrayList<>();
        facts.add(new Bits.Fact("Run", Bits.link(Bits.run(run.id()), run.id().value())));
        facts.add(new Bits.Fact("What", Html.of(Html.text(Words.kind(stage.kind()) + " "), StageTable.what(stage))));
        stage.item().ifPresent(item -> facts.add(new Bits.Fact("Item", Bits.text(item))));
        stage.owner().ifPresent(owner -> facts.add(new Bits.Fact("Owner", Bits.text(owner))));
        progress.times().began().ifPresent(began -> facts.add(new Bits.Fact("Began", Words.ago(began, now))));
        facts.add(new Bits.Fact("Took", Words.took(progress.times(), now)));
        if (!stage.after().isEmpty()) {
            List<Html> after = new ArrayList<>();
            stage.after()
                    .forEach(name -> after.add(Html.of(
                            Html.text(after.isEmpty() ? "" : ", "), Bits.link(Bits.stage(run.id(), name), name))));
            facts.add(new Bits.Fact("After", Html.of(after)));
        }
        if (progress.attempt() > 1) {
            facts.add(new Bits.Fact("Logs of attempts", attempts(progress.attempt())));
        }
        progress.verdict()
                .map(Verdict::values)
                .ifPresent(values -> values.forEach((name, value) -> facts.add(new Bits.Fact(name, value(value)))));
        Html decide = Bits.waiting(run).contains(stage)
                ? Tag.P.of(Bits.link(Bits.vote(run.id(), stage.name()), "Look and decide")
                        .with(dev.cumulane.internal.html.Attr.CLASS, "button"))
                : Html.nothing();
        return Html.of(Tag.H1.of(Bits.text(stage.name()), Html.text(" "), look.badge()), Bits.facts(facts), decide);
    }

    private Html attempts(int latest) {
        List<Html> links = new ArrayList<>();
        for (int number = 1; number <= latest; number++) {
            Address address = Bits.stage(run.id(), stage.name()).with("attempt", Integer.toString(number));
            links.add(Html.of(Bits.link(address, Integer.toString(number)), Html.text(" ")));
        }
        return Html.of(links);
    }

    private static Html value(StageValue value) {
        return value instanceof StageValue.Inline inline
                ? Tag.CODE.of(Bits.text(inline.text()))
                : Html.text(Words.size(value.size()));
    }

    private Html log(int attempt, long from) {
        int latest = stage.progress().attempt();
        if (attempt > 0 && attempt < latest) {
            AttemptId earlier = new AttemptId(run.id(), stage.name(), attempt);
            return Html.of(desk.service(earlier).map(service -> LogPart.of(desk, earlier, service, from)));
        }
        return LogPart.exists(stage)
                ? LogPart.of(
                        desk,
                        new AttemptId(run.id(), stage.name(), latest),
                        stage.progress().service().orElseThrow(),
                        from)
                : Bits.part("log", Optional.empty());
    }
}
