// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.people;

import java.net.URI;
import java.util.List;

/**
 * An app of Slack through which approvers are asked in person, and answer. Its bot has the scopes {@code chat:write} and {@code im:write} and, so that a message whose
 * answer was lost is found again, {@code im:history}.
 *
 * @param token the secret reference of its bot's token
 * @param signing references of the secret with which Slack signs what people click: none without buttons, one, or two while one takes the other's place
 * @param api the address of Slack's API; another one for GovSlack
 */
public record SlackApp(String token, List<String> signing, String api) {
    /** Refuses references and addresses that are none. */
    public SlackApp {
        signing = signing.isEmpty() ? List.of() : References.oneOrTwo("the signing secret of a Slack app", signing);
        References.oneOrTwo("the token of a Slack app's bot", List.of(token));
        URI uri = URI.create(api);
        if (uri.getHost() == null || uri.getRawQuery() != null || uri.getRawFragment() != null || api.endsWith("/")) {
            throw new IllegalArgumentException(
                    Person.shown(api) + " is not the address of an API such as 'https://slack.com/api'");
        }
    }

    /**
     * An app whose messages lead to the page where one can vote.
     *
     * @param token the secret reference of its bot's token
     * @return the app
     */
    public static SlackApp bot(String token) {
        return new SlackApp(token, List.of(), "https://slack.com/api");
    }

    /**
     * The same app, whose messages have buttons to vote with. In the app's settings, interactivity is on with the address {@code <pages>/slack/interactions}.
     *
     * @param signing one or two references of the app's signing secret
     * @return another value
     */
    public SlackApp signingBy(String... signing) {
        return new SlackApp(token, References.oneOrTwo("the signing secret of a Slack app", List.of(signing)), api);
    }
}
