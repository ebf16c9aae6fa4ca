// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.page;

import dev.cumulane.internal.html.Html;
import dev.cumulane.internal.html.Tag;
import dev.cumulane.source.KeptAside;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The source repositories, and what of theirs went wrong: deliveries that could not be read, commands that were refused. */
final class RepositoriesPage {
    private RepositoriesPage() {}

    static Frame.Page of(Desk desk) {
        Instant now = desk.now();
        List<Html> all = new ArrayList<>();
        all.add(Tag.H1.of("Repositories"));
        Desk.Repositories repositories = desk.repositories();
        repositories
                .names()
                .forEach(name -> all.add(Bits.section(
                        "repository-" + name,
                        name,
                        aside(name, repositories.keptAside().apply(name), now),
                        refused(name, repositories.refused().apply(name), now))));
        if (repositories.names().isEmpty()) {
            all.add(Bits.empty("This program names no repository, so no webhook starts a run."));
        }
        return new Frame.Page("Repositories", Frame.Place.REPOSITORIES, Html.of(all));
    }

    private static Html aside(String name, List<KeptAside> aside, Instant now) {
        if (aside.isEmpty()) {
            return Bits.empty("All its deliveries could be read.");
        }
        List<Bits.Row> rows = new ArrayList<>();
        aside.forEach(kept -> rows.add(
                0,
                Bits.Row.of(
                        Words.ago(kept.at(), now),
                        Bits.text(kept.why()),
                        Tag.CODE.of(Bits.text(kept.delivery())),
                        Words.digest(kept.body()))));
        return Bits.table(
                "Deliveries of " + name + " that were kept aside",
                List.of("When", "Why it could not be read", "Delivery", "Kept as"),
                rows);
    }

    private static Html refused(String name, List<Pages.RefusedCommand> refused, Instant now) {
        if (refused.isEmpty()) {
            return Bits.empty("No command below a change request was refused.");
        }
        List<Bits.Row> rows = new ArrayList<>();
        refused.forEach(one -> rows.add(0, Bits.Row.of(Words.ago(one.at(), now), Bits.text(one.what()))));
        return Bits.table(
                "Commands in " + name + " that were refused", List.of("When", "Command, and why it was refused"), rows);
    }
}
