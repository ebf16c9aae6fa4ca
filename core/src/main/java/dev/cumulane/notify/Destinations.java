// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.notify;

import java.net.URI;
import java.net.URISyntaxException;

/** Checks of what a destination is made of. */
final class Destinations {
    private Destinations() {}

    static void named(String reference) {
        if (reference.isBlank()) {
            throw new IllegalArgumentException("a destination names its secret's reference, such as 'slack-releases'");
        }
    }

    static void address(String url) {
        try {
            URI uri = new URI(url);
            boolean isWeb = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
            if (isWeb && uri.getHost() != null && uri.getRawUserInfo() == null && uri.getRawFragment() == null) {
                return;
            }
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("not a web address: " + e.getReason(), e);
        }
        throw new IllegalArgumentException("not a web address such as 'https://example.com/hook'");
    }
}
