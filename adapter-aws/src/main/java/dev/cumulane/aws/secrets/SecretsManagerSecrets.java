// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.secrets;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cumulane.aws.client.AwsNames;
import dev.cumulane.aws.client.AwsService;
import dev.cumulane.cloud.Secrets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.ParameterNotFoundException;

/**
 * The secrets of the AWS cloud: {@code npm-token} is the secret {@code shop-ci/npm-token} of Secrets Manager in the namespace {@code shop-ci}, and
 * {@code ssm-npm-token} the parameter {@code /shop-ci/npm-token} of Parameter Store, which costs nothing for a value of at most 4 KB.
 *
 * <p>A reference is 1 to 100 lower-case letters, digits and single hyphens. Any thread. A value is remembered for five minutes, as long as AWS's own extension for
 * Lambda does: each read of one is paid for. That there is none is not remembered. A message of a failure names the secret and has no part of its value.
 */
public final class SecretsManagerSecrets implements Secrets {
    /** What a reference begins with whose value is kept in Parameter Store. */
    public static final String PARAMETER = "ssm-";

    /** How long a changed value may go unnoticed. */
    static final Duration REMEMBERED = Duration.ofMinutes(5);

    private static final Pattern REFERENCE = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");
    private static final int LONGEST_REFERENCE = 100;

    private final Supplier<SecretsManagerClient> secretsManager;
    private final Supplier<SsmClient> parameters;
    private final String namespace;
    private final AwsService manager;
    private final AwsService store;
    private final InstantSource clock;
    private final Map<String, Remembered> remembered = new ConcurrentHashMap<>();

    private record Remembered(byte[] value, Instant until) {}

    /**
     * Secrets of a namespace. Does no I/O.
     *
     * @param secretsManager makes the client of Secrets Manager on first use
     * @param parameters makes the client of Parameter Store on first use
     * @param names of the installation
     * @param clock by which values are forgotten
     */
    public SecretsManagerSecrets(
            Supplier<SecretsManagerClient> secretsManager,
            Supplier<SsmClient> parameters,
            AwsNames names,
            InstantSource clock) {
        this.clock = clock;
        this.secretsManager = secretsManager;
        this.parameters = parameters;
        this.namespace = names.namespace();
        this.manager = new AwsService("Secrets Manager", "secrets " + names);
        this.store = new AwsService("Parameter Store", "parameters " + names);
    }

    /**
     * Whether a reference is kept in Parameter Store.
     *
     * @param reference the reference as the pipeline writes it
     * @return false for one that is kept in Secrets Manager
     */
    public static boolean isParameter(String reference) {
        return reference.startsWith(PARAMETER);
    }

    /**
     * What the service calls a secret, for whoever binds it in a worker or allows it to be read.
     *
     * @param namespace the installation's namespace
     * @param reference the reference as the pipeline writes it
     * @return the name of a secret, or of a parameter
     */
    public static String name(String namespace, String reference) {
        return isParameter(reference)
                ? "/" + namespace + "/" + reference.substring(PARAMETER.length())
                : namespace + "/" + reference;
    }

    @Override
    public boolean exists(String reference) {
        if (!isReference(reference)) {
            return false;
        }
        if (isParameter(reference)) {
            return parameter(reference, false).isPresent();
        }
        return manager.call("look for secret " + nameOf(reference), () -> {
            try {
                // One that is to be deleted is described still, but cannot be read.
                return secretsManager
                                .get()
                                .describeSecret(request -> request.secretId(nameOf(reference)))
                                .deletedDate()
                        == null;
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
        Instant now = clock.instant();
        Remembered known = remembered.get(reference);
        if (known != null && now.isBefore(known.until())) {
            return Optional.of(known.value().clone());
        }
        Optional<byte[]> value = isParameter(reference)
                ? parameter(reference, true).map(text -> text.getBytes(UTF_8))
                : secret(reference);
        value.ifPresentOrElse(
                bytes -> remembered.put(reference, new Remembered(bytes.clone(), now.plus(REMEMBERED))),
                () -> remembered.remove(reference));
        return value;
    }

    private Optional<byte[]> secret(String reference) {
        return manager.call("read secret " + nameOf(reference), () -> {
            try {
                GetSecretValueResponse secret =
                        secretsManager.get().getSecretValue(request -> request.secretId(nameOf(reference)));
                return Optional.of(
                        secret.secretBinary() == null
                                ? secret.secretString().getBytes(UTF_8)
                                : secret.secretBinary().asByteArray());
            } catch (ResourceNotFoundException e) {
                return Optional.empty();
            }
        });
    }

    private Optional<String> parameter(String reference, boolean decrypted) {
        return store.call("read parameter " + nameOf(reference), () -> {
            try {
                return Optional.of(parameters
                        .get()
                        .getParameter(request -> request.name(nameOf(reference)).withDecryption(decrypted))
                        .parameter()
                        .value());
            } catch (ParameterNotFoundException e) {
                return Optional.empty();
            }
        });
    }

    private String nameOf(String reference) {
        return name(namespace, reference);
    }

    private static boolean isReference(String reference) {
        return reference.length() <= LONGEST_REFERENCE
                && REFERENCE.matcher(reference).matches();
    }

    /** Where the secrets are, and none of them. */
    @Override
    public String toString() {
        return manager.resource();
    }
}
