// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.standards;

import dev.cumulane.run.RunId;
import java.net.URI;
import java.util.Optional;

/**
 * Where documents say that they come from, and where they say that people can look.
 *
 * @param source a URI that stands for this installation, as in CloudEvents' {@code source} and SLSA's {@code builder.id}
 * @param pages the address of this installation's pages, if it has any
 */
public record Origin(URI source, Optional<URI> pages) {
    /** Refuses a source that is not absolute, and pages that are not on the web. */
    public Origin {
        if (!source.isAbsolute()) {
            throw new IllegalArgumentException("the source of events is an absolute URI, such as"
                    + " 'https://ci.example.com' or 'urn:example:ci', not '" + source + "'");
        }
        pages.ifPresent(address -> {
            if (!("https".equals(address.getScheme()) || "http".equals(address.getScheme()))
                    || address.getHost() == null
                    || address.getQuery() != null
                    || address.getFragment() != null) {
                throw new IllegalArgumentException(
                        "the address of the pages is a web address without query, not '" + address + "'");
            }
        });
    }

    /** Where a run can be looked at, or else a name for it. */
    String run(RunId run) {
        return pages.map(address -> withSlash(address) + "runs/" + run).orElse("urn:cumulane:run:" + run);
    }

    /** Where a stage of a run can be looked at, or else a name for it. */
    String stage(RunId run, String stage) {
        return pages.map(address -> withSlash(address) + "runs/" + run + "#" + stage)
                .orElse("urn:cumulane:run:" + run + ":" + stage);
    }

    private static String withSlash(URI address) {
        return address.toString().endsWith("/") ? address.toString() : address + "/";
    }
}
