// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.client;

import com.azure.core.credential.TokenCredential;
import com.azure.identity.AzureCliCredentialBuilder;
import com.azure.identity.ChainedTokenCredentialBuilder;
import com.azure.identity.EnvironmentCredentialBuilder;
import com.azure.identity.ManagedIdentityCredentialBuilder;
import com.azure.identity.WorkloadIdentityCredentialBuilder;
import java.util.Map;
import java.util.Optional;

/** Whose calls they are, where nothing else was said. */
public final class Identity {
    /** The environment variable with the client id of the identity to take, where a function has several. */
    public static final String CLIENT_VARIABLE = "AZURE_CLIENT_ID";

    private Identity() {}

    /**
     * The usual chain: a service principal of the environment, the workload identity of a pod or a pipeline, the managed identity of a function, and on a laptop whoever is
     * signed in with {@code az}. The first that has a token is asked from then on. Does no I/O.
     *
     * @param environment the environment variables
     * @return what gives tokens
     */
    public static TokenCredential usual(Map<String, String> environment) {
        ManagedIdentityCredentialBuilder managed = new ManagedIdentityCredentialBuilder();
        Optional.ofNullable(environment.get(CLIENT_VARIABLE)).ifPresent(managed::clientId);
        ChainedTokenCredentialBuilder chain =
                new ChainedTokenCredentialBuilder().addLast(new EnvironmentCredentialBuilder().build());
        if (environment.containsKey("AZURE_FEDERATED_TOKEN_FILE")) {
            chain.addLast(new WorkloadIdentityCredentialBuilder().build());
        }
        return chain.addLast(managed.build())
                .addLast(new AzureCliCredentialBuilder().build())
                .build();
    }
}
