// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import dev.cumulane.run.Commit;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Finds the commit that a person means, by asking the git executable. What the person typed reaches it as an argument that it cannot take for an option. */
final class GitResolver {
    private static final Pattern URL = Pattern.compile("(https?|ssh|git|file)://.+");
    private static final Pattern SCP = Pattern.compile("[A-Za-z0-9._-]+@[A-Za-z0-9._-]+:[^:].*");
    private static final Pattern FULL_ID = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");
    private static final String HEADS = "refs/heads/";
    private static final int NAMED = 8;

    private final Git git;

    GitResolver(Git git) {
        this.git = git;
    }

    /**
     * What a person typed.
     *
     * @param repository a directory or a URL
     * @param commit a commit's id, or a tag or expression that names one
     * @param branch a branch; not together with a commit
     */
    record Wanted(String repository, Optional<String> commit, Optional<String> branch) {}

    /**
     * What it means.
     *
     * @param commit the commit
     * @param notes lines that the person should see
     */
    record Found(Commit commit, List<String> notes) {}

    /**
     * Finds the commit.
     *
     * @throws UsageException if there is no such thing; the message names the value and what there is
     */
    Found resolve(Wanted wanted) {
        String repository = checked("repository", wanted.repository());
        wanted.commit().ifPresent(commit -> checked("commit", commit));
        wanted.branch().ifPresent(branch -> checked("branch", branch));
        if (wanted.commit().isPresent() && wanted.branch().isPresent()) {
            throw new UsageException("--commit and --branch name the same thing in two ways; leave one out");
        }
        return URL.matcher(repository).matches() || SCP.matcher(repository).matches()
                ? remote(repository, wanted)
                : local(repository, wanted);
    }

    private Found local(String typed, Wanted wanted) {
        Path directory = root(typed);
        String repository = directory.toString();
        if (wanted.branch().isPresent()) {
            String branch = wanted.branch().get();
            String id = commit(directory, HEADS + branch)
                    .orElseThrow(() -> new UsageException(
                            "no branch " + Text.shown(branch) + " in " + repository + "; " + branches(directory)));
            return found(new Commit(repository, HEADS + branch, id), List.of());
        }
        if (wanted.commit().isPresent()) {
            String value = wanted.commit().get();
            String id = commit(directory, value)
                    .orElseThrow(() -> new UsageException(
                            "no commit " + Text.shown(value) + " in " + repository + "; " + branches(directory)));
            return found(Commit.commit(repository, id), List.of());
        }
        String id = commit(directory, "HEAD")
                .orElseThrow(() -> new UsageException("repository " + repository + " has no commit yet"));
        Git.Answer head = git.in(directory, "symbolic-ref", "--quiet", "HEAD");
        Commit commit = Commit.commit(repository, id);
        return found(head.succeeded() ? commit.at(head.out().strip()) : commit, changes(directory));
    }

    private Found remote(String url, Wanted wanted) {
        Git.Answer answer = git.anywhere("ls-remote", "--symref", "--end-of-options", url, "HEAD", HEADS + "*");
        if (!answer.succeeded()) {
            throw new UsageException("could not read repository " + Text.shown(url) + ": " + answer.complaint());
        }
        SortedMap<String, String> ids = new TreeMap<>();
        Optional<String> head = Optional.empty();
        for (String line : answer.out().lines().toList()) {
            String[] parts = line.split("\t", 2);
            if (parts.length == 2 && parts[0].startsWith("ref: ") && parts[1].equals("HEAD")) {
                head = Optional.of(parts[0].substring(5));
            } else if (parts.length == 2 && FULL_ID.matcher(parts[0]).matches()) {
                ids.put(parts[1], parts[0]);
            }
        }
        if (wanted.commit().isPresent()) {
            String id = wanted.commit().get();
            if (!FULL_ID.matcher(id).matches()) {
                throw new UsageException(
                        "commit " + Text.shown(id)
                                + " is not a full id (40 or 64 lower-case hexadecimal digits), which a repository elsewhere needs");
            }
            return found(Commit.commit(url, id), List.of());
        }
        String ref = wanted.branch()
                .map(branch -> HEADS + branch)
                .or(() -> headOf(ids))
                .orElse("");
        if (wanted.branch().isEmpty() && head.isPresent()) {
            ref = head.get();
        }
        String id = ids.get(ref);
        if (id == null) {
            String what = wanted.branch()
                    .map(branch -> "no branch " + Text.shown(branch))
                    .orElse("no default branch");
            throw new UsageException(what + " in " + Text.clean(url) + "; "
                    + named(ids.keySet().stream().toList()));
        }
        return found(new Commit(url, ref, id), List.of());
    }

