// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Optional;

/**
 * Knows which secret references exist, and reads those that the engine itself needs. A stage's secret the engine never sees: the service binds it in the worker.
 *
 * <p>{@link #exists} is called by the plan check, once per reference and registration, on the caller's thread; {@link #read} by ingress and by followers, on any
 * thread, perhaps several at once, about once per request that is verified or sent.
 */
public interface Secrets {
    /**
     * Whether a reference names a secret that a worker could get.
     *
     * @param reference the reference as the pipeline writes it, such as {@code npm-token}
     * @return true if it does
     */
    boolean exists(String reference);

    /**
     * The value of a secret that the engine itself needs: the secret of a webhook, the token of a repository, the address of a channel. Never asked for a secret of a
     * stage. Whoever asks keeps it for the one use and shows it to nobody.
     *
     * @param reference the reference as the configuration writes it
     * @return the value as it was stored, without a line break at its end, an array of the caller's own; empty if no secret has this reference
     * @throws CloudException if it cannot be read, permanent if it must not be; the message has no part of the value
     */
    Optional<byte[]> read(String reference);

    /**
     * The value of a secret without which there is nothing to be done, as text.
     *
     * @param reference the reference as the configuration writes it
     * @return the value
     * @throws CloudException as {@link #read} does, and permanent if no secret has this reference
     */
    default String required(String reference) {
        byte[] value = read(reference)
                .orElseThrow(() -> CloudException.permanent("secrets", "there is no secret '" + reference + "'"));
        return new String(value, StandardCharsets.UTF_8);
    }

    /**
     * Where somebody would put a secret that is not there.
     *
     * @param reference the reference as the configuration writes it
     * @return words for people, such as {@code file /srv/ci/secrets/npm-token}
     */
    default String place(String reference) {
        return "the secrets of this cloud, as '" + reference + "'";
    }

    /**
     * Masks secrets of a stage in what its work left to be recorded. The engine gets no value, only the means to keep values out of the journal; a cloud whose engine may not
     * read a stage's secrets has none to give, and its workers mask what they leave.
     *
     * <p>Called once for each result of work, for each piece of a log on a page and for what people write, on the thread that handles it; an exception has the meaning that it has for the
     * result.
     *
     * @param references the references as the pipeline writes them; none for work that was given no secret
     * @return a redactor that knows those of them that this process may know and, where work could take other secrets than those it was given, these too
     */
    default Redactor redactor(Collection<String> references) {
        return Redactor.none();
    }
}
