// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.secrets;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.azure.core.exception.ResourceNotFoundException;
import com.azure.security.keyvault.secrets.SecretClient;
import dev.cumulane.azure.client.AzureNames;
import dev.cumulane.azure.client.AzureService;
import dev.cumulane.cloud.Secrets;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * The secrets of the Azure cloud: {@code npm-token} is the secret of that name in the installation's own key vault.
 *
 * <p>A reference is 1 to 100 lower-case letters, digits and single hyphens. Any thread. Nothing is remembered: a secret that changes is read anew. Whether one exists is told
 * from the list of its versions, which an identity may see that may not read it. A message of a failure names the secret and has no part of its value.
 */
public final class KeyVaultSecrets implements Secrets {
    private static final Pattern REFERENCE = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");
    private static final int LONGEST_REFERENCE = 100;

    private final Supplier<SecretClient> client;
    private final AzureService service;

    /**
     * Secrets of an installation. Does no I/O.
     *
     * @param client makes the client on first use
     * @param names of the installation
     */
    public KeyVaultSecrets(Supplier<SecretClient> client, AzureNames names) {
        this.client = client;
        this.service = new AzureService("Key Vault", "the vault of " + names);
    }

    @Override
    public boolean exists(String reference) {
        if (!isReference(reference)) {
            return false;
        }
        return service.call("look for secret " + reference, () -> {
            try {
                return client.get().listPropertiesOfSecretVersions(reference).stream()
                        .anyMatch(version -> !Boolean.FALSE.equals(version.isEnabled()));
            } catch (ResourceNotFoundException e) {
                return false;
            }
        });
    }

    @Override
    public Optional<byte[]> read(String reference) {
        if (!isReference(reference)) {
            return Optional.empty();
        }
        return service.call("read secret " + reference, () -> {
            try {
                return Optional.of(client.get().getSecret(reference).getValue().getBytes(UTF_8));
            } catch (ResourceNotFoundException e) {
                return Optional.empty();
            }
        });
    }

    private static boolean isReference(String reference) {
        return reference.length() <= LONGEST_REFERENCE
                && REFERENCE.matcher(reference).matches();
    }

    /** Where the secrets are, and none of them. */
    @Override
    public String toString() {
        return service.resource();
    }
}
