// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.order;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.cloud.contract.Awaiting;
import dev.cumulane.contracts.Needed;
import dev.cumulane.internal.order.Bench.Ended;
import dev.cumulane.internal.order.Bench.Launch;
import dev.cumulane.internal.order.BuildOrder.Source;
import dev.cumulane.run.Cause;
import dev.cumulane.run.Commit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who may do an attempt's work, whose result counts, and what is left when the work is stopped or cannot begin. */
class ClaimTest extends OnTheBench {
    @ParameterizedTest
    @EnumSource
    void stopsQuietlyWhenSomeoneElseHasTheClaim(Shell shell) throws IOException {
        Bench bench = new Bench(home, shell);
        bench.create(OrderKeys.claim(Bench.ATTEMPT), "somebody.else");

        Ended ended = bench.run(Bench.order(Source.none(), "touch ran"));

        assertThat(ended.exitCode()).isZero();
        assertThat(ended.log()).endsWith("is taken by someone else; nothing to do here\n");
        assertThat(ended.workspace()).isEmptyDirectory();
        assertThat(bench.hasResult()).isFalse();
        assertThat(bench.claim()).contains("somebody.else");
    }

    @ParameterizedTest
    @EnumSource
    void stopsQuietlyWhenThereIsAResultAlready(Shell shell) throws IOException {
        Bench bench = new Bench(home, shell);
        String lost = new String(ResultFile.lost(Bench.ATTEMPT, "it was gone"), StandardCharsets.UTF_8);
        bench.create(OrderKeys.result(Bench.ATTEMPT), lost);

        Ended ended = bench.run(Bench.order(Source.none(), "touch ran"));

        assertThat(ended.exitCode()).isZero();
        assertThat(ended.workspace()).isEmptyDirectory();
        assertThat(bench.result().verdict().cause()).isEqualTo(Cause.LOST_WORKER);
    }

    @ParameterizedTest
    @EnumSource
    void leavesAResultThatSomeoneElseWroteMeanwhile(Shell shell) throws IOException {
        Bench bench = new Bench(home, shell);
        Path prepared = Files.write(home.resolve("prepared"), ResultFile.lost(Bench.ATTEMPT, "it was slow"));
        Path result = bench.key(OrderKeys.result(Bench.ATTEMPT));
        String write = "mkdir -p '" + result.getParent() + "'; cp '" + prepared + "' '" + result + "'";

        Ended ended = bench.run(Bench.order(Source.none(), write));

        assertThat(ended.exitCode()).isZero();
        assertThat(ended.log()).endsWith("was given another result meanwhile; this one is dropped\n");
        assertThat(bench.result().verdict().detail()).isEqualTo("it was slow");
    }