    private static Optional<String> headOf(SortedMap<String, String> ids) {
        return ids.containsKey("HEAD") ? Optional.of("HEAD") : Optional.empty();
    }

    private Path root(String typed) {
        Path directory;
        try {
            directory = Path.of(typed).toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            throw new UsageException("repository " + Text.shown(typed) + " is neither a directory nor a URL");
        }
        if (!Files.isDirectory(directory)) {
            throw new UsageException(
                    "repository " + Text.shown(typed) + " is neither a directory nor a URL (https, ssh, git or file)");
        }
        Git.Answer bare = git.in(directory, "rev-parse", "--is-bare-repository");
        if (bare.succeeded() && bare.out().strip().equals("true")) {
            return directory;
        }
        Git.Answer top = git.in(directory, "rev-parse", "--show-toplevel");
        if (!top.succeeded()) {
            throw new UsageException(Text.clean(directory.toString()) + " is not a Git repository: " + top.complaint());
        }
        return Path.of(top.out().strip());
    }

    private Optional<String> commit(Path directory, String revision) {
        Git.Answer answer =
                git.in(directory, "rev-parse", "--quiet", "--verify", "--end-of-options", revision + "^{commit}");
        return answer.succeeded()
                ? Optional.of(answer.out().strip())
                        .filter(id -> FULL_ID.matcher(id).matches())
                : Optional.empty();
    }

    private String branches(Path directory) {
        return named(git.in(
                        directory,
                        "for-each-ref",
                        "--sort=-committerdate",
                        "--count=100",
                        "--format=%(refname)",
                        "refs/heads")
                .out()
                .lines()
                .toList());
    }

    private static String named(List<String> refs) {
        List<String> names = refs.stream()
                .filter(ref -> ref.startsWith(HEADS))
                .map(Text::ref)
                .toList();
        if (names.isEmpty()) {
            return "it has no branches";
        }
        List<String> first = new ArrayList<>(names.subList(0, Math.min(NAMED, names.size())));
        String more = names.size() > NAMED ? " and more" : "";
        return "branches: " + String.join(", ", first) + more;
    }

    private List<String> changes(Path directory) {
        Git.Answer status = git.in(directory, "status", "--porcelain", "--untracked-files=normal");
        int changed = status.succeeded() ? (int) status.out().lines().count() : 0;
        return changed == 0
                ? List.of()
                : List.of("not part of the run: " + Text.count(changed, "uncommitted change") + " in "
                        + Text.clean(directory.toString()));
    }

    private static Found found(Commit commit, List<String> notes) {
        return new Found(commit, notes);
    }

    private static String checked(String what, String value) {
        if (value.isBlank() || value.length() > 1024) {
            throw new UsageException(what + " " + Text.shown(value) + " is empty or longer than 1024 characters");
        }
        if (value.startsWith("-")) {
            throw new UsageException(
                    what + " " + Text.shown(value) + " starts with a hyphen; git would take it for an option");
        }
        if (value.chars().anyMatch(c -> c < ' ' || c == 127)) {
            throw new UsageException(what + " " + Text.shown(value) + " holds a control character");
        }
        return value;
    }
}
