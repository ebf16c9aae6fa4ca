// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cumulane.internal.order.Bench.Ended;
import dev.cumulane.pipeline.Cache;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.Cause;
import dev.cumulane.run.Commit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Caches that real commands fill and find, under every shell. */
class CacheOrderTest extends OnTheBench {
    private static final Cache CACHE = new Cache("m2", ".m2/repository", List.of("pom.xml", "**/pom.xml"));
    private static final String FILL =
            "mkdir -p .m2/repository/a && echo jar >.m2/repository/a/a.jar && echo filled >>count";
    private static final String USE =
            "if [ -f .m2/repository/a/a.jar ]; then cat .m2/repository/a/a.jar; else " + FILL + "; fi";

    private static BuildOrder order(Commit commit, String image, List<String> keys, String command) {
        BuildOrder.Work work = new BuildOrder.Work(
                List.of(command),
                List.of(),
                List.of(),
                List.of(),
                List.of(new BuildOrder.Cached(CACHE, keys, image)),
                List.of());
        return new BuildOrder(Bench.ATTEMPT, BuildOrder.Source.checkedOut(commit), List.of(), work, new TreeMap<>());
    }

    private static BuildOrder order(Commit commit, String command) {
        return order(commit, "maven:3.9", List.of("caches/shop/trusted/m2/"), command);
    }

    private List<Path> entries(Bench bench, String scope) throws IOException {
        Path directory = bench.key("caches/shop/" + scope + "/m2");
        if (!Files.exists(directory)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.toList();
        }
    }

    private static Ended again(Bench bench, BuildOrder order) throws IOException {
        bench.forget();
        return bench.run(order);
    }

    @ParameterizedTest
    @EnumSource
    void whatOneRunFilledTheNextOneFindsUntilAKeyFileChanges(Shell shell) throws IOException {
        Bench bench = new Bench(home, shell);
        Commit first = bench.commit("pom.xml", "<a/>", "sub/dir/pom.xml", "<b/>", "readme", "1");

        Ended filled = bench.run(order(first, USE));
        assertThat(filled.exitCode()).as(filled.log()).isZero();
        assertThat(filled.log()).contains("cache m2: kept, ");
        assertThat(entries(bench, "trusted")).hasSize(1);

        Ended found = again(bench, order(bench.commit("readme", "2"), USE));
        assertThat(found.log()).contains("cache m2: restored, ").doesNotContain("cache m2: kept");
        assertThat(found.workspace().resolve("count")).doesNotExist();
        assertThat(found.workspace().resolve(".m2/repository/a/a.jar")).hasContent("jar");

        Ended other = again(bench, order(bench.commit("sub/dir/pom.xml", "<c/>"), USE));
        assertThat(other.log()).contains("cache m2: kept, ");
        assertThat(other.workspace().resolve("count")).exists();
        assertThat(entries(bench, "trusted")).hasSize(2);
    }

    /** The entry of a cache that one run has filled. */
    private Path filled(Bench bench, Commit commit) throws IOException {
        bench.run(order(commit, USE));
        return entries(bench, "trusted").get(0);
    }

    @ParameterizedTest
    @EnumSource
    void aBrokenOrHostileEntryIsAsGoodAsNone(Shell shell) throws IOException {
        Bench bench = new Bench(home, shell);
        Commit commit = bench.commit("pom.xml", "<a/>");
        Path entry = filled(bench, commit);
        String good = Files.readString(entry);
        Path outside = Files.writeString(home.resolve("outside"), "secret");
        String zeros = "0".repeat(64);
        for (String bad : List.of(
                "",
                "\n",
                "nonsense",
                zeros + " 1",
                good + "\n" + good,
                good + "0",
                "../../../../../../" + outside + " 6",
                zeros + " $(touch hurt)",
                "x".repeat(100_000))) {
            Files.writeString(entry, bad);
            Ended ended = again(bench, order(commit, USE));
            assertThat(ended.exitCode()).as("entry %s: %s", bad, ended.log()).isZero();
            assertThat(ended.log()).contains("cache m2: not usable: its entry is damaged");
            assertThat(ended.workspace().resolve("count")).exists();
            assertThat(ended.workspace().resolve("hurt")).doesNotExist();
            assertThat(bench.result().verdict().cause()).isEqualTo(Cause.COMPLETED);
        }
    }

