// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.page;

import dev.cumulane.cloud.HttpRequest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Whether a form was sent by a page of ours, as far as the browser tells. */
final class Origins {
    private static final String SITE = "sec-fetch-site";
    private static final String ORIGIN = "origin";

    private final Optional<String> pages;

    /**
     * Knows where our pages are.
     *
     * @param pages their address, if that is configured; otherwise it is the host that a request names, since a proxy may be in front
     */
    Origins(Optional<String> pages) {
        this.pages = pages.map(Origins::host);
    }

    /** Refuses what a page of somebody else's made a browser send. A browser of today says both; whoever says neither is no browser, and has the form's token to show. */
    void check(HttpRequest request) {
        boolean sameSite =
                request.headers().getOrDefault(SITE, List.of()).stream().allMatch(site -> site.equals("same-origin"));
        boolean sameOrigin = request.headers().getOrDefault(ORIGIN, List.of()).stream()
                .map(Origins::host)
                .allMatch(origin -> isOurs(origin, request));
        if (!sameSite || !sameOrigin) {
            throw new Refusal(403, "This form was sent from another page. Open the page itself, and decide there.");
        }
    }

    private boolean isOurs(String origin, HttpRequest request) {
        if (pages.isPresent()) {
            return origin.equals(pages.get());
        }
        List<String> hosts = request.headers().getOrDefault("host", List.of());
        return hosts.size() == 1 && origin.equals(host("//" + hosts.get(0)));
    }

    /** Host and port of an origin or an address. The scheme is the proxy's: what reaches us is HTTP. */
    private static String host(String origin) {
        String lower = origin.toLowerCase(Locale.ROOT);
        int start = lower.indexOf("//");
        String host = start < 0 ? "" : lower.substring(start + 2).replaceFirst("/.*", "");
        return lower.startsWith("https:") ? host.replaceFirst(":443$", "") : host.replaceFirst(":80$", "");
    }
}
