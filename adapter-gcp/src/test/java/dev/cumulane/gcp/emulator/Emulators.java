// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.emulator;

import com.google.auth.Credentials;
import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.OAuth2Credentials;
import dev.cumulane.cloud.contract.Emulator;
import dev.cumulane.contracts.Needed;
import dev.cumulane.gcp.client.GcpClients;
import dev.cumulane.gcp.client.GcpNames;
import dev.cumulane.gcp.client.GoogleApi;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The emulators of the Google Cloud SDK as child processes, each started once for all tests and ended with this process. The SDK is found by its {@code gcloud} on the
 * path; the emulators are parts of it.
 */
public final class Emulators {
    /** The project that all tests are in. */
    public static final String PROJECT = "test-project";

    /** The region that all tests are in. */
    public static final String REGION = "europe-west1";

    private static final AtomicInteger NAMES = new AtomicInteger();
    private static Optional<URI> firestore = Optional.empty();
    private static Optional<URI> pubSub = Optional.empty();

    private Emulators() {}

    /**
     * Firestore. A database is there as soon as it is named.
     *
     * @return its address
     */
    public static synchronized URI firestore() {
        if (firestore.isEmpty()) {
            firestore = Optional.of(start(
                    "cloud-firestore-emulator/cloud-firestore-emulator.jar",
                    "-cp",
                    "com.google.cloud.datastore.emulator.firestore.CloudFirestore",
                    "start"));
        }
        return firestore.get();
    }

    /**
     * Pub/Sub.
     *
     * @return its address
     */
    public static synchronized URI pubSub() {
        if (pubSub.isEmpty()) {
            pubSub = Optional.of(start("pubsub-emulator/lib/cloud-pubsub-emulator-0.8.20-all.jar", "-jar"));
        }
        return pubSub.get();
    }

    /**
     * Names of an installation that no other test has.
     *
     * @return the names
     */
    public static GcpNames names() {
        return new GcpNames(PROJECT, REGION, "test-" + NAMES.incrementAndGet());
    }

    /**
     * Clients of emulators, with a token that nobody asks for.
     *
     * @param endpoints the emulators' addresses, as in {@link GcpClients.Connection}
     * @param watchers see every call
     * @return the clients
     */
    public static GcpClients clients(Map<String, URI> endpoints, GoogleApi.Watcher... watchers) {
        return new GcpClients(
                new GcpClients.Connection(PROJECT, REGION, Optional.of(credentials()), endpoints, List.of(watchers)));
    }

    /**
     * Credentials that the emulators take.
     *
     * @return the credentials
     */
    public static Credentials credentials() {
        return OAuth2Credentials.create(new AccessToken("owner", null));
    }

    private static URI start(String jar, String how, String... arguments) {
        Path path = sdk().resolve("platform").resolve(jar);
        Needed.that(
                path.toFile().isFile(),
                "the Google Cloud SDK of this machine has no " + path.getFileName() + "; 'gcloud components install'"
                        + " or the packages google-cloud-cli-*-emulator bring it");
        try {
            int port = Emulator.freePort();
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "-Duser.language=en",
                    how,
                    path.toString()));
            command.addAll(List.of(arguments));
            command.addAll(List.of("--host=127.0.0.1", "--port=" + port));
            return Emulator.start(new ProcessBuilder(command), port, "/");
        } catch (Exception e) {
            throw Needed.missing(path.getFileName() + " does not start here", e);
        }
    }

    private static Path sdk() {
        try {
            return Needed.program("gcloud").toRealPath().getParent().getParent();
        } catch (IOException e) {
            throw Needed.missing("the Google Cloud SDK cannot be read", e);
        }
    }
}
