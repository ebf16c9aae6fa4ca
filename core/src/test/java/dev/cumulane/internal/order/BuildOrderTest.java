// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cumulane.internal.order.Bench.Ended;
import dev.cumulane.internal.order.BuildOrder.Output;
import dev.cumulane.internal.order.BuildOrder.Source;
import dev.cumulane.internal.order.BuildOrder.Work;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.Cause;
import dev.cumulane.run.Commit;
import dev.cumulane.run.Produced;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Work orders, launched for real under every shell. */
class BuildOrderTest extends OnTheBench {
    @ParameterizedTest
    @EnumSource
    void keepsOutputsAndReportsOfASuccess(Shell shell) throws IOException {
        Bench bench = new Bench(home, shell);
        Commit commit = bench.commit("README", "hello\n", "src/Main.java", "class Main {}\n");
        String compile = "test -f src/Main.java; mkdir -p target/classes/empty target/surefire-reports; "
                + "echo app >target/app.jar; echo 1 >'target/classes/\u00e4 b'";
        String test = "echo '<testsuite/>' >target/surefire-reports/TEST-a.xml; echo no >target/surefire-reports/a.txt";
        BuildOrder order = new BuildOrder(
                Bench.ATTEMPT,
                Source.checkedOut(commit),
                List.of(),
                new Work(
                        List.of(compile, test),
                        List.of(new Output("jar", "target/app.jar"), new Output("classes", "target/classes")),
                        List.of("**/surefire-reports/*.xml")),
                new TreeMap<>());

        Ended ended = bench.run(order);

        assertThat(ended.exitCode()).as(ended.log()).isZero();
        ResultFile result = bench.result();
        assertThat(result.verdict().cause()).isEqualTo(Cause.COMPLETED);
        assertThat(result.token()).isEqualTo(bench.claim().orElseThrow()).startsWith("local.");
        assertThat(result.times().orElseThrow().finishedAt())
                .isGreaterThanOrEqualTo(result.times().orElseThrow().startedAt());
        List<Produced> artifacts = result.verdict().artifacts();
        assertThat(artifacts).extracting(Produced::name).containsExactly("jar", "classes");
        for (Produced artifact : artifacts) {
            byte[] bytes = Files.readAllBytes(bench.object(artifact.digest()));
            assertThat(Digest.of(bytes)).isEqualTo(artifact.digest());
            assertThat(artifact.size()).isEqualTo(bytes.length);
        }
        assertThat(bench.contents(artifacts.get(0).digest()))
                .containsExactly(new Archives.Entry("target/app.jar", false, false, 4));
        assertThat(bench.contents(artifacts.get(1).digest()))
                .containsExactly(
                        new Archives.Entry("target/classes/empty", true, false, 0),
                        new Archives.Entry("target/classes/\u00e4 b", false, false, 2));
        assertThat(bench.contents(result.reports().orElseThrow().digest()))
                .extracting(Archives.Entry::name)
                .containsExactly("target/surefire-reports/TEST-a.xml");
        assertThat(ended.log())
                .contains("== checking out " + commit.id())
                .contains("== step 1 of 2: test -f src/Main.java;")
                .containsPattern("== step 2 of 2 ended with exit code 0 after \\d+ s")
                .endsWith("== ended: COMPLETED\n");
    }

    @ParameterizedTest
    @EnumSource
    void stopsAtTheFirstFailingCommandAndKeepsTheReports(Shell shell) throws IOException {
        Bench bench = new Bench(home, shell);

        Ended ended = bench.run(Bench.order(new Work(
                List.of("echo one", "echo '<testsuite/>' >report.xml; (exit 7); echo not here", "touch never"),
                List.of(new Output("jar", "app.jar")),
                List.of("*.xml"))));

        assertThat(ended.exitCode()).isEqualTo(1);
        ResultFile result = bench.result();
        assertThat(result.verdict().cause()).isEqualTo(Cause.COMMAND_FAILED);
        assertThat(result.verdict().detail()).isEqualTo("step 2 of 3 ended with exit code 7");
        assertThat(result.failedStep()).contains(new ResultFile.FailedStep(2, 7));
        assertThat(result.verdict().artifacts()).isEmpty();
        assertThat(result.reports()).isPresent();
        assertThat(ended.workspace().resolve("never")).doesNotExist();
        assertThat(ended.log()).doesNotContain("\nnot here");
    }

