// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.client;

import com.google.auth.Credentials;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.common.base.Suppliers;
import dev.cumulane.cloud.CloudException;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * The APIs of the services, and whose calls they are. What is not used is not made: a function that only answers a webhook asks for no token. Any thread.
 *
 * <p>A service that does not answer for 10 seconds (60 for Cloud Storage, which carries large bodies) counts as lost.
 */
public final class GcpClients {
    /** What every API here takes; what a service account may do is said by its roles. */
    private static final String SCOPE = "https://www.googleapis.com/auth/cloud-platform";

    private static final Duration SILENCE = Duration.ofSeconds(10);
    private static final Duration SILENCE_OF_STORAGE = Duration.ofMinutes(1);
    private static final String STORAGE = "storage";

    private final Connection connection;
    private final Supplier<Credentials> credentials;

    /**
     * What all clients have in common.
     *
     * @param project the id of the project
     * @param region where the services are
     * @param credentials whose calls they are; application default credentials if empty
     * @param endpoints for some services, by the name they have in their usual address ({@code firestore}, {@code cloudtasks}), another address; {@code *} stands for
     *     all others
     * @param watchers see every call, for tests that count
     */
    public record Connection(
            String project,
            String region,
            Optional<Credentials> credentials,
            Map<String, URI> endpoints,
            List<GoogleApi.Watcher> watchers) {
        /** Copies. */
        public Connection {
            endpoints = new TreeMap<>(endpoints);
            watchers = List.copyOf(watchers);
        }
    }

    /**
     * Clients that are not made yet.
     *
     * @param connection what they have in common
     */
    public GcpClients(Connection connection) {
        this.connection = connection;
        this.credentials = Suppliers.memoize(() -> connection.credentials().orElseGet(GcpClients::usual));
    }

    /**
     * An API.
     *
     * @param service the service as in its usual address, such as {@code firestore}
     * @return its client, which holds nothing that has to be closed
     */
    public GoogleApi api(String service) {
        return new GoogleApi(
                service,
                address(service),
                service.equals(STORAGE) ? SILENCE_OF_STORAGE : SILENCE,
                credentials,
                connection.watchers());
    }

    /**
     * Whose calls they are.
     *
     * @return the credentials
     * @throws CloudException permanent, if this process has none
     */
    public Credentials credentials() {
        return credentials.get();
    }

    /**
     * What all clients have in common.
     *
     * @return the connection
     */
    public Connection connection() {
        return connection;
    }

    URI address(String service) {
        URI own = connection.endpoints().get(service);
        URI other = own == null ? connection.endpoints().get("*") : own;
        return other == null ? URI.create("https://" + service + ".googleapis.com") : other;
    }

    private static Credentials usual() {
        try {
            return GoogleCredentials.getApplicationDefault().createScoped(SCOPE);
        } catch (IOException e) {
            throw CloudException.permanent(
                    "Google Cloud",
                    "this process has no credentials; 'gcloud auth application-default login' gives a person's, and a function has those of its service account",
                    e);
        }
    }
}
