// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cumulane.contracts.Needed;
import dev.cumulane.pipeline.Digest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ArchivesTest {
    @TempDir
    Path home;

    @Test
    void unpacksWhatItPacked() throws IOException {
        Path root = tree("root");
        byte[] archive = pack(root, "out");

        Archives.unpack(new ByteArrayInputStream(archive), home.resolve("unpacked"));

        Path unpacked = home.resolve("unpacked/out");
        assertThat(unpacked.resolve("b/x")).hasContent("x");
        assertThat(unpacked.resolve("n".repeat(90) + "/" + "m".repeat(90))).hasContent("long");
        assertThat(unpacked.resolve("\u00e4")).hasContent("umlaut");
        assertThat(unpacked.resolve("empty")).isEmptyDirectory();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(unpacked.resolve("run"))))
                .isEqualTo("rwxr-xr-x");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(unpacked.resolve("b/x"))))
                .isEqualTo("rw-r--r--");
        try (Stream<Path> left = Files.list(home)) {
            assertThat(left.map(Path::getFileName).map(Path::toString)).containsExactlyInAnyOrder("root", "unpacked");
        }
    }

    @Test
    void packsEqualFilesIntoEqualBytesAndTellsTheirDigest() throws IOException {
        Path one = tree("one");
        Path other = tree("other");
        Files.setLastModifiedTime(other.resolve("out/b/x"), FileTime.from(Instant.EPOCH));
        Files.setPosixFilePermissions(other.resolve("out/b/x"), PosixFilePermissions.fromString("rw-rw-rw-"));
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        Archives.Written written = Archives.write(one, "out", out);

        assertThat(pack(other, "out")).isEqualTo(out.toByteArray());
        assertThat(written).isEqualTo(new Archives.Written(Digest.of(out.toByteArray()), out.size()));
    }

    @Test
    void isReadByTheMachinesTar() throws IOException {
        Path archive = Files.write(home.resolve("a.tar.gz"), pack(tree("root"), "out"));

        String list = Shell.output(Needed.program("tar").toString(), "-tzf", archive.toString());

        assertThat(list).contains("out/b/x\n", "out/empty/\n", "n".repeat(90) + "/" + "m".repeat(90));
    }

    @Test
    void readsPaxHeadersAndLongUstarNames() throws IOException {
        String name = "p".repeat(120);
        String record = " path=" + name + "\n";
        RawTar tar = new RawTar()
                .entry('x', "pax", "", 0644, (record.length() + 3) + record + "20 mtime=1234567890\n")
                .file("cut", "1");

        assertThat(entries(tar.gz())).containsExactly(new Archives.Entry(name, false, false, 1));
    }

    static List<String> badArchives() {
        return List.copyOf(BadArchives.all().keySet());
    }

    @ParameterizedTest
    @MethodSource("badArchives")
    void refusesAnArchiveThatCouldDoHarmAndLeavesNothing(String what) throws IOException {
        byte[] archive = BadArchives.all().get(what);

        assertThatExceptionOfType(RefusedInputException.class)
                .isThrownBy(() -> Archives.unpack(new ByteArrayInputStream(archive), home.resolve("unpacked")))
                .withMessageNotContainingAny("\n", "\u001b");

        assertThat(home).isEmptyDirectory();
    }

    @Test
    void refusesNamesThatMeet() {
        for (RawTar tar : List.of(
                new RawTar().file("a", "1").file("a/b", "2"),
                new RawTar().file("a/b", "1").file("a", "2"),
                new RawTar().file("A/b", "1").file("a/c", "2"),
                new RawTar().directory("a/").directory("a/"),
                new RawTar().file("\u00fc", "1").file("u\u0308", "2"))) {
            assertThatExceptionOfType(RefusedInputException.class)
                    .isThrownBy(() -> entries(tar.gz()))
                    .withMessageEndingWith("in the archive meet in one file");
        }
    }

    @Test
    void acceptsADirectoryThatIsNamedAfterWhatItHolds() throws IOException {
        assertThat(entries(new RawTar().file("a/b", "1").directory("a/").gz())).hasSize(2);
    }

    @Test
    void refusesWhateverFollowsTheEnd() throws IOException {
        byte[] good = new RawTar().file("a", "1").gz();
        byte[] twice = concat(good, good);
        byte[] tail = concat(good, new byte[] {0});
        byte[] inside = RawTar.gz(concat(
                new RawTar().file("a", "1").tar(), new RawTar().file("b", "2").tar()));
        byte[] zeros = RawTar.gz(concat(new RawTar().file("a", "1").tar(), new byte[8192]));

        for (byte[] bad : List.of(twice, tail, inside)) {
            assertThatExceptionOfType(RefusedInputException.class)
                    .isThrownBy(() -> entries(bad))
                    .withMessage("something follows the end of the archive");
        }
        assertThat(entries(zeros)).hasSize(1);
    }

    @Test
    void countsWhatComesAndNotWhatHeadersPromise() {
        byte[] many = new RawTar().file("a", "").file("b", "").file("c", "").gz();
        byte[] large = new RawTar().file("a", "x".repeat(20_000)).gz();
        byte[] lying =
                new RawTar().header('0', new byte[] {'a'}, "", 0644, 1L << 30).gz();

        assertRefused(many, new ArchiveLimits(2, 1 << 20), "the archive has more than 2 entries");
        assertRefused(large, new ArchiveLimits(1, 1000), "the archive holds more than ");
        assertRefused(lying, ArchiveLimits.STANDARD, "the archive is cut off");
    }

    @Test
    void refusesABomb() throws IOException {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(bomb)) {
            gzip.write(
                    new RawTar()
                            .header('0', new byte[] {'a'}, "", 0644, 80L << 20)
                            .tar(),
                    0,
                    512);
            for (int i = 0; i < 80; i++) {
                gzip.write(new byte[1 << 20]);
            }
            gzip.write(new byte[1024]);
        }

        assertRefused(bomb.toByteArray(), ArchiveLimits.STANDARD, "the archive holds more than 100 times its own size");
    }

    @Test
    void packsNoLinkAndNothingOutside() throws IOException {
        Path root = Files.createDirectories(home.resolve("root/out")).getParent();
        Files.createSymbolicLink(root.resolve("out/link"), Path.of("nowhere"));

        assertThatExceptionOfType(RefusedInputException.class)
                .isThrownBy(() -> pack(root, "out"))
                .withMessage("'out/link' is a link or a special file, which no archive takes");
        assertThatIllegalArgumentException().isThrownBy(() -> pack(root, "../root"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Archives.unpack(InputStream.nullInputStream(), root))
                .withMessageContaining("into a new directory");
    }

    /** Damage is either noticed or without effect; it never leads to another exception. */
    @Test
    void noticesDamage() throws IOException {
        byte[] tar = new RawTar()
                .file("a/b", "hello")
                .directory("c/")
                .file("d".repeat(80), "x".repeat(3000))
                .tar();
        List<Archives.Entry> good = entries(RawTar.gz(tar));
        long seed = Long.getLong("cumulane.seed", 20261123);
        Random random = new Random(seed);
        int refused = 0;
        for (int i = 0; i < 3000; i++) {
            byte[] damaged = tar.clone();
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            byte[] archive = RawTar.gz(damaged);
            if (i % 2 == 0) {
                archive = RawTar.gz(tar);
                archive[random.nextInt(archive.length)] ^= (byte) (1 << random.nextInt(8));
            }
            try {
                assertThat(entries(archive)).as("seed " + seed + ", round " + i).isEqualTo(good);
            } catch (RefusedInputException e) {
                refused++;
            }
        }
        assertThat(refused).as("seed " + seed).isGreaterThan(1500);
    }

    @Test
    void readsWhatOrdersPack() throws IOException {
        for (Shell shell : Shell.values()) {
            Bench bench = new Bench(Files.createDirectories(home.resolve(shell.toString())), shell);
            String make = "mkdir -p o/" + "n".repeat(90) + "; echo 1 >o/" + "n".repeat(90) + "/" + "m".repeat(90);
            bench.run(Bench.order(Bench.work(List.of(make), new BuildOrder.Output("o", "o"))));

            assertThat(bench.contents(
                            bench.result().verdict().artifacts().get(0).digest()))
                    .containsExactly(new Archives.Entry("o/" + "n".repeat(90) + "/" + "m".repeat(90), false, false, 2));
            Bench.removeTools(bench.home());
        }
    }

    private Path tree(String name) throws IOException {
        Path root = home.resolve(name);
        for (Map.Entry<String, String> file : Map.of(
                        "out/b/x",
                        "x",
                        "out/a",
                        "a",
                        "out/run",
                        "#!/bin/sh",
                        "out/\u00e4",
                        "umlaut",
                        "out/" + "n".repeat(90) + "/" + "m".repeat(90),
                        "long")
                .entrySet()) {
            Path path = root.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
        Files.createDirectories(root.resolve("out/empty"));
        Files.setPosixFilePermissions(root.resolve("out/run"), PosixFilePermissions.fromString("rwx------"));
        return root;
    }

    private static byte[] pack(Path root, String path) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Archives.write(root, path, out);
        return out.toByteArray();
    }

    private static List<Archives.Entry> entries(byte[] archive) throws IOException {
        List<Archives.Entry> entries = new ArrayList<>();
        Archives.read(new ByteArrayInputStream(archive), (entry, content) -> entries.add(entry));
        return entries;
    }

    private static void assertRefused(byte[] archive, ArchiveLimits limits, String message) {
        assertThatExceptionOfType(RefusedInputException.class)
                .isThrownBy(() -> Archives.read(
                        new ByteArrayInputStream(archive), limits, (entry, content) -> content.readAllBytes()))
                .withMessageStartingWith(message);
    }

    private static byte[] concat(byte[] one, byte[] other) {
        byte[] both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }
}
