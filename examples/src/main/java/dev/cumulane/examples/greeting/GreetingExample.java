// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.examples.greeting;

import dev.cumulane.examples.greeting.SampleRepository.Version;
import dev.cumulane.local.Cumulane;
import dev.cumulane.local.LocalCloud;
import java.nio.file.Path;
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
        return LocalCloud.at(state).environment("production", e -> e.process(java.toString(), "-jar", "target/greeting.jar")
                .health("/health"));
    }

    /**
     * Runs the command line.
     *
     * @param args the words after the program's name; {@code --help} says which there are
     */
    public static void main(String[] args) {
        Path state = Path.of(".cumulane", "greeting");
        List<String> words = new ArrayList<>(List.of(args));
        if (words.contains("run") && !words.contains("--repo") && !words.contains("--resume") && !words.contains("--help")) {
            SampleRepository repository = SampleRepository.at(state.resolve("repository"));
            repository.commit(Version.GREETING);
            words.add("--repo");
            words.add(repository.directory().toString());
            words.add("--branch");
            words.add("main");
        }
        Cumulane.main(words.toArray(String[]::new), cloud(state), GreetingPipeline.pipeline());
    }
}