    @ParameterizedTest
    @EnumSource
    void leavesNoResultOnADiskThatTakesNoMore(Shell shell) throws IOException {
        Needed.that(Files.exists(Path.of("/dev/full")), "there is no /dev/full");
        Bench bench = new Bench(home, shell);

        Ended ended = bench.run(Bench.order(Source.none(), "ln -s /dev/full ../order/result.json"));

        Files.delete(ended.workspace().resolveSibling("order/result.json"));
        assertThat(ended.exitCode()).isEqualTo(75);
        assertThat(ended.log())
                .endsWith("== the result of attempt " + Bench.ATTEMPT.key()
                        + " cannot be written: the disk takes no more\n");
        assertThat(bench.hasResult()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void letsOneOfManyLaunchersRun(Shell shell) throws IOException {
        Bench bench = new Bench(home, shell);
        String script = Bench.order(Source.none(), "echo ran >>'" + home.resolve("ran") + "'")
                .script();
        List<Launch> launches = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            launches.add(bench.start(script));
        }

        launches.forEach(Launch::await);

        assertThat(Files.readAllLines(home.resolve("ran"))).containsExactly("ran");
        assertThat(bench.result().verdict().cause()).isEqualTo(Cause.COMPLETED);
        assertThat(bench.result().token()).isEqualTo(bench.claim().orElseThrow());
    }

    @ParameterizedTest
    @EnumSource
    void claimsWhereTheFileSystemHasNoHardLinks(Shell shell) throws IOException {
        Bench bench = new Bench(home, shell);
        bench.without("ln");

        bench.run(Bench.order(Source.none(), "echo ran >>'" + home.resolve("ran") + "'"));
        Ended second = bench.run(Bench.order(Source.none(), "echo ran >>'" + home.resolve("ran") + "'"));

        assertThat(second.log()).contains("is taken by someone else");
        assertThat(Files.readAllLines(home.resolve("ran"))).containsExactly("ran");
        assertThat(bench.result().verdict().cause()).isEqualTo(Cause.COMPLETED);
    }

    @ParameterizedTest
    @EnumSource
    void putsTheServicesIdIntoTheClaim(Shell shell) throws IOException {
        Bench bench = new Bench(home, shell).with("CUMULANE_SERVICE_ID", "project:1234-abcd/$(x)\"");

        bench.run(Bench.order(Source.none(), "true"));

        assertThat(bench.claim().orElseThrow()).matches("project:1234-abcdx\\.[0-9a-f]{32}");
    }

    @ParameterizedTest
    @EnumSource
    void leavesNoResultAndNoProcessWhenItIsStopped(Shell shell) throws Exception {
        Bench bench = new Bench(home, shell);
        Path pid = home.resolve("pid");
        String work = "(sleep 1000; true) & echo $! >'" + pid + "'; sleep 1000; touch after";

        Launch launch = bench.start(Bench.order(Source.none(), work).script());
        Awaiting.until("the child's id", () -> Files.exists(pid) && read(pid).endsWith("\n"));
        long child = Long.parseLong(read(pid).strip());
        launch.process().destroy();
        Ended ended = launch.await();

        assertThat(ended.exitCode()).isEqualTo(143);
        assertThat(bench.hasResult()).isFalse();
        assertThat(bench.claim()).isPresent();
        assertThat(ended.workspace().resolve("after")).doesNotExist();
        Awaiting.until(
                "the child's end",
                () -> ProcessHandle.of(child).filter(ProcessHandle::isAlive).isEmpty());
        Awaiting.until(
                "the end of all that it started",
                () -> launch.process().descendants().findAny().isEmpty());
    }

    @ParameterizedTest
    @EnumSource
    void namesTheToolThatIsMissing(Shell shell) throws IOException {
        Bench bench = new Bench(home, shell);
        Commit commit = bench.commit("a", "1");
        for (String tool : List.of("git", "gzip", "tar")) {
            bench.without(tool);

            Ended ended = bench.run(Bench.order(Source.checkedOut(commit), "touch ran"));

            assertThat(ended.exitCode()).isEqualTo(1);
            assertThat(bench.result().verdict().cause()).isEqualTo(Cause.MISSING_TOOL);
            assertThat(bench.result().verdict().detail()).isEqualTo(tool + " is not on the PATH of this machine");
            bench.forget();
        }
    }

    @ParameterizedTest
    @EnumSource
    void needsGitForACheckoutOnly(Shell shell) throws IOException {
        Bench bench = new Bench(home, shell);
        bench.without("git");

        assertThat(bench.run(Bench.order(Source.none(), "true")).exitCode()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void worksWithAnyOfTheThreeDigestTools(Shell shell) throws IOException {
        for (String tool : List.of("shasum", "openssl")) {
            Path real = Needed.program(tool);
            Bench bench = new Bench(Files.createDirectories(home.resolve(tool)), shell);
            bench.without("sha256sum", "shasum", "openssl");
            bench.link(tool, real);

            Ended ended = bench.run(Bench.order(Bench.work(List.of("echo 1 >a"), new BuildOrder.Output("a", "a"))));

            assertThat(ended.exitCode()).as(ended.log()).isZero();
            assertThat(bench.object(bench.result().verdict().artifacts().get(0).digest()))
                    .exists();
            Bench.removeTools(bench.home());
        }
    }

    @ParameterizedTest
    @EnumSource
    void doesNotBeginWhereAnotherOrderHasBeen(Shell shell) throws IOException {
        Bench bench = new Bench(home, shell);
        Files.createDirectories(home.resolve("launch 1/workspace"));

        Ended ended = bench.run(Bench.order(Source.none(), "touch ran"));

        assertThat(ended.exitCode()).isEqualTo(64);
        assertThat(ended.log()).contains("a work order runs in an empty directory");
        assertThat(bench.claim()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void refusesAStoreOfAnotherKindAndATokenThatIsNone(Shell shell) throws IOException {
        Bench bench = new Bench(home, shell);
        String script = Bench.order(Source.none(), "touch ran").script();

        Ended otherStore = bench.with("CUMULANE_STORE", "s3://bucket/$(x)")
                .with("CUMULANE_TOKEN", "a")
                .directly(script);
        Ended otherToken = bench.with("CUMULANE_STORE", "file:/tmp")
                .with("CUMULANE_TOKEN", "a b")
                .directly(script);

        assertThat(otherStore.exitCode()).isEqualTo(64);
        assertThat(otherStore.log())
                .isEqualTo(
                        "== CUMULANE_STORE is 's3://bucket/?(x)'; it has to be file: and the absolute path of a directory, or the address of ingress\n");
        assertThat(otherToken.exitCode()).isEqualTo(64);
        assertThat(otherToken.log()).startsWith("== CUMULANE_TOKEN has to be letters, digits, ");
        assertThat(otherStore.workspace()).doesNotExist();
    }

    @ParameterizedTest
    @EnumSource(names = "SYSTEM")
    void givesUpWhereTheStoreTakesNothing(Shell shell) throws IOException {
        Bench bench = new Bench(home, shell);
        Path file = Files.writeString(home.resolve("a file"), "");

        Ended ended = bench.with("CUMULANE_STORE", "file:" + file)
                .with("CUMULANE_TOKEN", "a")
                .directly(Bench.order(Source.none(), "touch ran").script());

        assertThat(ended.exitCode()).isEqualTo(75);
        assertThat(ended.log()).endsWith("cannot be claimed: the store takes no key\n");
        assertThat(ended.workspace()).isEmptyDirectory();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