    @ParameterizedTest
    @EnumSource
    void damagedBytesAndArchivesWithWhatMustNotBeThereAreAsGoodAsNone(Shell shell) throws IOException {
        Bench bench = new Bench(home, shell);
        Commit commit = bench.commit("pom.xml", "<a/>");
        Path entry = filled(bench, commit);
        String digest = Files.readString(entry).substring(0, 64);
        Path object = bench.object(new Digest(digest));
        byte[] bytes = Files.readAllBytes(object);
        bytes[bytes.length / 2] ^= 1;
        Files.write(object, bytes);
        Ended damaged = again(bench, order(commit, USE));
        assertThat(damaged.log()).contains("cache m2: not usable");
        assertThat(damaged.workspace().resolve("count")).exists();

        // A whole archive, but of another path than the cache's.
        byte[] other = Files.readAllBytes(bench.object(archived(bench)));
        Files.writeString(entry, Digest.of(other).hex() + " " + other.length);
        Ended elsewhere = again(bench, order(commit, USE));
        assertThat(elsewhere.exitCode()).as(elsewhere.log()).isZero();
        assertThat(elsewhere.log()).contains("cache m2: not usable: it cannot be put in its place");
        assertThat(elsewhere.workspace().resolve("src")).doesNotExist();
    }

    /** The archive of a stage's output. */
    private static Digest archived(Bench bench) throws IOException {
        bench.forget();
        Ended ended = bench.run(Bench.order(
                Bench.work(List.of("mkdir src; echo boo >src/evil"), new BuildOrder.Output("other", "src/evil"))));
        assertThat(ended.exitCode()).as(ended.log()).isZero();
        return bench.result().verdict().artifacts().get(0).digest();
    }

    @ParameterizedTest
    @EnumSource
    void aFailureKeepsNothingAndACacheThatCannotBeKeptFailsNothing(Shell shell) throws IOException {
        Bench bench = new Bench(home, shell);
        Commit commit = bench.commit("pom.xml", "<a/>");

        Ended failed = bench.run(order(commit, FILL + "; false"));
        assertThat(failed.exitCode()).isOne();
        assertThat(entries(bench, "trusted")).isEmpty();

        Ended linked = again(bench, order(commit, FILL + "; ln -s a .m2/repository/link"));
        assertThat(linked.exitCode()).as(linked.log()).isZero();
        assertThat(linked.log()).contains("cache m2: not kept: cache m2 is refused");
        assertThat(bench.result().verdict().cause()).isEqualTo(Cause.COMPLETED);

        Ended empty = again(bench, order(commit, "true"));
        assertThat(empty.log()).contains("cache m2: not kept, nothing is at its place");
        assertThat(entries(bench, "trusted")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aBranchSeesWhatTrustedRunsKeptAndCannotChangeWhatTheySee(Shell shell) throws IOException {
        Bench bench = new Bench(home, shell);
        Commit commit = bench.commit("pom.xml", "<a/>");
        List<String> branch = List.of("caches/shop/internal/m2/", "caches/shop/trusted/m2/");

        bench.run(order(commit, "maven:3.9", branch, FILL + "; echo poison >.m2/repository/a/a.jar"));
        assertThat(entries(bench, "internal")).hasSize(1);
        Ended trusted = again(bench, order(commit, USE));
        assertThat(trusted.workspace().resolve("count")).exists();

        Files.delete(entries(bench, "internal").get(0));
        Ended found = again(bench, order(commit, "maven:3.9", branch, USE));
        assertThat(found.log()).contains("cache m2: restored");
        assertThat(found.workspace().resolve(".m2/repository/a/a.jar")).hasContent("jar");
    }

    @ParameterizedTest
    @EnumSource
    void anotherImageOrSomethingInItsPlaceOrNoKeyFileMeansNoCache(Shell shell) throws IOException {
        Bench bench = new Bench(home, shell);
        Commit commit = bench.commit("pom.xml", "<a/>");
        bench.run(order(commit, USE));

        Ended image = again(bench, order(commit, "maven:4", List.of("caches/shop/trusted/m2/"), USE));
        assertThat(image.workspace().resolve("count")).exists();

        Ended there = again(bench, order(bench.commit(".m2/repository/mine", "1"), "cat .m2/repository/mine"));
        assertThat(there.exitCode()).as(there.log()).isZero();
        assertThat(there.log()).contains("cache m2: not used, something is at its place already");

        bench.git(home.resolve("a repository"), "rm", "--quiet", "pom.xml");
        Ended none = again(bench, order(bench.commit("readme", "3"), "true"));
        assertThat(none.log()).contains("cache m2: not used, no file of its key is there");
    }

    @Test
    void aCacheThatIsNoneIsRefused() {
        assertThatThrownBy(() -> new Cache("m2", "../m2", List.of("pom.xml")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("../m2");
        assertThatThrownBy(() -> new Cache("m2", ".m2", List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 to 20");
        assertThatThrownBy(() -> new BuildOrder.Cached(CACHE, List.of("caches/../m2/"), "maven"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no usable keys");
    }
}
