// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.html;

import java.util.Locale;

/** The attributes whose value can be any text. Those that hold an address take an {@link Address} only; those that hold code or style do not exist. */
public enum Attr {
    ARIA_CURRENT,
    ARIA_DESCRIBEDBY,
    ARIA_HIDDEN,
    ARIA_LABEL,
    ARIA_LABELLEDBY,
    ARIA_LIVE,
    AUTOCOMPLETE,
    CHARSET,
    CHECKED,
    CLASS,
    COLSPAN,
    CONTENT,
    D,
    DATA_FROM,
    DATA_KEY,
    DATA_LABEL,
    DATA_PART,
    DATA_SEEN,
    DATA_SINCE,
    DATETIME,
    DEFER,
    DIR,
    FOR,
    HEIGHT,
    HIDDEN,
    HTTP_EQUIV,
    ID,
    LANG,
    MAXLENGTH,
    METHOD,
    NAME,
    OPEN,
    REL,
    REQUIRED,
    ROLE,
    ROWS,
    SCOPE,
    SELECTED,
    TABINDEX,
    TITLE,
    TYPE,
    VALUE,
    WIDTH,
    // SVG
    CX,
    CY,
    R,
    RX,
    TEXT_ANCHOR,
    TRANSFORM,
    VIEWBOX("viewBox"),
    X,
    Y;

    private final String written;

    Attr() {
        written = name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    Attr(String written) {
        this.written = written;
    }

    /** The name in markup. */
    String written() {
        return written;
    }
}
