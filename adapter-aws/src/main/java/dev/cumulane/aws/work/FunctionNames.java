// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.work;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.TrustLevel;
import java.util.Collection;
import java.util.Locale;
import java.util.TreeSet;

/**
 * What the functions of an installation are called; the blueprint makes them under these names.
 *
 * @param namespace what the names begin with
 */
public record FunctionNames(String namespace) {
    /**
     * The worker for stages of a trust level that are given exactly these secrets. Its role may read them and no others.
     *
     * @param trust the trust level of the run
     * @param references the references of the secrets, perhaps none
     * @return the function's name
     */
    public String worker(TrustLevel trust, Collection<String> references) {
        String name = namespace + "-worker-" + trust.name().toLowerCase(Locale.ROOT);
        if (references.isEmpty()) {
            return name;
        }
        String text = String.join("\n", new TreeSet<>(references));
        return name + "-" + Digest.of(text.getBytes(UTF_8)).hex().substring(0, 12);
    }

    /**
     * The alias of a worker's version that has this code. Versions have numbers, which only the account knows; the digest is known wherever the package is.
     *
     * @param code the digest of the deployed package
     * @return the alias
     */
    public String alias(Digest code) {
        return "code-" + code.hex().substring(0, 32);
    }
}
