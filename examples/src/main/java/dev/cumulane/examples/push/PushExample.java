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
import dev.cumulane.pipeline.Stage;
import dev.cumulane.source.Forge;
import dev.cumulane.source.Repository;
import dev.cumulane.source.Statuses;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
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
        String first = args.length == 0 ? "" : args[0];
        if (List.of("--help", "-h").contains(first)) {
            help().forEach(System.out::println);
            System.exit(0);
        }
        if (!first.isEmpty() && !first.startsWith(APPROVER)) {
            Cumulane.main(args, () -> GreetingExample.cloud(STATE), PushExample::fitted, GreetingPipeline::pipeline);
        }
        int code;
        try {
            code = new Story(STATE, approver(args)).tell();
        } catch (IllegalArgumentException e) {
            System.err.println("error: " + e.getMessage());
            code = 2;
        } catch (CloudException | IOException e) {
            System.err.println("error: " + e.getMessage());
            code = 3;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            code = 3;
        }
        System.exit(code);
    }

    private static List<String> help() {
        return List.of(
                "Runs the greeting pipeline from 'git push' on; GitHub, Slack and Teams are played on this machine.",
                "",
                "  --approve-as NAME  approves on the approval's page as NAME; without it, the run waits for you",
                "",
                "Or a command on what the last push left, each with --help: " + String.join(", ", Cumulane.commands()));
    }

    /**
     * Who approves.
     *
     * @param args nothing, or {@code --approve-as} and a name
     * @return the name; empty if the run is to wait
     * @throws IllegalArgumentException if there is something else, or somebody who may approve nothing
     */
    public static Optional<String> approver(String... args) {
        List<String> words = args.length == 1 && args[0].startsWith(APPROVER + "=")
                ? List.of(APPROVER, args[0].substring(APPROVER.length() + 1))
                : List.of(args);
        if (words.isEmpty()) {
            return Optional.empty();
        }
        String may = String.join(" or ", approvers());
        if (words.size() != 2 || !words.get(0).equals(APPROVER)) {
            throw new IllegalArgumentException("after " + APPROVER + " comes one name, " + may
                    + ", and nothing else; without it, the run waits for you");
        }
        if (!approvers().contains(words.get(1))) {
            throw new IllegalArgumentException(
                    APPROVER + " '" + words.get(1) + "': may approve nothing; those who may: " + may);
        }
        return Optional.of(words.get(1));
    }

    private static List<String> approvers() {
        return GreetingPipeline.pipeline().plan().stages().stream()
                .filter(Stage.Approval.class::isInstance)
                .flatMap(stage -> ((Stage.Approval) stage).approvers().anyOf().stream())
                .distinct()
                .toList();
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
