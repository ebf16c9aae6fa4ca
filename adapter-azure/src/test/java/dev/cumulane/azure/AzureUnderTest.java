// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure;

import com.azure.core.http.policy.HttpPipelinePolicy;
import dev.cumulane.azure.emulator.Emulators;
import java.net.URI;
import java.util.Map;

/** Describes installations on emulators, whose environment variables the test gives, as a deployed function reads them. */
public final class AzureUnderTest {
    private AzureUnderTest() {}

    /**
     * An installation as it is described in a function.
     *
     * @param environment the function's settings
     * @param endpoints the emulators, by the names of {@link Azure#endpoint}
     * @param watchers see every attempt of a call
     * @return the description
     */
    public static Azure on(
            Map<String, String> environment, Map<String, URI> endpoints, HttpPipelinePolicy... watchers) {
        Azure azure = new Azure(Emulators.NAMES.resourceGroup(), environment)
                .namespace(Emulators.NAMES.namespace())
                .subscription(Emulators.NAMES.subscription())
                .credential(Emulators.credential())
                .watchedBy(Emulators.http(), watchers);
        endpoints.forEach((service, address) -> azure.endpoint(service, Emulators.secure(address)));
        return azure;
    }
}
