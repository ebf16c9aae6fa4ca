// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.order;

import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.AttemptId;

/** The keys in the artifact store that belong to an attempt, or to what one achieved. */
public final class OrderKeys {
    private OrderKeys() {}

    /**
     * The key whose creator alone may do the attempt's work.
     *
     * @param attempt the attempt
     * @return the key; its body is the token of whoever created it
     */
    public static String claim(AttemptId attempt) {
        return "claims/" + attempt.key();
    }

    /**
     * The key that says how the attempt ended.
     *
     * @param attempt the attempt
     * @return the key; its body is a {@link ResultFile}
     */
    public static String result(AttemptId attempt) {
        return "results/" + attempt.key() + ".json";
    }

    /**
     * The key under which a success is kept for later runs.
     *
     * @param basis the digest of all that the work depends on
     * @return the key; its body says in which run it was, and how it ended
     */
    public static String reuse(Digest basis) {
        return "reuse/" + basis.hex();
    }

    /**
     * The beginning of the keys of a cache; the digest of what its contents depend on follows.
     *
     * @param pipeline the pipeline's name
     * @param scope which runs share it
     * @param name the cache's name
     * @return the beginning of a key, with a slash at its end
     */
    public static String cache(String pipeline, String scope, String name) {
        return "caches/" + pipeline + "/" + scope + "/" + name + "/";
    }

    /**
     * The key that tells a function's attempt to stop.
     *
     * @param attempt the attempt
     * @return the key; its being there is the message
     */
    public static String cancel(AttemptId attempt) {
        return "cancel/" + attempt.key();
    }
}
