// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.secrets;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.Secrets;
import dev.cumulane.gcp.client.GcpNames;
import dev.cumulane.gcp.client.GcpService;
import dev.cumulane.gcp.client.GoogleApi;
import dev.cumulane.gcp.client.GoogleApiException;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * The secrets of Google Cloud: {@code npm-token} is the latest version of the secret {@code shop-ci_npm-token} of Secret Manager in the namespace {@code shop-ci}.
 *
 * <p>A reference is 1 to 100 lower-case letters, digits and single hyphens. Any thread. Nothing is remembered: a secret that changes is read anew. A message of a
 * failure names the secret and has no part of its value.
 */
public final class SecretManagerSecrets implements Secrets {
    private static final Pattern REFERENCE = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");
    private static final int LONGEST_REFERENCE = 100;
    private static final String NAME = "Secret Manager";
    /** What is answered for a version that is disabled or destroyed. */
    private static final String NOT_ENABLED = "FAILED_PRECONDITION";

    private final Supplier<GoogleApi> api;
    private final GcpNames names;
    private final GcpService service;

    /**
     * Secrets of a namespace. Does no I/O.
     *
     * @param api makes the API of Secret Manager on first use
     * @param names of the installation
     */
    public SecretManagerSecrets(Supplier<GoogleApi> api, GcpNames names) {
        this.api = api;
        this.names = names;
        this.service = new GcpService(NAME, "secrets " + names);
    }

    /**
     * What Secret Manager calls a secret, for whoever binds it in a worker or allows it to be read.
     *
     * @param names of the installation
     * @param reference the reference as the pipeline writes it
     * @return {@code projects/P/secrets/S}
     */
    public static String name(GcpNames names, String reference) {
        // References have no low line, so that two namespaces never meet in one name.
        return "projects/" + names.project() + "/secrets/" + names.namespace() + "_" + reference;
    }

    @Override
    public boolean exists(String reference) {
        return isReference(reference)
                && latest("get", "look for", reference, "")
                        .map(version -> version.path("state").asText())
                        .equals(Optional.of("ENABLED"));
    }

    @Override
    public Optional<byte[]> read(String reference) {
        return isReference(reference)
                ? latest("access", "read", reference, ":access").map(answer -> value(reference, answer.path("payload")))
                : Optional.empty();
    }

    private Optional<JsonNode> latest(String operation, String verb, String reference, String suffix) {
        String name = name(names, reference);
        return service.call(verb + " secret " + name, () -> {
            try {
                return Optional.of(api.get().get(operation, "/v1/" + name + "/versions/latest" + suffix));
            } catch (GoogleApiException e) {
                if (e.isMissing() || e.code().equals(NOT_ENABLED)) {
                    return Optional.empty();
                }
                throw e;
            }
        });
    }

    private byte[] value(String reference, JsonNode payload) {
        String damaged = "secret " + name(names, reference) + " did not arrive as it was sent";
        try {
            byte[] value = payload.path("data").binaryValue();
            byte[] read = value == null ? new byte[0] : value;
            CRC32C crc = new CRC32C();
            crc.update(read);
            if (payload.has("dataCrc32c") && payload.path("dataCrc32c").asLong() != crc.getValue()) {
                throw CloudException.retryable(NAME, damaged);
            }
            return read;
        } catch (IOException e) {
            // Its message would have a part of the value.
            throw CloudException.permanent(NAME, damaged);
        }
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
