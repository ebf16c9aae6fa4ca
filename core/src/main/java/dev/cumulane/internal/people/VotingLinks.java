// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.people;

import dev.cumulane.cloud.Secrets;
import dev.cumulane.internal.json.MalformedJsonException;
import dev.cumulane.internal.json.RecordJson;
import dev.cumulane.people.People;
import dev.cumulane.run.Vote;
import java.time.Instant;
import java.util.Optional;

/**
 * The links with which one person can vote once on one thing, and the values of the buttons that do the same. They are kept nowhere: the key proves them, the time ends
 * them, and the approval itself counts a person once and nothing but what it asks about.
 *
 * <p>A link names its person, so it is for that person's eyes: it goes into a direct message and never into a channel or a log. Opening it must change nothing, since
 * mail and chat programs open links by themselves; only a POST votes. Any thread.
 */
public final class VotingLinks {
    /** Where links lead, before their token. */
    public static final String PATH = "/vote/";

    private static final String LINK = "voting link";

    private final Seal seal;
    private final Optional<String> pages;
    private final boolean hasKey;

    /**
     * Links for these people.
     *
     * @param secrets has the keys that they name
     * @param pages the address of the pages, without a slash at its end
     */
    public VotingLinks(People people, Secrets secrets, Optional<String> pages) {
        this.seal = new Seal(secrets, people.linkKeys());
        this.pages = pages;
        this.hasKey = !people.linkKeys().isEmpty();
    }

    /** What a token is. */
    public sealed interface Read {
        /** It was made here, and the time is not up. */
        record Good(Invitation invitation) implements Read {}

        /** It was made here, and the approval that it is for has expired. */
        record Expired(Invitation invitation) implements Read {}

        /** It is nothing that was made here. */
        record Forged() implements Read {}
    }

    /** The link for somebody; empty without a key or an address of the pages. */
    public Optional<String> link(Invitation invitation) {
        return hasKey
                ? pages.flatMap(address -> token(invitation).map(token -> address + PATH + token))
                : Optional.empty();
    }

    /** The part of a link behind {@link #PATH}; empty without a key. */
    public Optional<String> token(Invitation invitation) {
        return sealed(LINK, invitation);
    }

    /** The value of a button that decides so; empty without a key. */
    public Optional<String> button(Invitation invitation, Vote.Decision decision) {
        return sealed(purpose(decision), invitation);
    }

    /** Reads the part of a link behind {@link #PATH}, from anywhere. */
    public Read read(String token, Instant now) {
        return opened(LINK, token, now);
    }

    /** Reads the value of a button that decides so, from anywhere. */
    public Read readButton(Vote.Decision decision, String value, Instant now) {
        return opened(purpose(decision), value, now);
    }

    private static String purpose(Vote.Decision decision) {
        return "button to " + decision;
    }

    private Optional<String> sealed(String purpose, Invitation invitation) {
        return hasKey ? seal.close(purpose, RecordJson.write(Invitation.class, invitation)) : Optional.empty();
    }

    private Read opened(String purpose, String text, Instant now) {
        Optional<byte[]> content = seal.open(purpose, text);
        if (content.isEmpty()) {
            return new Read.Forged();
        }
        try {
            Invitation invitation = RecordJson.read(Invitation.class, content.get(), Seal.LONGEST);
            return now.isAfter(invitation.until()) ? new Read.Expired(invitation) : new Read.Good(invitation);
        } catch (MalformedJsonException e) {
            // A key that another program signs with, too.
            return new Read.Forged();
        }
    }
}
