// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.deliveries;

import java.util.Optional;

/**
 * An environment that is a function of Cloud Functions, 2nd generation: a release is a revision of its Cloud Run service, which shares the traffic. The function itself is there already; its
 * configuration is not this engine's.
 *
 * @param function the function's name, in the installation's project and region
 * @param address where the environment answers, such as {@code https://shop.example.com}; the service's own address if it is not said
 */
public record FunctionEnvironment(String function, Optional<String> address) implements GcpEnvironment {
    /** Refuses names that Cloud Functions refuses. */
    public FunctionEnvironment {
        if (!function.matches("[a-z]([a-z0-9-]{0,61}[a-z0-9])?")) {
            throw new IllegalArgumentException("a function's name has 1 to 63 lower-case letters, digits and '-', not '"
                    + function.replaceAll("\\p{Cntrl}", "?") + "'");
        }
    }

    /**
     * The same, which answers at an address that is known.
     *
     * @param url the address
     * @return the binding
     */
    public FunctionEnvironment at(String url) {
        return new FunctionEnvironment(function, Optional.of(url));
    }
}
