// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.internal.codec.Codec;
import dev.cumulane.internal.machine.RunProgress;
import dev.cumulane.internal.machine.Signal;
import dev.cumulane.pipeline.EverythingPipeline;
import dev.cumulane.pipeline.Plan;
import dev.cumulane.run.Vote;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whatever the bytes, there is a record or a {@link MalformedJsonException}; {@code -Dcumulane.seed=…} tries one seed alone. */
class FuzzTest {
    private static final int SEEDS = 10_000;

    private record Document(Class<?> type, byte[] bytes) {}

    @Test
    void aSpoiledDocumentIsReadOrMalformedAndNothingElse() throws IOException {
        List<Document> documents = documents();
        Long one = Long.getLong("cumulane.seed");
        int malformed = 0;
        for (long seed = one != null ? one : 1; seed <= (one != null ? one : SEEDS); seed++) {
            Document document = documents.get((int) (seed % documents.size()));
            malformed += read(document, new Mutations(seed).mutated(document.bytes()), seed) ? 0 : 1;
        }
        assertThat(one != null || malformed > SEEDS / 4)
                .as("%d were malformed", malformed)
                .isTrue();
    }

    private static boolean read(Document document, byte[] spoiled, long seed) {
        try {
            write(document.type(), RecordJson.read(document.type(), spoiled, 1 << 20));
            return true;
        } catch (MalformedJsonException e) {
            return false;
        } catch (RuntimeException | StackOverflowError e) {
            throw new AssertionError("seed " + seed + ": " + new String(spoiled, UTF_8), e);
        }
    }

    private static <T> void write(Class<T> type, Object value) {
        RecordJson.write(type, type.cast(value));
    }

    private static List<Document> documents() throws IOException {
        List<Document> documents = new ArrayList<>();
        documents.add(
                new Document(Plan.class, EverythingPipeline.pipeline().plan().bytes()));
        Vote vote = new Vote("ada", Vote.Decision.APPROVE, "well done", Instant.EPOCH);
        documents.add(new Document(
                Signal.class,
                Codec.bytes(new Signal.VoteCast(
                        "release", vote, EverythingPipeline.pipeline().plan().fingerprint()))));
        List<String> lines = Files.readAllLines(Path.of("src", "test", "resources", "golden", "all-goes-well.jsonl"));
        documents.add(
                new Document(RunProgress.Memo.class, lines.get(lines.size() - 1).getBytes(UTF_8)));
        for (String line : lines.subList(1, lines.size() - 1)) {
            documents.add(new Document(Codec.RunRecord.class, line.getBytes(UTF_8)));
        }
        return documents;
    }
}
