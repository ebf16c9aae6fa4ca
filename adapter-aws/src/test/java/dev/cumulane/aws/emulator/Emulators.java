// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.emulator;

import dev.cumulane.aws.client.AwsClients;
import java.net.URI;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.regions.Region;

/** What the emulators have in common. */
public final class Emulators {
    /** The region that all tests are in. */
    public static final Region REGION = Region.EU_WEST_1;

    /** The account that moto says it is. */
    public static final String ACCOUNT = "123456789012";

    private Emulators() {}

    /**
     * Clients of emulators, with keys that no account has.
     *
     * @param endpoints the emulators' addresses, as in {@link AwsClients.Connection}
     * @param interceptors see every call
     * @return the clients
     */
    public static AwsClients clients(Map<String, URI> endpoints, ExecutionInterceptor... interceptors) {
        return new AwsClients(new AwsClients.Connection(
                REGION,
                StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")),
                endpoints,
                List.of(interceptors)));
    }
}
