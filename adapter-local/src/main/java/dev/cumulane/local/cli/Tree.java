// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import dev.cumulane.local.cli.Style.Ink;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.RunId;
import dev.cumulane.run.RunState;
import dev.cumulane.run.RunView;
import dev.cumulane.run.StageView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A run and its stages as lines, one for each: the live picture, and the table that stays at the end. */
final class Tree {
    private static final int STANDING_COLUMNS = 10;
    private static final int DURATION_COLUMNS = 12;
    private static final int ITEM_COLUMNS = 40;

    private final Style style;

    Tree(Style style) {
        this.style = style;
    }

    /**
     * The moment of which a picture is drawn.
     *
     * @param now the time
     * @param tick turns the spinners
     * @param tail a stage's name to the last line of its log; empty if it has none
     * @param below the runs that stages run, as far as they are known
     */
    record Moment(Instant now, int tick, UnaryOperator<String> tail, Function<RunId, Optional<RunView>> below) {
        static Moment still(Instant now) {
            return still(now, run -> Optional.empty());
        }

        static Moment still(Instant now, Function<RunId, Optional<RunView>> below) {
            return new Moment(now, 0, stage -> "", below);
        }

        /** The same for a run that a stage runs: the lines of logs are of the run above. */
        Moment oneBelow() {
            return new Moment(now, tick, stage -> "", below);
        }
    }

    /**
     * The run as at most so many lines, at least 4. The runs that its stages run are drawn below those, if all lines fit; if not even the stages do, those that
     * something happens to come first.
     */
    List<Line> lines(RunView run, Moment moment, int most) {
        List<Line> whole = new ArrayList<>();
        whole.add(head(run, moment.now()));
        nest(run, moment, "", whole, most);
        return whole.size() <= most ? whole : alone(run, moment, most);
    }

    /** Stops when there are more lines than fit: a run of ten thousand stages is drawn ten times a second. */
    private void nest(RunView run, Moment moment, String before, List<Line> lines, int most) {
        int columns = columns(run.stages());
        for (int at = 0; at < run.stages().size() && lines.size() <= most; at++) {
            StageView stage = run.stages().get(at);
            boolean last = at == run.stages().size() - 1;
            lines.add(Line.of(Ink.DIM, before).and(row(stage, columns, last, moment)));
            below(stage, moment)
                    .ifPresent(child -> nest(child, moment.oneBelow(), before + style.trunk(last), lines, most));
        }
    }

    /** The run that a stage runs. */
    static Optional<RunView> below(StageView stage, Moment moment) {
        return stage.kind() == StageView.Kind.CHILD
                ? stage.progress().service().map(RunId::new).flatMap(moment.below())
                : Optional.empty();
    }

    private static int columns(List<StageView> stages) {
        return stages.stream().mapToInt(stage -> stage.name().length()).max().orElse(0);
    }

    private List<Line> alone(RunView run, Moment moment, int most) {
        List<StageView> shown = mostTelling(run.stages(), most - 1);
        int columns = columns(shown);
        boolean whole = shown.size() == run.stages().size();
        List<Line> lines = new ArrayList<>();
        lines.add(head(run, moment.now()));
        for (int at = 0; at < shown.size(); at++) {
            boolean last = whole && at == shown.size() - 1;
            lines.add(row(shown.get(at), columns, last, moment));
        }
        if (!whole) {
            lines.add(rest(run.stages(), shown));
        }
        return lines;
    }

    private Line head(RunView run, Instant now) {
        Line line = Line.of(Ink.BOLD, run.id().value())
                .and(style.dot() + Words.commit(run.source().commit()) + style.dot());
        Ink ink = run.outcome().map(Style::ink).orElse(Ink.CYAN);
        String took = Words.took(run.status().times(), now)
                .map(time -> (run.outcome().isPresent() ? " after " : " for ") + Text.duration(time))
                .orElse("");
        String cancelled = run.status()
                .cancelledBy()
                .filter(by -> run.outcome().isEmpty())
                .map(by -> ", cancelled by " + Text.clean(by))
                .orElse("");
        return line.and(ink, Words.standing(run)).and(took + cancelled);
    }

