// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.notify;

import java.util.regex.Pattern;

/** Where a notice goes. It names secrets and never holds one. */
public sealed interface Destination {
    /**
     * A channel of Slack, by an incoming webhook: each notice is a message of its own.
     *
     * @param reference the secret reference of the webhook's address
     * @return the destination
     */
    static Destination slackWebhook(String reference) {
        return new SlackWebhook(reference);
    }

    /**
     * A channel of Slack, by a bot: one message per run, which is kept up to date, and details in its thread. The bot's scopes are {@code chat:write} and, so that a
     * message whose answer was lost is found again, {@code channels:history} or {@code groups:history}.
     *
     * @param reference the secret reference of the bot's token
     * @param channel the channel's id, such as {@code C024BE91L}; not its name
     * @return the destination
     */
    static Destination slackBot(String reference, String channel) {
        return new SlackBot(reference, channel, "https://slack.com/api");
    }

    /**
     * A channel of Microsoft Teams, by the workflow "Post to a channel when a webhook request is received".
     *
     * @param reference the secret reference of the workflow's address, which is a secret since it holds its own signature
     * @return the destination
     */
    static Destination teamsWorkflow(String reference) {
        return new TeamsWorkflow(reference);
    }

    /**
     * Any other service, by a webhook that is signed as <a href="https://www.standardwebhooks.com">Standard Webhooks</a> says.
     *
     * @param url the service's address, without anything secret
     * @param reference the secret reference of the key, {@code whsec_} and 24 to 64 bytes in base64
     * @return the destination
     */
    static Destination webhook(String url, String reference) {
        return new Webhook(url, reference);
    }

    /**
     * The secret that it needs.
     *
     * @return the reference, as the cloud's secrets know it
     */
    String reference();

    /**
     * See {@link #slackWebhook}.
     *
     * @param reference the secret reference of the webhook's address
     */
    record SlackWebhook(String reference) implements Destination {
        /** Refuses an empty reference. */
        public SlackWebhook {
            Destinations.named(reference);
        }
    }

    /**
     * See {@link #slackBot}.
     *
     * @param reference the secret reference of the bot's token
     * @param channel the channel's id
     * @param api the address of Slack's API; another one for GovSlack
     */
    record SlackBot(String reference, String channel, String api) implements Destination {
        private static final Pattern CHANNEL = Pattern.compile("[CDG][A-Z0-9]{7,20}");

        /** Refuses an empty reference, and a channel that is no id. */
        public SlackBot {
            Destinations.named(reference);
            Destinations.address(api);
            if (!CHANNEL.matcher(channel).matches()) {
                throw new IllegalArgumentException("'" + channel.replaceAll("\\p{Cntrl}", "?")
                        + "' is no channel's id; it is at the end of the channel's details, such as C024BE91L");
            }
        }
    }

    /**
     * See {@link #teamsWorkflow}.
     *
     * @param reference the secret reference of the workflow's address
     */
    record TeamsWorkflow(String reference) implements Destination {
        /** Refuses an empty reference. */
        public TeamsWorkflow {
            Destinations.named(reference);
        }
    }

    /**
     * See {@link #webhook}.
     *
     * @param url the service's address
     * @param reference the secret reference of the key
     */
    record Webhook(String url, String reference) implements Destination {
        /** Refuses an empty reference, and an address that is none. */
        public Webhook {
            Destinations.named(reference);
            Destinations.address(url);
        }
    }
}
