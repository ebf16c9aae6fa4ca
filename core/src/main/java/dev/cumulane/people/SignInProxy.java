// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.people;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A proxy in front of the pages that asks people to sign in, by OpenID Connect for instance, and says in a header who they are. Anybody could send such a header: it is
 * believed only beside another one that holds a secret of the proxy, and the proxy must remove both from what comes in.
 *
 * @param identityHeader the header that says who, in lower case, such as {@code x-auth-request-email}
 * @param proofHeader the header that holds the secret, in lower case
 * @param secrets references of the secret: one, or two while one takes the other's place. It has at least 16 bytes
 */
public record SignInProxy(String identityHeader, String proofHeader, List<String> secrets) {
    private static final Pattern HEADER = Pattern.compile("[a-z][a-z0-9-]{0,60}");

    /** Brings names into lower case, and refuses what are none. */
    public SignInProxy {
        identityHeader = identityHeader.toLowerCase(Locale.ROOT);
        proofHeader = proofHeader.toLowerCase(Locale.ROOT);
        secrets = References.oneOrTwo("the secret of a sign-in proxy", secrets);
        for (String name : List.of(identityHeader, proofHeader)) {
            if (!HEADER.matcher(name).matches()) {
                throw new IllegalArgumentException(
                        Person.shown(name) + " is no header's name such as 'x-auth-request-email'");
            }
        }
        if (identityHeader.equals(proofHeader)) {
            throw new IllegalArgumentException("a proxy's proof is in another header than who has signed in");
        }
    }

    /**
     * A proxy.
     *
     * @param identityHeader the header that says who has signed in
     * @param proofHeader the header that holds the secret
     * @param secrets one or two references of the secret
     * @return the proxy
     */
    public static SignInProxy saying(String identityHeader, String proofHeader, String... secrets) {
        return new SignInProxy(identityHeader, proofHeader, List.of(secrets));
    }
}