    @ParameterizedTest
    @EnumSource
    void unpacksAnOutputWhereItLayBesideWhatTheCommitHas(Shell shell) throws IOException {
        Bench bench = new Bench(home, shell);
        String make = "mkdir -p target/deep; echo app >target/deep/app.sh; chmod 700 target/deep/app.sh";
        bench.run(Bench.order(Bench.work(List.of(make), new Output("all", "target"))));
        Produced all = bench.result().verdict().artifacts().get(0);
        Commit commit = bench.commit("target/deep/README", "from the commit", "target/deep/app.sh", "old");
        BuildOrder next = new BuildOrder(
                new AttemptId(Bench.ATTEMPT.run(), "unit", 1),
                Source.checkedOut(commit),
                List.of(new OrderInput("build", "all", "target", all.digest(), all.size())),
                Bench.work(List.of(
                        "test -x target/deep/app.sh; cat target/deep/app.sh target/deep/README; git diff --name-only")),
                new TreeMap<>());

        Ended ended = bench.run(next);

        assertThat(ended.exitCode()).as(ended.log()).isZero();
        assertThat(ended.log()).contains("app\nfrom the commit").contains("target/deep/app.sh\n");
    }

    @ParameterizedTest
    @EnumSource
    void unpacksWhatAGroupWroteInDirectoriesOfTheGroupAndItsStages(Shell shell) throws IOException {
        Bench bench = new Bench(home, shell);
        bench.run(Bench.order(Bench.work(List.of("mkdir t; echo one >t/out"), new Output("out", "t/out"))));
        Produced out = bench.result().verdict().artifacts().get(0);
        BuildOrder next = new BuildOrder(
                new AttemptId(Bench.ATTEMPT.run(), "report", 1),
                Source.none(),
                List.of(
                        new OrderInput("unit-17", "out", "t/out", "unit/unit-17", out.digest(), out.size()),
                        new OrderInput("unit-21", "out", "t/out", "unit/unit-21", out.digest(), out.size())),
                Bench.work(List.of("cat unit/unit-17/t/out unit/unit-21/t/out")),
                new TreeMap<>());

        Ended ended = bench.run(next);

        assertThat(ended.exitCode()).as(ended.log()).isZero();
        assertThat(ended.log()).contains("one\none\n");
    }

