// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.page;

import dev.cumulane.internal.html.Html;
import dev.cumulane.internal.html.Tag;
import dev.cumulane.pipeline.Artifact;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.pipeline.Plan;
import dev.cumulane.pipeline.Stage;
import dev.cumulane.run.Deployment;
import dev.cumulane.run.EnvironmentView;
import dev.cumulane.run.Lineage;
import dev.cumulane.run.Produced;
import dev.cumulane.run.RunView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a decision lets through: the deployments behind an approval, and the commits that they bring. */
final class Deployments {
    /** How many runs are looked through for the commits since a release. */
    private static final int LOOKED_THROUGH = 200;

    private final Desk desk;
    private final RunView run;
    private final Instant now;

    Deployments(Desk desk, RunView run, Instant now) {
        this.desk = desk;
        this.run = run;
        this.now = now;
    }

    /** The deploy stages that come after a stage. */
    static List<Stage.Deploy> behind(Plan plan, String stage) {
        Set<String> reached = new HashSet<>(Set.of(stage));
        List<Stage.Deploy> found = new ArrayList<>();
        int before = 0;
        while (before < reached.size()) {
            before = reached.size();
            plan.stages().stream()
                    .filter(one -> one.before().stream().anyMatch(reached::contains))
                    .forEach(one -> reached.add(one.name()));
        }
        for (Stage one : plan.stages()) {
            if (one instanceof Stage.Deploy deploy && reached.contains(deploy.name())) {
                found.add(deploy);
            }
        }
        return found;
    }

    /** What a deploy stage will do. */
    Html plan(Stage.Deploy deploy) {
        String name = deploy.delivery().environment().name();
        Optional<EnvironmentView> now = environment(name);
        Optional<Deployment> live = now.flatMap(EnvironmentView::live);
        boolean stopped = now.filter(view -> view.service().isStopped()).isPresent();
        List<Bits.Fact> facts = new ArrayList<>();
        facts.add(new Bits.Fact("Environment", Bits.link(Bits.environment(name), name)));
        facts.add(new Bits.Fact("How", Html.text(Words.rollout(deploy.delivery().rollout()))));
        for (Artifact artifact : deploy.delivery().artifacts()) {
            facts.add(new Bits.Fact(artifact.name(), change(artifact, live, stopped)));
        }
        facts.add(new Bits.Fact(
                stopped && live.isPresent() ? "Stopped" : "Live now",
                live.map(this::since).orElse(Html.text("nothing"))));
        return Html.of(Tag.H3.of(Html.text(deploy.delivery().release() + " to "), Bits.text(name)), Bits.facts(facts));
    }

    private Html change(Artifact artifact, Optional<Deployment> live, boolean stopped) {
        Optional<Digest> now = produced(artifact).map(Produced::digest);
        Optional<Digest> before = live.stream()
                .flatMap(deployment -> deployment.release().artifacts().stream())
                .filter(one -> one.name().equals(artifact.name()))
                .map(Produced::digest)
                .findFirst();
        if (now.isEmpty()) {
            return Html.text("is not built yet");
        }
        if (now.equals(before)) {
            return Html.of(
                    Words.digest(now.get()), Html.text(stopped ? ", as before it was stopped" : ", as it is live now"));
        }
        return Html.of(
                Words.digest(now.get()),
                Html.of(before.map(digest -> Html.of(Html.text(" in the place of "), Words.digest(digest)))));
    }

    private Optional<Produced> produced(Artifact artifact) {
        return run.stages().stream()
                .filter(stage -> stage.name().equals(artifact.stage()))
                .findFirst()
                .flatMap(stage -> stage.artifact(artifact.name()));
    }

    private Html since(Deployment live) {
        return Html.of(Bits.link(Bits.run(live.run()), live.run().value()), Html.text(", "), Words.ago(live.at(), now));
    }

    private Optional<EnvironmentView> environment(String name) {
        return desk.environments().contains(name) ? Optional.of(desk.environment(name)) : Optional.empty();
    }

    /** The commits that this run brings to an environment, as far as runs of its pipeline have seen them; the latest first. */
    Html commits(String environment) {
        Optional<RunView> live = environment(environment)
                .flatMap(EnvironmentView::live)
                .flatMap(deployment -> desk.find(deployment.run()));
        if (live.isEmpty()) {
            return Html.of(
                    Bits.empty("Nothing is live there yet, so this is the first release."),
                    Bits.list(List.of(commit(run))));
        }
        if (live.get().source().commit().id().equals(run.source().commit().id())) {
            return Bits.empty("The commit that is live there already.");
        }
        List<Html> commits = new ArrayList<>();
        Set<String> seen = new HashSet<>(Set.of(live.get().source().commit().id()));
        for (RunView other : desk.latest(LOOKED_THROUGH)) {
            if (isBetween(live.get(), other) && seen.add(other.source().commit().id())) {
                commits.add(commit(other));
            }
        }
        if (seen.add(run.source().commit().id())) {
            commits.add(0, commit(run));
        }
        return Html.of(
                Bits.list(commits),
                Tag.P
                        .cls("quiet")
                        .of(
                                Html.text("Live is commit "),
                                Words.commit(live.get().source().commit()),
                                Html.text("; listed is what runs of this pipeline have seen since.")));
    }

    private boolean isBetween(RunView live, RunView other) {
        Instant after = began(live);
        Instant at = began(other);
        return other.pipeline().equals(run.pipeline())
                && other.status()
                        .lineage()
                        .filter(Lineage.Child.class::isInstance)
                        .isEmpty()
                && other.source()
                        .commit()
                        .repository()
                        .equals(run.source().commit().repository())
                && other.source().commit().ref().equals(run.source().commit().ref())
                && at.isAfter(after)
                && !at.isAfter(began(run));
    }

    private static Instant began(RunView run) {
        return run.status().times().began().orElse(Instant.EPOCH);
    }

    private static Html commit(RunView run) {
        return Html.of(
                Words.commit(run.source().commit()),
                Html.text(run.source().headline().isPresent() ? " " : ""),
                Bits.headline(run),
                Html.text(", by "),
                Bits.text(run.source().by()));
    }
}
