// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.page;

import dev.cumulane.internal.html.Address;
import dev.cumulane.internal.html.Html;
import dev.cumulane.internal.html.Tag;
import dev.cumulane.run.Deployment;
import dev.cumulane.run.EnvironmentView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The environments: what is live in each, and what was before. */
final class EnvironmentPages {
    private EnvironmentPages() {}

    static Frame.Page all(Desk desk) {
        Instant now = desk.now();
        List<Bits.Row> rows = new ArrayList<>();
        for (String name : desk.environments()) {
            EnvironmentView environment = desk.environment(name);
            rows.add(Bits.Row.of(
                    Bits.link(Bits.environment(name), name),
                    Html.of(environment.live().map(live -> Words.release(live.release()))),
                    Html.of(environment.live().map(live -> service(environment.service()))),
                    Html.of(environment
                            .live()
                            .map(live ->
                                    Bits.link(Bits.run(live.run()), live.run().value()))),
                    Html.of(environment.live().map(live -> Words.ago(live.at(), now))),
                    Html.of(environment.holder().map(EnvironmentPages::claim))));
        }
        Html table = rows.isEmpty()
                ? Bits.empty("No pipeline deploys anywhere here.")
                : Bits.table(
                        "Environments",
                        List.of("Environment", "Release", "Answers at", "By run", "Since", "Deploying now"),
                        rows);
        return new Frame.Page("Environments", Frame.Place.ENVIRONMENTS, Tag.H1.of("Environments"), table);
    }

    static Frame.Page one(Desk desk, EnvironmentView environment) {
        Instant now = desk.now();
        List<Bits.Fact> facts = new ArrayList<>();
        environment.live().ifPresent(live -> {
            boolean stopped = environment.service().isStopped();
            facts.add(new Bits.Fact(stopped ? "Was live" : "Live", release(live)));
            facts.add(new Bits.Fact("Answers at", service(environment.service())));
            facts.add(new Bits.Fact("Since", Words.ago(live.at(), now)));
            facts.add(new Bits.Fact(
                    "By run", Bits.link(Bits.run(live.run()), live.run().value())));
        });
        environment.holder().ifPresent(holder -> facts.add(new Bits.Fact("Deploying now", claim(holder))));
        environment.waiting().forEach(next -> facts.add(new Bits.Fact("Waits for it", claim(next))));
        List<Bits.Row> rows =
                environment.history().stream().map(one -> row(one, now)).toList();
        Html history = rows.isEmpty()
                ? Bits.empty("Nothing was deployed here yet.")
                : Bits.table("Deployments", List.of("When", "What", "Outcome", "Run", "By", "Detail"), rows);
        return new Frame.Page(
                environment.name(),
                Frame.Place.ENVIRONMENTS,
                Tag.H1.of(Bits.text(environment.name())),
                Bits.facts(facts),
                Bits.section("history", "History", history));
    }

    /** Where it answers; it leads there if it is a web address. */
    private static Html service(EnvironmentView.Service service) {
        if (service.isStopped()) {
            return Html.text("nowhere, it is stopped");
        }
        String text = service.address().orElse("");
        return Address.web(text).<Html>map(there -> Bits.link(there, text)).orElseGet(() -> Bits.text(text));
    }

    private static Html claim(EnvironmentView.Claim claim) {
        return Bits.link(Bits.stage(claim.run(), claim.stage()), claim.run() + ", " + claim.stage());
    }

    private static Html release(Deployment deployment) {
        List<Html> artifacts = new ArrayList<>();
        deployment
                .release()
                .artifacts()
                .forEach(artifact -> artifacts.add(
                        Html.of(Bits.text(artifact.name()), Html.text(" "), Words.digest(artifact.digest()))));
        return artifacts.size() == 1
                ? artifacts.get(0)
                : Html.of(Tag.STRONG.of(Bits.text(deployment.release().name())), Bits.list(artifacts));
    }

    private static Bits.Row row(Deployment one, Instant now) {
        return Bits.Row.of(
                Words.ago(one.at(), now),
                Html.of(
                        Html.text(one.kind() == Deployment.Kind.ROLLBACK ? "back to " : ""),
                        Words.release(one.release())),
                Look.of(one.outcome()).badge(),
                Bits.link(Bits.stage(one.run(), one.stage()), one.run().value()),
                Bits.text(one.by()),
                Bits.text(Words.why(one.cause(), one.detail())));
    }
}
