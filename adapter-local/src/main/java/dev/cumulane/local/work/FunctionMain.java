// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.work;

import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.FunctionWorker;
import dev.cumulane.local.artifacts.DirectoryArtifactStore;
import dev.cumulane.pipeline.Digest;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The child JVM of a function stage. Its arguments: the state directory, the order's digest, the variables that hold secrets. */
public final class FunctionMain {
    private FunctionMain() {}

    /**
     * Carries out one order and ends the JVM, whatever threads the stage left behind. Only the result tells success.
     *
     * @param words the state directory, the order's digest, the variables that hold secrets
     */
    public static void main(String[] words) {
        Map<String, String> environment = System.getenv();
        SortedMap<String, String> secrets = new TreeMap<>();
        for (int i = 2; i < words.length; i++) {
            secrets.put(words[i], environment.getOrDefault(words[i], ""));
        }
        int exit = 0;
        try {
            DirectoryArtifactStore store = new DirectoryArtifactStore(Path.of(words[0]));
            FunctionWorker worker = new FunctionWorker(
                    store, FunctionMain.class.getClassLoader(), secrets, System.out::println, InstantSource.system());
            worker.run(
                    new Digest(words[1]),
                    environment.getOrDefault("CUMULANE_SERVICE_ID", "local"),
                    Path.of("").toAbsolutePath());
        } catch (CloudException e) {
            System.out.println("== no result: " + e.getMessage());
            exit = 1;
        }
        System.out.flush();
        System.exit(exit);
    }
}
