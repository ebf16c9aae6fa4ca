// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud;

import dev.cumulane.pipeline.Digest;
import java.time.Duration;

/**
 * Signs requests to one object of an {@link ArtifactStore}, so that a build without any credentials can send them itself.
 *
 * <p>Called by ingress when a work order asks, some ten times per attempt, from any thread. Signing is a computation: a signer reads nothing and asks no service, but for
 * credentials that are to be renewed. A {@link CloudException} becomes a 503, and the order asks again.
 *
 * <p>A request does what it was signed for and nothing else, and nothing after it expired. Sent twice it has the effect of once. Nothing is believed from the status
 * code of a creation: whoever gets another answer than 2xx, or none, reads the key back. So an answer may say in any way that the key is there (412 of S3 and Cloud Storage, 409 of Azure, or 403 of Azure where the request may create and no more) or that it is
 * worth another try (409 of S3, 429, 5xx). What is absent is answered with 404, or with 403 where the signer may not list.
 */
public interface RequestSigner {
    /** How long a request lives that a work order asks for. */
    Duration LIFE = Duration.ofMinutes(15);

    /**
     * A request for the bytes of an object.
     *
     * @param digest the object's digest, whether it is there or not
     * @param life how long the request may be sent, at most an hour
     * @return a GET that needs no headers: a redirect can lead to it
     */
    SignedRequest get(Digest digest, Duration life);

    /**
     * A request that stores an object. The store refuses a body of other bytes than the digest names, and one of another size; a store that cannot check signs
     * for an absent object alone. It is answered with 2xx; or if the object is there already with 412, twice in a row with 409, or with 403 and a body that names the error
     * {@code UnauthorizedBlobOverwrite} or {@code AuthorizationPermissionMismatch}.
     *
     * @param digest the sha-256 that the body will have
     * @param size the number of bytes that it will have
     * @param life how long the request may be sent, at most an hour
     * @return a PUT whose body is the object
     */
    SignedRequest put(Digest digest, long size, Duration life);

    /**
     * A request that creates a key, if it is absent. Of any number of them at once exactly one has an effect, and that one alone may be answered with 2xx. The condition is part of what is
     * signed. The store refuses a body of another size, where it can.
     *
     * @param key the key
     * @param size the number of bytes that the body will have: at most {@value ArtifactStore#LARGEST_KEY_VALUE}, and as many as an object's for a key that begins with {@code caches/},
     *     where what is cached lies
     * @param life how long the request may be sent, at most an hour
     * @return a PUT whose body is the key's value
     * @throws IllegalArgumentException if it is no key, or the size is too large
     */
    SignedRequest create(String key, long size, Duration life);

    /**
     * A request for the value of a key. What was created before the request is sent is read.
     *
     * @param key the key, whether it was created or not
     * @param life how long the request may be sent, at most an hour
     * @return a GET that needs no headers
     * @throws IllegalArgumentException if it is no key
     */
    SignedRequest read(String key, Duration life);
}
