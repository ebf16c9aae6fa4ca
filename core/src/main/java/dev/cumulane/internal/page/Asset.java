// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.page;

import com.google.common.io.Resources;
import dev.cumulane.internal.html.Address;
import dev.cumulane.pipeline.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Optional;

/** The files that pages use. Each has its digest in its address, so that a browser keeps it for good and still gets the next one. */
enum Asset {
    STYLE("page.css", "text/css; charset=utf-8"),
    SCRIPT("page.js", "text/javascript; charset=utf-8"),
    ICON("icon.svg", "image/svg+xml");

    private static final int BRIEF = 16;

    private final String type;
    // Read by those alone who send it.
    @SuppressWarnings("ImmutableEnumChecker")
    private final byte[] bytes;

    private final String tag;
    private final String file;

    Asset(String name, String type) {
        this.type = type;
        try {
            bytes = Resources.toByteArray(Resources.getResource(Asset.class, name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        tag = Digest.of(bytes).hex().substring(0, BRIEF);
        file = tag + "-" + name;
    }

    /** The file of this name; empty if there is none. */
    static Optional<Asset> called(String file) {
        return Arrays.stream(values()).filter(asset -> asset.file.equals(file)).findFirst();
    }

    Address address() {
        return Address.ours("static", file);
    }

    String type() {
        return type;
    }

    /** The bytes, which are not to be changed. */
    byte[] bytes() {
        return bytes;
    }

    /** The entity tag. */
    String tag() {
        return "\"" + tag + "\"";
    }
}
