// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.standards;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cumulane.internal.codec.Codec;
import dev.cumulane.pipeline.Plan;
import dev.cumulane.run.HistoryRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The golden histories, in which every event occurs. */
final class Histories {
    private static final Path GOLDEN = Path.of("src", "test", "resources", "golden");

    private Histories() {}

    /** A plan, and what a run of it did. */
    record History(Plan plan, List<HistoryRecord> records) {}

    static List<String> names() {
        try (Stream<Path> files = Files.list(GOLDEN)) {
            return files.map(file -> file.getFileName().toString().replace(".jsonl", ""))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static History golden(String name) {
        try {
            List<String> lines = Files.readAllLines(GOLDEN.resolve(name + ".jsonl"));
            List<HistoryRecord> records = new ArrayList<>();
            for (String line : lines.subList(1, lines.size() - 1)) {
                Codec.RunRecord record = Codec.runRecord(line.getBytes(UTF_8));
                records.add(new HistoryRecord(records.size() + 1L, record.at(), record.events()));
            }
            return new History(Plan.parse(lines.get(0).getBytes(UTF_8)), records);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
