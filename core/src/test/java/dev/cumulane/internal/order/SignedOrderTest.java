// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.order;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.cloud.contract.Awaiting;
import dev.cumulane.cloud.contract.SignedStore.Mishap;
import dev.cumulane.cloud.contract.SignedStore.Words;
import dev.cumulane.contracts.Needed;
import dev.cumulane.internal.http.FakeService;
import dev.cumulane.internal.order.Bench.Ended;
import dev.cumulane.internal.order.Bench.Launch;
import dev.cumulane.internal.order.BuildOrder.Source;
import dev.cumulane.internal.ticket.Ticket;
import dev.cumulane.pipeline.Cache;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.Cause;
import dev.cumulane.run.Commit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
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
    void keepsWhatTheStoreHasAlready(Words words) throws IOException {
        try (WorkSite other = new WorkSite(words)) {
            Bench bench = bench(Shell.SYSTEM);
            for (int attempt = 1; attempt <= 2; attempt++) {
                BuildOrder order = new BuildOrder(
                        AttemptId.parse("shop-0k3v9q2m7xw4b1ce/build/" + attempt),
                        Source.none(),
                        List.of(),
                        Bench.work(List.of("echo 1 >a"), new BuildOrder.Output("a", "a")),
                        new TreeMap<>());

                Ended ended = bench.launch(other.launcher(order)).await();

                assertThat(ended.exitCode()).as(ended.log()).isZero();
            }
            assertThat(other.store().log())
                    .anyMatch(line -> line.startsWith("PUT /objects/") && line.matches(".* (412|409|403)"));
        }
    }

    @ParameterizedTest
    @EnumSource(Words.class)
    void keepsAnOutputWhoseFirstAnswerWasLost(Words words) throws IOException {
        try (WorkSite other = new WorkSite(words)) {
            Bench bench = bench(Shell.SYSTEM);
            String launcher =
                    other.launcher(Bench.order(Bench.work(List.of("echo 1 >a"), new BuildOrder.Output("a", "a"))));
            // The order, the claim and the look for a result come before.
            other.store().next(Mishap.NONE, Mishap.NONE, Mishap.NONE, Mishap.UNANSWERED);

            Ended ended = bench.launch(launcher).await();

            assertThat(ended.exitCode()).as(ended.log()).isZero();
            assertThat(other.result().verdict().cause()).isEqualTo(Cause.COMPLETED);
            assertThat(other.store().log())
                    .filteredOn(line -> line.startsWith("PUT /objects/"))
                    .hasSizeGreaterThan(1)
                    .first()
                    .asString()
                    .endsWith(" 0");
        }
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

    @ParameterizedTest
    @EnumSource
    void findsWhatWasCachedBelowTheKeysThatItsTicketNames(Shell shell) throws IOException {
        Bench bench = bench(shell);
        Commit commit = bench.commit("pom.xml", "<a/>");
        Cache cache = new Cache("m2", ".m2", List.of("pom.xml"));
        String use = "if [ -f .m2/jar ]; then cp .m2/jar found; else mkdir .m2 && echo 1 >.m2/jar; fi";
        List<BuildOrder> orders = new ArrayList<>();
        for (int attempt = 1; attempt <= 2; attempt++) {
            orders.add(new BuildOrder(
                    AttemptId.parse("shop-0k3v9q2m7xw4b1ce/build/" + attempt),
                    Source.checkedOut(commit),
                    List.of(),
                    new BuildOrder.Work(
                            List.of(use),
                            List.of(),
                            List.of(),
                            List.of(),
                            List.of(new BuildOrder.Cached(cache, List.of("caches/shop/trusted/m2/"), "maven")),
                            List.of()),
                    new TreeMap<>()));
        }

        Ended filled = run(bench, orders.get(0));
        Ended found = run(bench, orders.get(1));

        assertThat(filled.log()).contains("cache m2: kept, ");
        assertThat(found.log()).contains("cache m2: restored, ").doesNotContain("cache m2: kept");
        assertThat(found.workspace().resolve("found")).hasContent("1");
        assertThat(site.wishes()).noneMatch(wish -> wish.startsWith("put ") || wish.startsWith("get "));
    }

    @ParameterizedTest
    @EnumSource
    void startsNothingWithATicketThatIsOverOrAnotherAttempts(Shell shell) throws IOException {
        Bench bench = bench(shell);
        BuildOrder order = Bench.order(Source.none(), "touch ran");
        Ticket right = site.ticket(order);
        Ticket others = new Ticket(
                AttemptId.parse("shop-0k3v9q2m7xw4b1ce/build/2"), right.until(), right.inputs(), right.caches());

        Ended another = bench.launch(site.launcher(order, others)).await();
        String launcher = site.launcher(order);
        site.simulated().advance(Duration.ofHours(2));
        Ended late = bench.launch(launcher).await();

        assertThat(another.exitCode()).isEqualTo(75);
        assertThat(another.log())
                .isEqualTo("== attempt " + Bench.ATTEMPT.key()
                        + " cannot be claimed: ingress answers 403: the ticket does not name this\n");
        assertThat(another.workspace()).isEmptyDirectory();
        assertThat(late.exitCode()).isEqualTo(69);
        assertThat(late.log()).isEqualTo("== the work order cannot be fetched: the last answer was 403\n");
        assertThat(site.claim()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void saysWhyAnInputCannotBeFetched(Shell shell) throws IOException {
        Bench bench = bench(shell);
        Digest digest = site.store().put("input".getBytes(UTF_8));
        BuildOrder order = Bench.order(new OrderInput("a", "b", "c", digest, 5), "touch ran");
        Ticket without = new Ticket(
                Bench.ATTEMPT,
                site.ticket(order).until(),
                new TreeSet<>(),
                site.ticket(order).caches());

        Ended ended = bench.launch(site.launcher(order, without)).await();

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(site.result().verdict().cause()).isEqualTo(Cause.INTERNAL);
        assertThat(site.result().verdict().detail())
                .isEqualTo("input b of stage a cannot be fetched: ingress answers 403: the ticket does not name this");
    }

    @ParameterizedTest
    @EnumSource
    void worksInADirectoryWithShellCharactersInItsName(Shell shell) throws IOException {
        Bench bench = new Bench(Files.createDirectories(home.resolve("it's $(touch hurt) \\ \"{a,b}[1-9]")), shell);
        bench.link("curl", Needed.program("curl"));

        Ended ended = run(bench, Bench.order(Bench.work(List.of("echo 1 >a"), new BuildOrder.Output("a", "a"))));

        assertThat(ended.exitCode()).as(ended.log()).isZero();
        assertThat(site.result().verdict().artifacts()).hasSize(1);
        assertThat(home.resolve("hurt")).doesNotExist();
        Bench.removeTools(bench.home());
    }

    @ParameterizedTest
    @EnumSource
    void takesNoAnswerOfIngressThatCurlCouldReadAsMore(Shell shell) throws IOException {
        Bench bench = bench(shell);
        String script = Bench.order(Source.none(), "touch ran").script("a ticket");
        for (String answer : List.of(
                "GET http://127.0.0.1:1/\"\noutput = \"" + home + "/hurt",
                "DELETE http://127.0.0.1:1/",
                "GET file:///etc/passwd",
                "<html>a proxy's page</html>")) {
            try (FakeService ingress = new FakeService(request -> FakeService.Reply.of(200, answer + "\n"))) {
                Ended ended = bench.with("CUMULANE_STORE", ingress.origin() + "/work")
                        .with("CUMULANE_TOKEN", "a")
                        .directly(script);

                assertThat(ended.exitCode()).isEqualTo(75);
                assertThat(ended.log()).endsWith("cannot be claimed: ingress answers with what is no request\n");
            }
        }
        assertThat(home.resolve("hurt")).doesNotExist();
    }

    private static void await(Callable<Boolean> condition) {
        try {
            Awaiting.until("the work", condition);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
