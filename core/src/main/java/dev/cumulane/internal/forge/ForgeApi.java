// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.forge;

import dev.cumulane.cloud.CloudException;
import dev.cumulane.internal.http.Caller;
import dev.cumulane.run.SourceEvent;
import dev.cumulane.source.Repository;
import java.util.List;
import java.util.Optional;

/**
 * Asks a forge what is so now, with the credential that the configuration names. Its answers, unlike a payload, are believed.
 *
 * <p>Every method throws {@link CloudException}: a retryable one if the forge did not answer, a permanent one if it refused.
 */
public interface ForgeApi {
    /**
     * The way to ask a repository's forge.
     *
     * @param repository the repository
     * @param caller calls the forge's API with the repository's credential
     * @param git whether Git may be called where there is no API or no credential
     * @return empty if nobody can be asked
     */
    static Optional<ForgeApi> of(Repository repository, Caller caller, boolean git) {
        if (repository.credential().isPresent() && repository.api().isPresent()) {
            Asking asking = new Asking(repository, caller);
            Optional<ForgeApi> api = switch (repository.forge()) {
                case GITHUB -> Optional.of(HubApi.gitHub(asking));
                case GITEA, FORGEJO -> Optional.of(HubApi.gitea(asking));
                case GITLAB -> Optional.of(new GitLabApi(asking));
                case BITBUCKET_CLOUD -> Optional.of(new BitbucketCloudApi(asking));
                case AZURE_REPOS -> Optional.of(new AzureReposApi(asking));
                case BITBUCKET_DATA_CENTER -> Optional.of(new BitbucketDataCenterApi(asking));
                case STANDARD_WEBHOOKS -> Optional.empty();
            };
            if (api.isPresent()) {
                return api;
            }
        }
        return git ? Optional.of(new GitRemote(repository)) : Optional.empty();
    }

    /**
     * All branches as they are now.
     *
     * @return for each its head, as a webhook would tell of it
     */
    List<SourceEvent.Pushed> heads();

    /**
     * All tags as they are now.
     *
     * @return for each what it names, as a webhook would tell of it: the commit, but on Azure Repos and Bitbucket Data Center the tag itself if it is an annotated one
     */
    List<SourceEvent.Pushed> tags();

    /**
     * All open change requests as they are now.
     *
     * @return for each its head, as a webhook would tell of it; none where the forge cannot be asked
     */
    List<SourceEvent.ChangeProposed> openChanges();

    /**
     * One change request as it is now.
     *
     * @param number its number
     * @return its head; empty if there is none or it is not open
     */
    Optional<SourceEvent.ChangeProposed> change(String number);

    /**
     * Whether somebody may write to the repository.
     *
     * @param user the name, as the forge's payloads and API have it
     * @return false also if nobody of that name is known
     */
    boolean mayWrite(String user);
}
