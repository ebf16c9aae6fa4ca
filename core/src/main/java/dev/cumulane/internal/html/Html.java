// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.html;

import com.google.common.html.HtmlEscapers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A piece of HTML. A text becomes part of one as text or as an attribute's value, and is escaped when it is written; there is no way to hand over markup. Immutable.
 *
 * <p>Characters that a reader cannot see and that change what they read, such as marks that reverse the direction, are shown as {@code U+FFFD}.
 */
public sealed interface Html {
    /** Nothing. */
    static Html nothing() {
        return new Several(List.of());
    }

    /** This text. */
    static Html text(String text) {
        return new Text(text);
    }

    /** These, one after the other. */
    static Html of(Html... pieces) {
        return new Several(List.of(pieces));
    }

    /** These, one after the other. */
    static Html of(List<? extends Html> pieces) {
        return new Several(List.copyOf(pieces));
    }

    /** What is there, or nothing. */
    static Html of(Optional<? extends Html> piece) {
        return piece.isPresent() ? piece.get() : nothing();
    }

    /** Writes the markup. */
    void write(StringBuilder out);

    /** The markup. */
    default String markup() {
        StringBuilder out = new StringBuilder();
        write(out);
        return out.toString();
    }

    /**
     * A text.
     *
     * @param text any text
     */
    record Text(String text) implements Html {
        // Controls but line breaks and tabs, formats such as marks of direction, joiners and tags, separators of lines;
        // and letters that show as nothing.
        private static final Pattern UNSEEN = Pattern.compile(
                "[\\p{Cc}&&[^\\n\\t]]|[\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}\\u034f\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u3164\\uffa0]");

        @Override
        public void write(StringBuilder out) {
            out.append(escaped(text));
        }

        static String escaped(String text) {
            return HtmlEscapers.htmlEscaper().escape(UNSEEN.matcher(text).replaceAll("\ufffd"));
        }
    }

    /**
     * Pieces one after the other.
     *
     * @param pieces the pieces
     */
    record Several(List<? extends Html> pieces) implements Html {
        /** Copies the list. */
        public Several {
            pieces = List.copyOf(pieces);
        }

        @Override
        public void write(StringBuilder out) {
            pieces.forEach(piece -> piece.write(out));
        }
    }

    /**
     * An attribute as it is written.
     *
     * @param name its name
     * @param value its value, not escaped yet
     */
    record Attribute(String name, String value) {}

    /**
     * An element.
     *
     * @param tag which
     * @param attributes its attributes
     * @param content what is in it
     */
    record Element(Tag tag, List<Attribute> attributes, List<Html> content) implements Html {
        /** Refuses content where there can be none. */
        public Element {
            if (!content.isEmpty() && (tag.isVoid() || tag == Tag.SCRIPT)) {
                throw new IllegalArgumentException("a " + tag + " has no content");
            }
        }

        /** The same element with one more attribute. */
        public Element with(Attr name, String value) {
            return with(name.written(), value);
        }

        /** The same element with an attribute that is there or not. */
        public Element with(Attr name) {
            return with(name, "");
        }

        /** The same element with this attribute, if it holds. */
        public Element when(boolean holds, Attr name) {
            return holds ? with(name) : this;
        }

        /** The same element, leading there. */
        public Element to(Address address) {
            return with(
                    switch (tag) {
                        case A, LINK -> "href";
                        case FORM -> "action";
                        case SCRIPT -> "src";
                        default -> throw new IllegalArgumentException("a " + tag + " leads nowhere");
                    },
                    address.text());
        }

        /** The same element, of whose live parts this address tells news. */
        public Element live(Address address) {
            return with("data-live", address.text());
        }

        /** The same element, holding these. */
        public Element of(Html... pieces) {
            return of(List.of(pieces));
        }

        /** The same element, holding these. */
        public Element of(List<? extends Html> pieces) {
            return new Element(tag, attributes, List.copyOf(pieces));
        }

        /** The same element, holding this text. */
        public Element of(String text) {
            return of(Html.text(text));
        }

        private Element with(String name, String value) {
            List<Attribute> more = new ArrayList<>(attributes);
            more.add(new Attribute(name, value));
            return new Element(tag, List.copyOf(more), content);
        }

        @Override
        public void write(StringBuilder out) {
            out.append('<').append(tag.written());
            for (Attribute attribute : attributes) {
                out.append(' ').append(attribute.name());
                out.append("=\"").append(Text.escaped(attribute.value())).append('"');
            }
            out.append('>');
            if (!tag.isVoid()) {
                // A line break after these would be dropped, HTML section 13.1.2.5; so there is one of ours.
                out.append(tag == Tag.PRE || tag == Tag.TEXTAREA ? "\n" : "");
                content.forEach(piece -> piece.write(out));
                out.append("</").append(tag.written()).append('>');
            }
        }
    }
}
