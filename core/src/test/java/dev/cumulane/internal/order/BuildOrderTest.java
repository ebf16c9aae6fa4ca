// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.order;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.Cause;
import dev.cumulane.run.Commit;
import dev.cumulane.run.Produced;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The work order, launched for real under every shell. */
class BuildOrderTest {
    @TempDir
    Path home;

    @AfterEach
    void removeTools() throws IOException {
        Bench.removeTools(home);
    }

    @ParameterizedTest
    @EnumSource
    void keepsOutputsAndReportsOfASuccess(Shell shell) throws IOException {
        Bench bench = new Bench(home, shell);
        Commit commit = bench.commit("README", "hello\n", "src/Main.java", "class Main {}\n");
        BuildOrder order = new BuildOrder(
                Bench.ATTEMPT,
                BuildOrder.Source.checkedOut(commit),
                List.of(),
                new BuildOrder.Work(
                        List.of(
                                "test -f src/Main.java; mkdir -p target/classes/empty target/surefire-reports; echo app >target/app.jar; echo 1 >'target/classes/ä b'",
                                "echo '<testsuite/>' >target/surefire-reports/TEST-a.xml; echo no >target/surefire-reports/a.txt"),
                        List.of(
                                new BuildOrder.Output("jar", "target/app.jar"),
                                new BuildOrder.Output("classes", "target/classes")),
                        List.of("**/surefire-reports/*.xml")),
                new TreeMap<>());

        Bench.Ended ended = bench.run(order);

        assertThat(ended.exitCode()).as(ended.log()).isZero();
        ResultFile result = bench.result();
        assertThat(result.verdict().cause()).isEqualTo(Cause.COMPLETED);
        assertThat(result.verdict().artifacts()).extracting(Produced::name).containsExactly("jar", "classes");
        assertThat(result.token()).isEqualTo(bench.claim().orElseThrow()).startsWith("local.");
        assertThat(result.reports()).isPresent();
        assertThat(result.times()).isPresent();
        for (Produced artifact : result.verdict().artifacts()) {
            byte[] bytes = Files.readAllBytes(bench.object(artifact.digest()));
            assertThat(Digest.of(bytes)).isEqualTo(artifact.digest());
            assertThat(artifact.size()).isEqualTo(bytes.length);
        }
        assertThat(ended.log())
                .contains("== checking out " + commit.id())
                .contains("== step 1 of 2: test -f src/Main.java;")
                .containsPattern("== step 2 of 2 ended with exit code 0 after \\d+ s")
                .contains("== packed 1 report files")
                .endsWith("== ended: COMPLETED\n");
    }

    @ParameterizedTest
    @EnumSource
    void stopsAtTheFirstFailingCommandAndKeepsTheReports(Shell shell) throws IOException {
        Bench bench = new Bench(home, shell);
        BuildOrder order = Bench.order(new BuildOrder.Work(
                List.of("echo one", "echo '<testsuite/>' >report.xml; false; echo not here", "touch never"),
                List.of(new BuildOrder.Output("jar", "app.jar")),
                List.of("*.xml")));

        Bench.Ended ended = bench.run(order);

        assertThat(ended.exitCode()).isEqualTo(1);
        ResultFile result = bench.result();
        assertThat(result.verdict().cause()).isEqualTo(Cause.COMMAND_FAILED);
        assertThat(result.verdict().detail()).isEqualTo("step 2 of 3 ended with exit code 1");
        assertThat(result.failedStep()).contains(new ResultFile.FailedStep(2, 1));
        assertThat(result.verdict().artifacts()).isEmpty();
        assertThat(result.reports()).isPresent();
        assertThat(ended.workspace().resolve("never")).doesNotExist();
        assertThat(ended.log()).doesNotContain("\nnot here");
    }

    @ParameterizedTest
    @EnumSource
    void unpacksTheOutputOfOneStageWhereTheNextExpectsIt(Shell shell) throws IOException {
        Bench bench = new Bench(home, shell);
        bench.run(Bench.order(Bench.work(
                List.of("mkdir -p target/deep; echo app >target/deep/app.jar; chmod 755 target/deep/app.jar"),
                new BuildOrder.Output("jar", "target"))));
        Produced jar = bench.result().verdict().artifacts().get(0);
        Commit commit = bench.commit("target/deep/README", "from the commit");
        BuildOrder next = new BuildOrder(
                new dev.cumulane.run.AttemptId(Bench.ATTEMPT.run(), "unit", 1),
                BuildOrder.Source.checkedOut(commit),
                List.of(new BuildOrder.Input("build", "jar", jar.digest(), jar.size())),
                Bench.work(
                        List.of(
                                "test -x target/deep/app.jar; cat target/deep/app.jar target/deep/README; git status --porcelain")),
                new TreeMap<>());

        Bench.Ended ended = bench.run(next);

        assertThat(ended.exitCode()).as(ended.log()).isZero();
        assertThat(ended.log()).contains("app\nfrom the commit").contains("?? target/deep/app.jar");
        assertThat(Optional.of(
                        Files.readString(ended.workspace().resolve("target/deep/app.jar"), StandardCharsets.UTF_8)))
                .contains("app\n");
    }
}
