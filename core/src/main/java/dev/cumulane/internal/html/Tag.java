// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.html;

import java.util.List;
import java.util.Locale;

/** The elements that pages are made of. Scripts and styles are files of their own, so there is none that holds code. */
public enum Tag {
    A,
    ARTICLE,
    BDI,
    BODY,
    BUTTON,
    CAPTION,
    CODE,
    DD,
    DETAILS,
    DIV,
    DL,
    DT,
    FIELDSET,
    FOOTER,
    FORM,
    H1,
    H2,
    H3,
    HEAD,
    HEADER,
    HTML,
    INPUT,
    LABEL,
    LEGEND,
    LI,
    LINK,
    MAIN,
    META,
    NAV,
    NOSCRIPT,
    OL,
    OPTION,
    P,
    PRE,
    SCRIPT,
    SECTION,
    SELECT,
    SMALL,
    SPAN,
    STRONG,
    SUMMARY,
    TABLE,
    TBODY,
    TD,
    TEXTAREA,
    TH,
    THEAD,
    TIME,
    TITLE,
    TR,
    UL,
    // SVG
    CIRCLE,
    G,
    PATH,
    RECT,
    SVG,
    TEXT;

    private final String written = name().toLowerCase(Locale.ROOT);

    /** An element with this content. */
    public Html.Element of(Html... content) {
        return of(List.of(content));
    }

    /** An element with this content. */
    public Html.Element of(List<? extends Html> content) {
        return new Html.Element(this, List.of(), List.copyOf(content));
    }

    /** An element with this text. */
    public Html.Element of(String text) {
        return of(Html.text(text));
    }

    /** An element of this class of the style sheet, to be filled. */
    public Html.Element cls(String name) {
        return of().with(Attr.CLASS, name);
    }

    /** The name in markup. */
    String written() {
        return written;
    }

    /** Whether it has no content and no end. */
    boolean isVoid() {
        return this == INPUT || this == LINK || this == META;
    }
}
