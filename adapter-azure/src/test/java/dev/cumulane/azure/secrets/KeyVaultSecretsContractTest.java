// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.cumulane.azure.client.AzureClients;
import dev.cumulane.azure.emulator.Emulators;
import dev.cumulane.azure.emulator.FaultProxy;
import dev.cumulane.azure.fake.FakeVault;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.Secrets;
import dev.cumulane.cloud.contract.FaultProxy.Fault;
import dev.cumulane.cloud.contract.SecretsContract;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The contract on a fake vault, behind a network that disturbs every third request. */
final class KeyVaultSecretsContractTest extends SecretsContract {
    private final FakeVault vault = new FakeVault();
    private final FaultProxy proxy = FaultProxy.before(vault.endpoint(), 0.3, 17);
    private final AzureClients clients = Emulators.clients(Map.of("vault", proxy.endpoint()));
    private final Secrets secrets = new KeyVaultSecrets(clients::secrets, Emulators.NAMES);

    @AfterEach
    void close() {
        proxy.close();
        vault.close();
        assertThat(vault.violations()).isEmpty();
    }

    @Override
    protected Secrets secrets() {
        return secrets;
    }

    @Override
    protected void store(String reference, String value) {
        vault.store(reference, value);
    }

    @Test
    void a_secret_that_is_disabled_does_not_exist_and_is_not_taken_for_absent() {
        vault.store("npm-token", "hunter2");
        vault.disable("npm-token");

        assertThat(secrets.exists("npm-token")).isFalse();
        assertThatExceptionOfType(CloudException.class)
                .isThrownBy(() -> secrets.read("npm-token"))
                .satisfies(e -> assertThat(e.retryable()).isFalse());
    }

    @Test
    void a_service_that_throttles_for_good_is_a_failure_that_may_pass_and_shows_no_value() {
        vault.store("npm-token", "hunter2-canary");
        proxy.next(1000, "GET", Fault.THROTTLE);

        assertThatExceptionOfType(CloudException.class)
                .isThrownBy(() -> secrets.read("npm-token"))
                .withMessageContaining("read secret npm-token")
                .withMessageNotContaining("canary")
                .satisfies(e -> assertThat(e.retryable()).isTrue());
        assertThat(proxy.counts()).containsEntry(Fault.THROTTLE, AzureClients.ATTEMPTS);
    }
}
