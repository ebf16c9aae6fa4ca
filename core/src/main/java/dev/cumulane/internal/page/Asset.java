// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.page;

import com.google.common.io.Resources;
import dev.cumulane.internal.html.Address;
import dev.cumulane.pipeline.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.stream.Stream;

/** A file that pages use. It has its digest in its address, so that a browser keeps it for good and still gets the next one. */
final class Asset {
    static final Asset STYLE = new Asset("page.css", "text/css; charset=utf-8");
    static final Asset SCRIPT = new Asset("page.js", "text/javascript; charset=utf-8");
    static final Asset ICON = new Asset("icon.svg", "image/svg+xml");

    private static final int BRIEF = 16;

    private final String type;
    private final byte[] bytes;
    private final String tag;
    private final String file;

    private Asset(String name, String type) {
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
        return Stream.of(STYLE, SCRIPT, ICON)
                .filter(asset -> asset.file.equals(file))
                .findFirst();
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
