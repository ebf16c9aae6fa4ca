// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.page;

import dev.cumulane.internal.html.Html;
import dev.cumulane.internal.html.Tag;
import dev.cumulane.source.KeptAside;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
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
                .forEach(name ->
                        all.add(repository(name, repositories.keptAside().apply(name), now)));
        if (repositories.names().isEmpty()) {
            all.add(Bits.empty("This program names no repository, so no webhook starts a run."));
        }
        return new Frame.Page("Repositories", Frame.Place.REPOSITORIES, Html.of(all));
    }

    private static Html repository(String name, List<KeptAside> aside, Instant now) {
        List<KeptAside> latestFirst = new ArrayList<>(aside);
        Collections.reverse(latestFirst);
        List<Bits.Row> rows = new ArrayList<>();
        latestFirst.forEach(kept -> rows.add(Bits.Row.of(
                Words.ago(kept.at(), now),
                Bits.text(kept.why()),
                Tag.CODE.of(Bits.text(kept.delivery())),
                Words.digest(kept.body()))));
        Html kept = rows.isEmpty()
                ? Bits.empty("All its deliveries could be read.")
                : Bits.table(
                        "Deliveries of " + name + " that were kept aside",
                        List.of("When", "Why it could not be read", "Delivery", "Kept as"),
                        rows);
        return Bits.section("repository-" + name, name, kept);
    }
}