    private Line row(StageView stage, int columns, boolean last, Moment moment) {
        Ink ink = Style.ink(stage);
        String took = stage.outcome().filter(outcome -> outcome == Outcome.SKIP).isPresent()
                ? ""
                : Words.took(stage.progress().times(), moment.now())
                        .map(Text::duration)
                        .orElse("");
        return Line.of(Ink.DIM, style.branch(last))
                .and(ink, style.glyph(stage, moment.tick()))
                .and(" " + Text.padded(stage.name(), columns) + "  ")
                .and(ink, Text.padded(standing(stage), STANDING_COLUMNS))
                .and(Text.padded(took, DURATION_COLUMNS))
                .and(stage.outcome().isPresent() ? Ink.DEFAULT : Ink.DIM, detail(stage, moment));
    }

    private static String standing(StageView stage) {
        if (stage.outcome().isPresent()) {
            return Words.outcome(stage.outcome().get());
        }
        return switch (stage.progress().state()) {
            case PENDING -> "";
            case WAITING -> "waits";
            case FINALIZING -> "stopping";
            case EXECUTING, FINISHED -> "running";
        };
    }

    private static String detail(StageView stage, Moment moment) {
        String rest = progress(stage, moment);
        return stage.item()
                .map(item -> Text.cut(Text.clean(item), ITEM_COLUMNS) + (rest.isEmpty() ? "" : "; " + rest))
                .orElse(rest);
    }

    private static String progress(StageView stage, Moment moment) {
        String attempt =
                stage.progress().attempt() > 1 ? "attempt " + stage.progress().attempt() : "";
        if (stage.progress().verdict().isPresent()) {
            String from = stage.progress().from().map(run -> "in run " + run).orElse("");
            return joined(
                    from, attempt, Words.verdict(stage.progress().verdict().get()));
        }
        if (stage.progress().waiting().isPresent()) {
            StageView.Waiting waiting = stage.progress().waiting().get();
            return "for " + Text.clean(waiting.reason())
                    + waiting.until()
                            .map(until -> ", until " + Text.time(until))
                            .orElse("");
        }
        if (stage.progress().state() == RunState.PENDING) {
            return stage.always() ? "runs however the others end" : "";
        }
        String doing = stage.progress().doing().isEmpty()
                ? moment.tail().apply(stage.name())
                : stage.progress().doing();
        return joined(attempt, Text.clean(doing).strip());
    }

    private static String joined(String... parts) {
        return Stream.of(parts).filter(part -> !part.isEmpty()).collect(Collectors.joining("; "));
    }

    private static List<StageView> mostTelling(List<StageView> stages, int most) {
        if (stages.size() <= most) {
            return stages;
        }
        return IntStream.range(0, stages.size())
                .boxed()
                .sorted(Comparator.comparingInt(at -> rank(stages.get(at))))
                .limit(Math.max(1, most - 1))
                .sorted()
                .map(stages::get)
                .toList();
    }

    private static int rank(StageView stage) {
        if (stage.outcome().isPresent()) {
            Outcome outcome = stage.outcome().get();
            return outcome == Outcome.SUCCESS || outcome == Outcome.SKIP ? 3 : 1;
        }
        return stage.progress().state() == RunState.PENDING ? 2 : 0;
    }

    private Line rest(List<StageView> all, List<StageView> shown) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (StageView stage : all) {
            counts.merge(kind(stage), 1, Integer::sum);
        }
        for (StageView stage : shown) {
            counts.merge(kind(stage), -1, Integer::sum);
        }
        counts.values().removeIf(count -> count == 0);
        String each = String.join(
                ", ",
                counts.entrySet().stream()
                        .map(entry -> entry.getValue() + " " + entry.getKey())
                        .toList());
        return Line.of(Ink.DIM, style.branch(true) + "and " + (all.size() - shown.size()) + " more: " + each);
    }

    private static String kind(StageView stage) {
        String standing = standing(stage);
        return standing.isEmpty() ? "pending" : standing.equals("waits") ? "waiting" : standing;
    }
}
