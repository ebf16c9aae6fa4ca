// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.page;

import dev.cumulane.internal.html.Attr;
import dev.cumulane.internal.html.Html;
import dev.cumulane.internal.html.Tag;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a program printed for a terminal: the eight colours and bold are kept, everything else that steers a terminal is dropped. */
final class Ansi {
    // ECMA-48: select graphic rendition; other control sequences; operating system commands and their kin up to their
    // end or the end of the line; other escapes.
    private static final Pattern ESCAPE = Pattern.compile("\\x1b\\[(?<sgr>[0-9;]{0,40})m"
            + "|(?:\\x1b\\[|\\x9b)[0-?]*[ -/]*[@-~]?"
            + "|(?:\\x1b[\\]PX^_]|[\\x9d\\x90\\x98\\x9e\\x9f])[^\\x07\\x1b\\x9c\\n]*(?:\\x07|\\x1b\\\\|\\x9c)?"
            + "|\\x1b[ -/]*[0-~]?");

    private final List<Html> pieces = new ArrayList<>();
    private int colour = -1;
    private boolean bold;

    private Ansi() {}

    /** The text as it would look. A colour does not reach beyond the text. */
    static Html of(String printed) {
        Ansi ansi = new Ansi();
        String text = printed.replace("\r\n", "\n").replace('\r', '\n');
        Matcher escape = ESCAPE.matcher(text);
        int from = 0;
        while (escape.find()) {
            ansi.add(text.substring(from, escape.start()));
            String codes = escape.group("sgr");
            if (codes != null) {
                ansi.select(codes);
            }
            from = escape.end();
        }
        ansi.add(text.substring(from));
        return Html.of(ansi.pieces);
    }

    private void add(String text) {
        if (text.isEmpty()) {
            return;
        }
        String cls = (colour < 0 ? "" : "c" + colour) + (bold ? " b" : "");
        pieces.add(cls.isEmpty() ? Html.text(text) : Tag.SPAN.of(text).with(Attr.CLASS, cls.strip()));
    }

    private void select(String codes) {
        for (String code : codes.split(";", -1)) {
            int number = code.isEmpty() || code.length() > 3 ? 0 : Integer.parseInt(code);
            if (number == 0) {
                colour = -1;
                bold = false;
            } else if (number == 1) {
                bold = true;
            } else if (number == 22) {
                bold = false;
            } else if (number == 39) {
                colour = -1;
            } else if (number >= 30 && number <= 37) {
                colour = number - 30;
            } else if (number >= 90 && number <= 97) {
                colour = number - 90;
            } else if (number == 38 || number == 48) {
                // What follows names one of many colours, of which we have none.
                return;
            }
        }
    }
}
