// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.notice;

import dev.cumulane.internal.follow.Follower;
import dev.cumulane.internal.http.Caller;
import dev.cumulane.internal.http.Hosts;
import dev.cumulane.internal.notice.Announcer.Surroundings;
import dev.cumulane.notify.Destination;
import dev.cumulane.notify.Notices;
import java.net.URI;
import java.util.function.Function;

/** Makes the followers that deliver notices. */
public final class Notifiers {
    private Notifiers() {}

    /**
     * The follower of a rule.
     *
     * @param callers gives a caller that is kept to some hosts
     * @param around what it needs beside its rule and a caller
     */
    public static Follower of(Notices notices, Function<Hosts, Caller> callers, Surroundings around) {
        Destination destination = notices.destination();
        Caller caller = callers.apply(hosts(destination));
        if (destination instanceof Destination.SlackBot bot) {
            return new SlackBoard(notices, bot, caller, around);
        }
        return new Announcer(notices, sink(destination), caller, around);
    }

    private static Sink sink(Destination destination) {
        if (destination instanceof Destination.Webhook webhook) {
            return new SignedWebhook(URI.create(webhook.url()));
        }
        return destination instanceof Destination.TeamsWorkflow ? new Sink.Teams() : new Sink.Slack();
    }

    /** The hosts of a service; an address that is a secret leads to these and nowhere else. */
    private static Hosts hosts(Destination destination) {
        if (destination instanceof Destination.SlackBot bot) {
            return Hosts.ofUrl(bot.api());
        }
        if (destination instanceof Destination.Webhook webhook) {
            return Hosts.ofUrl(webhook.url());
        }
        return destination instanceof Destination.TeamsWorkflow
                ? Hosts.of().andBelow("logic.azure.com").andBelow("api.powerplatform.com")
                : Hosts.of("hooks.slack.com", "hooks.slack-gov.com");
    }
}
