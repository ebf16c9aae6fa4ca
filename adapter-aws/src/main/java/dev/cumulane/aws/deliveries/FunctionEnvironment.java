// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.deliveries;

import java.util.Optional;

/**
 * An environment that is a Lambda function: callers use an alias of it, and a release is a version of it. The function itself is there already; its configuration is
 * not this engine's.
 *
 * @param function the function's name
 * @param alias the alias that callers use, such as {@code live}
 * @param health an event that a healthy release handles without an error, if there is one
 * @param address where the environment answers, such as {@code https://shop.example.com}; the alias's ARN if it is not said
 * @param role the role by which it is deployed to, if it is in another account
 */
public record FunctionEnvironment(
        String function, String alias, Optional<String> health, Optional<String> address, Optional<AssumedRole> role)
        implements AwsEnvironment {
    /** Refuses names that Lambda refuses. */
    public FunctionEnvironment {
        if (!function.matches("[a-zA-Z0-9_-]{1,64}")) {
            throw new IllegalArgumentException("a function's name has 1 to 64 letters, digits, '-' and '_', not '"
                    + function.replaceAll("\\p{Cntrl}", "?") + "'");
        }
        if (!alias.matches("(?![0-9]+$)[a-zA-Z0-9_-]{1,120}")) {
            throw new IllegalArgumentException(
                    "an alias has 1 to 120 letters, digits, '-' and '_', not only digits, not '"
                            + alias.replaceAll("\\p{Cntrl}", "?") + "'");
        }
    }

    /**
     * The same with another alias.
     *
     * @param name what callers use
     * @return the binding
     */
    public FunctionEnvironment alias(String name) {
        return new FunctionEnvironment(function, name, health, address, role);
    }

    /**
     * The same, with a check of every release.
     *
     * @param event the event, as JSON, that a healthy release handles without an error
     * @return the binding
     */
    public FunctionEnvironment health(String event) {
        return new FunctionEnvironment(function, alias, Optional.of(event), address, role);
    }

    /**
     * The same, which answers at an address that is known, such as that of the alias's function URL.
     *
     * @param url the address
     * @return the binding
     */
    public FunctionEnvironment at(String url) {
        return new FunctionEnvironment(function, alias, health, Optional.of(url), role);
    }

    /** The alias of the release that was prepared last; what is known of the deployment stands in its description. */
    String next() {
        return alias + "-next";
    }
}
