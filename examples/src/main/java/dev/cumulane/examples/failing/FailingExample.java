// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.examples.failing;

import dev.cumulane.cloud.CloudException;
import dev.cumulane.examples.greeting.GreetingExample;
import dev.cumulane.examples.greeting.GreetingPipeline;
import dev.cumulane.examples.greeting.SampleRepository;
import dev.cumulane.examples.greeting.SampleRepository.Version;
import dev.cumulane.local.Cumulane;
import dev.cumulane.local.LocalCloud;
import dev.cumulane.local.deliveries.EnvironmentStatus;
import dev.cumulane.run.Commit;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The greeting pipeline for a broken commit. {@code broken-test} has a test that fails; {@code broken-health} passes its tests but is not healthy once it is started, so
 * that the version before it, which is deployed first, keeps answering.
 */
public final class FailingExample {
    /** The variants, each for one way to fail. */
    public static final List<String> VARIANTS = List.of("broken-test", "broken-health");

    private static final String APPROVER = "--approve-as";
    private static final String ENVIRONMENT = "production";
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Path state;

    private FailingExample(Path state) {
        this.state = state;
    }

    /**
     * Runs a variant, or any other command on what it left.
     *
     * @param args {@code broken-test} or {@code broken-health} and options of {@code run}, or a command
     */
    public static void main(String[] args) {
        FailingExample example = new FailingExample(Path.of(".cumulane", "failing"));
        int code;
        try {
            code = example.run(List.of(args));
        } catch (IllegalArgumentException | CloudException e) {
            System.err.println("error: " + e.getMessage());
            code = e instanceof CloudException ? 3 : 2;
        }
        System.exit(code);
    }

    private int run(List<String> words) {
        String first = words.isEmpty() ? "" : words.get(0);
        List<String> rest = words.subList(Math.min(1, words.size()), words.size());
        if (List.of("--help", "-h").contains(first) || VARIANTS.contains(first) && rest.contains("--help")) {
            help().forEach(System.out::println);
            return 0;
        }
        if (VARIANTS.contains(first)) {
            return first.equals("broken-test") ? brokenTest(rest) : brokenHealth(rest);
        }
        if (first.isEmpty() || !first.startsWith("-") && !Cumulane.commands().contains(first)) {
            throw new IllegalArgumentException((first.isEmpty() ? "say what to run" : "there is no '" + first + "'")
                    + "; the variants are: " + String.join(", ", VARIANTS) + "; the commands are: "
                    + String.join(", ", Cumulane.commands()));
        }
        return Cumulane.run(words.toArray(String[]::new), cloud(), GreetingPipeline.pipeline());
    }

    private static List<String> help() {
        return List.of(
                "Runs the greeting pipeline for a commit that is broken.",
                "",
                "  broken-test    a unit test fails: nothing is asked, nothing is deployed",
                "  broken-health  a good release is deployed, then one that passes its tests and is not healthy: it is rolled back",
                "",
                "Both take the options of 'run', and '--approve-as ada' unless you name somebody.",
                "Or a command on what the last one left, each with --help: " + String.join(", ", Cumulane.commands()));
    }

    private int brokenTest(List<String> options) {
        return run(repository().commit(Version.BROKEN_TEST), options);
    }

    private int brokenHealth(List<String> options) {
        SampleRepository repository = repository();
        int good = run(repository.commit(Version.GREETING), options);
        if (good != 0) {
            return good;
        }
        System.out.println();
        System.out.println("Now the same with a release that is not healthy.");
        System.out.println();
        int broken = run(repository.commit(Version.BROKEN_HEALTH), options);
        System.out.println();
        System.out.println(answer().map(version -> "After the rollback, " + version)
                .orElse("After the rollback, nothing is deployed"));
        return broken;
    }

    private int run(Commit commit, List<String> options) {
        return Cumulane.run(words(commit, options).toArray(String[]::new), cloud(), GreetingPipeline.pipeline());
    }

    /**
     * What a variant types: ada approves, unless the options say who.
     *
     * @param commit what is run
     * @param options options of {@code run}
     * @return the words of the command line
     */
    public static List<String> words(Commit commit, List<String> options) {
        List<String> words = new ArrayList<>(List.of("run", "--repo", commit.repository(), "--commit", commit.id()));
        if (options.stream().noneMatch(option -> option.startsWith(APPROVER))) {
            words.addAll(List.of(APPROVER, "ada"));
        }
        words.addAll(options);
        return words;
    }

    private Optional<String> answer() {
        try (LocalCloud cloud = cloud()) {
            Optional<EnvironmentStatus> status = cloud.deliveries().status(ENVIRONMENT);
            if (status.isEmpty()) {
                return Optional.empty();
            }
            URI version = URI.create(status.get().address()).resolve("/version");
            String body = HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(version).timeout(PATIENCE).build(), BodyHandlers.ofString())
                    .body();
            return Optional.of(version + " answers: " + body.strip());
        } catch (IOException e) {
            return Optional.of("the service does not answer: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("interrupted");
        }
    }

    private LocalCloud cloud() {
        return GreetingExample.cloud(state);
    }

    private SampleRepository repository() {
        return SampleRepository.at(state.resolve("repository"));
    }
}
