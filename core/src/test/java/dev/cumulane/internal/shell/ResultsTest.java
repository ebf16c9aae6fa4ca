// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.shell;

import static dev.cumulane.pipeline.Work.container;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.internal.order.OrderKeys;
import dev.cumulane.internal.order.ResultFile;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.pipeline.Stage;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.Cause;
import dev.cumulane.run.Produced;
import dev.cumulane.run.RunId;
import dev.cumulane.run.Verdict;
import dev.cumulane.testing.SimulatedCloud;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a hostile or confused worker writes as its result, and what the engine makes of it. */
class ResultsTest {
    private static final Pipeline SHOP = Pipeline.define("shop", p -> {
        p.build("build", container("alpine").runs("true").writes("jar", "a.jar").writes("tests", "tests"));
        p.test("unit", container("alpine").runs("true").reports("reports/*.xml"));
    });
    private static final RunId RUN = new RunId("shop-0k3v9q2m7xw4b1ce");
    private static final AttemptId BUILD = new AttemptId(RUN, "build", 1);
    private static final AttemptId UNIT = new AttemptId(RUN, "unit", 1);
    private static final Digest DIGEST = Digest.of(new byte[] {1});
    private static final Produced JAR = new Produced("jar", DIGEST, 10);
    private static final Produced TESTS = new Produced("tests", DIGEST, 10);

    private final SimulatedCloud cloud = SimulatedCloud.of(SHOP);
    private final ArtifactStore store = cloud.artifacts();
    private final Results results = new Results(store, cloud.secrets());

    @Test
    void theDeclaredArtifactsInAnyOrderAreBelieved() {
        assertThat(said(Verdict.success(TESTS, JAR))).isEqualTo(Verdict.success(TESTS, JAR));
    }

