// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.page;

import dev.cumulane.internal.html.Address;
import dev.cumulane.internal.html.Attr;
import dev.cumulane.internal.html.Html;
import dev.cumulane.internal.html.Tag;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.RunId;
import dev.cumulane.run.RunView;
import dev.cumulane.run.StageView;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Pieces that several pages have. */
final class Bits {
    private static final int KEY = 16;

    private Bits() {}

    static Address run(RunId run) {
        return Address.ours("runs", run.value());
    }

    static Address stage(RunId run, String stage) {
        return Address.ours("runs", run.value(), "stages", stage);
    }

    static Address vote(RunId run, String stage) {
        return Address.ours("runs", run.value(), "stages", stage, "vote");
    }

    static Address environment(String name) {
        return Address.ours("environments", name);
    }

    static Html.Element link(Address to, String text) {
        return Tag.A.of(text(text)).to(to);
    }

    static Html.Element link(Address to, Html text) {
        return Tag.A.of(text).to(to);
    }

    /** A text from outside, whose direction does not spread to what stands around it. */
    static Html text(String text) {
        return Tag.BDI.of(text);
    }

    /** What a run is for, and who asked for it. */
    static List<Fact> whatFor(RunView run) {
        Html what = Html.of(
                text(Words.source(run.source())),
                Html.text(", commit "),
                Words.commit(run.source().commit()),
                Tag.SMALL.cls("title").of(headline(run)));
        return List.of(
                new Fact("What for", what), new Fact("By", text(run.source().by())));
    }

    /** A part of a page that is replaced when it changes; nothing if nothing is in it. */
    static Html part(String id, Optional<? extends Html> content) {
        Html inner = Html.of(content);
        String key =
                Digest.of(inner.markup().getBytes(StandardCharsets.UTF_8)).hex().substring(0, KEY);
        return part(id, key, inner);
    }

    /** A part of a page that is replaced when its key changes. */
    static Html part(String id, String key, Html content) {
        return Tag.DIV.of(content).with(Attr.ID, id).with(Attr.DATA_PART, id).with(Attr.DATA_KEY, key);
    }

    /** A section with a heading. */
    static Html.Element section(String id, String heading, Html... content) {
        List<Html> all = new ArrayList<>();
        all.add(Tag.H2.of(heading).with(Attr.ID, "h-" + id));
        all.addAll(List.of(content));
        return Tag.SECTION
                .cls("card")
                .with(Attr.ID, "s-" + id)
                .with(Attr.ARIA_LABELLEDBY, "h-" + id)
                .of(all);
    }

    /** A table; every row has a cell for each heading. On a narrow screen each cell says its heading itself. */
    static Html table(String caption, List<String> headings, List<Row> rows) {
        List<Html> head = new ArrayList<>();
        headings.forEach(heading -> head.add(Tag.TH.of(heading).with(Attr.SCOPE, "col")));
        List<Html> body = new ArrayList<>();
        for (Row row : rows) {
            List<Html> cells = new ArrayList<>();
            for (int i = 0; i < row.cells().size(); i++) {
                Html cell = row.cells().get(i);
                cells.add(
                        i == 0
                                ? Tag.TH.of(cell).with(Attr.SCOPE, "row")
                                : Tag.TD.of(cell).with(Attr.DATA_LABEL, headings.get(i)));
            }
            body.add(Tag.TR.cls(row.cls()).of(cells));
        }
        return Tag.DIV
                .cls("scroll")
                .with(Attr.TABINDEX, "0")
                .with(Attr.ROLE, "region")
                .with(Attr.ARIA_LABEL, caption)
                .of(Tag.TABLE.of(
                        Tag.CAPTION.cls("unseen").of(caption), Tag.THEAD.of(Tag.TR.of(head)), Tag.TBODY.of(body)));
    }

    /**
     * A row of a table.
     *
     * @param cls its class in the style sheet
     * @param cells its cells, of which the first is its heading
     */
    record Row(String cls, List<Html> cells) {
        static Row of(Html... cells) {
            return new Row("row", List.of(cells));
        }
    }

    /** Names and what they are. */
    static Html facts(List<Fact> facts) {
        List<Html> all = new ArrayList<>();
        facts.forEach(fact -> all.add(Tag.DIV.of(Tag.DT.of(fact.name()), Tag.DD.of(fact.value()))));
        return Tag.DL.cls("facts").of(all);
    }

    /**
     * A name and what it is.
     *
     * @param name the name
     * @param value what it is
     */
    record Fact(String name, Html value) {}

    static Html list(List<? extends Html> items) {
        return Tag.UL.of(items.stream().map(item -> Tag.LI.of(item)).toList());
    }

    /** A line that says that there is nothing, and perhaps what to do about it. */
    static Html empty(String line) {
        return Tag.P.cls("quiet").of(line);
    }

    /** The approvals of a run that wait for people. */
    static List<StageView> waiting(RunView run) {
        return run.stages().stream()
                .filter(stage -> stage.kind() == StageView.Kind.APPROVAL
                        && stage.progress().waiting().isPresent())
                .toList();
    }

    /** What an approval asks, while it waits for people. */
    static Optional<StageView.Question> question(StageView stage) {
        return stage.progress().waiting().flatMap(StageView.Waiting::question);
    }

    /** Who may decide, while an approval waits for them. */
    static Html deciders(StageView stage) {
        return text(question(stage)
                .map(question -> Words.approvers(question.approvers()))
                .orElse("people"));
    }

    /** The title of a run's commit or change request, leading to the page that shows it. */
    static Html headline(RunView run) {
        return run.source()
                .headline()
                .map(headline -> headline.link()
                        .flatMap(Address::web)
                        .<Html>map(to -> link(to, headline.title()).with(Attr.REL, "noreferrer noopener"))
                        .orElseGet(() -> text(headline.title())))
                .orElse(Html.nothing());
    }
}
