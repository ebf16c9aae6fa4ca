// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.run;

import java.util.Optional;

/**
 * What people see of a commit or a change request: a line of text, and where to read more.
 *
 * @param title the first line of the commit's message, or the change request's title: one plain line of at most 200 characters
 * @param link the address of the page that shows it; empty if there is none
 */
public record Headline(String title, Optional<String> link) {
    private static final int LONGEST_LINK = 2048;

    /** Makes one plain line of the title, and refuses a link that is no web address. */
    public Headline {
        title = Line.flattened(title);
        link.ifPresent(Headline::check);
    }

    private static void check(String link) {
        boolean web = link.startsWith("https://") || link.startsWith("http://");
        if (!web || link.length() > LONGEST_LINK || link.chars().anyMatch(c -> c <= ' ' || c >= 127)) {
            throw new IllegalArgumentException("not a web address: " + Line.shown(link));
        }
    }
}
