// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.forge;

import dev.cumulane.cloud.CloudException;
import dev.cumulane.run.Commit;
import dev.cumulane.run.SourceEvent;
import dev.cumulane.source.Repository;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A repository whose forge has no API that we know, or no credential: Git itself tells the branches, with this machine's own configuration, and nothing else. */
final class GitRemote implements ForgeApi {
    private static final int MOST_BYTES = 4 * 1024 * 1024;
    private static final long SECONDS = 20;

    private final Repository repository;

    GitRemote(Repository repository) {
        this.repository = repository;
    }

    @Override
    public List<SourceEvent.Pushed> heads() {
        List<SourceEvent.Pushed> heads = new ArrayList<>();
        for (String line : lsRemote().lines().toList()) {
            String[] words = line.split("\t", 2);
            try {
                heads.add(new SourceEvent.Pushed(
                        new Commit(repository.url(), words[words.length - 1], words[0]),
                        "unknown",
                        repository.trustIn(words[words.length - 1])));
            } catch (IllegalArgumentException e) {
                // A ref that no webhook could tell of either is left out.
            }
        }
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

    private String lsRemote() {
        ProcessBuilder builder =
                new ProcessBuilder("git", "ls-remote", "--heads", "--", repository.url()).redirectErrorStream(false);
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