    @Test
    void anArtifactThatTheStageNeverDeclaredOrOneTooFewIsNotBelieved() {
        Produced more = new Produced("more", DIGEST, 1);

        assertThat(said(Verdict.success(JAR, TESTS, more)))
                .isEqualTo(
                        Verdict.of(
                                Cause.INTERNAL,
                                "the worker's result is not usable: it names artifacts [jar, more, tests] where the stage writes [jar, tests]"));
        assertThat(said(Verdict.success(JAR)).cause()).isEqualTo(Cause.INTERNAL);
        assertThat(said(Verdict.success()).artifacts()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            names = {"REJECTED", "EXPIRED", "NEEDS_UNMET", "CANCELLED", "REFUSED", "UNHEALTHY", "DEPLOYMENT_FAILED"})
    void aCauseThatIsNotTheWorkersToStateIsNotBelieved(Cause cause) {
        String json = lost().replace("LOST_WORKER", cause.name());

        assertThat(read(BUILD, json).cause()).isEqualTo(Cause.INTERNAL);
        assertThat(read(BUILD, json).detail()).contains("an attempt does not end with " + cause);
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {
                "COMPLETED",
                "REJECTED",
                "EXPIRED",
                "NEEDS_UNMET",
                "CANCELLED",
                "REFUSED",
                "UNHEALTHY",
                "DEPLOYMENT_FAILED"
            })
    void everyOtherCauseIs(Cause cause) {
        assertThat(said(Verdict.of(cause, "why"))).isEqualTo(Verdict.of(cause, "why"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\u0000",
                "\u001b[2J",
                "<html>",
                "null",
                "[]",
                "{}",
                "{\"format\":1}",
                "{\"format\":1,\"attempt\":\"shop-0k3v9q2m7xw4b1ce/build/2\",\"token\":\"a\",\"cause\":\"COMPLETED\",\"detail\":\"\"}",
                "{\"format\":2,\"attempt\":\"shop-0k3v9q2m7xw4b1ce/build/1\",\"token\":\"a\",\"cause\":\"COMPLETED\",\"detail\":\"\"}"
            })
    void whatIsNoResultOfThisAttemptIsAnErrorThatSaysSoOnOneLine(String text) {
        Verdict verdict = read(BUILD, text);

        assertThat(verdict.cause()).isEqualTo(Cause.INTERNAL);
        assertThat(verdict.detail())
                .startsWith("the worker's result is not usable: the result of attempt " + BUILD + " is refused: ")
                .doesNotContain("\n", "\u0000", "\u001b");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"artifacts\":[{\"name\":\"jar\",\"digest\":\"DEADBEEF\",\"size\":1}]",
                "\"artifacts\":[{\"name\":\"jar\",\"digest\":\"../../etc/passwd\",\"size\":1}]",
                "\"reports\":{\"digest\":\"0\",\"size\":1}",
                "\"failed\":{\"step\":-1,\"exitCode\":1}",
                "\"failed\":{\"step\":1,\"exitCode\":-1}",
                "\"times\":{\"startedAt\":-1,\"finishedAt\":0}",
                "\"detail\":\"twice\""
            })
    void aResultWithOneFieldWrongIsRefusedAsAWhole(String field) {
        assertThat(read(BUILD, lost().replace("}", "," + field + "}")).detail())
                .startsWith("the worker's result is not usable: ");
    }

    @Test
    void aNegativeSizeOfAReportOrAnArtifactIsRefused() {
        String reports = ",\"reports\":{\"digest\":\"" + DIGEST + "\",\"size\":-1}}";
        String artifacts = ",\"artifacts\":[{\"name\":\"jar\",\"digest\":\"" + DIGEST + "\",\"size\":-1}]}";

        assertThat(read(UNIT, lost(UNIT).replace("}", reports)).detail())
                .contains("size -1 of the reports is negative");
        assertThat(read(BUILD, lost().replace("LOST_WORKER", "COMPLETED").replace("}", artifacts))
                        .detail())
                .contains("size -1 of artifact jar is negative");
    }

    @Test
    void theLargestResultThatAStoreTakesGivesAVerdictThatARecordCanHold() {
        String filled = lost().replace("}", ",\"address\":\"\"}").replace("gone", "g".repeat(100_000));
        String largest = filled.replace("\"\"", "\"" + "x".repeat(ResultFile.MOST_BYTES - filled.length()) + "\"");
        assertThat(largest).hasSize(ResultFile.MOST_BYTES);

        Verdict verdict = read(BUILD, largest);

        assertThat(verdict.cause()).isEqualTo(Cause.LOST_WORKER);
        assertThat(verdict.detail()).hasSize(Verdict.LONGEST_DETAIL);
        assertThat(verdict.address()).as("only deployments have one").isEmpty();
    }

    @Test
    void fieldsThatNewerCodeAddsAreIgnored() {
        String newer = lost().replace("}", ",\"colour\":\"green\",\"more\":{\"deep\":[1,2]}}");

        assertThat(read(BUILD, newer)).isEqualTo(Verdict.of(Cause.LOST_WORKER, "gone"));
    }

    @Test
    void controlCharactersOfADetailBecomeSpaces() {
        assertThat(read(BUILD, lost().replace("gone", "a\\n\\u001b[2Jb")).detail())
                .isEqualTo("a  [2Jb");
    }

    @Test
    void aTestWhoseReportsAreNotThereOrAreNoArchiveDoesNotSucceed() {
        store.create(OrderKeys.result(UNIT), reporting(DIGEST));
        AttemptId second = new AttemptId(RUN, "unit", 2);
        Digest noArchive = store.put("no archive".getBytes(UTF_8));
        store.create(OrderKeys.result(second), reporting(second, noArchive));

        assertThat(results.read(UNIT, stage(UNIT)).orElseThrow().cause()).isEqualTo(Cause.OUTPUT_REFUSED);
        assertThat(results.read(UNIT, stage(UNIT)).orElseThrow().detail())
                .isEqualTo("the archive " + DIGEST + " is not in the artifact store");
        assertThat(results.read(second, stage(second)).orElseThrow().cause()).isEqualTo(Cause.OUTPUT_REFUSED);
    }

    @Test
    void whoeverCreatedTheResultFirstIsRight() {
        assertThat(results.settle(UNIT, stage(UNIT), "gone")).isEqualTo(Verdict.of(Cause.LOST_WORKER, "gone"));
        store.create(OrderKeys.result(UNIT), reporting(DIGEST));
        assertThat(results.read(UNIT, stage(UNIT))).contains(Verdict.of(Cause.LOST_WORKER, "gone"));

        store.create(OrderKeys.result(BUILD), result(BUILD, Verdict.success(JAR, TESTS)));
        assertThat(results.settle(BUILD, stage(BUILD), "gone")).isEqualTo(Verdict.success(JAR, TESTS));
    }

    @Test
    void theEngineKnowsItsOwnClaimAgainAndNoServiceIsAskedForATokenThatIsNone() {
        assertThat(results.takeClaim(BUILD)).isTrue();
        assertThat(results.takeClaim(BUILD))
                .as("again, for the answer was lost")
                .isTrue();
        assertThat(results.claimant(BUILD)).isEmpty();

        store.create(OrderKeys.claim(UNIT), "project:build-7.0123456789abcdef".getBytes(UTF_8));
        assertThat(results.takeClaim(UNIT)).isFalse();
        assertThat(results.claimant(UNIT)).contains("project:build-7");

        for (String hostile : List.of("", "a b", "a\n.1", "$(x).1", "x".repeat(1000) + ".1")) {
            AttemptId attempt = new AttemptId(RUN, "unit", 2 + hostile.length());
            store.create(OrderKeys.claim(attempt), hostile.getBytes(UTF_8));
            assertThat(results.claimant(attempt)).isEmpty();
            assertThat(results.takeClaim(attempt)).isFalse();
        }
    }

    private Verdict said(Verdict verdict) {
        AttemptId attempt = new AttemptId(RUN, "build", 1 + verdict.artifacts().size());
        store.create(OrderKeys.result(attempt), result(attempt, verdict));
        return results.read(attempt, stage(attempt)).orElseThrow();
    }

    private Verdict read(AttemptId attempt, String text) {
        store.create(OrderKeys.result(attempt), text.getBytes(UTF_8));
        return results.read(attempt, stage(attempt)).orElseThrow();
    }

    private static byte[] result(AttemptId attempt, Verdict verdict) {
        return new ResultFile(attempt, "build-1.0f", verdict, Optional.empty(), Optional.empty(), Optional.empty())
                .bytes();
    }

    private static byte[] reporting(Digest reports) {
        return reporting(UNIT, reports);
    }

    private static byte[] reporting(AttemptId attempt, Digest reports) {
        return new ResultFile(
                        attempt,
                        "build-1.0f",
                        Verdict.success(),
                        Optional.empty(),
                        Optional.of(new ResultFile.Reports(reports, 10)),
                        Optional.empty())
                .bytes();
    }

    private static String lost() {
        return lost(BUILD);
    }

    private static String lost(AttemptId attempt) {
        return new String(ResultFile.lost(attempt, "gone"), UTF_8);
    }

    private static Stage stage(AttemptId attempt) {
        return SHOP.plan().stages().stream()
                .filter(stage -> stage.name().equals(attempt.stage()))
                .findFirst()
                .orElseThrow();
    }
}
