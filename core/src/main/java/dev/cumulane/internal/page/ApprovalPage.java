// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.page;

import dev.cumulane.internal.html.Address;
import dev.cumulane.internal.html.Attr;
import dev.cumulane.internal.html.Html;
import dev.cumulane.internal.html.Tag;
import dev.cumulane.internal.people.Visitor;
import dev.cumulane.pipeline.Plan;
import dev.cumulane.pipeline.Stage;
import dev.cumulane.run.Produced;
import dev.cumulane.run.RunView;
import dev.cumulane.run.StageView;
import dev.cumulane.run.Vote;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is to be decided, and the form to decide it. */
final class ApprovalPage {
    private final Desk desk;
    private final RunView run;
    private final StageView stage;
    private final Ask ask;
    private final Instant now;

    /**
     * Who is asked, and how the form goes.
     *
     * @param visitor who looks at the page
     * @param action where the form goes
     * @param token proves that it is ours
     * @param said what is to be said first, such as what became of a vote; empty for nothing
     * @param comment what was written already
     */
    record Ask(Visitor visitor, Address action, String token, Optional<Html> said, String comment) {}

    private ApprovalPage(Desk desk, RunView run, StageView stage, Ask ask) {
        this.desk = desk;
        this.run = run;
        this.stage = stage;
        this.ask = ask;
        this.now = desk.now();
    }

    static Frame.Page of(Desk desk, RunView run, StageView stage, Ask ask) {
        return new ApprovalPage(desk, run, stage, ask).page();
    }

    private Frame.Page page() {
        Look look = Look.of(stage);
        Plan plan = desk.plan(run.id());
        Deployments deployments = new Deployments(desk, run, now);
        List<Stage.Deploy> behind = Deployments.behind(plan, stage.name());
        RunDetails details = new RunDetails(run, now);
        List<Html> all = new ArrayList<>();
        all.add(Tag.H1.of(Bits.text(run.pipeline() + ": " + stage.name()), Html.text(" "), look.badge()));
        ask.said().ifPresent(all::add);
        all.add(facts());
        if (Bits.question(stage).isPresent()) {
            all.add(Tag.P.of(Bits.link(ask.action().at("s-decision"), "To your decision")));
        }
        if (!behind.isEmpty()) {
            List<Html> plans = new ArrayList<>();
            behind.forEach(deploy -> plans.add(deployments.plan(deploy)));
            all.add(Bits.section("plan", "What goes ahead", plans.toArray(Html[]::new)));
            String environment = behind.get(0).delivery().environment().name();
            all.add(Bits.section(
                    "commits", "Commits since the last release to " + environment, deployments.commits(environment)));
        }
        all.add(Html.of(details.tests()));
        all.add(artifacts(details));
        all.add(Html.of(new RunDetails(alone(), now).votes(desk.refusedVotes(run))));
        all.add(decision(plan));
        return new Frame.Page(
                look.sign() + " " + run.pipeline() + ": " + stage.name() + " " + look.word(),
                Frame.Place.RUNS,
                Html.of(all),
                Optional.empty());
    }

    private RunView alone() {
        return new RunView(run.id(), run.pipeline(), run.plan(), run.source(), run.status(), List.of(stage));
    }

    private Html facts() {
        List<Bits.Fact> facts = new ArrayList<>();
        facts.add(new Bits.Fact("Run", Bits.link(Bits.run(run.id()), run.id().value())));
        facts.addAll(Bits.whatFor(run));
        if (Bits.question(stage).isPresent()) {
            facts.add(new Bits.Fact("Who decides", Bits.deciders(stage)));
        }
        stage.progress()
                .waiting()
                .flatMap(StageView.Waiting::until)
                .ifPresent(until -> facts.add(new Bits.Fact("Until", Words.left(until, now))));
        return Bits.facts(facts);
    }

