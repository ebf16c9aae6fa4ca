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
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The greeting pipeline for a broken commit. {@code broken-test} has a test that fails; {@code broken-health} passes its tests but is not healthy once it is started, so
 * that the version before it, which is deployed first, keeps answering.
 */
public final class FailingExample {
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
        List<String> rest = List.of(args).subList(Math.min(1, args.length), args.length);
        int code;
        try {
            code = switch (args.length == 0 ? "" : args[0]) {
                case "broken-test" -> example.brokenTest(rest);
                case "broken-health" -> example.brokenHealth(rest);
                case "" -> missing();
                default -> Cumulane.run(args, example.cloud(), GreetingPipeline.pipeline());
            };
        } catch (IllegalArgumentException | CloudException e) {
            System.err.println("error: " + e.getMessage());
            code = e instanceof CloudException ? 3 : 2;
        }
        System.exit(code);
    }

    private static int missing() {
        System.err.println(
                "error: say which variant: broken-test or broken-health; or a command, such as runs or show");
        return 2;
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
        String[] words = Stream.concat(
                        Stream.of("run", "--repo", commit.repository(), "--commit", commit.id(), "--approve-as", "ada"),
                        options.stream())
                .toArray(String[]::new);
        return Cumulane.run(words, cloud(), GreetingPipeline.pipeline());
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
