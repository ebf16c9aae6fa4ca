// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.page;

import dev.cumulane.internal.html.Address;
import dev.cumulane.internal.html.Html;
import dev.cumulane.internal.html.Tag;
import dev.cumulane.run.Cause;
import dev.cumulane.run.RunId;
import dev.cumulane.run.RunState;
import dev.cumulane.run.RunView;
import dev.cumulane.run.StageView;
import dev.cumulane.run.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The stages of a run, one on a line. */
final class StageTable {
    private static final int MOST = 400;
    private static final Pattern RUN = Pattern.compile("[a-z][a-z0-9.-]{16,99}");

    private StageTable() {}

    /** The table; of a run with very many stages, those that matter now. */
    static Html of(RunView run, Instant now) {
        List<StageView> shown = run.stages();
        if (shown.size() > MOST) {
            shown = shown.stream()
                    .filter(stage -> stage.progress().state() != RunState.PENDING && Look.of(stage) != Look.SUCCEEDED)
                    .limit(MOST)
                    .toList();
        }
        List<Bits.Row> rows = new ArrayList<>();
        String whole = "";
        for (StageView stage : shown) {
            boolean isCell = !whole.isEmpty() && stage.name().startsWith(whole + "-");
            whole = stage.kind() == StageView.Kind.FAN_OUT ? stage.name() : isCell ? whole : "";
            rows.add(row(run, stage, isCell, now));
        }
        Html table = Bits.table("Stages", List.of("Stage", "State", "What", "Took", "Attempts"), rows);
        return shown.size() == run.stages().size()
                ? table
                : Html.of(
                        table,
                        Bits.empty("Shown are " + shown.size() + " of "
                                + run.stages().size() + " stages: those that are open or did not succeed."));
    }

    private static Bits.Row row(RunView run, StageView stage, boolean isCell, Instant now) {
        return new Bits.Row(
                isCell ? "cell" : "row",
                List.of(
                        Html.of(
                                Bits.link(Bits.stage(run.id(), stage.name()), stage.name()),
                                Tag.SMALL.of(Words.kind(stage.kind())),
                                Html.of(stage.item().map(Bits::text))),
                        Look.of(stage).badge(),
                        what(stage),
                        Words.took(stage.progress().times(), now),
                        attempts(stage)));
    }

    private static Html attempts(StageView stage) {
        int attempts = stage.progress().attempt();
        return attempts == 0 ? Html.nothing() : Html.text(Integer.toString(attempts));
    }

    /** What it is doing, waits for or came to, in a line. */
    static Html what(StageView stage) {
        List<Html> parts = new ArrayList<>();
        StageView.Progress progress = stage.progress();
        progress.verdict().ifPresent(verdict -> parts.add(verdict(verdict)));
        if (progress.verdict().isEmpty()) {
            progress.waiting().ifPresent(waiting -> parts.add(Bits.text("waits for " + waiting.reason())));
        }
        if (stage.kind() == StageView.Kind.CHILD) {
            progress.service().flatMap(StageTable::child).ifPresent(parts::add);
        } else if (progress.verdict().isEmpty() && !progress.doing().isEmpty()) {
            parts.add(Bits.text(progress.doing()));
        }
        progress.from()
                .ifPresent(from ->
                        parts.add(Html.of(Html.text("taken over from "), Bits.link(Bits.run(from), from.value()))));
        progress.skippedBy().ifPresent(by -> parts.add(Html.of(Html.text("skipped by "), Bits.text(by))));
        List<Html> lines = new ArrayList<>();
        parts.forEach(part -> lines.add(Tag.SPAN.cls("line").of(part)));
        return Html.of(lines);
    }

    private static Html verdict(Verdict verdict) {
        boolean isTold =
                verdict.cause() == Cause.TESTS_FAILED && verdict.tests().isPresent();
        return Html.of(
                Html.of(verdict.tests().map(tests -> Html.text(Words.tests(tests) + " "))),
                isTold ? Html.nothing() : Bits.text(Words.why(verdict.cause(), verdict.detail())),
                Html.of(verdict.address().map(StageTable::deployed)));
    }

    private static Html deployed(String address) {
        return Html.of(
                Html.text(" "),
                Address.web(address).<Html>map(to -> Bits.link(to, address)).orElseGet(() -> Bits.text(address)));
    }

    /** The run that a stage runs. */
    private static Optional<Html> child(String service) {
        return RUN.matcher(service).matches()
                ? Optional.of(Html.of(Html.text("run "), Bits.link(Bits.run(new RunId(service)), service)))
                : Optional.empty();
    }
}