    @ParameterizedTest
    @EnumSource
    void namesTheOutputsThatWereNotWritten(Shell shell) throws IOException {
        Bench bench = new Bench(home, shell);

        bench.run(Bench.order(Bench.work(
                List.of("echo 1 >there"),
                new Output("jar", "target/app.jar"),
                new Output("there", "there"),
                new Output("docs", "docs/\u00fc$(x)"))));

        assertThat(bench.result().verdict().cause()).isEqualTo(Cause.OUTPUT_MISSING);
        assertThat(bench.result().verdict().detail())
                .isEqualTo("not written: jar (target/app.jar), docs (docs/???(x))");
        assertThat(bench.result().verdict().artifacts()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void refusesOutputsThatCouldHurtWhoeverUnpacksThem(Shell shell) throws IOException {
        String newline = "printf x >\"out/a$(printf '\\nb')\"";
        List<String> bad = List.of(
                "ln -s nowhere out/link",
                "mkfifo out/pipe",
                newline,
                "printf x >'out/back\\slash'",
                "echo 1 >out/Readme; echo 2 >out/README",
                "rmdir out; ln -s . out");
        Bench bench = new Bench(home, shell);
        for (String command : bad) {
            bench.run(Bench.order(Bench.work(List.of("mkdir out", command), new Output("out", "out"))));

            assertThat(bench.result().verdict().cause()).as(command).isEqualTo(Cause.OUTPUT_REFUSED);
            assertThat(bench.result().verdict().detail()).startsWith("output out is refused: ");
            bench.forget();
        }
    }

    @ParameterizedTest
    @EnumSource
    void packsEqualFilesIntoEqualBytes(Shell shell) throws IOException {
        Bench bench = new Bench(home, shell);
        String one =
                "umask 077; mkdir -p o/b o/a; echo x >o/b/x; echo y >o/a/y; chmod 4711 o/b/x; touch -t 200203040506 o/a/y";
        String other = "umask 002; mkdir -p o/a o/b; echo y >o/a/y; echo x >o/b/x; chmod 755 o/b/x; ln o/a/y another";

        bench.run(Bench.order(Bench.work(List.of(one), new Output("o", "o"))));
        Produced first = bench.result().verdict().artifacts().get(0);
        bench.forget();
        bench.run(Bench.order(Bench.work(List.of(other), new Output("o", "o"))));

        assertThat(bench.result().verdict().artifacts()).containsExactly(first);
        assertThat(bench.contents(first.digest()))
                .containsExactly(
                        new Archives.Entry("o/a/y", false, false, 2), new Archives.Entry("o/b/x", false, true, 2));
    }

    @ParameterizedTest
    @EnumSource
    void keepsFilesThatAreOneOnTheDiskAsTwo(Shell shell) throws IOException {
        Bench bench = new Bench(home, shell);

        bench.run(Bench.order(Bench.work(List.of("mkdir o; echo x >o/a; ln o/a o/b"), new Output("o", "o"))));

        assertThat(bench.contents(bench.result().verdict().artifacts().get(0).digest()))
                .containsExactly(
                        new Archives.Entry("o/a", false, false, 2), new Archives.Entry("o/b", false, false, 2));
    }

    @ParameterizedTest
    @EnumSource
    void keepsAFailuresCauseWhenTheReportsAreRefused(Shell shell) throws IOException {
        Bench bench = new Bench(home, shell);

        bench.run(Bench.order(new Work(List.of("echo 1 >a.xml; echo 2 >A.xml; exit 3"), List.of(), List.of("*.xml"))));

        assertThat(bench.result().verdict().detail()).isEqualTo("step 1 of 1 ended with exit code 3");
        assertThat(bench.result().reports()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void keepsNothingBeyondTheLimits(Shell shell) throws IOException {
        Bench bench = new Bench(home, shell);
        BuildOrder order =
                Bench.order(Bench.work(List.of("mkdir o; echo 1234567890 >o/a; echo 1 >o/b"), new Output("o", "o")));

        bench.start(order.script(new ArchiveLimits(10, 12))).await();

        assertThat(bench.result().verdict().cause()).isEqualTo(Cause.OUTPUT_REFUSED);
        assertThat(bench.result().verdict().detail()).isEqualTo("output o is refused: it holds more than 12 bytes");
    }

    @Test
    void isTheSameScriptForTheSameOrder() {
        Source source = Source.named(Commit.commit("https://example.com/shop.git", "a".repeat(40)));

        assertThat(Bench.order(source, "true").script())
                .isEqualTo(Bench.order(source, "true").script());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/etc", "../x", "a/../b", "a//b", "", ".", "-rf", ".git/config", "a\\b", "a\nb", "C:/x"})
    void refusesAnOutputPathThatIsNotBelowTheWorkspace(String path) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Output("jar", path))
                .withMessageStartingWith("output path '")
                .withMessageContaining("relative to the workspace");
    }

    @Test
    void refusesNamesAndTextsThatNoShellCanHold() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new OrderInput("$(x)", "jar", "jar", Digest.of(new byte[0]), 0))
                .withMessageContaining("stage name '$(x)'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Work(List.of("a\0b"), List.of(), List.of()))
                .withMessageContaining("NUL");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Work(List.of(" "), List.of(), List.of()))
                .withMessage("a command is empty");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Work(List.of("x".repeat(40_000)), List.of(), List.of()))
                .withMessage("a command is longer than 32768 bytes");
    }
}
