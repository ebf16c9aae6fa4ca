// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.machine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.internal.codec.Codec;
import dev.cumulane.pipeline.Plan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Histories as released versions wrote them: a plan, the records, and the state that they fold to, one JSON document on each line. They stay for good; a new story's
 * file is written with {@code -Dcumulane.update=true}.
 */
class GoldenHistoryTest {
    private static final Path GOLDEN = Path.of("src", "test", "resources", "golden");

    static List<String> stories() {
        return List.copyOf(Stories.all().keySet());
    }

    @ParameterizedTest
    @MethodSource("stories")
    void aStoryFoldsToTheStateThatTheMachineHad(String name) {
        Driver told = Stories.told(Stories.all().get(name));
        assertThat(text(Codec.bytes(Driver.replay(told.plan(), told.journal()).memo())))
                .isEqualTo(text(Codec.bytes(told.run().memo())));
        assertThat(told.run().hasEnded()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("stories")
    void aGoldenHistoryIsReadFoldedAndWrittenAgainToTheSameBytes(String name) throws IOException {
        List<String> lines = golden(name);
        RunPlan plan = RunPlan.of(Plan.parse(lines.get(0).getBytes(UTF_8)));
        assertThat(plan.plan().json()).isEqualTo(lines.get(0));
        List<byte[]> journal = new ArrayList<>();
        for (String line : lines.subList(1, lines.size() - 1)) {
            Codec.RunRecord record = Codec.runRecord(line.getBytes(UTF_8));
            byte[] again = Codec.record(record.writer(), record.at(), record.events());
            assertThat(text(again)).isEqualTo(line);
            journal.add(again);
        }
        assertThat(text(Codec.bytes(Driver.replay(plan, journal).memo()))).isEqualTo(lines.get(lines.size() - 1));
    }

    @ParameterizedTest
    @MethodSource("stories")
    void fieldsOfALaterVersionChangeNothing(String name) throws IOException {
        List<String> lines = golden(name);
        RunPlan plan = RunPlan.of(Plan.parse(later(lines.get(0)).getBytes(UTF_8)));
        List<byte[]> journal = lines.subList(1, lines.size() - 1).stream()
                .map(line -> later(line).getBytes(UTF_8))
                .toList();
        assertThat(text(Codec.bytes(Driver.replay(plan, journal).memo()))).isEqualTo(lines.get(lines.size() - 1));
    }

    @Test
    void aSnapshotIsTheStateItself() throws IOException {
        List<String> lines = golden("all-goes-well");
        RunPlan plan = RunPlan.of(Plan.parse(lines.get(0).getBytes(UTF_8)));
        String state = lines.get(lines.size() - 1);
        assertThat(text(Codec.bytes(RunProgress.of(plan, Codec.runMemo(state.getBytes(UTF_8)))
                        .memo())))
                .isEqualTo(state);
    }

    /** The same document with a field in every object that has a type, as a later version may add one. */
    private static String later(String line) {
        return "{\"later\":[{\"x\":null}]," + line.substring(1).replace("{\"type\":", "{\"added\":1,\"type\":");
    }

    private static List<String> golden(String name) throws IOException {
        Path file = GOLDEN.resolve(name + ".jsonl");
        if (Boolean.getBoolean("cumulane.update") && !Files.exists(file)) {
            Driver told = Stories.told(Stories.all().get(name));
            List<String> lines = new ArrayList<>();
            lines.add(told.plan().plan().json());
            told.journal().forEach(record -> lines.add(text(record)));
            lines.add(text(Codec.bytes(told.run().memo())));
            Files.createDirectories(GOLDEN);
            Files.writeString(file, String.join("\n", lines) + "\n");
        }
        return Files.readAllLines(file);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, UTF_8);
    }
}
