// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.examples.push;

import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.Journal;
import dev.cumulane.engine.Engine;
import dev.cumulane.examples.greeting.GreetingExample;
import dev.cumulane.examples.greeting.GreetingPipeline;
import dev.cumulane.local.LocalCloud;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.RunEvent;
import dev.cumulane.run.RunId;
import dev.cumulane.run.RunView;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** One push and what comes of it, told line by line on standard output. */
final class Story {
    static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String APPROVAL = "release";
    private static final Duration LONGEST_BUILD = Duration.ofMinutes(20);
    private static final Duration LONGEST_RUN = Duration.ofDays(4);
    private static final int MOST_OPEN = 100;
    private static final long BETWEEN_LOOKS_MILLIS = 50;

    private final Path state;
    private final Optional<String> approver;
    private final Printed printed = new Printed(System.out);
    private final TeamRepository repository;

    /**
     * A story.
     *
     * @param state the state directory
     * @param approver who approves at once; without one, the run waits for the reader
     */
    Story(Path state, Optional<String> approver) {
        this.state = state;
        this.approver = approver;
        this.repository = TeamRepository.below(state);
    }

    /** Tells it; gives the exit code. */
    int tell() throws IOException, InterruptedException {
        repository.create();
        try (Neighbours neighbours = new Neighbours(printed, repository::branches, state.resolve("received.jsonl"));
                LocalCloud cloud = GreetingExample.cloud(state)) {
            String secret = HexFormat.of().formatHex(random());
            Path hookSecret = secret(PushExample.HOOK_SECRET, secret);
            secret(PushExample.GITHUB_TOKEN, Neighbours.TOKEN);
            secret(PushExample.SLACK_TOKEN, Neighbours.TOKEN);
            secret(PushExample.TEAMS_ADDRESS, neighbours.teamsWorkflow());
            try (Service service = Service.start(state, neighbours.origin())) {
                printed.line("serve listens at " + service.address() + "; GitHub, Slack and Teams are played at "
                        + neighbours.origin());
                repository.tell(URI.create(service.address() + "/hooks/greeting"), hookSecret);
                Engine engine = Engine.on(cloud).attach();
                RunId run = push(engine);
                service.cancelling(run);
                RunView end = watch(engine, run, neighbours, service);
                awaitTold(cloud, run);
                return summed(end, neighbours);
            }
        }
    }

    private RunId push(Engine engine) throws IOException, InterruptedException {
        String commit = repository.change();
        printed.say("ada", "git push, commit " + commit.substring(0, 12));
        repository.push().forEach(line -> printed.say("git", line));
        awaiting(PATIENCE, "the run to begin", () -> ofCommit(engine, commit).isPresent());
        RunId run = ofCommit(engine, commit).orElseThrow();
        printed.say("engine", "run " + run + " has begun");
        return run;
    }

    private static Optional<RunId> ofCommit(Engine engine, String commit) {
        return engine.list(10).stream()
                .filter(run -> run.source().commit().id().equals(commit))
                .map(RunView::id)
                .findFirst();
    }

    private RunView watch(Engine engine, RunId run, Neighbours neighbours, Service service)
            throws IOException, InterruptedException {
        awaiting(
                LONGEST_BUILD,
                "the build and its tests",
                () -> isAsked(engine, run)
                        || engine.find(run).orElseThrow().outcome().isPresent());
        if (isAsked(engine, run)) {
            String page = service.address() + "/runs/" + run + "/stages/" + APPROVAL + "/vote";
            awaiting(PATIENCE, "the card that asks for a vote", () -> neighbours.haveCard(APPROVAL));
            if (approver.isPresent()) {
                printed.say(approver.get(), "opens " + page + " and approves");
                new ApprovalForm(URI.create(page)).approve(approver.get(), "as the command line said");
            } else {
                printed.say(
                        "you",
                        "open " + page + " and decide; or in another terminal: " + program() + " approve latest "
                                + APPROVAL + " --as ada");
            }
        }
        return engine.await(run, LONGEST_RUN);
    }

    private static boolean isAsked(Engine engine, RunId run) {
        return engine.history(run).stream()
                .flatMap(record -> record.events().stream())
                .anyMatch(RunEvent.ApprovalRequested.class::isInstance);
    }

    private int summed(RunView end, Neighbours neighbours) {
        Outcome outcome = end.outcome().orElseThrow();
        printed.say("engine", "run " + end.id() + " ended: " + outcome);
        printed.line("");
        printed.line("What each was told, in order (the requests are in " + state.resolve("received.jsonl") + "):");
        neighbours.summary().forEach(line -> printed.line("  " + line));
        end.untold().forEach(untold -> printed.line("  not told: " + untold.follower() + ": " + untold.why()));
        return outcome == Outcome.SUCCESS
                        && neighbours.knowsTheEnd(
                                "cumulane/" + GreetingPipeline.pipeline().name())
                ? 0
                : 1;
    }

    private Path secret(String reference, String value) throws IOException {
        Path file = Files.createDirectories(state.resolve("secrets")).resolve(reference);
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(file, value).toAbsolutePath();
    }

    private static byte[] random() {
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }

    private static String program() {
        return Optional.ofNullable(System.getenv("CUMULANE_COMMAND")).orElse("examples/run push");
    }

    /** A run counts as open until everybody has heard of its end. */
    static void awaitTold(LocalCloud cloud, RunId run) throws InterruptedException {
        awaiting(
                PATIENCE,
                "everybody to hear of the end",
                () -> cloud.journal().open(cloud.clock().instant().plus(LONGEST_RUN), MOST_OPEN).stream()
                        .map(Journal.Listed::run)
                        .noneMatch(run::equals));
    }

    static void awaiting(Duration atMost, String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw CloudException.permanent("example", "waited " + atMost.toSeconds() + " s in vain for " + what);
            }
            TimeUnit.MILLISECONDS.sleep(BETWEEN_LOOKS_MILLIS);
        }
    }
}
