// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud;

import java.net.URI;
import java.util.List;

/**
 * Where a build asks for signed requests: the route {@code /work} of the deployed ingress, and the keys of its tickets.
 *
 * <p>The engine writes a ticket into each order, with the first key; ingress takes tickets of every key. To change the key, put the new one first, deploy, and drop the old one when the
 * longest build is over.
 *
 * @param address the whole address, such as {@code https://k3v9.lambda-url.eu-west-1.on.aws/work}; at most {@value #LONGEST_ADDRESS} characters, no query
 * @param keys references of one or two secrets that engine and ingress may {@linkplain Secrets#read read}; each has {@value #SHORTEST_KEY} random bytes or more
 */
public record WorkEndpoint(URI address, List<String> keys) {
    /** The longest address, in characters: it stands in a launcher of 2 KiB. */
    public static final int LONGEST_ADDRESS = 300;

    /** The shortest key, in bytes. */
    public static final int SHORTEST_KEY = 32;

    private static final int MOST_KEYS = 2;

    /** Checks the address and copies the list. */
    public WorkEndpoint {
        keys = List.copyOf(keys);
        SignedRequest.checkAddress(address);
        if (address.getRawQuery() != null || address.toString().length() > LONGEST_ADDRESS) {
            throw new IllegalArgumentException("the address of ingress has no query and at most " + LONGEST_ADDRESS
                    + " characters, unlike " + address);
        }
        if (keys.isEmpty() || keys.size() > MOST_KEYS) {
            throw new IllegalArgumentException("tickets have one key, or two while it is changed, not " + keys.size());
        }
    }
}