    /** The artifacts that the approval is about; those of the whole run if it names none. */
    private Html artifacts(RunDetails details) {
        List<Produced> asked =
                Bits.question(stage).map(StageView.Question::artifacts).orElse(List.of());
        if (asked.isEmpty()) {
            return Html.of(details.artifacts());
        }
        List<Bits.Row> rows = asked.stream()
                .map(artifact -> Bits.Row.of(
                        Bits.text(artifact.name()),
                        Words.digest(artifact.digest()),
                        Html.text(Words.size(artifact.size()))))
                .toList();
        return Bits.section(
                "artifacts", "Artifacts", Bits.table("Artifacts", List.of("Artifact", "sha-256", "Size"), rows));
    }

    private Html decision(Plan plan) {
        Optional<StageView.Question> question = Bits.question(stage);
        if (question.isEmpty()) {
            return Bits.section("decision", "Decision", closed());
        }
        List<String> may = question.get().approvers().anyOf();
        Optional<String> name = Ballots.name(ask.visitor());
        if (name.isPresent() && !may.contains(name.get())) {
            return Bits.section(
                    "decision",
                    "Decision",
                    Tag.P.of(
                            Html.text("You are "),
                            Tag.STRONG.of(Bits.text(name.get())),
                            Html.text(", and this is for others to decide: "),
                            Bits.deciders(stage),
                            Html.text(".")));
        }
        return Bits.section("decision", "Your decision", form(plan, question.get(), name));
    }

    private Html closed() {
        return Tag.P.of(stage.progress()
                .verdict()
                .<Html>map(verdict -> Html.of(
                        Html.text("This is decided: "),
                        Bits.text(Words.why(verdict.cause(), verdict.detail())),
                        Html.text(".")))
                .orElseGet(() -> Html.text("This takes no votes yet: stages before it have not ended.")));
    }

    private Html form(Plan plan, StageView.Question question, Optional<String> name) {
        boolean needsComment = plan.stages().stream()
                .anyMatch(one -> one.name().equals(stage.name())
                        && one instanceof Stage.Approval approval
                        && approval.rules().contains(Stage.VotingRule.COMMENTED));
        Html.Element comment = Tag.TEXTAREA
                .of(ask.comment())
                .with(Attr.ID, "comment")
                .with(Attr.NAME, "comment")
                .with(Attr.ROWS, "3")
                .with(Attr.MAXLENGTH, Integer.toString(Vote.LONGEST_COMMENT))
                .when(needsComment, Attr.REQUIRED);
        return Tag.FORM
                .cls("decision")
                .with(Attr.METHOD, "post")
                .to(ask.action())
                .of(
                        hidden("token", ask.token()),
                        hidden("subject", question.subject().hex()),
                        name.isPresent()
                                ? Html.nothing()
                                : who(question.approvers().anyOf()),
                        Tag.LABEL
                                .of(needsComment ? "Comment" : "Comment, if you like")
                                .with(Attr.FOR, "comment"),
                        comment,
                        Tag.DIV
                                .cls("buttons")
                                .of(button("approve", "Approve", "yes"), button("reject", "Reject", "no")));
    }

    private static Html who(List<String> may) {
        List<Html> names = new ArrayList<>();
        names.add(Tag.OPTION.of("choose").with(Attr.VALUE, ""));
        may.forEach(name -> names.add(Tag.OPTION.of(name).with(Attr.VALUE, name)));
        return Html.of(
                Tag.LABEL.of("Who are you?").with(Attr.FOR, "by"),
                Tag.SELECT.of(names).with(Attr.ID, "by").with(Attr.NAME, "by").with(Attr.REQUIRED));
    }

    private static Html hidden(String name, String value) {
        return Tag.INPUT.of().with(Attr.TYPE, "hidden").with(Attr.NAME, name).with(Attr.VALUE, value);
    }

    private static Html button(String value, String text, String cls) {
        return Tag.BUTTON
                .cls("button " + cls)
                .with(Attr.TYPE, "submit")
                .with(Attr.NAME, "decision")
                .with(Attr.VALUE, value)
                .of(text);
    }
}
