// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.emulator;

import dev.cumulane.cloud.contract.Emulator;
import dev.cumulane.contracts.Needed;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * The {@code moto_server} of the path, as a child process; started once for all tests and ended with this process. It is not asked what it is known to get wrong:
 * concurrent conditional writes to DynamoDB and S3, CodeBuild, the firing of schedules.
 */
public final class Moto {
    private static final AtomicInteger NAMES = new AtomicInteger();
    private static Optional<URI> endpoint = Optional.empty();

    private Moto() {}

    /**
     * Where it listens.
     *
     * @return its address
     */
    public static synchronized URI endpoint() {
        if (endpoint.isPresent()) {
            return endpoint.get();
        }
        try {
            int port = Emulator.freePort();
            URI started = Emulator.start(
                    new ProcessBuilder("moto_server", "-H", "127.0.0.1", "-p", String.valueOf(port)),
                    port,
                    "/moto-api/config");
            endpoint = Optional.of(started);
            return started;
        } catch (Exception e) {
            throw Needed.missing("moto_server does not start here; pip install 'moto[server]' brings it", e);
        }
    }

    /**
     * A name that no other test has.
     *
     * @param what what is to be called so
     * @return letters, digits and hyphens
     */
    public static String name(String what) {
        return "test-" + NAMES.incrementAndGet() + "-" + what;
    }

    /**
     * Makes an empty bucket.
     *
     * @param client a client of this emulator
     * @return its name, which no other test has
     */
    public static String bucket(S3Client client) {
        String name = name("artifacts");
        client.createBucket(request -> request.bucket(name)
                .createBucketConfiguration(where -> where.locationConstraint(Emulators.REGION.id())));
        return name;
    }
}
