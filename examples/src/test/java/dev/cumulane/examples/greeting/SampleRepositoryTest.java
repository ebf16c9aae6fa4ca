// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.examples.greeting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cumulane.cloud.CloudException;
import dev.cumulane.examples.greeting.SampleRepository.Version;
import dev.cumulane.run.Commit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleRepositoryTest {
    @TempDir
    Path scratch;

    @Test
    void equalSourcesGiveEqualCommitsInAnyDirectoryAndHoweverOften() {
        SampleRepository one = SampleRepository.at(scratch.resolve("one"));
        SampleRepository two = SampleRepository.at(scratch.resolve("two"));
        for (Version version : Version.values()) {
            String id = one.commit(version).id();

            assertThat(one.commit(version).id()).isEqualTo(id);
            assertThat(two.commit(version).id()).isEqualTo(id);
            assertThat(SampleRepository.at(one.directory()).commit(version).id())
                    .isEqualTo(id);
        }
    }

    @Test
    void aCommitNamesItsRepositoryAndIsTheTipOfMain() throws IOException {
        SampleRepository repository = SampleRepository.at(scratch.resolve("greeting"));

        Commit commit = repository.commit(Version.GREETING);

        assertThat(commit.repository()).isEqualTo(repository.directory().toString());
        assertThat(commit.ref()).isEqualTo("refs/heads/main");
        assertThat(git(repository.directory(), "rev-parse", "main")).containsExactly(commit.id());
        assertThat(git(repository.directory(), "symbolic-ref", "HEAD")).containsExactly("refs/heads/main");
        assertThat(git(repository.directory(), "fsck", "--strict")).isEmpty();
    }

    @Test
    void aBrokenVersionFollowsTheGoodOneAndChangesOnlyItsOwnFiles() throws IOException {
        Path sources = repositoryWithAllVersions();
        String java = "src/main/java/com/example/greeting/";

        assertThat(git(sources, "rev-parse", "broken-test^", "broken-health^"))
                .containsOnly(git(sources, "rev-parse", "greeting").get(0));
        assertThat(git(sources, "diff", "--numstat", "greeting", "broken-test"))
                .containsExactly("1\t1\t" + java + "Greeting.java");
        assertThat(git(sources, "diff", "--numstat", "greeting", "broken-health"))
                .containsExactly("1\t1\tpom.xml", "3\t1\t" + java + "Main.java");
    }

    @Test
    void mainMovesToTheVersionAskedForLastAndTagsKeepTheOthers() throws IOException {
        Path sources = repositoryWithAllVersions();
        List<String> tagged = new ArrayList<>();
        for (Version version : Version.values()) {
            tagged.addAll(git(sources, "rev-parse", "refs/tags/" + version.tag()));
        }

        assertThat(tagged).doesNotHaveDuplicates();
        assertThat(git(sources, "rev-parse", "main")).containsExactly(tagged.get(tagged.size() - 1));

        Commit back = SampleRepository.at(sources).commit(Version.GREETING);
        assertThat(git(sources, "rev-parse", "main")).containsExactly(back.id());
        assertThat(git(sources, "rev-parse", "refs/tags/broken-test")).containsExactly(tagged.get(1));
    }

    @Test
    void aCloneHoldsTheShippedFilesWithTheirModes() throws IOException {
        SampleRepository repository = SampleRepository.at(scratch.resolve("greeting"));
        repository.commit(Version.GREETING);
        Path clone = scratch.resolve("clone");
        git(scratch, "clone", "--quiet", repository.directory().toString(), clone.toString());

        List<ShippedFile> shipped = ShippedFile.in("greeting/service");

        assertThat(git(clone, "ls-files")).containsExactlyInAnyOrderElementsOf(paths(shipped));
        assertThat(git(clone, "status", "--porcelain")).isEmpty();
        for (ShippedFile file : shipped) {
            assertThat(clone.resolve(file.path())).hasBinaryContent(file.bytes());
        }
        assertThat(Files.getPosixFilePermissions(clone.resolve("mvnw"))).contains(PosixFilePermission.OWNER_EXECUTE);
        assertThat(clone.resolve(".gitignore")).hasContent("target/");
        assertThat(clone.resolve(".mvn/wrapper/maven-wrapper.properties")).isRegularFile();
    }

    @Test
    void theIndexListsExactlyTheFilesThatAreShipped() throws Exception {
        Path index = Path.of(SampleRepository.class
                .getResource(ShippedFile.ROOT + "files.txt")
                .toURI());
        Path root = index.resolveSibling("");
        List<String> present = new ArrayList<>();
        for (String folder : List.of("failing", "greeting/service")) {
            try (Stream<Path> files = Files.walk(root.resolve(folder))) {
                files.filter(Files::isRegularFile)
                        .map(file -> root.relativize(file).toString())
                        .filter(file -> !file.endsWith(".class")) // the example programs lie in the same folders
                        .sorted()
                        .forEach(present::add);
            }
        }

        assertThat(Files.readAllLines(index))
                .as("files.txt, which names the mode and the path of each file")
                .containsExactlyElementsOf(present.stream()
                        .map(file -> (file.endsWith("/mvnw") ? "100755 " : "100644 ") + file)
                        .toList());
    }

    @Test
    void hooksAndSigningOfTheUserHaveNoSay() throws IOException {
        SampleRepository repository = SampleRepository.at(scratch.resolve("greeting"));
        String id = repository.commit(Version.GREETING).id();
        Path hooks = Files.createDirectory(scratch.resolve("hooks"));
        Path hook = Files.writeString(hooks.resolve("reference-transaction"), "#!/bin/sh\nexit 1\n");
        Files.setPosixFilePermissions(hook, PosixFilePermissions.fromString("rwxr-xr-x"));
        git(repository.directory(), "config", "core.hooksPath", hooks.toString());
        git(repository.directory(), "config", "commit.gpgSign", "true");
        git(repository.directory(), "config", "core.autocrlf", "true");

        repository.commit(Version.BROKEN_TEST);

        assertThat(repository.commit(Version.GREETING).id()).isEqualTo(id);
    }

    @Test
    void aDirectoryThatHoldsSomethingElseIsRefusedAndLeftAlone() throws IOException {
        Path theirs = Files.createDirectory(scratch.resolve("theirs"));
        git(theirs, "init", "--quiet", "--bare");
        List<String> before = names(theirs);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> SampleRepository.at(theirs))
                .withMessageContaining(theirs.toString())
                .withMessageContaining("absent or empty");
        assertThat(names(theirs)).isEqualTo(before);
    }

    @Test
    void aCreationThatWasCutShortIsFinishedTheNextTime() throws IOException {
        Path directory = scratch.resolve("greeting");
        String id = SampleRepository.at(directory).commit(Version.GREETING).id();
        Files.delete(directory.resolve("HEAD"));
        Files.delete(directory.resolve("config"));

        assertThat(SampleRepository.at(directory).commit(Version.GREETING).id()).isEqualTo(id);
    }

    @Test
    void whatGitSaysAgainstItIsPassedOn() throws IOException {
        Path directory = scratch.resolve("greeting");
        SampleRepository repository = SampleRepository.at(directory);
        Files.writeString(directory.resolve("config"), "[core\n");

        assertThatExceptionOfType(CloudException.class)
                .isThrownBy(() -> repository.commit(Version.GREETING))
                .withMessageStartingWith("git fast-import exited with 128: ")
                .withMessageContaining("bad config line 1");
    }

    private Path repositoryWithAllVersions() {
        SampleRepository repository = SampleRepository.at(scratch.resolve("all"));
        for (Version version : Version.values()) {
            repository.commit(version);
        }
        return repository.directory();
    }

    private static List<String> paths(List<ShippedFile> files) {
        return files.stream().map(ShippedFile::path).toList();
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(Path::toString).sorted().toList();
        }
    }

    private static List<String> git(Path directory, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        assertThat(process.onExit().join().exitValue())
                .as("%s: %s", command, lines)
                .isZero();
        return lines;
    }
}
