// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.Cause;
import dev.cumulane.run.Produced;
import dev.cumulane.run.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResultFileTest {
    private static final AttemptId ATTEMPT = Bench.ATTEMPT;
    private static final Digest DIGEST = Digest.of(new byte[] {1});
    private static final String GOOD = new String(ResultFile.lost(ATTEMPT, "gone"), StandardCharsets.UTF_8);

    @Test
    void readsWhatItWrote() throws RefusedInputException {
        ResultFile result = new ResultFile(
                ATTEMPT,
                "project:1.abcdef",
                Verdict.success(new Produced("jar", DIGEST, 10)),
                Optional.empty(),
                Optional.of(new ResultFile.Reports(DIGEST, 3)),
                Optional.of(new ResultFile.Times(1_795_000_000, 1_795_000_060)));

        assertThat(ResultFile.parse(ATTEMPT, result.bytes())).isEqualTo(result);
    }

    @Test
    void hasOneFormForWhatTheEngineWrites() {
        assertThat(GOOD)
                .isEqualTo("{\"format\":1,\"attempt\":\"shop-0k3v9q2m7xw4b1ce/build/1\",\"token\":\"engine\","
                        + "\"cause\":\"LOST_WORKER\",\"detail\":\"gone\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "{\"format\":1}",
                "{\"format\":1,\"format\":1}",
                "not json",
                "\u0000",
                "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
            })
    void refusesWhatIsNoResult(String text) {
        assertRefused(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "\"format\":1|\"format\":2",
                "/build/1|/build/2",
                "LOST_WORKER|SUCCESS",
                "LOST_WORKER|NEEDS_UNMET",
                "\"engine\"|\"a b\"",
                "\"engine\"|7",
                "\"gone\"|null",
                "\"gone\"|\"gone\",\"failed\":{\"step\":0,\"exitCode\":1}",
                "\"gone\"|\"gone\",\"failed\":{\"step\":1,\"exitCode\":256}",
                "\"gone\"|\"gone\",\"times\":{\"startedAt\":-1,\"finishedAt\":1}",
                "\"gone\"|\"gone\",\"reports\":{\"digest\":\"../x\",\"size\":1}",
                "\"gone\"|\"gone\",\"artifacts\":[{\"name\":\"jar\",\"digest\":\"0\",\"size\":1}]",
                "\"gone\"}|\"gone\"} {}",
            })
    void refusesAResultWithOneThingWrong(String good, String bad) {
        assertThat(GOOD).contains(good);
        assertRefused(GOOD.replace(good, bad));
    }

    @Test
    void refusesArtifactsWithHostileNamesOrOfAFailure() {
        String digest = DIGEST.hex();
        String artifact = ",\"artifacts\":[{\"name\":\"%s\",\"digest\":\"" + digest + "\",\"size\":%s}]}";
        String success = GOOD.replace("LOST_WORKER", "COMPLETED");

        assertRefused(success.replace("}", artifact.formatted("../x", "1")));
        assertRefused(success.replace("}", artifact.formatted("jar", "-1")));
        assertRefused(success.replace("}", artifact.formatted("jar", "1e30")));
        assertRefused(GOOD.replace("}", artifact.formatted("jar", "1")));
    }

    @Test
    void refusesATooLargeResult() {
        assertRefused(GOOD.replace("gone", "x".repeat(ResultFile.MOST_BYTES)));
    }

    @Test
    void ignoresFieldsThatNewerCodeAdds() throws RefusedInputException {
        String newer = GOOD.replace("}", ",\"colour\":\"green\"}");

        assertThat(ResultFile.parse(ATTEMPT, newer.getBytes(StandardCharsets.UTF_8))
                        .verdict())
                .isEqualTo(Verdict.of(Cause.LOST_WORKER, "gone"));
    }

    @Test
    void cutsADetailAndDropsItsControlCharacters() throws RefusedInputException {
        String hostile = GOOD.replace("gone", "x".repeat(2000)).replace("xxxx\"", "\\n\\u001b[2J\"");

        String detail = ResultFile.parse(ATTEMPT, hostile.getBytes(StandardCharsets.UTF_8))
                .verdict()
                .detail();

        assertThat(detail).hasSize(Verdict.LONGEST_DETAIL).doesNotContain("\u001b", "\n");
    }

    @Test
    void cannotBeMadeForWhatNoAttemptEndsWith() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ResultFile.written(ATTEMPT, Verdict.of(Cause.REJECTED, "")))
                .withMessage("an attempt does not end with REJECTED");
        Verdict addressed =
                new Verdict(Cause.COMPLETED, "", List.of(), Optional.empty(), Optional.of("http://127.0.0.1:1"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ResultFile.written(ATTEMPT, addressed))
                .withMessage("an attempt has no address; deployments have");
    }

    private static void assertRefused(String text) {
        assertThatExceptionOfType(RefusedInputException.class)
                .isThrownBy(() -> ResultFile.parse(ATTEMPT, text.getBytes(StandardCharsets.UTF_8)))
                .withMessageStartingWith("the result of attempt " + ATTEMPT + " is refused: ")
                .withMessageNotContainingAny("\n", "\u001b")
                .satisfies(e -> assertThat(e.getMessage().length()).isLessThan(300));
    }
}
