// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.secrets;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.Secrets;
import dev.cumulane.cloud.contract.Scripted;
import dev.cumulane.cloud.contract.SecretsContract;
import dev.cumulane.gcp.client.GcpClients;
import dev.cumulane.gcp.client.GcpNames;
import dev.cumulane.gcp.emulator.Disturbed;
import dev.cumulane.gcp.emulator.Emulators;
import dev.cumulane.gcp.fake.FakeSecretManager;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The contract on a Secret Manager of ours, behind a network that disturbs every second request; then what is of Google alone. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SecretManagerSecretsContractTest extends SecretsContract {
    private final FakeSecretManager manager = new FakeSecretManager();
    private final Disturbed network = Disturbed.before(Map.of("secretmanager", manager.endpoint()), 0.5, 9);
    private GcpNames names = Emulators.names();

    @BeforeEach
    void begin() {
        names = Emulators.names();
    }

    @AfterAll
    void closeAndCount() {
        network.closeAndCount();
        manager.close();
    }

    @Override
    protected Secrets secrets() {
        return new SecretManagerSecrets(() -> network.clients().api("secretmanager"), names);
    }

    @Override
    protected void store(String reference, String value) {
        manager.add(SecretManagerSecrets.name(names, reference), value.getBytes(UTF_8));
    }

    @Test
    void a_secret_of_another_namespace_is_none_of_ours() {
        manager.add("projects/test-project/secrets/npm-token", new byte[] {1});
        manager.add("projects/test-project/secrets/" + names.namespace() + "-npm-token", new byte[] {1});

        assertThat(secrets().exists("npm-token")).isFalse();
        assertThat(secrets().read("npm-token")).isEmpty();
    }

    @Test
    void a_version_that_is_disabled_is_none() {
        store("npm-token", "hunter2");
        manager.disable(SecretManagerSecrets.name(names, "npm-token"));

        assertThat(secrets().exists("npm-token")).isFalse();
        assertThat(secrets().read("npm-token")).isEmpty();
    }

    @Test
    void a_value_that_was_damaged_on_its_way_is_not_taken_and_may_come_whole_later() {
        store("npm-token", "hunter2");
        manager.damage(SecretManagerSecrets.name(names, "npm-token"));

        assertThatExceptionOfType(CloudException.class)
                .isThrownBy(() -> secrets().read("npm-token"))
                .withMessageContaining("did not arrive as it was sent")
                .satisfies(e -> assertThat(e.retryable()).isTrue());
    }

    @Test
    void a_secret_that_may_not_be_read_is_not_taken_for_absent() {
        String denied =
                "{\"error\":{\"code\":403,\"message\":\"no secretmanager.versions.access\",\"status\":\"PERMISSION_DENIED\"}}";
        try (Scripted closed = new Scripted().then(403, denied)) {
            GcpClients refused = Emulators.clients(Map.of("*", closed.endpoint()));

            assertThatExceptionOfType(CloudException.class)
                    .isThrownBy(
                            () -> new SecretManagerSecrets(() -> refused.api("secretmanager"), names).read("npm-token"))
                    .withMessageContaining("PERMISSION_DENIED: no secretmanager.versions.access")
                    .withMessageContaining(names.namespace() + "_npm-token")
                    .satisfies(e -> assertThat(e.retryable()).isFalse());
        }
    }
}
