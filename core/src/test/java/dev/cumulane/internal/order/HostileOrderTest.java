// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.order;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.internal.order.Bench.Ended;
import dev.cumulane.internal.order.BuildOrder.Source;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.Cause;
import dev.cumulane.run.Commit;
import dev.cumulane.run.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Work orders whose values, commits and inputs mean harm. */
class HostileOrderTest extends OnTheBench {
    @ParameterizedTest
    @EnumSource
    void givesVariablesToCommandsAsTheyAreWhateverTheyHold(Shell shell) throws IOException {
        Bench bench = new Bench(home, shell);
        SortedMap<String, String> variables = new TreeMap<>(Map.of(
                "A", "$(touch hurt) `touch hurt` ; touch hurt # '\"'; touch hurt; '",
                "B", "two\nlines\n",
                "C", "\\0101 \\c %s %b \\",
                "D", "\u00e4\u20ac\ud83d\ude00",
                "E", ""));
        String print = "printf '%s|' \"$A\" \"$B\" \"$C\" \"$D\" \"$E\" >seen";

        Ended ended = bench.run(Bench.order(variables, print));

        assertThat(ended.exitCode()).as(ended.log()).isZero();
        assertThat(Files.readString(ended.workspace().resolve("seen")))
                .isEqualTo(String.join("|", variables.values()) + "|");
        assertThat(filesCalled("hurt")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void tellsCommandsWhereTheyAreAndNothingOfTheStore(Shell shell) throws IOException {
        Bench bench = new Bench(home, shell).with("GIT_ASKPASS", "secret").with("LC_ALL", "C.UTF-8");
        Commit commit =
                Commit.commit("https://example.com/shop.git", "b".repeat(40)).at("refs/heads/$(touch${IFS}hurt)");

        Ended ended = bench.run(Bench.order(Source.named(commit), "env >seen"));

        assertThat(Files.readAllLines(ended.workspace().resolve("seen")))
                .contains(
                        "CI=true",
                        "CUMULANE_RUN=shop-0k3v9q2m7xw4b1ce",
                        "CUMULANE_STAGE=build",
                        "CUMULANE_ATTEMPT=1",
                        "CUMULANE_COMMIT=" + "b".repeat(40),
                        "CUMULANE_REF=refs/heads/$(touch${IFS}hurt)",
                        "CUMULANE_REPOSITORY=https://example.com/shop.git",
                        "LC_ALL=C.UTF-8")
                .anyMatch(line -> line.matches("TRACEPARENT=00-[0-9a-f]{32}-[0-9a-f]{16}-01"))
                .noneMatch(line -> line.startsWith("CUMULANE_TOKEN") || line.startsWith("CUMULANE_STORE"))
                .noneMatch(line -> line.startsWith("c_") || line.startsWith("GIT_ASKPASS"));
    }

    @ParameterizedTest
    @EnumSource
    void checksOutTheCommitAlthoughItsRefIsACommand(Shell shell) throws IOException {
        Bench bench = new Bench(home, shell);
        Commit commit = bench.commit("a", "1");

        Ended ended = bench.run(Bench.order(Source.checkedOut(commit.at("refs/heads/$(touch${IFS}hurt)")), "cat a"));

        assertThat(ended.exitCode()).as(ended.log()).isZero();
        assertThat(filesCalled("hurt")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void checksOutACommitThatIsNoLongerTheTipOfABranch(Shell shell) throws IOException {
        Bench bench = new Bench(home, shell);
        Commit first = bench.commit("a", "1");
        bench.commit("a", "2");

        Ended ended = bench.run(Bench.order(Source.checkedOut(first), "cat a; git rev-parse HEAD"));

        assertThat(ended.log()).contains("\n1" + first.id());
    }

    @ParameterizedTest
    @EnumSource
    void checksOutTheCommitThatAnAnnotatedTagNamesByItsOwnId(Shell shell) throws IOException {
        Bench bench = new Bench(home, shell);
        Commit commit = bench.commit("a", "1");
        Path repository = Path.of(commit.repository());
        bench.git(
                repository, "-c", "user.name=ada", "-c", "user.email=ada@example.com", "tag", "-a", "v1", "-m", "one");
        String tag = bench.git(repository, "rev-parse", "refs/tags/v1").strip();
        bench.commit("a", "2");

        Ended ended = bench.run(Bench.order(
                Source.checkedOut(new Commit(commit.repository(), "refs/tags/v1", tag)), "cat a; git rev-parse HEAD"));

        assertThat(tag).isNotEqualTo(commit.id());
        assertThat(ended.log()).contains("\n1" + commit.id());
    }

    @ParameterizedTest
    @EnumSource
    void runsNoHookAndNoProgramThatAnAddressNames(Shell shell) throws IOException {
        Bench bench = new Bench(home, shell);
        Path hooks = Files.createDirectories(home.resolve("template/hooks"));
        Path hook = Files.writeString(hooks.resolve("post-checkout"), "#!/bin/sh\ntouch '" + home + "/hurt'\n");
        assertThat(hook.toFile().setExecutable(true)).isTrue();
        Files.writeString(
                home.resolve("home/.gitconfig"),
                "[init]\n\ttemplateDir = " + home.resolve("template") + "\n[protocol]\n\tallow = always\n");
        Commit commit = bench.commit("a", "1");

        bench.run(Bench.order(Source.checkedOut(commit), "true"));

        assertThat(bench.result().verdict().cause()).isEqualTo(Cause.COMPLETED);
        assertThat(filesCalled("hurt")).isEmpty();

        Bench other = new Bench(Files.createDirectories(home.resolve("other")), shell);
        Files.copy(home.resolve("home/.gitconfig"), other.home().resolve("home/.gitconfig"));
        String address = "ext::sh -c touch% " + home.resolve("hurt");
        other.run(Bench.order(Source.checkedOut(Commit.commit(address, commit.id())), "true"));

        assertThat(other.result().verdict().cause()).isEqualTo(Cause.CHECKOUT_FAILED);
        assertThat(filesCalled("hurt")).isEmpty();
        Bench.removeTools(other.home());
    }

    @ParameterizedTest
    @EnumSource
    void saysWhichCommitTheRepositoryDoesNotHave(Shell shell) throws IOException {
        Bench bench = new Bench(home, shell);
        Commit commit = bench.commit("a", "1");
        String absent = "c".repeat(40);

        Ended ended =
                bench.run(Bench.order(Source.checkedOut(new Commit(commit.repository(), "", absent)), "touch ran"));

        assertThat(bench.result().verdict().cause()).isEqualTo(Cause.CHECKOUT_FAILED);
        assertThat(bench.result().verdict().detail()).isEqualTo("the repository has no commit " + absent);
        assertThat(ended.workspace().resolve("ran")).doesNotExist();
    }

    @ParameterizedTest
    @EnumSource
    void takesNoInputButTheBytesThatItsDigestNames(Shell shell) throws IOException {
        byte[] good = new RawTar().file("a", "1").gz();
        Map<String, OrderInput> inputs = new LinkedHashMap<>();
        inputs.put("is not in the store", new OrderInput("build", "jar", "a", Digest.of(new byte[] {1}), 1));
        inputs.put(
                "does not have the bytes that its digest names",
                new OrderInput("build", "jar", "a", Digest.of(good), good.length + 1L));
        Bench bench = new Bench(home, shell);
        Digest digest = bench.put(good);
        for (Map.Entry<String, OrderInput> one : inputs.entrySet()) {
            bench.run(Bench.order(one.getValue(), "touch ran"));
            assertThat(bench.result().verdict().cause()).isEqualTo(Cause.INPUT_CORRUPT);
            assertThat(bench.result().verdict().detail()).isEqualTo("input jar of stage build " + one.getKey());
            bench.forget();
        }

        byte[] flipped = good.clone();
        flipped[good.length / 2] ^= 1;
        Files.write(bench.object(digest), flipped);
        bench.run(Bench.order(new OrderInput("build", "jar", "a", digest, good.length), "touch ran"));
        assertThat(bench.result().verdict().cause()).isEqualTo(Cause.INPUT_CORRUPT);
        assertThat(filesCalled("ran")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"SYSTEM", "BUSYBOX"})
    void unpacksNoArchiveThatReachesOutOfItself(Shell shell) throws IOException {
        Bench bench = new Bench(home, shell);
        for (Map.Entry<String, byte[]> bad : BadArchives.all().entrySet()) {
            Digest digest = bench.put(bad.getValue());

            Ended ended = bench.run(
                    Bench.order(new OrderInput("build", "jar", "a", digest, bad.getValue().length), "touch ran"));

            assertThat(bench.result().verdict().cause())
                    .as(bad.getKey() + ": " + ended.log())
                    .isEqualTo(Cause.INPUT_CORRUPT);
            assertThat(ended.workspace()).isEmptyDirectory();
            bench.forget();
        }
        assertThat(filesCalled("escaped")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void unpacksNothingBesideThePathThatTheInputHasToHave(Shell shell) throws IOException {
        Bench bench = new Bench(home, shell);
        for (RawTar tar : List.of(
                new RawTar().file("t/a/x", "1").file("t/b", "2"),
                new RawTar().file("t/a/x", "1").file("b", "2"),
                new RawTar().file("t/b", "1"),
                new RawTar())) {
            byte[] archive = tar.gz();
            OrderInput input = new OrderInput("build", "jar", "t/a", bench.put(archive), archive.length);

            Ended ended = bench.run(Bench.order(input, "touch ran"));

            assertThat(bench.result().verdict().detail())
                    .isEqualTo("input jar of stage build is refused: it is not t/a alone");
            assertThat(ended.workspace()).isEmptyDirectory();
            bench.forget();
        }
    }

    @ParameterizedTest
    @EnumSource
    void unpacksNoInputThroughALinkOfTheCommit(Shell shell) throws IOException {
        byte[] archive = new RawTar().file("target/escaped", "1").gz();

        Verdict verdict = behindALink(
                shell, "target", archive, digest -> new OrderInput("build", "jar", "target", digest, archive.length));

        assertThat(verdict.cause()).isEqualTo(Cause.INPUT_CORRUPT);
        assertThat(verdict.detail()).contains("cannot be put in its place");
    }

    @ParameterizedTest
    @EnumSource
    void unpacksNothingThroughALinkThatIsCalledAsAGroup(Shell shell) throws IOException {
        byte[] archive = new RawTar().file("out", "1").gz();

        Verdict verdict = behindALink(
                shell,
                "unit",
                archive,
                digest -> new OrderInput("unit-17", "out", "out", "unit/unit-17", digest, archive.length));

        assertThat(verdict.cause()).isEqualTo(Cause.INPUT_CORRUPT);
    }

    /** What becomes of work with an input, where the commit has a link out of the workspace. */
    private Verdict behindALink(Shell shell, String link, byte[] archive, Function<Digest, OrderInput> input)
            throws IOException {
        Bench bench = new Bench(home, shell);
        Path outside = Files.createDirectories(home.resolve("outside"));
        Path repository = Files.createDirectories(home.resolve("a repository"));
        Files.createSymbolicLink(repository.resolve(link), outside);
        Commit commit = bench.commit("a", "1");

        bench.run(new BuildOrder(
                Bench.ATTEMPT,
                Source.checkedOut(commit),
                List.of(input.apply(bench.put(archive))),
                Bench.work(List.of("true")),
                new TreeMap<>()));

        assertThat(outside).isEmptyDirectory();
        return bench.result().verdict();
    }

    private List<Path> filesCalled(String name) throws IOException {
        try (var all = Files.walk(home)) {
            return all.filter(path -> path.getFileName().toString().equals(name))
                    .toList();
        }
    }
}
