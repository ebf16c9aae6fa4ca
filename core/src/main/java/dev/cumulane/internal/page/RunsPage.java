// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.page;

import dev.cumulane.internal.html.Address;
import dev.cumulane.internal.html.Attr;
import dev.cumulane.internal.html.Html;
import dev.cumulane.internal.html.Tag;
import dev.cumulane.run.Lineage;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.RunState;
import dev.cumulane.run.RunView;
import dev.cumulane.run.StageView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The latest runs, and what waits for people. */
final class RunsPage {
    /** How many runs are read: more are found by the command line. */
    private static final int READ = 200;

    private static final int SHOWN = 50;

    private RunsPage() {}

    /** Which of the runs are wanted. */
    enum State {
        ANY("any state"),
        OPEN("still open"),
        BAD("went wrong"),
        GOOD("succeeded");

        private final String text;

        State(String text) {
            this.text = text;
        }

        /** The state of this name; any if there is none. */
        static State called(String name) {
            return Arrays.stream(values())
                    .filter(state -> state.parameter().equals(name))
                    .findFirst()
                    .orElse(ANY);
        }

        private String parameter() {
            return name().toLowerCase(Locale.ROOT);
        }

        private boolean fits(RunView run) {
            boolean open = run.status().state() != RunState.FINISHED;
            boolean good = run.outcome().equals(Optional.of(Outcome.SUCCESS));
            return switch (this) {
                case ANY -> true;
                case OPEN -> open;
                case BAD -> !open && !good;
                case GOOD -> good;
            };
        }
    }

    /**
     * What is asked for.
     *
     * @param pipeline a pipeline's name; empty for all
     * @param state which runs of it
     */
    record Filter(String pipeline, State state) {
        private boolean fits(RunView run) {
            return (pipeline.isEmpty() || run.pipeline().equals(pipeline)) && state.fits(run);
        }

        private Address of(Address page) {
            return page.with("pipeline", pipeline).with("state", state.parameter());
        }
    }

    static Frame.Page of(Desk desk, Filter filter) {
        Instant now = desk.now();
        List<RunView> latest = desk.latest(READ);
        Html waiting = Bits.part("waiting", waiting(latest, now));
        Html runs = Bits.part(
                "runs", Optional.of(table(latest.stream().filter(filter::fits).toList(), now)));
        List<String> pipelines = new ArrayList<>(desk.pipelines());
        latest.stream()
                .map(RunView::pipeline)
                .filter(name -> !pipelines.contains(name))
                .distinct()
                .forEach(pipelines::add);
        return new Frame.Page(
                "Runs",
                Frame.Place.RUNS,
                Html.of(Tag.H1.of("Runs"), waiting, form(filter, pipelines), runs),
                Optional.of(new Frame.Live(filter.of(Address.ours("live")), "")));
    }

    private static Optional<Html> waiting(List<RunView> runs, Instant now) {
        List<Html> items = new ArrayList<>();
        for (RunView run : runs) {
            for (StageView stage : Bits.waiting(run)) {
                items.add(Html.of(
                        Bits.link(Bits.vote(run.id(), stage.name()), run.pipeline() + ": " + stage.name()),
                        Html.text(" waits for "),
                        Bits.deciders(stage),
                        Html.of(stage.progress()
                                .waiting()
                                .flatMap(StageView.Waiting::until)
                                .map(until -> Html.of(Html.text(", until "), Words.left(until, now))))));
            }
        }
        return items.isEmpty()
                ? Optional.empty()
                : Optional.of(Bits.section("waiting", "Waiting for people", Bits.list(items))
                        .with(Attr.ROLE, "status"));
    }

    private static Html form(Filter filter, List<String> pipelines) {
        List<Html> options = new ArrayList<>();
        options.add(Tag.OPTION.of("all pipelines").with(Attr.VALUE, ""));
        pipelines.forEach(name -> options.add(
                Tag.OPTION.of(name).with(Attr.VALUE, name).when(name.equals(filter.pipeline()), Attr.SELECTED)));
        List<Html> states = new ArrayList<>();
        for (State state : State.values()) {
            states.add(Tag.OPTION
                    .of(state.text)
                    .with(Attr.VALUE, state.parameter())
                    .when(state == filter.state(), Attr.SELECTED));
        }
        return Tag.FORM
                .cls("filter")
                .with(Attr.METHOD, "get")
                .with(Attr.ROLE, "search")
                .to(Address.ours())
                .of(
                        Tag.LABEL.of("Pipeline").with(Attr.FOR, "pipeline"),
                        Tag.SELECT.of(options).with(Attr.ID, "pipeline").with(Attr.NAME, "pipeline"),
                        Tag.LABEL.of("State").with(Attr.FOR, "state"),
                        Tag.SELECT.of(states).with(Attr.ID, "state").with(Attr.NAME, "state"),
                        Tag.BUTTON.of("Show").with(Attr.TYPE, "submit"));
    }

    private static Html table(List<RunView> runs, Instant now) {
        if (runs.isEmpty()) {
            return Bits.empty("No runs here yet. A push, or the command 'run', starts one.");
        }
        List<Bits.Row> rows =
                runs.stream().limit(SHOWN).map(run -> row(run, now)).toList();
        Html table = Bits.table("The latest runs", List.of("Run", "State", "What for", "By", "Took", "Began"), rows);
        return runs.size() <= SHOWN ? table : Html.of(table, Bits.empty("Older runs: the command 'runs' lists them."));
    }

    private static Bits.Row row(RunView run, Instant now) {
        String id = run.id().value();
        boolean isChild =
                run.status().lineage().filter(Lineage.Child.class::isInstance).isPresent();
        return Bits.Row.of(
                Html.of(
                        Bits.link(Bits.run(run.id()), run.pipeline()),
                        Tag.SMALL.cls("id").of(id.substring(run.pipeline().length() + 1)),
                        isChild ? Tag.SMALL.of("of another run") : Html.nothing()),
                Look.of(run).badge(),
                Html.of(
                        Words.commit(run.source().commit()),
                        Html.text(" "),
                        Bits.text(Words.source(run.source())),
                        Tag.SMALL.cls("title").of(Bits.headline(run))),
                Bits.text(run.source().by()),
                Words.took(run.status().times(), now),
                Html.of(run.status().times().began().map(began -> Words.ago(began, now))));
    }
}
