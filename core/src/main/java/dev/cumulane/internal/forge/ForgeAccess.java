// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.forge;

import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.Secrets;
import dev.cumulane.internal.http.Answer;
import dev.cumulane.internal.http.Call;
import dev.cumulane.internal.http.Caller;
import dev.cumulane.internal.http.Hosts;
import dev.cumulane.internal.http.Url;
import dev.cumulane.source.Credential;
import dev.cumulane.source.Forge;
import dev.cumulane.source.Repository;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Calls the API of one repository's forge with its credential, which is read anew for each call. Any thread. */
public final class ForgeAccess implements Caller {
    private static final int UNAUTHORIZED = 401;

    private final Repository repository;
    private final Secrets secrets;
    private final Caller caller;
    private final Optional<AppTokens> tokens;

    /**
     * Access to a forge.
     *
     * @param repository the repository, which has a credential
     * @param secrets reads what the credential names
     * @param caller calls the forge's hosts, see {@link #hosts}
     * @param clock tells when a token has expired
     */
    public ForgeAccess(Repository repository, Secrets secrets, Caller caller, InstantSource clock) {
        this.repository = repository;
        this.secrets = secrets;
        this.caller = caller;
        this.tokens = repository
                .credential()
                .filter(Credential.GitHubApp.class::isInstance)
                .map(app -> new AppTokens(
                        (Credential.GitHubApp) app,
                        Url.of(repository.api().orElseThrow()),
                        secrets::required,
                        caller,
                        clock));
    }

    /** The hosts of a repository's API, and origins that may be in one's own network. */
    public static Hosts hosts(Repository repository, List<String> inside) {
        return repository.api().map(Hosts::ofUrl).orElse(Hosts.of()).andInside(inside);
    }

    /** Makes a call with the credential. An app's token that was withdrawn is replaced once. */
    @Override
    public Answer call(Call call) {
        Answer answer = caller.call(authorised(call));
        if (answer.status() == UNAUTHORIZED && tokens.isPresent()) {
            tokens.get().forget();
            return caller.call(authorised(call));
        }
        return answer;
    }

    /** GitHub has its own type of answer and, so that these stay as they are, versions of its API; 2022-11-28 is the first. */
    static Call asGitHubWants(Call call) {
        return call.with("Accept", "application/vnd.github+json").with("X-GitHub-Api-Version", "2022-11-28");
    }

    private Call authorised(Call plain) {
        Call call =
                repository.forge() == Forge.GITHUB ? asGitHubWants(plain) : plain.with("Accept", "application/json");
        Credential credential = repository
                .credential()
                .orElseThrow(() -> CloudException.permanent("secrets", repository + " has no credential"));
        if (tokens.isPresent()) {
            return call.with("Authorization", "Bearer " + tokens.get().token());
        }
        String secret = secrets.required(credential.reference());
        if (credential instanceof Credential.Login login) {
            return call.with("Authorization", basic(login.user(), secret));
        }
        return switch (repository.forge()) {
            case GITHUB, BITBUCKET_CLOUD, BITBUCKET_DATA_CENTER, STANDARD_WEBHOOKS ->
                call.with("Authorization", "Bearer " + secret);
            case GITLAB -> call.with("PRIVATE-TOKEN", secret);
            case AZURE_REPOS -> call.with("Authorization", basic("", secret));
            case GITEA, FORGEJO -> call.with("Authorization", "token " + secret);
        };
    }

    private static String basic(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }
}
