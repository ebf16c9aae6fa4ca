// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cumulane.cloud.CloudException;
import dev.cumulane.local.cli.GitResolver.Wanted;
import dev.cumulane.source.Repositories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class GitResolverTest {
    @TempDir
    private Path directory;

    private final Git git = Git.onPath();
    private final GitResolver resolver = new GitResolver(git);
    private Path repository = Path.of("");

    @BeforeEach
    void a_repository_with_two_branches() throws IOException {
        repository = Repositories.create(directory.resolve("shop"));
        Repositories.git(repository, "branch", "next");
        repository = repository.toRealPath();
    }

    @Test
    void without_a_word_the_commit_that_is_checked_out_is_meant() throws IOException {
        Files.createDirectories(repository.resolve("sub"));
        var found =
                resolver.resolve(new Wanted(repository.resolve("sub").toString(), Optional.empty(), Optional.empty()));

        assertThat(found.commit().repository()).isEqualTo(repository.toString());
        assertThat(found.commit().ref()).isEqualTo("refs/heads/main");
        assertThat(found.commit().id()).isEqualTo(Repositories.git(repository, "rev-parse", "HEAD"));
        assertThat(found.notes()).isEmpty();
    }

    @Test
    void uncommitted_changes_are_noted() throws IOException {
        Files.writeString(repository.resolve("new.txt"), "new");

        assertThat(resolver.resolve(new Wanted(repository.toString(), Optional.empty(), Optional.empty()))
                        .notes())
                .containsExactly("not part of the run: 1 uncommitted change in " + repository);
    }

    @Test
    void a_branch_is_found_by_its_name() {
        assertThat(branch("next").ref()).isEqualTo("refs/heads/next");
    }

    @Test
    void a_commit_may_be_abbreviated() {
        String id = Repositories.git(repository, "rev-parse", "HEAD");
        assertThat(resolver.resolve(
                                new Wanted(repository.toString(), Optional.of(id.substring(0, 8)), Optional.empty()))
                        .commit()
                        .id())
                .isEqualTo(id);
    }

    @Test
    void a_detached_head_has_no_ref() {
        Repositories.git(repository, "checkout", "--quiet", "--detach");
        assertThat(resolver.resolve(new Wanted(repository.toString(), Optional.empty(), Optional.empty()))
                        .commit()
                        .ref())
                .isEmpty();
    }

    @Test
    void a_repository_elsewhere_is_asked_for_its_heads() {
        String url = "file://" + repository;
        assertThat(resolver.resolve(new Wanted(url, Optional.empty(), Optional.empty()))
                        .commit()
                        .ref())
                .isEqualTo("refs/heads/main");
        assertThat(resolver.resolve(new Wanted(url, Optional.empty(), Optional.of("next")))
                        .commit()
                        .ref())
                .isEqualTo("refs/heads/next");
        assertThatThrownBy(() -> resolver.resolve(new Wanted(url, Optional.empty(), Optional.of("n*"))))
                .isInstanceOf(UsageException.class)
                .hasMessage("no branch 'n*' in " + url + "; branches: main, next");
    }

    @Test
    void a_branch_or_commit_that_does_not_exist_is_named_with_the_branches_that_do() {
        assertThatThrownBy(() -> branch("mian"))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("no branch 'mian' in " + repository + "; branches: ")
                .hasMessageContaining("main")
                .hasMessageContaining("next");
        assertThatThrownBy(() -> resolver.resolve(
                        new Wanted(repository.toString(), Optional.of("0".repeat(40)), Optional.empty())))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("no commit '" + "0".repeat(40) + "' in " + repository + "; branches: ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$(touch x)",
                "--upload-pack=x",
                "-x",
                "a\nb",
                "`touch x`",
                "main; touch x",
                "",
                "a\u0000b",
                "../../etc",
                "main^{tree}",
                "@{-1}"
            })
    void a_hostile_branch_is_one_clear_line_and_nothing_else(String name) throws IOException {
        assertThatThrownBy(() -> branch(name))
                .isInstanceOf(UsageException.class)
                .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
        assertThat(repository.resolve("x")).doesNotExist();
        assertThat(Path.of("x")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ext::sh -c touch% x", "--upload-pack=x", "/no/such/directory", "-", "http:", "foo::bar"})
    void a_hostile_repository_is_refused(String name) {
        assertThatThrownBy(() -> resolver.resolve(new Wanted(name, Optional.empty(), Optional.empty())))
                .isInstanceOf(UsageException.class);
        assertThat(Path.of("x")).doesNotExist();
    }

    @Test
    void a_directory_without_a_repository_is_named() throws IOException {
        Path empty = Files.createDirectories(directory.resolve("empty"));
        assertThatThrownBy(() -> resolver.resolve(new Wanted(empty.toString(), Optional.empty(), Optional.empty())))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith(empty + " is not a Git repository");
    }

    @Test
    void a_missing_git_is_an_error_that_names_it() {
        GitResolver without = new GitResolver(new Git("/no/such/git", Duration.ofSeconds(5)));
        assertThatThrownBy(() -> without.resolve(new Wanted(repository.toString(), Optional.empty(), Optional.empty())))
                .isInstanceOf(CloudException.class)
                .hasMessageContaining("the git executable");
    }

    private dev.cumulane.run.Commit branch(String name) {
        return resolver.resolve(new Wanted(repository.toString(), Optional.empty(), Optional.of(name)))
                .commit();
    }
}
