// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.examples.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processor time from a function's start to its first answer, beside a bare stream handler: same JDK, same options, both from jars, both with an archive of the
 * classes that the first event loads or both without, in turns. From JDK 25 on the archive is an AOT cache, which has linked classes. Medians; the kernel counts in hundredths of
 * a second.
 */
@Tag("strict")
final class ColdStartTest {
    private static final int ROUNDS = 7;
    private static final double MOST_FOR_THE_ENGINE = 10;
    private static final boolean HAS_AOT_CACHE = Runtime.version().feature() >= 25;
    private static final String WRITE = HAS_AOT_CACHE ? "-XX:AOTCacheOutput=" : "-XX:ArchiveClassesAtExit=";
    private static final String READ = HAS_AOT_CACHE ? "-XX:AOTCache=" : "-XX:SharedArchiveFile=";

    @TempDir
    Path directory;

    /** A function that is measured. */
    private record Started(Class<?> handler, String role, String event, Path jar) {
        List<Path> classPath() {
            List<Path> all = new ArrayList<>(List.of(jar));
            all.addAll(Jars.runtime());
            return all;
        }

        Duration first(List<String> options) throws Exception {
            return Sandbox.first(options, classPath(), handler, role, event).cpu();
        }
    }

    @Test
    void with_an_archive_the_engine_starts_within_ten_times_the_time_of_a_bare_handler() throws Exception {
        Map<String, Started> functions = new LinkedHashMap<>();
        functions.put("bare", new Started(BareHandler.class, "bare", "{}", Jars.bare(directory)));
        functions.put("ingress", new Started(GreetingCi.class, "ingress", FirstEvents.INGRESS, Jars.MINIMIZED));
        functions.put("engine", new Started(GreetingCi.class, "engine", FirstEvents.ENGINE, Jars.MINIMIZED));
        functions.put("worker", new Started(GreetingCi.class, "worker", FirstEvents.WORKER, Jars.MINIMIZED));

        measure("without an archive", functions, false);
        Map<String, Double> archived = measure("with an archive of classes", functions, true);

        assertThat(archived.get("engine")).isLessThanOrEqualTo(MOST_FOR_THE_ENGINE * archived.get("bare"));
    }

    private Map<String, Double> measure(String title, Map<String, Started> functions, boolean isArchived)
            throws Exception {
        Map<String, List<Duration>> times = new LinkedHashMap<>();
        for (Map.Entry<String, Started> function : functions.entrySet()) {
            times.put(function.getKey(), new ArrayList<>());
            if (isArchived) {
                function.getValue().first(List.of(WRITE + archive(function.getKey())));
            }
        }
        for (int round = 0; round < ROUNDS; round++) {
            for (Map.Entry<String, Started> function : functions.entrySet()) {
                List<String> options = isArchived ? List.of(READ + archive(function.getKey())) : List.of();
                times.getOrDefault(function.getKey(), List.of())
                        .add(function.getValue().first(options));
            }
        }
        Map<String, Double> medians = new LinkedHashMap<>();
        times.forEach((name, all) ->
                medians.put(name, all.stream().sorted().toList().get(ROUNDS / 2).toMillis() / 1000.0));
        System.out.println(title + ", JDK " + Runtime.version().feature());
        medians.forEach((name, seconds) ->
                System.out.printf("  %-8s %.2f s  %.1f x%n", name, seconds, seconds / medians.get("bare")));
        return medians;
    }

    private Path archive(String name) {
        return directory.resolve(name + ".jsa");
    }
}
