// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.page;

import dev.cumulane.cloud.HttpAnswer;
import dev.cumulane.internal.html.Address;
import dev.cumulane.internal.html.Attr;
import dev.cumulane.internal.html.Html;
import dev.cumulane.internal.html.Tag;
import dev.cumulane.internal.people.Invitation;
import dev.cumulane.internal.people.Visitor;
import dev.cumulane.internal.people.VotingLinks;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.RunView;
import dev.cumulane.run.SourceEvent;
import dev.cumulane.run.StageView;
import dev.cumulane.run.Vote;
import dev.cumulane.run.Voter;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedMap;

/** Shows what is to be decided, and takes the votes that forms bring. Opening a page never votes: mail and chat programs do that by themselves. */
final class Ballots {
    private final Desk desk;
    private final VotingLinks links;
    private final FormTokens tokens;
    private final Origins origins;

    Ballots(Desk desk, VotingLinks links, FormTokens tokens, Origins origins) {
        this.desk = desk;
        this.links = links;
        this.tokens = tokens;
        this.origins = origins;
    }

    /**
     * An approval, as one person sees it.
     *
     * @param run the run
     * @param stage the approval
     * @param visitor who looks
     * @param action where the form goes
     * @param after where a voter is led
     */
    private record Booth(RunView run, StageView stage, Visitor visitor, Address action, Address after) {}

    /** The name of somebody who is known. */
    static Optional<String> name(Visitor visitor) {
        if (visitor instanceof Visitor.Known known) {
            return Optional.of(known.name());
        }
        return visitor instanceof Visitor.Stranger stranger ? Optional.of(stranger.name()) : Optional.empty();
    }

    /** Answers a visitor of the pages. */
    HttpAnswer byVisitor(Asked asked, RunView run, StageView stage, Visitor visitor) {
        if (stage.kind() != StageView.Kind.APPROVAL) {
            throw Pages.notFound();
        }
        Address after = Bits.run(run.id()).with("voted", stage.name());
        return answer(asked, new Booth(run, stage, visitor, Bits.vote(run.id(), stage.name()), after));
    }

    /** Answers whoever has a voting link: they are the person whom it names. */
    HttpAnswer byLink(Asked asked, String token) {
        VotingLinks.Read read = links.read(token, desk.now());
        if (read instanceof VotingLinks.Read.Forged) {
            throw Pages.notFound();
        }
        boolean isOver = read instanceof VotingLinks.Read.Expired;
        Invitation invitation =
                isOver ? ((VotingLinks.Read.Expired) read).invitation() : ((VotingLinks.Read.Good) read).invitation();
        if (isOver && asked.isPost()) {
            throw new Refusal(410, "This link is too old: what it is about has expired.");
        }
        RunView run = desk.find(invitation.run()).orElseThrow(Pages::notFound);
        StageView stage = Pages.stage(run, invitation.stage());
        Visitor visitor = new Visitor.Known(invitation.person(), Vote.Via.LINK);
        Address here = Address.ours("vote", token);
        Booth booth = new Booth(run, stage, visitor, here, here.with("voted", stage.name()));
        boolean isAboutThis = Bits.question(stage)
                .map(question -> question.subject().equals(invitation.subject()))
                .orElse(true);
        if (asked.isPost() && !isAboutThis) {
            throw new Refusal(409, "What this link is about has changed since it was made.");
        }
        return answer(asked, booth);
    }

    private HttpAnswer answer(Asked asked, Booth booth) {
        if (asked.isPost()) {
            return vote(asked, booth);
        }
        boolean hasVoted = asked.parameter("voted").equals(booth.stage().name());
        return page(200, booth, hasVoted ? Optional.of(sent()) : Optional.empty(), "");
    }

    /** What somebody reads who has voted. */
    static Html sent() {
        return Tag.P.cls("said").with(Attr.ROLE, "status").of("Your vote has been sent; it counts in a moment.");
    }

    private HttpAnswer page(int status, Booth booth, Optional<Html> said, String comment) {
        String token = tokens.issue(booth.action().text(), identity(booth.visitor()), desk.now());
        Frame.Page page = ApprovalPage.of(
                desk,
                booth.run(),
                booth.stage(),
                new ApprovalPage.Ask(booth.visitor(), booth.action(), token, said, comment));
        return Answers.html(status, Frame.document(page, name(booth.visitor())));
    }

    private HttpAnswer vote(Asked asked, Booth booth) {
        origins.check(asked.request());
        SortedMap<String, String> form = asked.form();
        Instant now = desk.now();
        String comment = form.getOrDefault("comment", "").replace("\r\n", "\n");
        String token = form.getOrDefault("token", "");
        if (!tokens.isGood(token, booth.action().text(), identity(booth.visitor()), now)) {
            return again(
                    403,
                    booth,
                    "This form is too old, or not of this page. Look at it once more, and send it again.",
                    comment);
        }
        String by = name(booth.visitor()).orElse(form.getOrDefault("by", ""));
        if (!SourceEvent.isIdentity(by)) {
            return again(422, booth, "Say who you are.", comment);
        }
        if (comment.length() > Vote.LONGEST_COMMENT) {
            return again(422, booth, "A comment has at most " + Vote.LONGEST_COMMENT + " characters.", comment);
        }
        Voter voter = new Voter(by, via(booth.visitor()), Optional.of(seen(form)));
        try {
            desk.vote(booth.run().id(), booth.stage().name(), voter, decision(form), comment);
        } catch (IllegalArgumentException e) {
            return again(403, booth, message(e), comment);
        } catch (IllegalStateException e) {
            return again(409, booth, message(e), comment);
        }
        return Answers.seeOther(booth.after());
    }

    /** What the voter saw. */
    private static Digest seen(SortedMap<String, String> form) {
        try {
            return new Digest(form.getOrDefault("subject", ""));
        } catch (IllegalArgumentException e) {
            throw new Refusal(422, "This form does not say what is to be decided. Look at the page once more.");
        }
    }

    private static Vote.Via via(Visitor visitor) {
        if (visitor instanceof Visitor.Known known) {
            return known.via();
        }
        if (visitor instanceof Visitor.Stranger stranger) {
            return stranger.via();
        }
        return visitor instanceof Visitor.Unnamed unnamed ? unnamed.via() : Vote.Via.PAGE;
    }

    private static Vote.Decision decision(SortedMap<String, String> form) {
        return switch (form.getOrDefault("decision", "")) {
            case "approve" -> Vote.Decision.APPROVE;
            case "reject" -> Vote.Decision.REJECT;
            default -> throw new Refusal(422, "A vote approves or rejects.");
        };
    }

    private HttpAnswer again(int status, Booth booth, String why, String comment) {
        Html said = Tag.P.cls("said bad").with(Attr.ROLE, "alert").of(Bits.text(why));
        return page(status, booth, Optional.of(said), comment);
    }

    private static String message(RuntimeException e) {
        return String.valueOf(e.getMessage());
    }

    private static String identity(Visitor visitor) {
        return visitor.getClass().getSimpleName() + " " + name(visitor).orElse("");
    }
}
