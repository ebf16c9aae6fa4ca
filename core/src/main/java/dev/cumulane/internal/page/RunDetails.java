// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.page;

import dev.cumulane.internal.html.Attr;
import dev.cumulane.internal.html.Html;
import dev.cumulane.internal.html.Tag;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.Produced;
import dev.cumulane.run.RunEvent;
import dev.cumulane.run.RunView;
import dev.cumulane.run.StageView;
import dev.cumulane.run.TestSummary;
import dev.cumulane.run.Verdict;
import dev.cumulane.run.Vote;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the stages of a run left: tests, artifacts, votes. */
final class RunDetails {
    /** Beyond these a page shows nobody anything. */
    private static final int MOST_ROWS = 200;

    private final RunView run;
    private final Instant now;

    RunDetails(RunView run, Instant now) {
        this.run = run;
        this.now = now;
    }

    static boolean isBad(Outcome outcome) {
        return outcome == Outcome.FAILURE || outcome == Outcome.ERROR || outcome == Outcome.TIMEOUT;
    }

    /** What the tests said; the failed ones by name. */
    Optional<Html> tests() {
        List<Html> stages = new ArrayList<>();
        for (StageView stage : run.stages()) {
            stage.progress()
                    .verdict()
                    .flatMap(Verdict::tests)
                    .ifPresent(tests -> stages.add(tests(stage.name(), tests)));
            if (stages.size() == MOST_ROWS) {
                break;
            }
        }
        return stages.isEmpty()
                ? Optional.empty()
                : Optional.of(Bits.section("tests", "Tests", Tag.UL.cls("tests").of(stages)));
    }

    private Html tests(String stage, TestSummary tests) {
        Look look = tests.failed() > 0 ? Look.FAILED : Look.SUCCEEDED;
        List<Html> all = new ArrayList<>();
        all.add(look.icon());
        all.add(Html.text(" "));
        all.add(Bits.link(Bits.stage(run.id(), stage), stage));
        all.add(Html.text(": " + Words.tests(tests)));
        if (!tests.failures().isEmpty()) {
            all.add(Tag.UL
                    .cls("failures")
                    .of(tests.failures().stream().map(RunDetails::failure).toList()));
            int unnamed = tests.failed() - tests.failures().size();
            if (unnamed > 0) {
                all.add(Bits.empty("and " + unnamed + " more"));
            }
        }
        return Tag.LI.of(all);
    }

    private static Html failure(TestSummary.Failure failure) {
        return Tag.LI.of(
                Tag.STRONG.of(Bits.text(failure.test())),
                Html.of(failure.place()
                        .map(place -> Tag.SMALL.of(Html.text(" "), Bits.text(place.file() + ":" + place.line())))),
                failure.message().isEmpty() ? Html.nothing() : Tag.PRE.of(failure.message()));
    }

    /** What was written, by digest. */
    Optional<Html> artifacts() {
        List<Bits.Row> rows = new ArrayList<>();
        for (StageView stage : run.stages()) {
            for (Produced artifact :
                    stage.progress().verdict().map(Verdict::artifacts).orElse(List.of())) {
                if (rows.size() < MOST_ROWS) {
                    rows.add(artifact(stage.name(), artifact));
                }
            }
        }
        return rows.isEmpty()
                ? Optional.empty()
                : Optional.of(Bits.section(
                        "artifacts",
                        "Artifacts",
                        Bits.table("Artifacts", List.of("Artifact", "Of stage", "sha-256", "Size"), rows)));
    }

    private Bits.Row artifact(String stage, Produced artifact) {
        return Bits.Row.of(
                Bits.text(artifact.name()),
                Bits.link(Bits.stage(run.id(), stage), stage),
                Words.digest(artifact.digest()),
                Html.text(Words.size(artifact.size())));
    }

    /** Who voted how. */
    Optional<Html> votes(List<RunEvent.VoteRefused> refused) {
        List<Html> votes = new ArrayList<>();
        for (StageView stage : run.stages()) {
            stage.progress().votes().forEach(vote -> votes.add(vote(stage.name(), vote)));
        }
        refused.stream()
                .filter(one ->
                        run.stages().stream().anyMatch(stage -> stage.name().equals(one.stage())))
                .forEach(one -> votes.add(refused(one)));
        return votes.isEmpty() ? Optional.empty() : Optional.of(Bits.section("votes", "Votes", Bits.list(votes)));
    }

    private Html refused(RunEvent.VoteRefused refused) {
        boolean yes = refused.vote().decision() == Vote.Decision.APPROVE;
        return Html.of(
                Look.SKIPPED.icon(),
                Html.text(" "),
                Tag.STRONG.of(Bits.text(refused.vote().by())),
                Html.text(" wanted to " + (yes ? "approve " : "reject ") + refused.stage() + ", "),
                Words.ago(refused.vote().at(), now),
                Html.text(", which does not count: " + Words.refusal(refused.why())
                        + known(refused.vote().via())),
                comment(refused.vote()));
    }

    /** How it was known who voted. */
    private static String known(Vote.Via via) {
        return switch (via) {
            case JAVA -> " (from Java)";
            case COMMAND_LINE -> " (by command line)";
            case PAGE -> " (on this page, by their own word)";
            case LINK -> " (by voting link)";
            case SLACK -> " (in Slack)";
            case PROXY -> " (signed in)";
        };
    }

    private static Html comment(Vote vote) {
        return vote.comment().isEmpty() ? Html.nothing() : Tag.P.cls("comment").of(Bits.text(vote.comment()));
    }

    private Html vote(String stage, Vote vote) {
        boolean yes = vote.decision() == Vote.Decision.APPROVE;
        return Html.of(
                (yes ? Look.SUCCEEDED : Look.FAILED).icon(),
                Html.text(" "),
                Tag.STRONG.of(Bits.text(vote.by())),
                Html.text(yes ? " approved " : " rejected "),
                Html.text(stage + ", "),
                Words.ago(vote.at(), now),
                Html.text(known(vote.via())),
                comment(vote));
    }

    /** Who could not be told of the run. */
    Optional<Html> untold() {
        List<Html> lines = new ArrayList<>();
        run.untold()
                .forEach(untold -> lines.add(Html.of(
                        Tag.STRONG.of(Bits.text(untold.follower())),
                        Html.text(": "),
                        Bits.text(untold.why()),
                        Html.text(", " + Words.count(untold.tries(), "try").replace("trys", "tries") + " since "),
                        Words.moment(untold.since()),
                        Html.of(untold.again().map(again -> Html.of(Html.text(", again "), Words.left(again, now)))))));
        return lines.isEmpty()
                ? Optional.empty()
                : Optional.of(Bits.section("untold", "Could not be told", Bits.list(lines))
                        .with(Attr.ROLE, "note"));
    }
}
