// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.examples.greeting;

import dev.cumulane.cloud.CloudException;
import dev.cumulane.examples.greeting.SampleRepository.Version;
import dev.cumulane.local.Cumulane;
import dev.cumulane.local.LocalCloud;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The command line of the greeting pipeline on this machine. {@code run} makes the service's repository first. */
public final class GreetingExample {
    private GreetingExample() {}

    /**
     * Where the service runs: here, with everything in a state directory.
     *
     * @param state the state directory
     * @return the cloud
     */
    public static LocalCloud cloud(Path state) {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        return LocalCloud.at(state)
                .environment(
                        "production",
                        e -> e.process(java.toString(), "-jar", "target/greeting.jar")
                                .health("/health")
                                .healthyWithin(Duration.ofSeconds(8)));
    }

    /**
     * Runs the command line.
     *
     * @param args the words after the program's name; {@code --help} says which there are
     */
    public static void main(String[] args) {
        Path state = Path.of(".cumulane", "greeting");
        String[] words = {};
        try {
            words = words(state, args);
        } catch (IllegalArgumentException | CloudException e) {
            System.err.println("error: " + e.getMessage());
            System.exit(e instanceof CloudException ? 3 : 2);
        }
        Cumulane.main(words, () -> cloud(state), GreetingPipeline::pipeline);
    }

    /**
     * What is meant: without a command it is {@code run}; and {@code run} is for the service's repository, which is made, unless another is named.
     *
     * @param state the state directory
     * @param args what was typed
     * @return the words of the command line
     */
    public static String[] words(Path state, String... args) {
        List<String> words = new ArrayList<>(List.of(args));
        if (words.isEmpty()
                || words.get(0).startsWith("--")
                        && !List.of("--help", "--version").contains(words.get(0))) {
            words.add(0, "run");
        }
        boolean isNamed = words.contains("--repo") || words.contains("--resume") || words.contains("--help");
        if (words.get(0).equals("run") && !isNamed) {
            SampleRepository repository = SampleRepository.at(state.resolve("repository"));
            repository.commit(Version.GREETING);
            words.addAll(List.of("--repo", repository.directory().toString()));
            if (!words.contains("--branch") && !words.contains("--commit")) {
                words.addAll(List.of("--branch", "main"));
            }
        }
        return words.toArray(String[]::new);
    }
}
