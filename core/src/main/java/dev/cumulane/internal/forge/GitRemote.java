// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.forge;

import dev.cumulane.cloud.CloudException;
import dev.cumulane.run.Commit;
import dev.cumulane.run.SourceEvent;
import dev.cumulane.source.Forge;
import dev.cumulane.source.Repository;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A repository whose forge has no API that we know, or no credential: Git itself tells the branches, with this machine's own configuration, and nothing else. */
final class GitRemote implements ForgeApi {
    private static final int MOST_BYTES = 4 * 1024 * 1024;
    private static final long SECONDS = 20;
    private static final String PEELED = "^{}";

    private final Repository repository;

    GitRemote(Repository repository) {
        this.repository = repository;
    }

    @Override
    public List<SourceEvent.Pushed> heads() {
        return heads(lsRemote("--heads"));
    }

    /** Git lists an annotated tag twice: itself, and with a mark behind the name what it names. */
    @Override
    public List<SourceEvent.Pushed> tags() {
        Map<String, String> tags = lsRemote("--tags");
        boolean namesTags =
                repository.forge() == Forge.AZURE_REPOS || repository.forge() == Forge.BITBUCKET_DATA_CENTER;
        Map<String, String> named = new LinkedHashMap<>();
        tags.forEach((ref, id) -> {
            if (!ref.endsWith(PEELED)) {
                named.put(ref, namesTags ? id : tags.getOrDefault(ref + PEELED, id));
            }
        });
        return heads(named);
    }

    private List<SourceEvent.Pushed> heads(Map<String, String> refs) {
        List<SourceEvent.Pushed> heads = new ArrayList<>();
        refs.forEach((ref, id) -> {
            try {
                heads.add(new SourceEvent.Pushed(
                        new Commit(repository.url(), ref, id), SourceEvent.UNKNOWN, repository.trustIn(ref)));
            } catch (IllegalArgumentException e) {
                // A ref that no webhook could tell of either is left out.
            }
        });
        return heads;
    }

    @Override
    public List<SourceEvent.ChangeProposed> openChanges() {
        return List.of();
    }

    @Override
    public Optional<SourceEvent.ChangeProposed> change(String number) {
        return Optional.empty();
    }

    @Override
    public boolean mayWrite(String user) {
        return false;
    }

    /** The ids by ref, in Git's order. */
    private Map<String, String> lsRemote(String kind) {
        Map<String, String> refs = new LinkedHashMap<>();
        for (String line : listed(kind).lines().toList()) {
            String[] words = line.split("\t", 2);
            refs.put(words[words.length - 1], words[0]);
        }
        return refs;
    }

    private String listed(String kind) {
        ProcessBuilder builder =
                new ProcessBuilder("git", "ls-remote", kind, "--", repository.url()).redirectErrorStream(false);
        builder.environment()
                .putAll(Map.of("GIT_TERMINAL_PROMPT", "0", "GIT_ALLOW_PROTOCOL", "file:https:http:ssh", "LC_ALL", "C"));
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            CompletableFuture.delayedExecutor(SECONDS, TimeUnit.SECONDS).execute(process::destroyForcibly);
            try (InputStream out = process.getInputStream()) {
                byte[] bytes = out.readNBytes(MOST_BYTES);
                if (process.waitFor() != 0) {
                    throw failed(new IOException("git did not succeed"));
                }
                return new String(bytes, StandardCharsets.UTF_8);
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            throw failed(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed(e);
        }
    }

    private CloudException failed(Exception cause) {
        return CloudException.retryable(
                "git", "the branches of repository '" + repository.name() + "' could not be listed", cause);
    }
}
