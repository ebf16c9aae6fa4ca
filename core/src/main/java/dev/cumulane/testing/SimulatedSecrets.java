// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.testing;

import dev.cumulane.cloud.Secrets;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/** The secrets of a simulated world. */
record SimulatedSecrets(World world, Map<String, String> values) implements Secrets {
    @Override
    public boolean exists(String reference) {
        return world.call("look for", "a secret", () -> values.containsKey(reference));
    }

    @Override
    public Optional<byte[]> read(String reference) {
        return world.call("read", "a secret", () -> Optional.ofNullable(values.get(reference)))
                .map(value -> value.getBytes(StandardCharsets.UTF_8));
    }

    /** How many there are, and none of them. */
    @Override
    public String toString() {
        return values.size() + " secrets";
    }
}
