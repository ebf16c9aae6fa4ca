// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.source;

import dev.cumulane.source.Repository;
import dev.cumulane.source.WebhookRequest;
import java.time.Instant;
import java.util.List;

/** The two steps from a request to what it tells: is it authentic, and, later and elsewhere, what does it say. Any thread. */
public final class Webhooks {
    /** The most bytes of a body; a server need not read more. Larger ones are the reconciler's. */
    public static final int MOST_BYTES = 4 * 1024 * 1024;

    private Webhooks() {}

    /**
     * Verifies a request on its raw bytes, before any parsing, by the scheme that the repository's forge uses.
     *
     * @param repository the repository whose hook was called
     * @param request the request
     * @param secrets the values of the repository's secrets, those that could be read
     * @param now the time, for schemes with a time stamp
     * @return whether it is authentic
     */
    public static Verification verify(
            Repository repository, WebhookRequest request, List<WebhookSecret> secrets, Instant now) {
        return new Verification.Refused(
                401, "no verifier for " + repository.forge() + " of " + request + now + secrets);
    }

    /**
     * Reads what an authentic delivery tells.
     *
     * @param repository the repository whose hook was called
     * @param delivery what {@link #verify} gave
     * @param body the same body
     * @return what it tells
     */
    public static Reading read(Repository repository, Delivery delivery, byte[] body) {
        return new Reading.Nothing("no reader for " + repository.forge() + delivery + body.length);
    }
}
