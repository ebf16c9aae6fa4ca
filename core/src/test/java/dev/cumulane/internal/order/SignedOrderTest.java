// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.order;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.cloud.contract.Awaiting;
import dev.cumulane.cloud.contract.SignedStore.Mishap;
import dev.cumulane.cloud.contract.SignedStore.Words;
import dev.cumulane.contracts.Needed;
import dev.cumulane.internal.order.Bench.Ended;
import dev.cumulane.internal.order.Bench.Launch;
import dev.cumulane.internal.order.BuildOrder.Source;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.Cause;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Orders that reach their store through signed requests, under every shell. */
class SignedOrderTest extends OnTheBench {
    private WorkSite site;

    @BeforeEach
    void open() throws IOException {
        site = new WorkSite();
    }

    @AfterEach
    void close() {
        site.close();
    }

    private Bench bench(Shell shell) throws IOException {
        Bench bench = new Bench(home, shell);
        bench.link("curl", Needed.program("curl"));
        return bench;
    }

    private Ended run(Bench bench, BuildOrder order) throws IOException {
        return bench.launch(site.launcher(order)).await();
    }

    @ParameterizedTest
    @EnumSource
    void fetchesInputsRunsAndKeepsWhatItWrote(Shell shell) throws IOException {
        Bench bench = bench(shell);
        run(bench, Bench.order(Bench.work(List.of("mkdir d && echo 1 >d/a"), new BuildOrder.Output("made", "d"))));
        var made = site.result().verdict().artifacts().get(0);
        OrderInput input = new OrderInput("build", "made", "d", made.digest(), made.size());
        BuildOrder second = new BuildOrder(
                AttemptId.parse("shop-0k3v9q2m7xw4b1ce/unit/1"),
                Source.none(),
                List.of(input),
                Bench.work(List.of("cat d/a >b", "env >../env"), new BuildOrder.Output("b", "b")),
                new TreeMap<>());

        Ended ended = run(bench, second);

        assertThat(ended.exitCode()).as(ended.log()).isZero();
        assertThat(ended.workspace().resolve("b")).hasContent("1");
        assertThat(Files.readString(ended.workspace().resolveSibling("env")))
                .doesNotContain("CUMULANE_STORE", "CUMULANE_TOKEN", "proof");
        assertThat(site.wishes())
                .filteredOn(wish -> !wish.startsWith("order ") && wish.contains("unit"))
                .containsExactly(
                        "create claims/shop-0k3v9q2m7xw4b1ce/unit/1 38",
                        "read results/shop-0k3v9q2m7xw4b1ce/unit/1.json",
                        site.wishes().get(site.wishes().size() - 1));
        assertThat(ended.log()).doesNotContain("signature", "proof");
        String mode = PosixFilePermissions.toString(
                Files.getPosixFilePermissions(ended.workspace().resolveSibling("order")));
        assertThat(mode).isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(ended.workspace().resolveSibling("order.sh"))))
                .isEqualTo("rw-------");
    }

    @ParameterizedTest
    @EnumSource
    void letsOneOfEightLaunchersRun(Shell shell) throws IOException {
        Bench bench = bench(shell);
        String launcher = site.launcher(Bench.order(Source.none(), "echo ran >>'" + home.resolve("ran") + "'"));
        List<Launch> launches = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            launches.add(bench.launch(launcher));
        }

        List<Ended> ended = launches.stream().map(Launch::await).toList();

        assertThat(Files.readAllLines(home.resolve("ran"))).containsExactly("ran");
        assertThat(ended).allSatisfy(one -> assertThat(one.exitCode()).isZero());
        assertThat(ended)
                .filteredOn(one -> one.log().endsWith("taken by someone else; nothing to do here\n"))
                .hasSize(7);
        assertThat(site.result().token()).isEqualTo(site.claim().orElseThrow());
    }

    @ParameterizedTest
    @EnumSource
    void recognisesItsOwnClaimThoughTheAnswerWasLost(Shell shell) throws IOException {
        Bench bench = bench(shell);
        String launcher = site.launcher(Bench.order(Source.none(), "true"));
        // The order itself is fetched first.
        site.store().next(Mishap.NONE, Mishap.UNANSWERED);

        Ended ended = bench.launch(launcher).await();

        assertThat(ended.exitCode()).as(ended.log()).isZero();
        assertThat(site.result().verdict().cause()).isEqualTo(Cause.COMPLETED);
        assertThat(site.store().log().subList(1, 3))
                .containsExactly(
                        "PUT /keys/" + OrderKeys.claim(Bench.ATTEMPT) + " 0",
                        "GET /keys/" + OrderKeys.claim(Bench.ATTEMPT) + " 200");
    }

    @ParameterizedTest
    @EnumSource(Words.class)
    void recognisesItsOwnClaimThatCameTwice(Words words) throws IOException {
        try (WorkSite other = new WorkSite(words)) {
            Bench bench = bench(Shell.SYSTEM);
            String launcher = other.launcher(Bench.order(Source.none(), "true"));
            other.store().next(Mishap.NONE, Mishap.DOUBLED);

            Ended ended = bench.launch(launcher).await();

            assertThat(ended.exitCode()).as(ended.log()).isZero();
            assertThat(other.result().verdict().cause()).isEqualTo(Cause.COMPLETED);
        }
    }

    @ParameterizedTest
    @EnumSource
    void goesOnThroughConflictsAndServicesThatAreDown(Shell shell) throws IOException {
        Bench bench = bench(shell);
        byte[] value = "x".repeat(2000).getBytes(UTF_8);
        Digest digest = site.store().put(value);
        TreeMap<String, OrderVariables.Stored> fetched = new TreeMap<>();
        fetched.put("LONG", new OrderVariables.Stored(digest, value.length));
        BuildOrder order = new BuildOrder(
                Bench.ATTEMPT,
                Source.none(),
                List.of(),
                Bench.work(List.of("printf %s \"$LONG\" >a"), new BuildOrder.Output("a", "a")),
                new OrderVariables(new TreeMap<>(), fetched));
        String launcher = site.launcher(order);
        site.ingressIsDownFor(1);
        site.store()
                .next(
                        Mishap.NONE, // the order
                        Mishap.CONFLICT, // claim: nobody has it
                        Mishap.NONE, // read: none
                        Mishap.NONE, // claim
                        Mishap.DOWN, // is there a result?
                        Mishap.SLOW,
                        Mishap.CUT, // the value
                        Mishap.NONE,
                        Mishap.DOWN, // the output
                        Mishap.UNANSWERED,
                        Mishap.NONE,
                        Mishap.UNANSWERED); // the result

        Ended ended = bench.launch(launcher).await();

        assertThat(ended.exitCode()).as(ended.log()).isZero();
        assertThat(ended.workspace().resolve("a")).hasContent("x".repeat(2000));
        assertThat(site.result().verdict().cause()).isEqualTo(Cause.COMPLETED);
        assertThat(site.store().has(site.result().verdict().artifacts().get(0).digest()))
                .isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void findsTheResultThatTheEngineWroteMeanwhile(Shell shell) throws IOException {
        Bench bench = bench(shell);
        String launcher = site.launcher(
                Bench.order(Source.none(), "while [ ! -f '" + home.resolve("go") + "' ]; do sleep 1; done"));
        Launch launch = bench.launch(launcher);
        await(() -> launch.log().contains("step 1 of 1"));
        site.store().create(OrderKeys.result(Bench.ATTEMPT), ResultFile.lost(Bench.ATTEMPT, "it was slow"));
        Files.createFile(home.resolve("go"));

        Ended ended = launch.await();

        assertThat(ended.exitCode()).isZero();
        assertThat(ended.log()).endsWith("was given another result meanwhile; this one is dropped\n");
        assertThat(site.result().verdict().detail()).isEqualTo("it was slow");
    }

    @ParameterizedTest
    @EnumSource
    void doesNothingOnceTheEngineHasTheClaim(Shell shell) throws IOException {
        Bench bench = bench(shell);
        site.store().create(OrderKeys.claim(Bench.ATTEMPT), "engine".getBytes(UTF_8));

        Ended ended = run(bench, Bench.order(Source.none(), "touch ran"));

        assertThat(ended.exitCode()).isZero();
        assertThat(ended.log()).endsWith("is taken by someone else; nothing to do here\n");
        assertThat(ended.workspace()).isEmptyDirectory();
    }

    @ParameterizedTest
    @EnumSource
    void refusesAnInputOfOtherBytesAndSaysWhichIsNotThere(Shell shell) throws IOException {
        Bench bench = bench(shell);
        Digest digest = site.store().put("right".getBytes(UTF_8));
        site.store().damage(digest, "wrong".getBytes(UTF_8));
        Digest absent = Digest.of("absent".getBytes(UTF_8));

        run(bench, Bench.order(new OrderInput("a", "b", "c", digest, 5), "touch ran"));
        assertThat(site.result().verdict().cause()).isEqualTo(Cause.INPUT_CORRUPT);

        BuildOrder second = new BuildOrder(
                AttemptId.parse("shop-0k3v9q2m7xw4b1ce/build/2"),
                Source.none(),
                List.of(new OrderInput("a", "b", "c", absent, 5)),
                Bench.work(List.of("touch ran")),
                new TreeMap<>());
        assertThat(run(bench, second).log()).endsWith("ended: INPUT_CORRUPT, input b of stage a is not in the store\n");
    }

    @ParameterizedTest
    @EnumSource
    void saysThatCurlIsMissing(Shell shell) throws IOException {
        Bench bench = bench(shell);
        bench.without("curl");

        Ended ended = run(bench, Bench.order(Source.none(), "true"));

        assertThat(ended.exitCode()).isEqualTo(69);
        assertThat(ended.log()).isEqualTo("== curl is not on the PATH of this machine\n");
    }

    private static void await(Callable<Boolean> condition) {
        try {
            Awaiting.until("the work", condition);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
