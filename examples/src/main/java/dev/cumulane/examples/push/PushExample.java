// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.examples.push;

import dev.cumulane.cloud.CloudException;
import dev.cumulane.engine.Engine;
import dev.cumulane.examples.greeting.GreetingExample;
import dev.cumulane.examples.greeting.GreetingPipeline;
import dev.cumulane.local.Cumulane;
import dev.cumulane.notify.Destination;
import dev.cumulane.notify.Moment;
import dev.cumulane.notify.Notices;
import dev.cumulane.source.Forge;
import dev.cumulane.source.Repository;
import dev.cumulane.source.Statuses;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The greeting pipeline from {@code git push} on: a webhook, commit statuses, cards for Slack and Microsoft Teams, an approval. With any other command it is the command line
 * on what the last push left.
 */
public final class PushExample {
    /** The address of GitHub, Slack and Teams. */
    static final String NEIGHBOURS = "cumulane.example.neighbours";

    /** The address of the engine's pages. */
    static final String PAGES = "cumulane.example.pages";

    static final String HOOK_SECRET = "greeting-hook";
    static final String GITHUB_TOKEN = "greeting-token";
    static final String SLACK_TOKEN = "slack-bot";
    static final String TEAMS_ADDRESS = "teams-workflow";

    private static final Path STATE = Path.of(".cumulane", "push");
    private static final String APPROVER = "--approve-as";

    private PushExample() {}

    /**
     * Runs the example.
     *
     * @param args nothing; or {@code --approve-as} and a name, to go on without asking; or a command
     */
    public static void main(String[] args) {
        if (args.length > 0 && !args[0].equals(APPROVER)) {
            Cumulane.main(args, () -> GreetingExample.cloud(STATE), PushExample::fitted, GreetingPipeline::pipeline);
        }
        if (args.length == 1 || args.length > 2) {
            System.err.println(
                    "error: after " + APPROVER + " comes one name, such as ada; without it, the run waits for you");
            System.exit(2);
        }
        int code;
        try {
            code = new Story(STATE, args.length == 0 ? Optional.empty() : Optional.of(args[1])).tell();
        } catch (CloudException | IOException e) {
            System.err.println("error: " + e.getMessage());
            code = 3;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            code = 3;
        }
        System.exit(code);
    }

    private static Engine.Builder fitted(Engine.Builder engine) {
        return Optional.ofNullable(System.getProperty(NEIGHBOURS))
                .map(neighbours -> fitted(engine, neighbours, System.getProperty(PAGES, neighbours)))
                .orElse(engine);
    }

    /**
     * An engine that has, beside its pipeline, the repository, and people who are told.
     *
     * @param neighbours the address of GitHub, Slack and Teams
     * @param pages the address of the engine's pages
     */
    static Engine.Builder fitted(Engine.Builder engine, String neighbours, String pages) {
        Repository repository = Repository.on(
                        Forge.GITHUB,
                        "greeting",
                        TeamRepository.below(STATE).server().toString())
                .called(TeamRepository.FULL_NAME)
                .api(neighbours + "/github")
                .verifiedBy(HOOK_SECRET)
                .token(GITHUB_TOKEN)
                .reporting(Statuses.STAGES);
        Notices slack = Notices.to(
                        "slack", new Destination.SlackBot(SLACK_TOKEN, "C024BE91L", neighbours + "/slack/api"))
                .on(Moment.STARTED, Moment.WAITING, Moment.SUCCEEDED, Moment.FAILED, Moment.CANCELLED);
        Notices teams = Notices.to("teams", Destination.teamsWorkflow(TEAMS_ADDRESS))
                .on(Moment.WAITING, Moment.SUCCEEDED, Moment.FAILED, Moment.CANCELLED);
        return engine.repository(repository).notify(slack, teams).pages(pages).reachingInside(neighbours);
    }
}
