// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.http;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The hosts that somebody may be called at.
 *
 * @param exact names of hosts
 * @param below domains of which every host will do
 * @param inside origins such as {@code http://127.0.0.1:8080} that may be in one's own network
 */
public record Hosts(List<String> exact, List<String> below, List<String> inside) {
    private static final Pattern ORIGIN = Pattern.compile("https?://([A-Za-z0-9.-]+|\\[[0-9A-Fa-f:.]+])(:[0-9]{1,5})?");

    /** Copies the lists. */
    public Hosts {
        exact = List.copyOf(exact);
        below = List.copyOf(below);
        inside = List.copyOf(inside);
    }

    /** These hosts. */
    public static Hosts of(String... names) {
        return new Hosts(List.of(names), List.of(), List.of());
    }

    /** The host of an address of the configuration. */
    public static Hosts ofUrl(String url) {
        return of(String.valueOf(URI.create(url).getHost()));
    }

    /** These, and every host below a domain. */
    public Hosts andBelow(String domain) {
        List<String> more = new ArrayList<>(below);
        more.add(domain);
        return new Hosts(exact, more, inside);
    }

    /**
     * These, and origins that may be in one's own network.
     *
     * @throws IllegalArgumentException if one is not an origin
     */
    public Hosts andInside(List<String> origins) {
        for (String origin : origins) {
            if (!ORIGIN.matcher(origin).matches()) {
                throw new IllegalArgumentException("'" + origin.replaceAll("\\p{Cntrl}", "?")
                        + "' is no origin: it is scheme, host and port, such as 'https://git.example.com:8443'");
            }
        }
        return new Hosts(exact, below, origins);
    }

    boolean names(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        return exact.stream().anyMatch(name::equalsIgnoreCase)
                || below.stream().anyMatch(domain -> name.endsWith("." + domain));
    }

    boolean isInside(URI uri) {
        String origin = uri.getScheme() + "://" + uri.getRawAuthority();
        return inside.stream().anyMatch(origin::equalsIgnoreCase);
    }

    @Override
    public String toString() {
        List<String> all = new ArrayList<>(exact);
        below.forEach(domain -> all.add("*." + domain));
        return String.join(", ", all);
    }
}
