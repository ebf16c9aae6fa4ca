// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.standards;

import java.util.Locale;
import java.util.Optional;

/** What the name of a file says of its form, where the form has a name of its own that its makers recommend: bills of materials, above all. */
final class MediaTypes {
    private MediaTypes() {}

    /** The media type of a declared path, if its name is one of those that CycloneDX and SPDX recommend. */
    static Optional<String> of(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        if (name.equals("bom.json") || name.endsWith(".cdx.json")) {
            return Optional.of("application/vnd.cyclonedx+json");
        }
        if (name.equals("bom.xml") || name.endsWith(".cdx.xml")) {
            return Optional.of("application/vnd.cyclonedx+xml");
        }
        return name.endsWith(".spdx.json") ? Optional.of("application/spdx+json") : Optional.empty();
    }
}
