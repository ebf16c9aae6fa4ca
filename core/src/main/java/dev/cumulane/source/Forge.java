// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.source;

/** What hosts a repository: it decides how a webhook proves itself and how it is read. Never guessed from a request. */
public enum Forge {
    /** GitHub, in its cloud or on a server of one's own. */
    GITHUB,
    /** GitLab, in its cloud or on a server of one's own. */
    GITLAB,
    /** Bitbucket Cloud. */
    BITBUCKET_CLOUD,
    /** Bitbucket Data Center. */
    BITBUCKET_DATA_CENTER,
    /** The repositories of Azure DevOps. */
    AZURE_REPOS,
    /** Gitea. */
    GITEA,
    /** Forgejo. */
    FORGEJO,
    /** Anything else that signs as <a href="https://www.standardwebhooks.com">Standard Webhooks</a> says. */
    STANDARD_WEBHOOKS
}
