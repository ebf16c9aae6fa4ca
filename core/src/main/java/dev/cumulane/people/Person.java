// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.people;

import dev.cumulane.pipeline.Approvers;
import dev.cumulane.source.Forge;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Somebody, and what other services call them.
 *
 * @param name the name by which approvals know this person
 * @param slack the id of their Slack user, such as {@code U024BE7LH}
 * @param identity what the proxy in front of the pages says when they have signed in
 * @param logins what forges call them
 */
public record Person(String name, Optional<String> slack, Optional<String> identity, List<Login> logins) {
    private static final Pattern SLACK_USER = Pattern.compile("[UW][A-Z0-9]{7,20}");
    private static final int LONGEST = 200;

    /**
     * What a forge calls somebody.
     *
     * @param forge the forge
     * @param name the name that runs of that forge's repositories show, in any case
     */
    public record Login(Forge forge, String name) {
        /** Refuses what is not one plain line of 1 to 200 characters. */
        public Login {
            plain("login", name);
        }
    }

    /** Copies the logins, and refuses what can be nobody's name. */
    public Person {
        logins = List.copyOf(logins);
        Approvers.anyOf(name);
        identity.ifPresent(value -> plain("identity", value));
        slack.filter(id -> !SLACK_USER.matcher(id).matches()).ifPresent(id -> {
            throw new IllegalArgumentException(shown(id)
                    + " is no Slack user's id; it is in the user's profile under 'Copy member ID', such as U024BE7LH");
        });
    }

    /**
     * Somebody whom no other service knows yet.
     *
     * @param name the name by which approvals know this person
     * @return the person
     */
    public static Person named(String name) {
        return new Person(name, Optional.empty(), Optional.empty(), List.of());
    }

    /**
     * The same person, who has a Slack user.
     *
     * @param id the user's id, such as {@code U024BE7LH}; not its name, which its owner can change
     * @return another value
     */
    public Person onSlack(String id) {
        return new Person(name, Optional.of(id), identity, logins);
    }

    /**
     * The same person, who signs in at the proxy in front of the pages.
     *
     * @param as what the proxy then says, such as {@code ada@example.com}, in any case
     * @return another value
     */
    public Person signedInAs(String as) {
        return new Person(name, slack, Optional.of(as), logins);
    }

    /**
     * The same person, who pushes and proposes changes: runs then name the person, so that nobody decides on what they asked for themselves.
     *
     * @param forge the forge
     * @param login what it calls them, in any case
     * @return another value
     */
    public Person pushing(Forge forge, String login) {
        List<Login> more = new ArrayList<>(logins);
        more.add(new Login(forge, login));
        return new Person(name, slack, identity, more);
    }

    private static void plain(String what, String value) {
        if (value.isBlank() || value.length() > LONGEST || value.chars().anyMatch(c -> c < ' ' || c == 127)) {
            throw new IllegalArgumentException(
                    what + " " + shown(value) + " is not usable: one line of 1 to " + LONGEST + " characters");
        }
    }

    static String shown(String value) {
        String cut = value.length() > 60 ? value.substring(0, 57) + "..." : value;
        return "'" + cut.replaceAll("\\p{Cntrl}", "?") + "'";
    }
}
