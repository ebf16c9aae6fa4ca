// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.secrets;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.cumulane.aws.client.AwsClients;
import dev.cumulane.aws.client.AwsNames;
import dev.cumulane.aws.emulator.Disturbed;
import dev.cumulane.aws.emulator.Emulators;
import dev.cumulane.aws.emulator.Moto;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.Secrets;
import dev.cumulane.cloud.contract.FaultProxy.Fault;
import dev.cumulane.cloud.contract.MovedClock;
import dev.cumulane.cloud.contract.SecretsContract;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.ssm.model.ParameterType;

/** The contract on moto, for secrets of Secrets Manager; then what is of AWS alone. */
final class SecretsManagerSecretsContractTest extends SecretsContract {
    private final Disturbed network = Disturbed.before(Moto.endpoint(), "*", 7);
    private final AwsClients clients = network.clients();
    private final AwsClients undisturbed = network.undisturbed();
    private final String namespace = Moto.name("ns");
    private final MovedClock clock = new MovedClock();
    private final Secrets secrets = new SecretsManagerSecrets(
            clients::secretsManager,
            clients::ssm,
            new AwsNames(Emulators.REGION, namespace, () -> Emulators.ACCOUNT),
            clock);

    @AfterEach
    void close() {
        network.close();
    }

    @Override
    protected Secrets secrets() {
        return secrets;
    }

    @Override
    protected void store(String reference, String value) {
        undisturbed
                .secretsManager()
                .createSecret(
                        request -> request.name(namespace + "/" + reference).secretString(value));
    }

    @Test
    void a_secret_may_be_bytes() {
        undisturbed
                .secretsManager()
                .createSecret(request -> request.name(namespace + "/signing-key")
                        .secretBinary(SdkBytes.fromByteArray(new byte[] {0, 1, (byte) 0xff})));

        assertThat(secrets.read("signing-key")).hasValue(new byte[] {0, 1, (byte) 0xff});
    }

    @Test
    void a_parameter_is_a_secret_too() {
        undisturbed
                .ssm()
                .putParameter(request -> request.name("/" + namespace + "/npm-token")
                        .type(ParameterType.SECURE_STRING)
                        .value("hunter2"));

        assertThat(secrets.exists("ssm-npm-token")).isTrue();
        assertThat(secrets.read("ssm-npm-token")).hasValue("hunter2".getBytes(UTF_8));
        assertThat(secrets.exists("npm-token")).isFalse();
        assertThat(secrets.exists("ssm-npm")).isFalse();
        assertThat(secrets.read("ssm-npm")).isEmpty();
    }

    @Test
    void a_secret_that_is_to_be_deleted_does_not_exist() {
        store("npm-token", "hunter2");
        undisturbed.secretsManager().deleteSecret(request -> request.secretId(namespace + "/npm-token"));

        assertThat(secrets.exists("npm-token")).isFalse();
    }

    @Test
    void a_value_is_read_once_in_five_minutes_and_one_that_was_missing_at_once() {
        assertThat(secrets.read("npm-token")).isEmpty();
        store("npm-token", "hunter2");
        assertThat(secrets.read("npm-token")).hasValue("hunter2".getBytes(UTF_8));
        undisturbed
                .secretsManager()
                .putSecretValue(
                        request -> request.secretId(namespace + "/npm-token").secretString("hunter3"));

        clock.move(SecretsManagerSecrets.REMEMBERED.minusMillis(1));
        assertThat(secrets.read("npm-token")).hasValue("hunter2".getBytes(UTF_8));
        clock.move(Duration.ofMillis(1));
        assertThat(secrets.read("npm-token")).hasValue("hunter3".getBytes(UTF_8));
    }

    @Test
    void a_secret_of_another_namespace_is_not_seen() {
        undisturbed
                .secretsManager()
                .createSecret(request ->
                        request.name("other-" + namespace + "/npm-token").secretString("hunter2"));

        assertThat(secrets.exists("npm-token")).isFalse();
    }

    @Test
    void a_service_that_throttles_for_good_is_a_failure_that_may_pass_and_shows_no_value() {
        store("npm-token", "hunter2-canary");
        network.proxy().next(1000, "GetSecretValue", Fault.THROTTLE);

        assertThatExceptionOfType(CloudException.class)
                .isThrownBy(() -> secrets.read("npm-token"))
                .withMessageContaining(namespace + "/npm-token")
                .withMessageNotContaining("canary")
                .satisfies(e -> assertThat(e.retryable()).isTrue());
    }
}
