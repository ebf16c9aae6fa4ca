// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.source;

/** How the engine shows a forge's API who it is. It names secrets and never holds one. */
public sealed interface Credential {
    /**
     * A token: a personal, project or repository access token of the forge.
     *
     * @param reference the token's secret reference
     */
    record Token(String reference) implements Credential {
        /** Refuses an empty reference. */
        public Token {
            named("token", reference);
        }
    }

    /**
     * A user and a token as its password, as Bitbucket Cloud's API tokens want it.
     *
     * @param user the user's name or, on Bitbucket Cloud, e-mail address
     * @param reference the token's secret reference
     */
    record Login(String user, String reference) implements Credential {
        /** Refuses an empty name or reference, and a name with a colon, which would end it. */
        public Login {
            named("login", reference);
            if (user.isBlank() || user.length() > 200 || user.chars().anyMatch(c -> c < ' ' || c == ':' || c == 127)) {
                throw new IllegalArgumentException(
                        "a login's user has 1 to 200 characters, none of them a colon or a control character");
            }
        }
    }

    /**
     * A GitHub App: it alone may write check runs.
     *
     * @param app the app's id, from its settings page
     * @param installation the id of its installation in the repository's account
     * @param reference the secret reference of the app's private key, a PEM file as GitHub gives it
     */
    record GitHubApp(long app, long installation, String reference) implements Credential {
        /** Refuses ids that GitHub never gives, and an empty reference. */
        public GitHubApp {
            named("GitHub App", reference);
            if (app <= 0 || installation <= 0) {
                throw new IllegalArgumentException("the ids of a GitHub App and its installation are above 0, not "
                        + app + " and " + installation);
            }
        }
    }

    /**
     * The secret's reference.
     *
     * @return the reference, as the cloud's secrets know it
     */
    String reference();

    private static void named(String what, String reference) {
        if (reference.isBlank()) {
            throw new IllegalArgumentException("a " + what + " names its secret's reference, such as 'shop-token'");
        }
    }
}
